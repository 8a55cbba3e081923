"""请假: asked for by the firm, decided by the developer; what is refused stands beside its field and nothing typed is lost."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of

MANAGER, DEPUTY, SITE = id_of("manager"), id_of("deputy"), id_of("site")
ADDRESS = "/duty/leaves"


def leave(**told: Any) -> dict[str, Any]:
    return {
        "leave_id": id_of("leave"), "person_id": MANAGER, "project_id": SITE, "project_name": "长安花园",
        "first": "2026-11-26", "last": "2026-11-27", "reason": "参加培训", "deputy_id": DEPUTY, "stage": "asked",
        "asked_by": "施工公司", "asked_at": "2026-11-25T01:00:00+00:00", "decided_at": None, "opinion": None, **told,
    }  # fmt: skip


def page(*items: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    told = {"items": list(items), "next": following, "total": len(items), "total_is_exact": True}
    return checked("list_leaves", told, "attendance")


def person(person_id: str, role: str, **told: Any) -> dict[str, Any]:
    return {
        "person_id": person_id, "role": role, "last_inside_at": None, "last_seen_at": None, "first_in": None,
        "last_out": None, "least_minutes": 0, "most_minutes": 0, "may_look": True, "position": None,
        "excused": None, **told,
    }  # fmt: skip


def site_day(**told: Any) -> dict[str, Any]:
    people = [person(MANAGER, "project_manager"), person(DEPUTY, "safety_officer")]
    return checked(
        "get_site_day",
        {
            "project_id": SITE, "project_name": "长安花园", "area": "13.1301.130102", "day": "2026-11-26",
            "at": "2026-11-26T08:05:00+00:00", "boundary": None, "positions_kept": True, "kept_days": 40, "from_hour": 6,
            "until_hour": 22, "is_exact": False, "needs_reason": False, "may_ask_leave": True, "people": people, **told,
        },
        "attendance",
    )  # fmt: skip


@pytest.fixture
def said(rooms: Rooms) -> None:
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    people = ((MANAGER, "王建国"), (DEPUTY, "李海"))
    items = [{"person_id": each, "name": name, "employer_name": "施工公司"} for each, name in people]
    rooms.say("personnel.name_people", {"items": items})
    rooms.say("attendance.list_leaves", page(leave()))
    rooms.say("attendance.get_site_day", site_day())


@pytest.fixture
def contractor(town: Any, said: None, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(name="施工公司", kinds=["contractor"]), "contractor")
    return browser().sign_in("contractor")


@pytest.fixture
def developer(town: Any, said: None, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(name="建设公司", kinds=["owner"]), "developer")
    return browser().sign_in("developer")


def test_the_list_names_people_and_leads_to_month_and_next_page(contractor: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.list_leaves", page(leave(), following="further"))

    shown = unescape(contractor.get(f"{ADDRESS}?stage=asked&project_id={SITE}").text)

    for words in ("王建国", "李海", "长安花园", "参加培训", "待建设单位同意", "2026-11-26（周四）", "after=further"):
        assert words in shown, words
    asked = rooms.asked_of("attendance.list_leaves")[-1].request
    assert asked == {"stage": "asked", "project_id": SITE, "after": None}


def test_the_firm_that_asked_may_withdraw_and_only_a_developer_is_shown_the_decision(
    contractor: Browser, developer: Browser
) -> None:
    assert "/withdraw" in contractor.get(ADDRESS).text and "/decide" not in contractor.page
    assert "/decide" in developer.get(ADDRESS).text and "/withdraw" not in developer.page


def test_a_firm_picks_from_the_people_due_on_the_site_and_asks_once(contractor: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.ask_leave", {"leave_id": id_of("leave"), "stage": "asked"})
    shown = contractor.get(f"{ADDRESS}/new?project_id={SITE}").text
    assert f'<option value="{MANAGER}">王建国 · 项目负责人</option>' in shown

    key = contractor.hidden("_key")
    told = {"project_id": SITE, "person_id": MANAGER, "first": "2026-11-26", "last": "2026-11-27", "reason": "参加培训"}
    sent = contractor.post(f"{ADDRESS}/new", told | {"deputy_id": DEPUTY})

    assert (sent.status_code, sent.headers["Location"]) == (303, f"{ADDRESS}?project_id={SITE}")
    asked = rooms.asked_of("attendance.ask_leave")[-1]
    assert asked.request == told | {"deputy_id": DEPUTY} and asked.key == key


def test_without_a_site_the_form_begins_with_the_sites(contractor: Browser, rooms: Rooms) -> None:
    item = {
        "project_id": SITE, "project_name": "长安花园", "area": "13", "due": 2, "there": 1, "never_seen": 0, "newest": None,
    }  # fmt: skip
    told = {"items": [item], "next": None, "at": "2026-11-26T08:05:00+00:00"}
    rooms.say("attendance.list_duty_sites", checked("list_duty_sites", told, "attendance"))

    assert f'href="{ADDRESS}/new?project_id={SITE}"' in contractor.get(f"{ADDRESS}/new").text


@pytest.mark.parametrize(
    ("refusal", "field"),
    [
        (Invalid.field("deputy_id", "required"), "deputy_id"),
        (Conflict("leave_exists", first="2026-11-20", last="2026-11-28"), "first"),
        (Conflict("deputy_not_on_duty"), "deputy_id"),
        (Conflict("person_not_on_duty"), "person_id"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    contractor: Browser, rooms: Rooms, refusal: Any, field: str
) -> None:
    rooms.say("attendance.ask_leave", refusal)
    contractor.get(f"{ADDRESS}/new?project_id={SITE}")
    told = {"project_id": SITE, "person_id": MANAGER, "first": "2026-11-26", "last": "2026-11-27", "reason": "回家"}

    shown = contractor.post(f"{ADDRESS}/new", told)

    assert shown.status_code in (409, 422)
    assert f'id="{field}-error"' in shown.text
    assert 'value="2026-11-26"' in shown.text and 'value="回家"' in shown.text
    assert f'<option value="{MANAGER}" selected>' in shown.text


def test_the_developer_refuses_with_an_opinion_and_a_missing_one_is_asked_for(developer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.decide_leave", Invalid.field("opinion", "required"))
    developer.get(ADDRESS)
    shown = developer.post(f"{ADDRESS}/{id_of('leave')}/decide", {"approves": "no", "opinion": ""})
    assert shown.status_code == 422 and 'id="opinion-error"' in shown.text

    rooms.say("attendance.decide_leave", {"leave_id": id_of("leave"), "stage": "refused"})
    sent = developer.post(f"{ADDRESS}/{id_of('leave')}/decide", {"approves": "no", "opinion": "工期紧"})
    assert sent.status_code == 303
    told = rooms.asked_of("attendance.decide_leave")[-1].request
    assert told == {"leave_id": id_of("leave"), "approves": False, "opinion": "工期紧"}


def test_a_form_of_somebody_elses_is_a_forgery(developer: Browser, rooms: Rooms) -> None:
    developer.get(ADDRESS)
    refused = developer.client.post(f"{ADDRESS}/{id_of('leave')}/decide", data={"approves": "yes"})
    assert refused.status_code == 403 and rooms.asked_of("attendance.decide_leave") == []
