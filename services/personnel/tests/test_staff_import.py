"""Entering staff from Excel: what a sheet says cell by cell, the same sheet twice, and sheets made to do harm."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.database import Sessions, transaction
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.journal import JournalRow
from chassis.schemas import read
from personnel import reading, sheet, staff_import, staff_sheet
from personnel.models import Certificate, Person
from personnel.schemas.people import ListPeopleRequest
from personnel.sheet import Cell, Row
from services.personnel.tests import factories

HEADS = [each.title for each in staff_sheet.COLUMNS]
CLERK = factories.clerk()


def person(number: int, **more: Any) -> dict[str, Any]:
    values = {"姓名": "李四", "身份证号": factories.identity_number(number), "手机号": f"139{number:08d}"}
    return values | more


def with_b(number: int, **more: Any) -> dict[str, Any]:
    certificate = {"证书类别": "B", "证书编号": f"冀建安B（2025）{number:07d}", "有效期至": "2028-02-29"}
    return person(number, **(certificate | more))


def xlsx(*rows: dict[str, Any], heads: list[str] = HEADS, above: int = 0) -> bytes:
    workbook = openpyxl.Workbook()
    for _ in range(above):
        workbook.active.append(["某公司人员名册"])
    workbook.active.append(heads)
    for row in rows:
        workbook.active.append([row.get(head) for head in heads])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


class Office:
    """A clerk with a blob store and a sheet."""

    def __init__(self, sessions: Sessions, blobs: BlobStore, clock: Any) -> None:
        self.sessions, self.blobs, self.clock = sessions, blobs, clock

    def imports(
        self, content: bytes, *, dry_run: bool = False, principal=CLERK, key: str | None = None
    ) -> dict[str, Any]:
        request = {"sha256": self.blobs.put(content), "dry_run": dry_run}
        return staff_import.run(self.sessions, self.blobs, Call(principal=principal, key=key), request, self.clock)

    def on_file(self) -> int:
        with transaction(self.sessions) as session:
            return session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.fixture
def office(sessions, clock, tmp_path: Path) -> Office:
    return Office(sessions, BlobStore(str(tmp_path)), clock)


def outcomes(report: dict[str, Any]) -> list[str]:
    return [row["outcome"] for row in report["rows"]]


def told(report: dict[str, Any], place: int = 0) -> list[tuple[str, str]]:
    return [(cell["column"], cell["rule"]) for cell in report["rows"][place]["cells"]]


def test_good_rows_are_entered_with_their_certificates(office, sessions):
    trade = {"证书类别": "特种作业", "工种": "05", "证书编号": "冀A052025000001", "有效期至": date(2027, 1, 31)}
    report = office.imports(xlsx(with_b(1, 岗位="项目负责人、总监"), person(1, **trade), person(2)))

    assert outcomes(report) == ["new", "new", "new"]
    assert report["counts"] == {"new": 3, "changed": 0, "unchanged": 0, "error": 0}
    with transaction(sessions) as session:
        first = session.scalars(select(Person).where(Person.identity_number == factories.identity_number(1))).one()
        assert (first.posts, first.employer_id) == (["项目负责人", "总监"], CLERK.organisation_id)
        assert [(each.kind, each.trade, each.valid_to) for each in first.certificates] == [
            ("B", None, date(2028, 2, 29)),
            ("special_operation", "05", date(2027, 1, 31)),
        ]


def test_dry_run_tells_the_same_and_changes_nothing(office, sessions):
    content = xlsx(with_b(1), person(2, 手机号="123"), person(3), person(3))

    tried = office.imports(content, dry_run=True)
    assert office.on_file() == 0
    with transaction(sessions) as session:
        assert session.scalar(select(func.count()).select_from(JournalRow)) == 0

    assert office.imports(content) == tried
    assert office.on_file() == 2


def test_the_same_sheet_again_changes_nothing(office, sessions):
    content = xlsx(with_b(1), person(2), with_b(3, 证书编号="自编号"))
    office.imports(content)
    before = [reading.list_people(sessions, CLERK, EVERYBODY)]

    report = office.imports(content)

    assert outcomes(report) == ["unchanged"] * 3
    assert [reading.list_people(sessions, CLERK, EVERYBODY)] == before


EVERYBODY = read(ListPeopleRequest(), {"limit": 100})


def test_a_row_with_an_error_is_left_out_whole_and_the_others_are_taken(office):
    report = office.imports(xlsx(with_b(1, 有效期至="明年"), with_b(2)))

    assert outcomes(report) == ["error", "new"]
    assert told(report) == [("valid_to", "not_a_day")]
    assert office.on_file() == 1


def test_a_row_that_adds_a_certificate_and_changes_the_person_tells_of_both(office, sessions):
    office.imports(xlsx(with_b(1, 岗位="安全员")))
    before = the_first(sessions)
    trade = {"证书类别": "特种作业", "工种": "05", "证书编号": "冀A052025000001", "有效期至": date(2027, 1, 31)}
    changed = person(1, **trade, 岗位="项目负责人", 手机号="13900000009")

    report = office.imports(xlsx(changed, with_b(1, 岗位="项目负责人", 手机号="13900000009")))

    assert outcomes(report) == ["new", "unchanged"]
    assert sorted(told(report)) == [("phone", "changed"), ("posts", "changed")]
    after = the_first(sessions)
    assert (before["version"], after["version"]) == (1, 2), "who saw him before does not overwrite it unseen"
    assert after["posts"] == ["项目负责人"] and len(after["certificates"]) == 2


def test_a_row_that_only_adds_a_certificate_makes_a_new_version_too(office, sessions):
    office.imports(xlsx(person(1)))

    assert outcomes(office.imports(xlsx(with_b(1)))) == ["new"]

    assert the_first(sessions)["version"] == 2


def the_first(sessions) -> dict[str, Any]:
    (found,) = reading.list_people(sessions, CLERK, EVERYBODY)["items"]
    return found


def test_changes_are_told_by_cell_and_empty_cells_change_nothing(office, sessions):
    office.imports(xlsx(with_b(1, 岗位="安全员", 发证机关="省厅")))

    report = office.imports(xlsx(with_b(1, 手机号="13700000000", 有效期至="2029-02-28")))

    assert outcomes(report) == ["changed"]
    assert [cell["column"] for cell in report["rows"][0]["cells"]] == ["phone", "valid_to"]
    assert report["rows"][0]["cells"][0]["severity"] == "change"
    with transaction(sessions) as session:
        (row,) = session.scalars(select(Person))
        assert (row.version, row.posts, row.certificates[0].issuer) == (2, ["安全员"], "省厅")


def test_duplicates_and_contradictions_within_the_sheet_are_told_with_the_other_row(office):
    report = office.imports(
        xlsx(with_b(1), with_b(1), person(1, 姓名="王五"), person(1, 手机号="13711111111"), person(2), person(2))
    )

    assert outcomes(report) == ["new", "error", "error", "error", "new", "error"]
    assert [told(report, place) for place in (1, 2, 3, 5)] == [
        [("number", "duplicate_of_row")],
        [("name", "differs_from_row")],
        [("phone", "differs_from_row")],
        [("identity_number", "duplicate_of_row")],
    ]
    assert report["rows"][1]["cells"][0]["detail"] == {"row": 2}


def test_somebody_employed_elsewhere_is_told_and_stays_there(office, sessions):
    theirs = factories.clerk(new_id())
    office.imports(xlsx(person(1)), principal=theirs)

    report = office.imports(xlsx(person(1), person(2)))

    assert told(report) == [("identity_number", "employed_elsewhere")]
    assert outcomes(report) == ["error", "new"]


def test_a_phone_in_any_of_a_persons_rows_is_enough_whatever_their_order(office):
    report = office.imports(xlsx(with_b(1, 手机号=None), person(1)))

    assert outcomes(report) == ["new", "unchanged"]


def test_new_person_needs_a_phone_and_leaves_no_trace_without(office):
    report = office.imports(xlsx(person(1, 手机号=None)))

    assert told(report) == [("phone", "required")]
    assert office.on_file() == 0


@pytest.mark.parametrize(
    ("row", "remarks"),
    [
        (person(1, 身份证号="130102190001010015"), [("identity_number", "wrong_identity_number")]),
        (person(1, 身份证号=130102190001010014), [("identity_number", "digits_lost")]),
        (person(1, 身份证号=True), [("identity_number", "not_readable")]),
        (person(1, 身份证号=None), [("identity_number", "required")]),
        (person(1, 姓名="=HYPERLINK(\"http://x\")"), [("name", "required")]),
        (person(1, 姓名="@SUM(A1)"), [("name", "wrong_pattern")]),
        (person(1, 姓名=None), [("name", "required")]),
        (person(1, 证书类别="驾驶证"), [("kind", "not_a_choice"), ("number", "required"), ("valid_to", "required")]),
        (with_b(1, 证书类别="特种作业"), [("trade", "required")]),
        (with_b(1, 工种="05"), [("trade", "not_for_this_kind")]),
        (with_b(1, 发证日期="2030-01-01"), [("valid_to", "before_issue")]),
        (with_b(1, 有效期至="2027-02-30"), [("valid_to", "not_a_day")]),
        (with_b(1, 有效期至=45000), [("valid_to", "not_a_day")]),
        (person(1, 有效期至="2027-02-28"), [("kind", "required"), ("number", "required")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_cell(office, row, remarks):
    report = office.imports(xlsx(row))

    assert sorted(told(report)) == sorted(remarks)
    assert outcomes(report) == ["error"] and office.on_file() == 0


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"手机号": 13912345678}, "phone", "13912345678"),
        ({"手机号": "139-1234-5678"}, "phone", "13912345678"),
        ({"身份证号": " 11010519491231002x "}, "identity_number", "11010519491231002X"),
        ({"有效期至": datetime(2028, 2, 29, 8, 30)}, "valid_to", date(2028, 2, 29)),  # noqa: DTZ001  (as Excel keeps it)
        ({"有效期至": "2028年2月29日"}, "valid_to", date(2028, 2, 29)),
        ({"有效期至": "2028/2/29"}, "valid_to", date(2028, 2, 29)),
        ({"有效期至": 20280229}, "valid_to", date(2028, 2, 29)),
        ({"证书类别": "c3"}, "kind", "C3"),
        ({"证书类别": "特种作业", "工种": 5}, "trade", "05"),
        ({"证书类别": "特种作业", "工种": "建筑起重信号司索工"}, "trade", "04"),
        ({"证书类别": "建造师", "等级": "一级"}, "grade", "1"),
    ],
)
def test_what_people_type_is_understood(cells, column, value):
    rows = sheet.read(xlsx(with_b(1, **cells)))
    heads, data = staff_sheet.below_heads(rows)

    said = staff_sheet.entry(data[0], heads)

    assert said.is_good, said.cells
    assert (said.person | (said.certificate or {}))[column] == value


def test_columns_may_stand_in_any_order_below_a_title_with_more_beside_them(office):
    heads = ["序号", *reversed(HEADS), "备注"]
    heads[heads.index("姓名")] = "姓名（必填）"
    content = xlsx(with_b(1) | {"姓名（必填）": "李四", "序号": 1, "备注": "=1/0"}, heads=heads, above=2)

    assert outcomes(office.imports(content)) == ["new"]


def test_a_doubt_is_a_warning_and_no_hindrance(office):
    report = office.imports(
        xlsx(with_b(1, 证书编号="京B-1"), with_b(2, 证书编号="京B-1"), with_b(3, 有效期至="2020-01-01"))
    )

    assert outcomes(report) == ["new"] * 3
    assert ("number", "unusual_number") in told(report) and ("number", "number_of_another_person") in told(report)
    assert told(report, 2) == [("valid_to", "expired")]


def refused(content: bytes) -> dict[str, Any]:
    with pytest.raises(Invalid) as refusal:
        staff_sheet.below_heads(sheet.read(content))
    (rule,) = refusal.value.fields["file"]
    return rule


def test_sheet_without_the_columns_or_without_rows_is_refused():
    assert refused(xlsx(person(1), heads=["姓名", "电话"])) == {"rule": "columns_missing", "columns": ["身份证号"]}
    assert refused(xlsx())["rule"] == "no_rows"


def test_too_many_rows_are_refused_and_five_thousand_are_not():
    rows = [{"姓名": "李四", "身份证号": "1"}] * 5_000

    assert len(sheet.read(xlsx(*rows))) == 5_001
    assert refused(xlsx(*rows, rows[0])) == {"rule": "too_many_rows", "most": 5_000}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "not_xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "not_xlsx"),  # the older .xls
        ("姓名,身份证号\n张三,1".encode(), "not_xlsx"),
        (b"PK\x03\x04" + bytes(2000), "file_damaged"),
        (xlsx(person(1))[:-300], "file_damaged"),
        (b"PK\x03\x04" + bytes(6 * 1024 * 1024), "file_too_large"),
    ],
)
def test_what_is_no_workbook_is_refused(content, rule):
    assert refused(content)["rule"] == rule


def repacked(**parts: bytes) -> bytes:
    """A good workbook with some of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(person(1)))) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bad:
        for name in good.namelist():
            bad.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], good.read(name)))
    return out.getvalue()


