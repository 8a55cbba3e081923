"""R-P1: a firm enters its staff from an Excel sheet: a report first, then for good, and the same sheet changes nothing."""

from io import BytesIO
from typing import Any

from openpyxl import Workbook

from deploy.demo.sheets import TITLES
from tests.journeys import forms
from tests.journeys.world import World

KINDS = {"special_operation": "特种作业", "builder": "建造师", "supervising_engineer": "监理工程师"}


def rows_of(person: dict[str, Any]) -> list[list[str]]:
    """As a clerk types somebody into the template: one row a certificate."""
    who = [person["name"], person["identity_number"], person["phone"], ""]
    return [
        [*who, KINDS.get(each["kind"], each["kind"]), each.get("trade", ""), each["number"], each.get("grade", ""),
         each["issuer"], each["issued_on"], each["valid_to"]]
        for each in person["certificates"]
    ]  # fmt: skip


def workbook(rows: list[list[str]]) -> bytes:
    book, out = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet("人员")
    for row in (TITLES, *rows):
        sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_staff_comes_in_from_a_sheet_with_a_report_of_each_row_and_cell(world: World) -> None:
    firm = world.open_firm("contractor")
    manager = forms.person("项经理", [forms.certificate("B"), forms.certificate("builder")])
    driver = forms.person("司机", [forms.certificate("special_operation", "05")])
    wrong = forms.person("错号", [forms.certificate("C3")])
    right = wrong["identity_number"]
    wrong["identity_number"] = right[:-1] + ("1" if right[-1] != "1" else "2")
    kept = firm.client.upload(
        "/attachments",
        workbook([*rows_of(manager), *rows_of(driver), *rows_of(wrong)]),
        name="人员.xlsx",
        purpose="import",
    )

    def enter(*, dry_run: bool) -> dict[str, Any]:
        return firm.client.post("/people/imports", {"sha256": kept["sha256"], "dry_run": dry_run})

    def staff() -> dict[str, list[str]]:
        listed = firm.client.items("/people")
        people = (firm.client.get(f"/people/{each['person_id']}") for each in listed)
        return {each["name"]: sorted(c["kind"] for c in each["certificates"]) for each in people}

    trial = enter(dry_run=True)
    assert [(each["row"], each["outcome"]) for each in trial["rows"]] == [
        (2, "new"),
        (3, "new"),
        (4, "new"),
        (5, "error"),
    ]
    (remark,) = trial["rows"][3]["cells"]
    assert (remark["column"], remark["severity"]) == ("identity_number", "error")
    assert staff() == {}

    assert enter(dry_run=False)["counts"] == trial["counts"]
    assert staff() == {"项经理": ["B", "builder"], "司机": ["special_operation"]}

    again = enter(dry_run=False)
    assert [each["outcome"] for each in again["rows"]] == ["unchanged"] * 3 + ["error"]
    assert staff() == {"项经理": ["B", "builder"], "司机": ["special_operation"]}
