"""The home page: how one's own matters stand, who acts next, and what runs out soon (R-A4, R-E5, R-P2)."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of, item, page

COUNTS: dict[str, Any] = {"under_way": {}, "by_stage": {}, "projects": {}, "first": []}
CLOSED = {"closed_lately": {"approved": 2, "withdrawn": 1}, "closed_lately_from": "2026-10-29"}


@pytest.fixture
def rooms_of_home(rooms: Rooms) -> Rooms:
    rooms.say("filing.summarise", COUNTS | CLOSED | {"waits_for_me": 0, "overdue": 0, "due_soon": 0})
    rooms.say("filing.list_applications", page(item("notice")))
    rooms.say(
        "filing.list_bulletins", {"items": [{"bulletin_id": id_of("b"), "title": "停工通知", "published_at": AT}]}
    )
    rooms.say("filing.list_downloads", {"items": []})
    entry = {"certificate_id": id_of("entry"), "title": "进冀备案证明", "valid_to": "2020-04-01"}
    rooms.say("filing.list_certificates", {"items": [entry], "next": None})
    crane = {"machine_id": id_of("crane"), "kind": "T", "filing_number": "冀AC-T00001", "runs_out_on": "2020-02-01"}
    rooms.say("equipment.summarise", {"by_stage": {}, "runs_out_soon": {"count": 1, "items": [crane]}})
    card = {"person_id": id_of("person"), "name": "张三", "kind": "C3", "valid_to": "2020-03-01"}
    rooms.say("personnel.summarise", {"expired": 7, "expires_soon": {"count": 1, "items": [card]}})
    return rooms


def test_an_enterprise_sees_who_acts_next_and_what_runs_out(
    town: Any, rooms_of_home: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.enterprise(), "clerk")

    home = browser().sign_in("clerk").get("/").text

    assert "桥西区安监站" in home and f"/applications/{id_of('notice')}" in home
    assert "冀AC-T00001" in home and f"/machines/{id_of('crane')}" in home and 'href="/machines?soon=90"' in home
    assert "张三" in home and "已过期 7 本" in home
    assert f"/certificates/{id_of('entry')}" in home and "2020-04-01 已过期" in home
    asked = rooms_of_home.asked_of("filing.list_certificates")[-1].request
    assert asked["holder_id"] in home and asked["sort"] == "runs_out"  # its own, which the heading leads to


def test_an_enterprise_is_told_that_its_licence_ends_and_how_to_renew_it(
    town: Any, rooms_of_home: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.enterprise(), "clerk")
    paper = {"title": "安全生产许可证", "number": "<冀>1", "valid_to": "2020-05-01"}
    told = COUNTS | CLOSED | {"waits_for_me": 0, "overdue": 0, "due_soon": 0, "papers": [paper]}
    rooms_of_home.say("filing.summarise", checked("summarise", told))

    home = browser().sign_in("clerk").get("/").text

    assert "安全生产许可证" in home and "2020-05-01 已过期" in home and "&lt;冀&gt;1" in home
    assert 'href="/applications/new/enterprise_papers"' in home


def test_what_was_closed_lately_opens_the_list_of_those_days(
    town: Any, rooms_of_home: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.enterprise(), "clerk")

    home = unescape(browser().sign_in("clerk").get("/").text)

    assert 'href="/applications?open=0&closed_from=2026-10-29"><b>3</b>' in home


def test_an_officers_first_ones_open_where_he_decides_them(
    town: Any, rooms_of_home: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.agency(), "officer")
    waiting = COUNTS | CLOSED | {"waits_for_me": 1, "overdue": 0, "due_soon": 0, "first": [item("notice")]}
    rooms_of_home.say("filing.summarise", checked("summarise", waiting))

    home = browser().sign_in("officer").get("/").text

    assert f'href="/review/{id_of("notice")}"' in home and f"/applications/{id_of('notice')}" not in home


def test_the_rest_of_the_page_stands_while_a_service_is_silent(
    town: Any, rooms_of_home: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.enterprise(), "clerk")
    rooms_of_home.shut("equipment")
    rooms_of_home.shut("personnel")

    home = browser().sign_in("clerk").get("/").text

    assert "部分信息暂时无法取得" in home and "停工通知" in home and "桥西区安监站" in home
