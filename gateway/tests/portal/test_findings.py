"""The list of findings on the portal: its filters live in the address, and every row leads on."""

from html import unescape
from typing import Any

import pytest

from chassis.errors import Invalid
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of
from gateway.tests.portal.test_inspections import LIBRARY, SITE, VISIT, inspector

__all__ = ["inspector"]
FOUND: dict[str, Any] = {
    "finding_id": id_of("finding"), "inspection_id": VISIT, "project_id": SITE, "project_name": "长安广场", "clause_key": "B.13-04",
    "clause": "JGJ 59-2011 表B.13：临边防护", "severity": "major", "description": "三层临边无防护栏杆<b>", "part": "3号楼",
    "found_on": "2026-11-20", "order_id": id_of("order"), "order_number": "冀建安改第0001号", "closed_at": None,
    "is_repeated": True,
}  # fmt: skip


@pytest.fixture
def reader(inspector: Browser, rooms: Rooms) -> Browser:
    closed = FOUND | {
        "finding_id": id_of("closed"),
        "closed_at": AT,
        "is_repeated": False,
        "order_id": None,
        "order_number": None,
    }
    page = {"items": [FOUND, closed], "next": None, "total": 2, "total_is_exact": True}
    area = {"area": "13.1301.130104", "name": "桥西区", "level": "county"}
    rooms.say("filing.list_divisions", {"items": [area]})
    rooms.say("enforcement.list_findings", checked("list_findings", page, "enforcement"))
    return inspector


def test_what_is_chosen_is_asked_for_and_every_row_leads_to_its_records(reader: Browser, rooms: Rooms) -> None:
    address = "/enforcement/findings?severity=major&state=open&clause_key=B.13-04&repeated=1&first=2026-11-01"
    page = unescape(reader.get(address).text)

    asked = rooms.asked_of("enforcement.list_findings")[-1].request
    wanted = {"severity": "major", "open": True, "clause_key": "B.13-04", "repeated": True, "first": "2026-11-01"}
    assert asked == wanted | {"after": None}
    for words in (
        f'href="/enforcement/inspections/{VISIT}"', f'href="/enforcement/orders/{id_of("order")}"', f'href="/projects/{SITE}"',
        "冀建安改第0001号", "重大事故隐患", "反复出现", "已整改", "高处作业—临边防护", '<option value="open" selected>',
    ):  # fmt: skip
        assert words in page, words
    assert "三层临边无防护栏杆<b>" not in reader.get(address).text


def test_a_clause_that_the_library_has_no_longer_stays_chosen(reader: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_check_library", checked("get_check_library", LIBRARY, "enforcement"))
    assert '<option value="old-1" selected>old-1' in reader.get("/enforcement/findings?clause_key=old-1").text


def test_a_filter_that_cannot_be_is_said_to_be_wrong(reader: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.list_findings", Invalid.field("first", "not_a_day"))
    assert reader.get("/enforcement/findings?first=2026-02-30").status_code == 422
