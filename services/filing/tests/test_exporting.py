"""Applications and projects as an officer or an enterprise gets them into Excel: what the list shows, all of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from chassis import exports
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.exports import Exporter
from chassis.principal import Principal
from chassis.testing.databases import Database
from filing import exporting
from services.filing.tests.factories import COUNTY, INSTALLER, OTHER_COUNTY, OWNER, Stage, officer


@pytest.fixture
def export(stage: Stage, database: Database, tmp_path: Path):
    blobs = BlobStore(str(tmp_path / "blobs"))
    lists = exporting.lists(lambda: stage.desk.calendar)

    def rows(by: Principal, name: str, **filters: Any) -> tuple[str, list[dict[str, Any]]]:
        """What the sheet says of itself, and each row by its headings."""
        request = {"list": name, "filter": filters}
        begun = exports.start(stage.desk.sessions, lists, Call(principal=by), request, stage.desk.clock)
        Exporter(database.uri, blobs, lists, stage.desk.clock).run()
        told = exports.get(stage.desk.sessions, lists, by, begun["export_id"])
        (tmp_path / "book.xlsx").write_bytes(blobs.get(told["sha256"]))
        _, note, head, *lines = openpyxl.load_workbook(tmp_path / "book.xlsx").active.iter_rows(values_only=True)
        assert told["promised"] == told["written"] == len(lines)
        return note[0], [dict(zip(head, line, strict=True)) for line in lines]

    return rows


def test_an_officers_applications_say_where_each_stands_and_until_when(stage: Stage, export) -> None:
    stage.approve(stage.accepted())
    stage.desk.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    stage.arrived()

    note, rows = export(officer(), "applications")

    assert note.startswith("共 2 条")
    assert [(row["事项"], row["环节"], row["结果"], row["超期"]) for row in rows] == [
        ("安装告知", "待受理", None, "否"),
        ("安装告知", "已办结", "通过", "否"),
    ]
    assert rows[0]["剩余工作日"] == 2
    assert rows[0]["工程"] == "project 一期"


def test_the_filter_narrows_the_file_as_it_does_the_list_and_is_printed_in_it(stage: Stage, export) -> None:
    stage.approve(stage.accepted())
    stage.arrived()

    note, rows = export(officer(), "applications", open=True, stage="submitted", sort="deadline")

    assert [row["环节"] for row in rows] == ["待受理"]
    assert "在办：是" in note and "环节：待受理" in note


def test_nobody_gets_more_than_his_list_shows_him(stage: Stage, export) -> None:
    stage.arrived()

    assert export(officer(OTHER_COUNTY), "applications")[1] == []
    assert len(export(INSTALLER, "applications")[1]) == 1
    assert export(OWNER, "applications")[1] == []


def test_projects_are_exported_as_their_register_shows_them(stage: Stage, export) -> None:
    _, [row] = export(officer(COUNTY), "projects", stage="filed")

    assert (row["工程名称"], row["状态"]) == ("project 一期", "已备案")
    assert "长安区" in row["所在地"]


def test_certificates_are_exported_as_their_register_shows_them(stage: Stage, export) -> None:
    stage.approve(stage.accepted())

    _, [row] = export(officer(COUNTY), "certificates", kind="install_receipt")
    _, [found] = export(officer(COUNTY), "certificates", q="project", sort="issued")

    assert (row["证书"], row["持证单位"], row["状态"]) == ("建筑起重机械安装告知回执", "installer", "有效")
    assert found == row
    assert export(officer(OTHER_COUNTY), "certificates")[1] == []
    assert export(officer(COUNTY), "certificates", sort="runs_out", kind="install_receipt")[1] == []
