"""The figures of an area: readable without a script, and every number opens the list behind it."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked

AREA = "13.1301"


def figure(count: int, **filter_: Any) -> dict[str, Any]:
    return {"count": count, "filter": {"area": AREA, **filter_}}


def decisions(count: int, **more: Any) -> dict[str, Any]:
    return figure(count, decided=True) | {
        "approved": figure(count, outcome="approved"),
        "rejected": figure(0, outcome="rejected"),
        "in_time": figure(count - 1, late=False),
        "late": figure(1, late=True),
        "share_in_time": 0.973,
        "median_workdays": 3,
        "p90_workdays": None,
        **more,
    }


def figures() -> dict[str, Any]:
    told = {
        "area": AREA,
        "place": "河北省石家庄市",
        "first_month": "2025-12",
        "last_month": "2026-11",
        "received": figure(1240),
        "by_stage": [figure(40, stage="accepted") | {"standing": "accepted"}],
        "by_matter": [
            figure(40, matter="install_notice")
            | {"matter": "install_notice", "title": "安装告知", "decisions": decisions(38, limit=2, unit="workdays")}
        ],
        "by_place": [figure(30, area="13.1301.130104") | {"area": "13.1301.130104", "place": "桥西区"}],
        "by_month": [{"month": "2026-11", "received": figure(40), "decided": figure(38)}],
        "decisions": decisions(38),
        "by_rounds": [figure(30, round=1, outcome="approved") | {"rounds": 1, "share": 0.79}],
    }
    return checked("figures", told)


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(area=AREA, level="city"), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("filing.list_divisions", {"items": []})
    rooms.say("filing.list_matters", {"items": []})
    rooms.say("filing.figures", figures())
    return browser().sign_in("officer")


def test_every_number_is_a_link_to_the_list_that_it_counts(officer: Browser) -> None:
    shown = unescape(officer.get("/figures").text)

    assert f'href="/applications?area={AREA}"><b>1,240</b>' in shown
    assert f'href="/applications?area={AREA}&late=1"' in shown
    assert f'href="/applications?area={AREA}&late=0"' in shown
    assert "97.3 %" in shown and "3 个工作日" in shown and "79.0 %" in shown
    assert "受理" in shown and "安装告知" in shown and "桥西区" in shown


def test_shares_and_times_of_a_matter_open_their_lists_too_and_stand_as_a_list_on_a_phone(officer: Browser) -> None:
    shown = unescape(officer.get("/figures").text)

    row = shown.split('id="matters"')[1].split("<tbody>")[1].split("</tr>")[0]
    assert f'data-label="时限内"><a href="/applications?area={AREA}&late=0">97.3 %</a>' in row
    assert f'data-label="用时中位数"><a href="/applications?area={AREA}&decided=1">3 个工作日</a>' in row
    assert row.count("<td") == row.count("data-label=") == 8
    assert '<table class="table table-as-list" id="matters"' in shown


def test_area_matter_and_months_are_asked_as_the_address_says(officer: Browser, rooms: Rooms) -> None:
    officer.get(f"/figures?area={AREA}&matter=install_notice&first_month=2026-01&last_month=2026-06")

    asked = rooms.asked_of("filing.figures")[-1].request
    assert asked == {"area": AREA, "matter": "install_notice", "first_month": "2026-01", "last_month": "2026-06"}


def test_the_tables_need_no_script_and_the_charts_none_of_another_host(officer: Browser) -> None:
    shown = officer.get("/figures").text

    assert '<table class="table" id="months"' in shown and 'data-table="months"' in shown
    assert "http://" not in shown and "https://" not in shown


def test_nothing_counted_says_what_would_be_here(officer: Browser, rooms: Rooms) -> None:
    nothing = figures() | {"received": figure(0), "decisions": decisions(0)}
    rooms.say("filing.figures", nothing)

    assert "这段时间没有办件" in officer.get("/figures").text
