"""Absences: listed to firm and agency, explained by the firm, counted on the agency's home page."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of

PERSON, SITE, ABSENCE = id_of("person"), id_of("site"), id_of("absence")


def absence(**told: Any) -> dict[str, Any]:
    return {
        "absence_id": ABSENCE, "person_id": PERSON, "project_id": SITE, "project_name": "长安花园",
        "role": "project_manager", "day": "2026-11-25", "noticed_at": "2026-11-25T17:00:00+00:00", "lifted_at": None,
        "explanation": None, "explained_at": None, "explained_by": "", "may_explain": False, **told,
    }  # fmt: skip


def listed(*items: dict[str, Any], **told: Any) -> dict[str, Any]:
    page = {"items": list(items), "next": None, "total": len(items), "total_is_exact": True, "short": []}
    return checked("list_absences", page | {"short_total": 0} | told, "attendance")


@pytest.fixture
def rooms_of_duty(rooms: Rooms) -> Rooms:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("filing.list_divisions", {"items": []})
    rooms.say("personnel.name_people", {"items": [{"person_id": PERSON, "name": "王建国", "employer_name": "某公司"}]})
    rooms.say("attendance.list_absences", listed(absence()))
    return rooms


@pytest.fixture
def officer(town: Any, rooms_of_duty: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(area="13.1301", level="city"), "officer")
    return browser().sign_in("officer")


@pytest.fixture
def clerk(town: Any, rooms_of_duty: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk")
    return browser().sign_in("clerk")


def test_an_absence_leads_to_the_month_in_which_it_is_explained_why(officer: Browser, rooms: Rooms) -> None:
    shown = officer.get("/duty/absences?day=2026-11-25").text

    assert f'<a href="/people/{PERSON}/duty?month=2026-11">王建国</a>' in shown
    assert "项目负责人" in shown and "尚未说明" in shown and "未经监督人员核实不作任何处理依据" in shown
    assert rooms.asked_of("attendance.list_absences")[-1].request == {"day": "2026-11-25", "after": None}


def test_the_firm_explains_and_the_agency_reads_it(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.list_absences", listed(absence(may_explain=True)))
    rooms.say("attendance.explain_absence", {"absence_id": ABSENCE, "explained_at": "2026-11-26T01:00:00+00:00"})
    address = f"/acts/absences/{ABSENCE}/explain_absence"
    assert f'action="{address}"' in clerk.get("/duty/absences").text

    reply = clerk.post(address, {"explanation": "参加上级安全会议", "back": "/duty/absences"})

    assert reply.headers["Location"] == "/duty/absences"
    asked = rooms.asked_of("attendance.explain_absence")[-1].request
    assert asked == {"absence_id": ABSENCE, "explanation": "参加上级安全会议"}


def test_what_was_explained_and_what_was_lifted_is_told(officer: Browser, rooms: Rooms) -> None:
    told = {"explanation": "参加会议", "explained_at": "2026-11-26T01:00:00+00:00", "explained_by": "某建筑公司"}
    rooms.say("attendance.list_absences", listed(absence(lifted_at="2026-11-26T17:00:00+00:00", **told)))

    shown = officer.get("/duty/absences").text

    assert "参加会议" in shown and "某建筑公司 2026-11-26 09:00" in shown and "已解除" in shown


def test_those_whose_month_can_no_longer_be_reached_stand_below(officer: Browser, rooms: Rooms) -> None:
    short = {
        "person_id": PERSON, "project_id": SITE, "project_name": "长安花园", "role": "project_manager",
        "month": "2026-11", "through": "2026-11-25", "valid": 3, "denominator": 20, "rate": 15.0, "required": 80,
    }  # fmt: skip
    rooms.say("attendance.list_absences", listed(short=[short], short_total=61))

    shown = unescape(officer.get("/duty/absences").text)

    assert "达不到本月要求的，共 61 人" in shown and "列出到岗率最低的 1 人" in shown and "15.0 %" in shown
    assert "没有符合条件的缺勤" in shown


def test_an_officers_home_page_counts_yesterdays_absences(officer: Browser, rooms: Rooms) -> None:
    counts = {"under_way": {}, "by_stage": {}, "closed_lately": {}, "projects": {}, "first": []}
    rooms.say("filing.summarise", counts | {"waits_for_me": 0, "overdue": 0, "due_soon": 0})
    rooms.say("attendance.summarise", {"day": "2026-11-25", "absent": 7, "short": 2})
    assert 'href="/duty/absences?day=2026-11-25"><b>7</b><span>昨日缺勤' in officer.get("/").text

    rooms.shut("attendance")
    shown = officer.get("/").text
    assert "昨日缺勤" not in shown and "待我办理" in shown and "部分信息暂时无法取得" in shown


def test_a_firm_finds_its_absences_in_the_navigation(clerk: Browser) -> None:
    shown = clerk.get("/duty/absences").text
    assert 'href="/duty/absences"' in shown and 'href="/duty/shifts"' in shown and 'href="/duty"' not in shown
