"""Beacons by page: listed to who sees the site, placed and removed by who builds it, with the reasons in words."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, Unavailable
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of

PAGE = "/duty/beacons"
UUID = "fda50693-a4e2-4fb1-afcf-c6eb07647825"
SITE, BEACON = id_of("site"), id_of("beacon")
FORM = {"project_id": SITE, "uuid": UUID, "major": "7", "minor": "1", "label": "一号", "place": "地下室入口"}


def beacons(**told: Any) -> dict[str, Any]:
    item = {
        "beacon_id": BEACON, "project_id": SITE, "project_name": "长安花园", "uuid": UUID, "major": 7, "minor": 1,
        "label": "一号", "place": "地下室入口", "placed_at": AT, "placed_by": "某公司", "removed_at": None,
        "removed_by": None, "acts": ["remove_beacon"], **told,
    }  # fmt: skip
    return checked(
        "list_beacons", {"items": [item], "next": "further", "total": 21, "total_is_exact": True}, "attendance"
    )


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    firm = town.enterprise()
    town.administrator(firm, "clerk")
    projects = [("长安花园", SITE, firm), ("别家的工程", id_of("other"), id_of("other firm"))]
    rooms.say(
        "filing.list_projects",
        {"items": [{"project_id": id, "name": name, "contractor_id": builder} for name, id, builder in projects]},
    )
    rooms.say("attendance.list_beacons", beacons())
    rooms.say("attendance.place_beacon", checked("place_beacon", {"beacon_id": BEACON, "placed_at": AT}, "attendance"))
    rooms.say(
        "attendance.remove_beacon", checked("remove_beacon", {"beacon_id": BEACON, "removed_at": AT}, "attendance")
    )
    return browser().sign_in("clerk")


def test_the_list_asks_what_its_address_says_and_leads_on(clerk: Browser, rooms: Rooms) -> None:
    shown = clerk.get(f"{PAGE}?project_id={SITE}&standing=1&after=here").text

    asked = rooms.asked_of("attendance.list_beacons")[-1].request
    assert asked == {"project_id": SITE, "standing": True, "after": "here"}
    assert UUID in shown and "地下室入口" in shown and "after=further" in shown
    assert "长安花园</option>" in shown and "别家的工程" not in shown


def test_a_beacon_is_placed_with_its_numbers(clerk: Browser, rooms: Rooms) -> None:
    clerk.get(PAGE)
    assert clerk.post(PAGE, FORM).status_code == 303

    (asked,) = rooms.asked_of("attendance.place_beacon")
    assert asked.request == FORM | {"major": 7, "minor": 1}
    assert asked.key


def test_what_is_refused_keeps_what_was_typed_and_says_why(clerk: Browser, rooms: Rooms) -> None:
    clerk.get(PAGE)
    rooms.say("attendance.place_beacon", Conflict("beacon_standing", since="2026-11-20T02:00:00+00:00"))
    answer = clerk.post(PAGE, FORM)
    assert answer.status_code == 409
    assert "已登记在用" in answer.text and 'value="地下室入口"' in answer.text

    rooms.say("attendance.place_beacon", Invalid.field("major", "not_integer"))
    answer = clerk.post(PAGE, FORM | {"major": "七"})
    assert answer.status_code == 422 and 'id="major-error"' in answer.text
    assert rooms.asked_of("attendance.place_beacon")[-1].request["major"] == "七"


def test_a_beacon_is_removed_by_who_may(clerk: Browser, rooms: Rooms) -> None:
    assert f"{PAGE}/{BEACON}/remove" in clerk.get(PAGE).text
    assert clerk.post(f"{PAGE}/{BEACON}/remove").status_code == 303
    assert [each.request for each in rooms.asked_of("attendance.remove_beacon")] == [{"beacon_id": BEACON}]

    rooms.say("attendance.list_beacons", beacons(acts=[], removed_at=AT, removed_by="某公司"))
    shown = clerk.get(PAGE).text
    assert f"{PAGE}/{BEACON}/remove" not in shown and "已撤除" in shown


def test_an_officer_looks_on_and_a_silent_filing_only_takes_the_form_away(
    town: Any, clerk: Browser, rooms: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.agency(), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("attendance.list_beacons", beacons(acts=[]))
    shown = browser().sign_in("officer").get(PAGE).text
    assert UUID in shown and 'name="uuid"' not in shown

    rooms.say("filing.list_projects", Unavailable())
    shown = clerk.get(PAGE).text
    assert UUID in shown and 'name="uuid"' not in shown
