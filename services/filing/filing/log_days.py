"""Which days of a project owe a work-process log (企业工序), and in what state each is (pure; R-F6, S7).

A day owes a log when a hazardous work is planned on it: one of tier 1 makes it a day of general hazard (一般危险源), one of
tier 2 of major hazard (重大危险源). Days before the filing, after the end, and of a stoppage owe nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

GENERAL, MAJOR = 1, 2
HAZARDS = {GENERAL: "一般危险源", MAJOR: "重大危险源"}
DAY = timedelta(days=1)


class State(StrEnum):
    """Of a day. Due: it is today, and its log may still come in time."""

    WRITTEN = "written"
    LATE = "late"
    MISSING = "missing"
    DUE = "due"


STATES = {State.WRITTEN: "已填报", State.LATE: "逾期填报", State.MISSING: "缺报", State.DUE: "今日待报"}


@dataclass(frozen=True)
class Works:
    """What of a project decides which days owe a log. Stoppages: from the first day to the day before work goes on."""

    hazardous: tuple[Mapping[str, Any], ...]
    filed_on: date | None
    closed_on: date | None = None
    stoppages: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True)
class Owed:
    """A day that owes a log; `works` numbers those under way by plan, from 1 as the project lists them."""

    day: date
    hazard: int
    works: tuple[int, ...]


def owed(works: Works, first: date, last: date) -> list[Owed]:
    """The days from `first` to `last`, both included, that owe a log."""
    days = (first + DAY * number for number in range((last - first).days + 1))
    return [found for day in days if (found := _owed_on(works, day)) is not None]


def is_supervised(works: Works, day: date) -> bool:
    """Whether the project is filed and not over on a day; a stoppage is no end."""
    return works.filed_on is not None and works.filed_on <= day and (works.closed_on is None or day < works.closed_on)


def is_stopped(works: Works, day: date) -> bool:
    return any(since <= day and (until is None or day < until) for since, until in works.stoppages)


def state(day: date, today: date, was_late: bool | None) -> State:
    """Of an owed day; `was_late` of its log, None where there is none."""
    if was_late is not None:
        return State.LATE if was_late else State.WRITTEN
    return State.DUE if day == today else State.MISSING


def is_late(day: date, today: date) -> bool:
    """A log is of its day: written on any later one it is late."""
    return day < today


def count(states: Iterable[State]) -> dict[str, int]:
    """How many days are in each state, and how many owe a log in all."""
    told = list(states)
    return {"owed": len(told)} | {each.value: told.count(each) for each in State}


def _owed_on(works: Works, day: date) -> Owed | None:
    if not is_supervised(works, day) or is_stopped(works, day):
        return None
    under_way = [(number, each) for number, each in enumerate(works.hazardous, 1) if _is_under_way(each, day)]
    if not under_way:
        return None
    hazard = max(int(each["tier"]) for _, each in under_way)
    return Owed(day, hazard, tuple(number for number, _ in under_way))


def _is_under_way(work: Mapping[str, Any], day: date) -> bool:
    """ISO days compare as text."""
    return bool(work["tier"] >= GENERAL and work["planned_start"] <= day.isoformat() <= work["planned_finish"])