def test_zip_bomb_is_refused_before_it_is_unpacked():
    assert refused(repacked(sheet1=b" " * (300 << 20)))["rule"] == "sheet_too_large"


def test_zip_bomb_that_lies_about_its_size_is_stopped():
    bomb = bytearray(repacked(sheet1=b" " * (90 << 20)))
    true = (90 << 20).to_bytes(4, "little")
    assert bomb.count(true) == 2
    lying = bytes(bomb.replace(true, (1000).to_bytes(4, "little")))

    assert refused(lying)["rule"] in ("file_damaged", "sheet_too_large")


def test_one_cell_at_the_far_corner_is_refused_and_this_process_lives():
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx(person(1))))
    workbook.active["XFD1048576"] = "x"
    out = io.BytesIO()
    workbook.save(out)

    assert refused(out.getvalue())["rule"] == "sheet_too_large"


def test_entities_are_not_unfolded():
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + b"ha" * 1000 + b'">'
    laughs += b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 100) for c in range(ord("a"), ord("h")))
    laughs += b']><worksheet><sheetData><row><c t="str"><v>&h;</v></c></row></sheetData></worksheet>'

    assert refused(repacked(sheet1=laughs))["rule"] in ("file_damaged", "columns_missing", "sheet_too_large")


def test_five_thousand_rows_are_entered_in_one_go(office):
    content = xlsx(*(with_b(number) for number in range(5_000)))

    assert office.imports(content, dry_run=True)["counts"]["new"] == 5_000
    assert office.imports(content)["counts"]["new"] == 5_000
    assert office.imports(content)["counts"]["unchanged"] == 5_000


