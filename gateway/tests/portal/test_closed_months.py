"""A month on its page: whether it is closed, what differs since, what was corrected; an officer corrects and reopens."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import checked, id_of
from gateway.tests.portal.test_duty import MANAGER, day, month

SITE = id_of("site")
FIGURES = {
    "valid": 2, "undecided": 0, "denominator": 3, "rate": 66.7, "highest_rate": 66.7, "required": 80, "standing": "open",
}  # fmt: skip
CORRECTION = {
    "correction_id": id_of("correction"), "day": "2026-11-03", "verdict": "present", "reason": "手机故障，现场确认在岗",
    "document": "现场检查记录〔2026〕15号", "entered_at": "2026-11-05T02:00:00+00:00", "entered_by": "长安区监督站 李四",
    "withdrawn_at": None, "withdrawn_by": None, "withdrawn_because": None,
}  # fmt: skip
TYPED = {
    "project_id": SITE, "month": "2026-11", "day": "2026-11-03", "verdict": "present", "reason": "手机故障，现场确认在岗",
    "document": "检查记录15号",
}  # fmt: skip


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    chief = town.administrator(town.agency(area="13.1301", level="city"), "chief")
    town.account(chief, "approver", ["approver"])
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("personnel.name_people", {"items": [{"person_id": MANAGER, "name": "王建国", "employer_name": "某公司"}]})
    rooms.say("attendance.get_month", month(may_correct=True, may_reopen=True))
    return browser().sign_in("approver")


def page(officer: Browser) -> str:
    return unescape(officer.get(f"/people/{MANAGER}/duty?month=2026-11").text)


def test_an_open_month_tells_until_when_something_counts_and_offers_a_correction(officer: Browser) -> None:
    shown = page(officer)

    assert "本月数据尚未封存：2026-12-10 及以前" in shown
    assert f"/people/{MANAGER}/duty/correct?month=2026-11&project_id={SITE}" in shown
    assert "重新开放该月" not in shown
    assert 'class="told"' not in shown  # nothing was done that the page should tell


def test_a_closed_month_tells_where_todays_reckoning_differs_and_is_reopened_with_a_reason(
    officer: Browser, rooms: Rooms
) -> None:
    earlier = FIGURES | {
        "revision": 1, "closed_at": "2026-12-11T01:00:00+00:00", "reopened_at": "2026-12-12T01:00:00+00:00",
        "reopened_by": "长安区监督站 李四", "reason": "补录门禁记录",
    }  # fmt: skip
    told = {"closed_at": "2026-12-23T01:00:00+00:00", "revision": 2, "now": FIGURES, "earlier": [earlier]}
    rooms.say("attendance.get_month", month(may_correct=True, may_reopen=True, corrections=[CORRECTION], **told))
    rooms.say(
        "attendance.reopen_month", {"project_id": SITE, "month": "2026-11", "revision": 3, "closes_on": "2027-01-05"}
    )

    shown = page(officer)

    assert "本月数据已于 2026-12-23 09:00 封存（第 2 次）" in shown
    assert "按现有数据推算与封存数据不同：应到 3 日，有效 2 日" in shown
    assert "长安区监督站 李四 于 2026-12-12 09:00 重新开放，理由：补录门禁记录" in shown
    assert "更正某日认定" not in shown and "撤销更正" not in shown
    typed = {"month": "2026-11", "reason": "门禁记录补录", "back": f"/people/{MANAGER}/duty?month=2026-11"}
    reply = officer.post(f"/acts/site-months/{SITE}/reopen_month", typed)
    assert reply.headers["Location"] == f"/people/{MANAGER}/duty?month=2026-11"
    asked = rooms.asked_of("attendance.reopen_month")[-1].request
    assert asked == {"project_id": SITE, "month": "2026-11", "reason": "门禁记录补录"}


def test_corrections_are_shown_with_who_entered_them_and_those_withdrawn_too(officer: Browser, rooms: Rooms) -> None:
    withdrawn = CORRECTION | {
        "correction_id": id_of("mistaken"), "withdrawn_at": "2026-11-06T02:00:00+00:00",
        "withdrawn_by": "长安区监督站 张三", "withdrawn_because": "登记时看错日期",
    }  # fmt: skip
    rooms.say("attendance.get_month", month(may_correct=True, corrections=[CORRECTION, withdrawn]))

    shown = page(officer)

    assert "2026-11-03 更正为“在岗”，依据：现场检查记录〔2026〕15号" in shown
    assert "已由 长安区监督站 张三 于 2026-11-06 10:00 撤销，理由：登记时看错日期" in shown
    assert f"/acts/corrections/{id_of('correction')}/withdraw_correction" in shown
    assert f"/acts/corrections/{id_of('mistaken')}/withdraw_correction" not in shown


def test_a_corrected_day_says_by_what_and_what_it_was_before(officer: Browser, rooms: Rooms) -> None:
    told = {"correction_id": id_of("correction"), "verdict": "present", "document": "记录15号", "instead_of": "absent"}
    rooms.say("attendance.get_month", month(days=[day(3, "present", ("corrected", told))]))

    assert "主管机关更正为“在岗”，依据：记录15号；更正前认定为“缺勤”" in page(officer)


def test_an_officer_corrects_a_day(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.correct_day", checked("correct_day", {"correction_id": id_of("correction")}, "attendance"))
    form = officer.get(f"/people/{MANAGER}/duty/correct?month=2026-11&project_id={SITE}").text
    assert f'<option value="{SITE}" selected>长安花园' in form and '<option value="excluded">不计入' in form

    reply = officer.post(f"/people/{MANAGER}/duty/correct", TYPED)

    assert reply.headers["Location"] == f"/people/{MANAGER}/duty?month=2026-11"
    asked = rooms.asked_of("attendance.correct_day")[-1]
    assert asked.request == {"person_id": MANAGER} | {name: TYPED[name] for name in TYPED if name != "month"}
    assert asked.key == officer.hidden("_key")


def test_a_refused_correction_keeps_what_was_typed(officer: Browser, rooms: Rooms) -> None:
    rooms.say("attendance.correct_day", Conflict("month_closed", month="2026-11", closed_after="2026-12-10"))
    officer.get(f"/people/{MANAGER}/duty/correct?month=2026-11")

    reply = officer.post(f"/people/{MANAGER}/duty/correct", TYPED)

    assert reply.status_code == 409
    assert "须先由审批人员重新开放" in reply.text and "检查记录15号" in reply.text


def test_the_form_is_for_officers_who_may_correct(town: Any, officer: Browser, browser: Callable[[], Browser]) -> None:
    town.administrator(town.enterprise(), "clerk")
    assert browser().sign_in("clerk").get(f"/people/{MANAGER}/duty/correct").status_code == 403
