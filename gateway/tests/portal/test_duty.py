"""到岗履职: the board counts and leads on to site and person; a month tells each day's verdict with its reasons in words."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Unavailable
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of

AREA = "13.1301"
COUNTS = {"due": 12, "there": 9, "never_seen": 2, "newest": "2026-11-26T08:00:00+00:00"}
MANAGER = id_of("manager")


def board(**told: Any) -> dict[str, Any]:
    return checked(
        "get_duty_board",
        {
            "area": AREA,
            "at": "2026-11-26T08:05:00+00:00",
            "places": [{"place": "13.1301.130102", "sites": 4} | COUNTS],
            "sites": [{"project_id": id_of("site"), "project_name": "长安花园", "area": "13.1301.130102"} | COUNTS],
            "more_sites": 0,
            "from_hour": 6,
            "until_hour": 22,
            "people": [],
            **told,
        },
        "attendance",
    )


def day(number: int, verdict: str, *reasons: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {
        "day": f"2026-11-{number:02d}",
        "verdict": verdict,
        "first_in": 462 if verdict == "present" else None,
        "last_out": 1080 if verdict == "present" else None,
        "least_minutes": 300,
        "most_minutes": 618,
        "reasons": [{"code": code, "told": told} for code, told in reasons],
        "suspicion": None,
    }


def month(**told: Any) -> dict[str, Any]:
    required = {"minutes": 240, "at_least": True, "fixes": 2}
    days = [
        day(
            2,
            "present",
            ("span_measured", {"least": 618, "most": 618, "required": required}),
            ("fixes", {"found": 90}),
            ("by_beacon_alone", {"minutes": 37}),
        ),
        day(3, "absent", ("gap_outside", {"start": 480, "end": 1019})),
        day(4, "unknown", ("no_positions", {})),
        day(5, "excluded", ("stoppage", {"since": "2026-11-05", "until": None})),
    ]
    rule = {"of": "construction_days", "document": "建质〔2011〕111号", "clause": "不少于80%", "day_basis": "4 小时"}
    duty = {
        "project_id": id_of("site"), "project_name": "长安花园", "role": "project_manager", "days": days, "valid": 1,
        "undecided": 1, "denominator": 3, "excluded": [{"day": "2026-11-05", "reason": "stoppage"}], "rate": 33.3,
        "highest_rate": 66.7, "required": 80, "standing": "short", "rule": rule, "closed_at": None,
        "closes_on": "2026-12-10", "revision": 1, "now": None, "earlier": [], "corrections": [], "may_reopen": False,
        "may_correct": False, **told,
    }  # fmt: skip
    return checked("get_month", {"person_id": MANAGER, "month": "2026-11", "duties": [duty]}, "attendance")


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(area=AREA, level="city"), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    place = {"area": "13.1301.130102", "name": "长安区", "level": "county", "code": "130102"}
    rooms.say(
        "filing.list_divisions",
        {"items": [{"area": AREA, "name": "石家庄市", "level": "city", "code": "130100"}, place]},
    )
    rooms.say("personnel.name_people", {"items": [{"person_id": MANAGER, "name": "王建国", "employer_name": "某公司"}]})
    rooms.say("attendance.get_duty_board", board())
    rooms.say("attendance.get_month", month())
    return browser().sign_in("officer")


def test_the_board_leads_from_place_to_site(officer: Browser) -> None:
    shown = unescape(officer.get("/duty").text)

    assert '<a href="/duty?area=13.1301.130102">长安区</a>' in shown
    assert f'<a href="/duty?project_id={id_of("site")}">长安花园</a>' in shown
    for word, count in (("应在岗", 12), ("在岗", 9), ("今日无定位", 2)):
        assert f'<td class="count" data-label="{word}">{count}</td>' in shown
    assert '<td class="count late" data-label="不在岗">3</td>' in shown
    assert "2026-11-26 16:05" in shown  # how old the figures are


def test_a_zone_is_called_after_its_agency_and_sites_beyond_the_list_are_counted(
    officer: Browser, rooms: Rooms
) -> None:
    rooms.say(
        "attendance.get_duty_board", board(places=[{"place": "13.1301.130171", "sites": 1} | COUNTS], more_sites=7)
    )
    rooms.say("filing.list_agencies", {"items": [{"area": "13.1301.130171", "name": "高新区监督站"}]})

    shown = unescape(officer.get("/duty").text)

    assert '<a href="/duty?area=13.1301.130171">高新区监督站</a>' in shown
    assert "还有 7 个工程未列出" in shown
    assert "只在 6:00 至 22:00 定位" in shown  # at night nobody is there, and nobody is missed


def test_a_site_names_its_people_and_leads_to_their_month(officer: Browser, rooms: Rooms) -> None:
    person = {"person_id": MANAGER, "role": "project_manager", "last_inside_at": None, "last_seen_at": None}
    rooms.say("attendance.get_duty_board", board(places=[], sites=[], people=[person]))

    shown = officer.get(f"/duty?project_id={id_of('site')}").text

    assert f'href="/people/{MANAGER}/duty?month=' in shown
    assert "王建国" in shown and "项目负责人" in shown
    assert rooms.asked_of("attendance.get_duty_board")[-1].request == {"project_id": id_of("site")}


def test_a_site_is_told_while_nobody_can_say_the_names(officer: Browser, rooms: Rooms) -> None:
    person = {"person_id": MANAGER, "role": "project_manager", "last_inside_at": None, "last_seen_at": None}
    rooms.say("attendance.get_duty_board", board(places=[], sites=[], people=[person]))
    rooms.say("personnel.name_people", Unavailable())

    assert "项目负责人" in officer.get(f"/duty?project_id={id_of('site')}").text


def test_a_month_tells_every_verdict_with_its_reasons_in_words(officer: Browser) -> None:
    shown = unescape(officer.get(f"/people/{MANAGER}/duty?month=2026-11").text)

    for words in (
        "王建国", "长安花园", "到岗率 33.3 % 至 66.7 %，应达到 80 %", "不达标", "07:42–18:00",
        "首末次确定在场的间隔至少 10 小时 18 分、至多 10 小时 18 分，要求不少于 4 小时 0 分",
        "08:00 至 16:59 确定在工地外", "其中 37 分钟只凭蓝牙信标认定",
        "当日没有收到任何定位", "工程中止监督期间，不计入应到天数", "建质〔2011〕111号",
    ):  # fmt: skip
        assert words in shown, words
    assert 'role="status"' not in shown  # nothing is announced


def test_who_may_not_see_it_is_told_so(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.get_duty_board", Forbidden("not_permitted", act="read_duty_board"))
    assert officer.get("/duty").status_code == 403
