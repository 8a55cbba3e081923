"""How figures, days and moments are written on a page: Jinja filters, in Shanghai's time and people's words."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from chassis.clock import SHANGHAI, day_of
from gateway.parts import parts
from gateway.portal.locale import CHINESE, language, listed, say

WEEKDAYS = "一二三四五六日"
NOTHING = "—"


def day(value: str | date | None, weekday: bool = False) -> str:
    """2026-11-22, or 2026-11-22（周日） where the weekday matters."""
    found = _day(value)
    if found is None:
        return NOTHING
    return (
        f"{found.isoformat()}（周{WEEKDAYS[found.weekday()]}）"
        if weekday and language() == CHINESE
        else found.isoformat()
    )


def moment(value: str | datetime | None) -> str:
    """2026-11-22 08:00, in Shanghai."""
    if not value:
        return NOTHING
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def days_left(value: str | date) -> int:
    """Until a day, from today in Shanghai; negative when it is past."""
    found = _day(value)
    return (found - day_of(parts().clock())).days if found else 0


def number(value: float | int | str | None) -> str:
    """Grouped by thousands: 12,345."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, str):
        return value
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def size(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(1, round(count / 1024))} KB"


def deadline(record: dict[str, Any]) -> dict[str, str]:
    """The chip of an application's deadline: {"state", "text"}; state is late, soon, running, still or none."""
    if record.get("suspended"):
        return {"state": "still", "text": say("补正期间不计时")}
    if not record.get("due_at"):
        return {"state": "none", "text": NOTHING}
    provisional = say("（暂定）") if record.get("due_provisional") else ""
    hours, days = record.get("hours_left"), record.get("workdays_left")
    if record.get("overdue"):
        return {"state": "late", "text": _late(hours, days) + provisional}
    if days is not None:
        state = "soon" if days <= 1 else "running"
        return {"state": state, "text": say("剩 %(count)s 个工作日") % {"count": days} + provisional}
    state = "soon" if hours is not None and hours <= 6 else "running"
    return {"state": state, "text": say("剩 %(count)s 小时") % {"count": hours} + provisional}


# What the line of stages shows.
LINE = (
    ("draft", "新增"),
    ("countersigning", "会签"),
    ("submitted", "上报"),
    ("accepted", "受理"),
    ("reviewed", "审核"),
    ("closed", "办结"),
)


def stages_done(application: dict[str, Any], review_levels: int, countersigners: list[Any]) -> list[dict[str, Any]]:
    """The line of an application's stages: [{"word", "state", "at", "by", "round"}]; state is done, now, before or ahead.

    After a return the line starts again: what was reached in an earlier round, and is not yet in this one, is "before",
    with the day, the name and the round of then.
    """
    line = [
        each
        for each in LINE
        if (each[0] != "reviewed" or review_levels > 1) and (each[0] != "countersigning" or countersigners)
    ]
    returned, closed = application["stage"] == "returned", application["stage"] == "closed"
    now = 0 if returned or closed else next(at for at, each in enumerate(line) if each[0] == application["stage"])
    reached = _reached(application["steps"])
    if not returned:
        reached["draft"] = {"at": application["created_at"], "user_name": "", "round": 0}
    told = []
    for number, (name, word) in enumerate(line):
        step = reached.get("returned" if returned and name == "draft" else name)
        state = "ahead" if step is None else "before"
        if number < now or (closed and step is not None):
            state = "done"
        elif number == now and not closed:
            state = "now"
        word = "退回补正" if returned and name == "draft" else word
        told.append({"word": say(word), "state": state} | _of_step(step))
    return told


def _reached(steps: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Stage → the step that came to it first in the last round in which any did."""
    reached: dict[str, dict[str, Any]] = {}
    for each in steps:
        known = reached.get(each["stage_after"])
        if known is None or known["round"] < each["round"]:
            reached[each["stage_after"]] = each
    return reached


def _of_step(step: dict[str, Any] | None) -> dict[str, Any]:
    return (
        {"at": None, "by": "", "round": None}
        if step is None
        else {"at": step["at"], "by": step["user_name"], "round": step["round"]}
    )


def _late(hours: int | None, days: int | None) -> str:
    if days:
        return say("逾期 %(count)s 个工作日") % {"count": abs(days)}
    if hours:
        return say("逾期 %(count)s 小时") % {"count": abs(hours)}
    return say("已逾期")


def _day(value: str | date | None) -> date | None:
    if not value:
        return None
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date()
    if isinstance(value, date):
        return value
    return datetime.fromisoformat(value).astimezone(SHANGHAI).date() if "T" in value else date.fromisoformat(value)


def is_day(text: str) -> bool:
    """Whether a browser's own field for days can show it."""
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None and _is_iso(text)


def is_moment(text: str) -> bool:
    return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?", text) is not None and _is_iso(text)


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "moment": moment,
    "days_left": days_left,
    "number": number,
    "size": size,
    "deadline": deadline,
    "listed": listed,
    "stages_done": stages_done,
}
TESTS: dict[str, Callable[..., bool]] = {"typed_day": is_day, "typed_moment": is_moment}
