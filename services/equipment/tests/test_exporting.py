"""The register of machines in Excel."""

from pathlib import Path

import openpyxl

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.exports import Exporter
from chassis.testing.databases import Database
from equipment.exporting import LISTS
from services.equipment.tests import factories as f
from services.equipment.tests.factories import Yard


def test_machines_are_exported_with_the_site_they_stand_on(yard: Yard, database: Database, tmp_path: Path) -> None:
    crane = yard.filed("crane", f.enterprise("长安租赁"))
    yard.filed("away", f.enterprise("唐山租赁", area=f"{f.TANGSHAN}.130202"))
    yard.installed(crane, "notice", f.project("长安工地"))
    who, blobs = f.agency(f.CHANGAN), BlobStore(str(tmp_path / "blobs"))

    request = {"list": "machines", "filter": {"stage": "installed"}}
    begun = exports.start(yard.sessions, LISTS, Call(principal=who), request, yard.clock)
    Exporter(database.uri, blobs, LISTS, yard.clock).run()

    told = exports.get(yard.sessions, LISTS, who, begun["export_id"])
    (tmp_path / "book.xlsx").write_bytes(blobs.get(told["sha256"]))
    _, note, head, line = openpyxl.load_workbook(tmp_path / "book.xlsx").active.iter_rows(values_only=True)
    row = dict(zip(head, line, strict=True))
    assert note[0].startswith("共 1 条")
    assert (row["出厂编号"], row["状态"], row["所在工程"], row["产权单位"]) == (
        "SN-crane",
        "已安装",
        "长安工地",
        "长安租赁",
    )
