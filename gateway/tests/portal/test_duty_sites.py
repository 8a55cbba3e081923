"""A site and its map, a track that is looked at on record, who looked, and what people are told of it."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from gateway.security import origin_of
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of
from gateway.tests.portal.test_leaves import MANAGER, SITE, person, site_day

AREA = "13.1301.130102"
SQUARE = {"type": "Polygon", "coordinates": [[[114.5, 38], [114.6, 38], [114.6, 38.1], [114.5, 38]]]}
PLACE = {
    "at": "2026-11-26T00:05:00+00:00", "longitude": 114.515, "latitude": 38.045, "accuracy": 12.0, "side": "inside",
    "mock": True,
}  # fmt: skip
TRACK = f"/duty/sites/{SITE}/track?person_id={MANAGER}&day=2026-11-26"


def track(**told: Any) -> dict[str, Any]:
    return checked(
        "show_track",
        {
            "person_id": MANAGER, "project_id": SITE, "project_name": "长安花园", "day": "2026-11-26",
            "role": "project_manager", "boundary": SQUARE, "positions_kept": True, "kept_days": 40, "from_hour": 6,
            "until_hour": 22, "is_exact": True, "first_in": 485, "last_out": 1020, "least_minutes": 300,
            "most_minutes": 400, "points": [PLACE, PLACE | {"side": "outside"}],
            "strip": [{"start": 485, "end": 700, "side": "inside"}],
            "gaps": [{"start": 701, "end": 800, "reason": "unseen"}], **told,
        },
        "attendance",
    )  # fmt: skip


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(area=AREA, level="county"), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("personnel.name_people", {"items": [{"person_id": MANAGER, "name": "王建国", "employer_name": "某公司"}]})
    people = [
        person(MANAGER, "project_manager", position=PLACE),
        person(id_of("chief"), "chief_supervisor", excused="leave"),
    ]
    rooms.say("attendance.get_site_day", site_day(boundary=SQUARE, is_exact=True, people=people))
    rooms.say("attendance.show_track", track())
    return browser().sign_in("officer")


def test_a_site_tells_in_a_table_what_its_map_draws(officer: Browser) -> None:
    shown = unescape(officer.get(f"/duty/sites/{SITE}").text)

    for words in (
        "长安花园", "王建国", "项目负责人", 'data-lon="114.515"', "38.045, 114.515", "在工地内", "±12 米", "手机提示为模拟定位",
        "总监理工程师 <span class=\"chip chip-suspended\">请假</span>",
        '"type": "Polygon"', "40 天", f'href="/people/{MANAGER}/duty?month=2026-11"',
    ):  # fmt: skip
        assert words in shown, words
    assert f"/duty/sites/{SITE}/track?person_id={MANAGER}&day=2026-11-26" in shown
    assert "{'" not in shown  # no raw reply


def test_a_wrong_day_shows_today_and_says_so(officer: Browser, rooms: Rooms) -> None:
    def by_day(asked: Any) -> Any:
        return Invalid.field("day", "not_a_day") if "day" in asked.request else site_day()

    rooms.say("attendance.get_site_day", by_day)
    shown = officer.get(f"/duty/sites/{SITE}?day=gestern")
    assert shown.status_code == 422 and "长安花园" in shown.text and 'id="problem"' in shown.text


def test_a_track_tells_minutes_gaps_and_points_in_words(officer: Browser, rooms: Rooms) -> None:
    shown = unescape(officer.get(TRACK).text)

    for words in (
        "08:05", "17:00", "5 小时 0 分 至 6 小时 40 分", "11:41 至 13:20 没有定位，是否在场无法确定", "本次查看已记录",
        '<rect class="minutes-inside" x="125" y="0" width="216"', 'viewBox="0 0 960 40"', "在工地外", "定位 2 个", "data-track",
        f"/people/{MANAGER}/duty/looks",
    ):  # fmt: skip
        assert words in shown, words
    assert "{'" not in shown
    asked = rooms.asked_of("attendance.show_track")
    assert [each.request for each in asked] == [{"project_id": SITE, "person_id": MANAGER, "day": "2026-11-26"}]


def test_of_an_older_day_the_minutes_are_left(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.show_track", track(points=[], positions_kept=False))
    shown = officer.get(TRACK).text
    assert "原始定位已按规定删除" in shown and "minutes-inside" in shown


def test_who_must_say_why_is_asked_beside_the_field(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.get_site_day", site_day(needs_reason=True))
    assert f"track?person_id={MANAGER}" not in officer.get(f"/duty/sites/{SITE}").text
    rooms.say("attendance.show_track", Invalid.field("reason", "required"))

    shown = officer.get(TRACK)

    assert shown.status_code == 422 and 'id="reason-error"' in shown.text
    assert f'<option value="{MANAGER}" selected>' in shown.text


def test_who_may_not_look_is_told_so_and_shown_nothing(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.show_track", Forbidden("not_permitted", act="look_at_track"))
    shown = officer.get(TRACK)
    assert shown.status_code == 403 and "114.515" not in shown.text


def test_the_person_can_be_told_who_looked(officer: Browser, rooms: Rooms) -> None:
    look = {
        "look_id": id_of("look"), "at": "2026-11-26T02:00:00+00:00", "day": "2026-11-20", "project_id": SITE,
        "project_name": "长安花园", "organisation_name": "市安监站", "user_name": "监督员", "way": "api", "reason": "核查信访件",
    }  # fmt: skip
    told = {"person_id": MANAGER, "items": [look], "next": "further", "total": 1, "total_is_exact": True}
    rooms.say("attendance.list_looks", checked("list_looks", told, "attendance"))

    shown = unescape(officer.get(f"/people/{MANAGER}/duty/looks").text)

    for words in ("王建国", "2026-11-26 10:00", "市安监站 监督员", "2026-11-20", "核查信访件", "接口", "after=further"):
        assert words in shown, words


def test_the_notice_has_its_figures_from_the_service(officer: Browser, rooms: Rooms) -> None:
    told = {
        "version": "7", "in_force": "2026-11-27", "from_hour": 5, "until_hour": 21, "kept_days": 33, "purpose": "核实到岗",
        "necessity": "需要位置", "grounds": ["法定职责"], "kinds": ["经纬度"], "seen_by": ["本人"], "rights": ["查阅"],
        "objection": "向监督机构提出",
    }  # fmt: skip
    rooms.say("attendance.get_privacy_terms", checked("get_privacy_terms", told, "attendance"))

    shown = officer.get("/duty/privacy").text

    for words in (
        "第 7 版，2026-11-27",
        "5:00 至 21:00",
        "33 天",
        "核实到岗",
        "法定职责",
        "经纬度",
        "查阅",
        "向监督机构提出",
    ):
        assert words in shown, words


def test_a_firm_comes_in_by_its_own_sites(town: Any, officer: Browser, rooms: Rooms, browser: Any) -> None:
    item = {
        "project_id": SITE, "project_name": "长安花园", "area": AREA, "due": 3, "there": 1, "never_seen": 1, "newest": None,
    }  # fmt: skip
    told = {"items": [item], "next": None, "at": "2026-11-26T08:05:00+00:00"}
    rooms.say("attendance.list_duty_sites", checked("list_duty_sites", told, "attendance"))
    town.administrator(town.enterprise(name="施工公司", kinds=["contractor"]), "firm")

    shown = browser().sign_in("firm").get("/duty/sites").text

    assert f'<a href="/duty/sites/{SITE}">长安花园</a>' in shown and 'href="/duty/sites" aria-current="page"' in shown
    assert officer.get("/duty/sites").headers["Location"] == "/duty"


def test_only_a_named_tile_server_may_be_asked_for_pictures(visit: Callable[..., Visit]) -> None:
    plain = visit().client.get("/login").headers["Content-Security-Policy"]
    assert "img-src 'self' data: blob:;" in plain and "http" not in plain

    tiled = visit(map_tiles="https://{s}.tiles.example:8443/t/{z}/{x}/{y}.png").client.get("/login")
    policy = tiled.headers["Content-Security-Policy"]
    assert "img-src 'self' https://*.tiles.example:8443 data: blob:;" in policy
    assert policy.count("tiles.example") == 1
    for wrong in ("https://tiles.example/no.png", "https://a.example; script-src */{z}", "javascript:{z}"):
        with pytest.raises(ValueError):
            origin_of(wrong)