def test_unknown_file_is_not_found_and_only_an_enterprises_clerk_imports(office):
    request = {"sha256": "0" * 64, "dry_run": True}
    with pytest.raises(NotFound, match="blob_unknown"):
        staff_import.run(office.sessions, office.blobs, Call(principal=CLERK), request, office.clock)
    with pytest.raises(Forbidden):
        office.imports(xlsx(person(1)), principal=factories.officer())


def test_repeated_key_gives_the_first_report(office):
    content = xlsx(person(1))

    assert office.imports(content, key="k") == office.imports(content, key="k")
    assert outcomes(office.imports(content, key="another")) == ["unchanged"]


def test_template_names_every_column_with_its_words(office):
    columns = {each["code"]: each for each in staff_import.template(CLERK)["columns"]}

    assert [each["title"] for each in columns.values()] == HEADS
    assert columns["identity_number"]["required"] and "特种作业" in columns["kind"]["words"]


TEXTS = st.one_of(st.sampled_from(["", "B", "05", "2027-01-01", "=1+1", "１３８", "张三"]), st.text(max_size=30))
CELLS = st.builds(Cell, st.sampled_from(["text", "number", "day", "other"]), TEXTS)


@given(st.lists(st.lists(CELLS, min_size=len(HEADS), max_size=len(HEADS)), min_size=1, max_size=5))
def test_whatever_stands_in_the_cells_is_told_by_column(rows):
    heads = {each.code: place for place, each in enumerate(staff_sheet.COLUMNS)}
    found = [staff_sheet.entry(Row(number, cells), heads) for number, cells in enumerate(rows, start=2)]
    staff_sheet.tell_contradictions(found)

    for said in found:
        assert all(cell["column"] in heads and cell["rule"] for cell in said.cells)


SOME = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([None, "B", "C3"]), st.sampled_from(["李四", "王五"]), st.booleans()),
    min_size=1,
    max_size=8,
)


@given(SOME)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sheet_twice_changes_nothing_the_second_time(office, some):
    rows = [
        (with_b if kind else person)(number, 姓名=name, 手机号=None if no_phone else "13900000000")
        | ({"证书类别": kind} if kind else {})
        for number, kind, name, no_phone in some
    ]
    content = xlsx(*rows)

    first, second = office.imports(content), office.imports(content)

    assert {(a, b) for a, b in zip(outcomes(first), outcomes(second), strict=True)} <= {
        ("new", "unchanged"),
        ("changed", "unchanged"),
        ("unchanged", "unchanged"),
        ("error", "error"),
    }
    with transaction(office.sessions) as session:
        assert session.scalar(select(func.count()).select_from(Person).where(Person.version == 0)) == 0
        numbers = session.execute(
            select(Certificate.person_id, Certificate.kind, Certificate.number).where(Certificate.removed_at.is_(None))
        ).all()
        assert len(numbers) == len(set(numbers))
