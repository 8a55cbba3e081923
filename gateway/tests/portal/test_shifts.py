"""Leadership shifts: the contractor records, another firm of the site decides, a leader's month is told."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Unavailable
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of

LEADER, SITE, SHIFT, LEAVE = (id_of(each) for each in ("leader", "site", "shift", "leave"))
TYPED = {
    "person_id": LEADER, "project_id": SITE, "leads_as": "enterprise_leader", "day": "2026-11-26", "starts": "08:30",
    "ends": "11:30", "checked": "深基坑支护和临边防护", "found": "无",
}  # fmt: skip


def shift(**told: Any) -> dict[str, Any]:
    return {
        "shift_id": SHIFT, "person_id": LEADER, "project_id": SITE, "project_name": "长安花园",
        "leads_as": "enterprise_leader", "day": "2026-11-26", "starts": "08:30", "ends": "11:30",
        "checked": "深基坑支护", "found": "临边防护缺失，已整改", "inside_minutes": None, "stage": "recorded",
        "recorded_by": "某建筑公司", "recorded_at": "2026-11-26T08:00:00+00:00", "decided_by": "", "decided_at": None,
        "remark": None, "may_decide": False, "may_withdraw": False, **told,
    }  # fmt: skip


def listed(*items: dict[str, Any]) -> dict[str, Any]:
    page = {"items": list(items), "next": None, "total": len(items), "total_is_exact": True}
    return checked("list_shifts", page, "attendance")


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    firm = town.enterprise()
    town.administrator(firm, "clerk")
    mine = {"project_id": SITE, "name": "长安花园", "contractor_id": firm}
    other = {"project_id": id_of("other"), "name": "只作建设单位的工程", "contractor_id": id_of("别家")}
    rooms.say("filing.list_projects", {"items": [mine, other], "next": None})
    rooms.say("personnel.list_people", {"items": [{"person_id": LEADER, "name": "总经理赵六"}], "next": None})
    rooms.say("personnel.name_people", {"items": [{"person_id": LEADER, "name": "赵六", "employer_name": "某公司"}]})
    rooms.say("attendance.list_shifts", listed(shift()))
    return browser().sign_in("clerk")


def test_the_list_tells_who_led_where_and_what_was_found(clerk: Browser, rooms: Rooms) -> None:
    shown = clerk.get("/duty/shifts?stage=recorded").text

    for words in ("赵六", "2026-11-26 08:30–11:30", "临边防护缺失，已整改", "当日无定位", "待确认", "企业负责人"):
        assert words in shown, words
    assert f'href="/people/{LEADER}/shifts?month=2026-11"' in shown
    assert rooms.asked_of("attendance.list_shifts")[-1].request == {"stage": "recorded", "after": None}


def test_a_shift_is_recorded_for_a_site_that_the_firm_builds(clerk: Browser, rooms: Rooms) -> None:
    rooms.say(
        "attendance.record_shift", checked("record_shift", {"shift_id": SHIFT, "stage": "recorded"}, "attendance")
    )
    form = clerk.get("/duty/shifts/new").text
    assert "长安花园" in form and "只作建设单位的工程" not in form and "总经理赵六" in form

    reply = clerk.post("/duty/shifts/new", TYPED)

    assert reply.headers["Location"] == "/duty/shifts"
    asked = rooms.asked_of("attendance.record_shift")[-1]
    assert asked.request == TYPED and asked.key == clerk.hidden("_key")


def test_people_are_looked_for_without_losing_what_was_typed(clerk: Browser, rooms: Rooms) -> None:
    clerk.get("/duty/shifts/new")

    page = clerk.post("/duty/shifts/new", TYPED | {"q": "赵六", "_do": "search"})

    assert rooms.asked_of("personnel.list_people")[-1].request == {"limit": 100, "q": "赵六"}
    assert page.status_code == 200 and "深基坑支护和临边防护" in page.text  # nothing typed is lost
    assert not rooms.asked_of("attendance.record_shift")


def test_a_refused_shift_keeps_what_was_typed(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.record_shift", Conflict("shift_overlaps", day="2026-11-26"))
    clerk.get("/duty/shifts/new")

    reply = clerk.post("/duty/shifts/new", TYPED)

    assert reply.status_code == 409
    assert "不能同时在两处带班" in reply.text and "深基坑支护和临边防护" in reply.text
    assert f'<option value="{SITE}" selected>' in reply.text


def test_who_may_decide_confirms_or_returns_it(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.list_shifts", listed(shift(may_decide=True)))
    rooms.say("attendance.decide_shift", {"shift_id": SHIFT, "stage": "returned"})
    address = f"/acts/shifts/{SHIFT}/decide_shift"
    assert f'action="{address}"' in clerk.get("/duty/shifts").text

    clerk.post(address, {"confirms": "no", "remark": "当日上午不在现场", "back": "/duty/shifts"})

    asked = rooms.asked_of("attendance.decide_shift")[-1].request
    assert asked == {"shift_id": SHIFT, "confirms": False, "remark": "当日上午不在现场"}


def leaders_month(rooms: Rooms, **changed: Any) -> None:
    told = {
        "person_id": LEADER, "month": "2026-11", "days": 5, "waiting": 1, "working_days": 21, "rate": 23.8,
        "required": 25, "standing": "open", "document": "建质〔2011〕111号", "clause": "不少于其工作日的25%",
        "shifts": [shift(stage="confirmed", inside_minutes=150)], "leave": [], "may_record_leave": False,
        "provisional": True, **changed,
    }  # fmt: skip
    rooms.say("attendance.get_leader_month", checked("get_leader_month", told, "attendance"))


def test_a_leaders_month_tells_how_many_of_the_working_days_he_led(clerk: Browser, rooms: Rooms) -> None:
    leaders_month(rooms)

    shown = unescape(clerk.get(f"/people/{LEADER}/shifts?month=2026-11").text)

    for words in ("当月工作日 21 日", "已确认带班 5 日", "带班率 23.8 %，应达到 25 %", "建质〔2011〕111号", "150 分钟"):
        assert words in shown, words
    assert "工作日暂定" in shown
    assert 'class="told"' not in shown and "登记本人休假" not in shown
    assert f'href="/projects/{SITE}/work-logs?month=2026-11"' in shown


def test_his_firm_records_a_leaders_leave_and_takes_it_back(clerk: Browser, rooms: Rooms) -> None:
    leave = {
        "leave_id": LEAVE, "first": "2026-11-09", "last": "2026-11-13", "reason": "年休假", "recorded_by": "某建筑公司",
        "recorded_at": "2026-11-06T08:00:00+00:00", "may_withdraw": True,
    }  # fmt: skip
    leaders_month(rooms, leave=[leave], may_record_leave=True)
    for act in ("record_leader_leave", "withdraw_leader_leave"):
        rooms.say(f"attendance.{act}", checked(act, {"leave_id": LEAVE}, "attendance"))
    shown = clerk.get(f"/people/{LEADER}/shifts?month=2026-11").text
    assert "年休假" in shown and f'action="/people/{LEADER}/shifts/leave/{LEAVE}/withdraw"' in shown

    typed = {"first": "2026-11-09", "last": "2026-11-13", "reason": "年休假"}
    done = clerk.post(f"/people/{LEADER}/shifts/leave", typed)
    assert done.headers["Location"] == f"/people/{LEADER}/shifts?month=2026-11"
    assert rooms.asked_of("attendance.record_leader_leave")[-1].request == typed | {"person_id": LEADER}
    clerk.post(f"/people/{LEADER}/shifts/leave/{LEAVE}/withdraw", {})
    assert rooms.asked_of("attendance.withdraw_leader_leave")[-1].request == {"leave_id": LEAVE}

    rooms.say(
        "attendance.record_leader_leave", Invalid.field("first", "out_of_range", min="2026-11-19", max="2027-02-24")
    )
    refused = clerk.post(f"/people/{LEADER}/shifts/leave", typed)
    assert refused.status_code == 422 and 'value="年休假"' in refused.text


def test_the_form_stands_while_people_cannot_be_listed(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("personnel.list_people", Unavailable())
    assert clerk.get("/duty/shifts/new").status_code == 200
