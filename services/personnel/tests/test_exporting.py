"""The register of people in Excel: masked, and no more of them than the asker sees."""

import openpyxl
import pytest

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.database import transaction
from chassis.exports import Exporter
from personnel.exporting import LISTS
from services.personnel.tests import factories
from services.personnel.tests.factories import CHANGAN, TANGSHAN


@pytest.fixture
def export(sessions, database, clock, tmp_path):
    blobs = BlobStore(str(tmp_path / "blobs"))

    def rows(by, **filters):
        request = {"list": "people", "filter": filters}
        begun = exports.start(sessions, LISTS, Call(principal=by), request, clock)
        Exporter(database.uri, blobs, LISTS, clock).run()
        told = exports.get(sessions, LISTS, by, begun["export_id"])
        (tmp_path / "book.xlsx").write_bytes(blobs.get(told["sha256"]))
        _, _, head, *lines = openpyxl.load_workbook(tmp_path / "book.xlsx").active.iter_rows(values_only=True)
        return [dict(zip(head, line, strict=True)) for line in lines]

    return rows


def test_T35_numbers_are_masked_in_the_file_as_they_are_on_the_page(sessions, export):
    with transaction(sessions) as session:
        factories.person(session, "C3", name="张建国", identity_number="130102190001010014", phone="13812345678")

    [row] = export(factories.officer(CHANGAN))

    assert (row["姓名"], row["手机号"], row["公民身份号码"]) == ("张建国", "138****5678", "130102********0014")
    assert "C3" in row["证书"] and "2027-12-31" in row["证书"]


def test_T34_nobody_gets_people_outside_his_sight(sessions, export):
    factories.people(sessions, ("C3",))

    assert export(factories.officer(TANGSHAN)) == []
    assert len(export(factories.officer(CHANGAN))) == 1
