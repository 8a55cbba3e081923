"""定位存疑: the list, the reasons in words with their figures, the appeal and the decision; who is offered which."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from gateway.portal.duty import signals
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of
from gateway.tests.portal.test_duty import board, day, month

MANAGER, OTHER, DAY = id_of("manager"), id_of("other"), "2026-11-25"
ADDRESS = f"/duty/suspicions/{MANAGER}/{DAY}"
ITEM = {
    "person_id": MANAGER, "day": DAY, "project_id": id_of("site"), "project_name": "长安花园", "score": 13,
    "codes": ["mock_flag", "same_coordinates"], "stage": "noted", "noted_at": "2026-11-26T00:10:00+00:00", "decided_at": None,
}  # fmt: skip
# 2026-11-25 08:30 in Shanghai, in milliseconds.
HALF_PAST_EIGHT = 1_795_566_600_000
FIGURES = {
    "mock_flag": {"found": 900, "of": 950, "devices": [id_of("phone")]},
    "impossible_speed": {"lasting": 2, "all": 2, "jumps": [{"at": HALF_PAST_EIGHT, "seconds": 30, "metres": 8_312}]},
    "datum_shift": {"found": 80, "of": 950, "datum": "GCJ-02"},
    "same_coordinates": {"found": 800, "of": 800, "hours": 9.5, "longitude": 114.5, "latitude": 38.04},
    "typed_coordinates": {"found": 800, "of": 800, "hours": 9.5, "longitude": 114.5, "latitude": 38.04},
    "constant_accuracy": {"found": 950, "of": 950, "metres": 3.0},
    "noise_without_memory": {"found": 20, "of": 21, "ratio": 0.98},
    "even_noise": {"found": 20, "of": 21, "ratio": 0.98, "kurtosis": 1.8},
    "lay_all_day": {"hours": 9.5, "metres": 25},
    "lay_for_days": {"days": 6, "metres": 25},
    "never_left": {"days": 6},
    "same_shape": {
        "found": 60, "minutes": 60, "percent": 98, "day": "2026-11-20", "is_own": False, "people": [OTHER],
        "later_minutes": 12.5, "metres": 5,
    },
    "same_fixes_again": {"found": 60, "of": 64, "day": "2026-11-20"},
    "same_fixes_as_other": {"found": 500, "of": 950, "people": [OTHER], "devices": [id_of("phone")]},
    "moves_together": {"people": [OTHER], "count": 1, "minutes": 600, "moving_minutes": 90, "metres": 35},
    "crowd": {"people": [OTHER], "count": 4},
    "together_before": {"days": 5, "of": 9, "since": "2026-11-12"},
    "clock_changed": {"devices": [id_of("phone")], "minutes": 240, "received_at": HALF_PAST_EIGHT, "until": HALF_PAST_EIGHT},
    "future_positions": {"found": 40},
}  # fmt: skip


def suspicion(*acts: str, **told: Any) -> dict[str, Any]:
    found = [{"code": code, "points": 3, "told": figures} for code, figures in FIGURES.items()]
    return checked(
        "get_suspicion",
        ITEM
        | {
            "threshold": 8, "unexplained": 6, "story": "phone_on_desk", "signals": found,
            "devices": [{"device_id": id_of("phone"), "label": "安卓手机", "person_id": MANAGER}], "appeal": None,
            "appealed_at": None, "appealed_by": None, "opinion": None, "decided_by": None, "acts": list(acts),
            "month_is_closed": False,
        }
        | told,
        "attendance",
    )  # fmt: skip


def listed(*items: dict[str, Any]) -> dict[str, Any]:
    reply = {"items": list(items), "next": None, "total": len(items), "total_is_exact": True}
    return checked("list_suspicions", reply, "attendance")


def told(stage: str) -> dict[str, Any]:
    return checked("decide_suspicion", {"person_id": MANAGER, "day": DAY, "stage": stage}, "attendance")


@pytest.fixture
def answering(rooms: Rooms) -> Rooms:
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    area = {"area": "13.1301", "name": "石家庄市", "level": "city", "code": "130100"}
    rooms.say("filing.list_divisions", {"items": [area]})
    people = ((MANAGER, "王建国"), (OTHER, "李海"))
    named = [{"person_id": each, "name": name, "employer_name": "某公司"} for each, name in people]
    rooms.say("personnel.name_people", {"items": named})
    rooms.say("attendance.list_suspicions", listed(ITEM))
    rooms.say("attendance.get_suspicion", suspicion())
    return rooms


@pytest.fixture
def officer(town: Any, answering: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(area="13.1301", level="city"), "officer")
    return browser().sign_in("officer")


@pytest.fixture
def clerk(town: Any, answering: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk")
    return browser().sign_in("clerk")


@pytest.mark.parametrize("who", ["officer", "clerk"])
def test_the_list_leads_to_each_record(who: str, request: pytest.FixtureRequest) -> None:
    shown = unescape(request.getfixturevalue(who).get("/duty/suspicions").text)

    assert f'<a href="{ADDRESS}">2026-11-25</a>' in shown
    assert "王建国" in shown and "长安花园" in shown and "待核实" in shown
    assert "手机自报为模拟位置、坐标完全不变" in shown


def test_the_list_is_reached_from_the_board_and_from_the_firms_navigation(
    officer: Browser, clerk: Browser, rooms: Rooms
) -> None:
    rooms.say("attendance.get_duty_board", board())
    for page in (officer.get("/duty"), clerk.get("/duty/suspicions")):
        assert 'href="/duty/suspicions"' in page.text


def test_the_filters_of_the_address_are_asked_for(officer: Browser, rooms: Rooms) -> None:
    officer.get("/duty/suspicions?stage=appealed&area=13.1301&after=there")
    asked = rooms.asked_of("attendance.list_suspicions")[-1].request
    assert asked == {"stage": "appealed", "area": "13.1301", "after": "there"}


def test_every_signal_is_told_in_words_with_its_figures_and_who_decides(officer: Browser) -> None:
    shown = unescape(officer.get(ADDRESS).text)

    for words in (
        "王建国", "有 900 个被手机系统标为“模拟位置”", "08:30 起 30 秒内移动 8.3 公里", "9.5 小时内有 800 个定位坐标完全相同",
        "与 李海 2026-11-20 的路线逐分钟重合", "占当天走动的 98%", "与 李海 的手机始终在一起", "手机时钟快 240 分钟", "安卓手机",
        "13 分（达到 8 分才列出）", "手机放在办公桌上，由室内无线网络定位，本人在旁边工作", "不能解释其中的 6 分",
        "由监督机构人员查看后认定",
    ):  # fmt: skip
        assert words in shown, words
    assert "%(" not in shown and "mock_flag" not in shown  # nothing is shown as it came


def test_each_signal_has_words_that_find_all_their_figures(officer: Browser) -> None:
    assert FIGURES.keys() == signals.WORDS.keys()
    with officer.client.application.test_request_context():
        for code, figures in FIGURES.items():
            said = signals.in_words({"code": code, "points": 1, "told": figures}, {OTHER: "李海"})
            assert signals.NOT_TOLD not in said["found"], code


def test_a_signal_of_another_release_is_told_as_it_is(officer: Browser, rooms: Rooms) -> None:
    new = [{"code": "new_one", "points": 2, "told": {}}, {"code": "mock_flag", "points": 6, "told": {}}]
    rooms.say("attendance.get_suspicion", suspicion(signals=new, story="new_story"))
    shown = officer.get(ADDRESS).text
    assert "new_one" in shown and "new_story" in shown


def test_the_enterprise_appeals_and_the_officer_decides(clerk: Browser, rooms: Rooms) -> None:
    assert f"{ADDRESS}/appeal" not in clerk.get(ADDRESS).text and f"{ADDRESS}/decide" not in clerk.page

    rooms.say("attendance.get_suspicion", suspicion("appeal"))
    rooms.say("attendance.appeal_suspicion", told("appealed"))
    assert f"{ADDRESS}/appeal" in clerk.get(ADDRESS).text and f"{ADDRESS}/decide" not in clerk.page
    reply = clerk.post(f"{ADDRESS}/appeal", {"text": "  当天在工地  "})

    assert (reply.status_code, reply.headers["Location"]) == (303, ADDRESS)
    asked = rooms.asked_of("attendance.appeal_suspicion")[-1]
    assert asked.request == {"person_id": MANAGER, "day": DAY, "text": "当天在工地"} and asked.key


def test_a_decision_takes_a_conclusion_and_an_opinion(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.get_suspicion", suspicion("decide"))
    rooms.say("attendance.decide_suspicion", told("upheld"))
    officer.get(ADDRESS)
    reply = officer.post(f"{ADDRESS}/decide", {"upholds": "yes", "opinion": "经查看现场记录，定位不实"})

    assert reply.status_code == 303
    asked = rooms.asked_of("attendance.decide_suspicion")[-1].request
    assert asked == {"person_id": MANAGER, "day": DAY, "upholds": True, "opinion": "经查看现场记录，定位不实"}


def test_what_is_refused_brings_the_page_again_with_all_that_was_typed(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.get_suspicion", suspicion("decide"))
    officer.get(ADDRESS)
    rooms.say("attendance.decide_suspicion", Invalid.field("upholds", "required"))
    reply = officer.post(f"{ADDRESS}/decide", {"opinion": "尚未看完现场录像"})
    assert reply.status_code == 422 and "尚未看完现场录像" in reply.text

    rooms.say("attendance.decide_suspicion", Conflict("suspicion_decided", stage="upheld"))
    reply = officer.post(f"{ADDRESS}/decide", {"upholds": "no", "opinion": "尚未看完现场录像"})
    assert reply.status_code == 409 and "不能再改" in reply.text


def test_what_is_decided_is_told_with_the_opinion(clerk: Browser, rooms: Rooms) -> None:
    decided = {
        "stage": "upheld",
        "opinion": "与门禁记录不符",
        "decided_by": "长安区监督站",
        "decided_at": ITEM["noted_at"],
    }
    rooms.say("attendance.get_suspicion", suspicion(appeal="当天在工地", appealed_by="某公司", **decided))
    shown = clerk.get(ADDRESS).text
    for words in ("与门禁记录不符", "长安区监督站", "当天在工地", "认定定位不实"):
        assert words in shown, words


def test_who_may_not_see_it_is_told_so(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.get_suspicion", NotFound("suspicion_unknown"))
    assert officer.get(ADDRESS).status_code == 404
    assert officer.get(f"/duty/suspicions/{MANAGER}/yesterday").status_code == 404
    rooms.say("attendance.list_suspicions", Forbidden("not_permitted", act="read"))
    assert officer.get("/duty/suspicions").status_code == 403


def test_the_page_is_told_while_nobody_can_say_the_names(officer: Browser, rooms: Rooms) -> None:
    rooms.say("personnel.name_people", Unavailable())
    assert "另一人" in officer.get(ADDRESS).text


def test_a_months_day_leads_to_the_doubts_about_it(officer: Browser, rooms: Rooms) -> None:
    told = json.loads(json.dumps(month()))
    found = ("found_false", {"decided_on": "2026-11-20", "opinion": "与门禁记录不符"})
    told["duties"][0]["days"] = [
        day(2, "present") | {"suspicion": "noted"},
        day(3, "absent", found) | {"suspicion": "upheld"},
    ]
    rooms.say("attendance.get_month", checked("get_month", told, "attendance"))

    shown = unescape(officer.get(f"/people/{MANAGER}/duty?month=2026-11").text)

    assert f'<a href="/duty/suspicions/{MANAGER}/2026-11-02">待核实</a>' in shown
    assert f'<a href="/duty/suspicions/{MANAGER}/2026-11-03">认定定位不实</a>' in shown
    assert "当日定位经监督机构认定不实（2026-11-20）：与门禁记录不符" in shown


def test_an_officer_is_told_that_a_closed_month_stands(officer: Browser, rooms: Rooms) -> None:
    assert "已封存" not in officer.get(ADDRESS).text
    rooms.say("attendance.get_suspicion", suspicion("decide", month_is_closed=True))
    assert "须由审批人员重新开放该月" in officer.get(ADDRESS).text
