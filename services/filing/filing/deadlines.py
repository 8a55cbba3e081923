"""The legal clock of an application (pure; limits in data/deadlines.toml).

It runs from the arrival at the agency, not from the acceptance: else an agency could stretch every deadline by not
accepting (docs/decisions/0009). A return for correction stops it, a resubmission starts it again with what was left,
one working day at the least. The day of the event itself is not counted (民法典 Art. 201).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chassis.clock import day_of, end_of
from chassis.workdays import Calendar
from filing.editions import edition

COUNTERSIGNATURE = "countersignature"


class Unit(StrEnum):
    WORKDAYS = "workdays"
    HOURS = "hours"


@dataclass(frozen=True)
class Rule:
    """A limit and where it stands written."""

    limit: int
    unit: Unit
    basis: str


@dataclass(frozen=True)
class DueAt:
    """The last moment in time; `provisional` (暂定) if it was reached over days that no published calendar decides."""

    moment: datetime
    provisional: bool


@dataclass(frozen=True)
class LegalClock:
    """`used` units were spent before the present run, which began at `since`; None while the clock stands still."""

    limit: int
    unit: Unit
    used: int = 0
    since: datetime | None = None


def rule_of(name: str, on: date) -> Rule:
    """The rule for a matter (or for a countersignature) that is in force on a day."""
    entry = edition("deadlines", on)[name]
    return Rule(entry["limit"], Unit(entry["unit"]), entry["basis"])


def start(rule: Rule, at: datetime) -> LegalClock:
    return LegalClock(limit=rule.limit, unit=rule.unit, since=at)


def suspend(clock: LegalClock, at: datetime, calendar: Calendar) -> LegalClock:
    """Stop at a return for correction; what this run has used is kept."""
    return replace(clock, used=used_by(clock, at, calendar), since=None)


def resume(clock: LegalClock, at: datetime) -> LegalClock:
    """Go on after a resubmission. An agency that returned on its last day still gets one unit to look at the answer."""
    return replace(clock, used=min(clock.used, clock.limit - 1), since=at)


def used_by(clock: LegalClock, at: datetime, calendar: Calendar) -> int:
    """Units used up to a moment: working days after the day of the start, or whole hours."""
    if clock.since is None:
        return clock.used
    if clock.unit is Unit.HOURS:
        return clock.used + max(int((at - clock.since) / timedelta(hours=1)), 0)
    return clock.used + calendar.workdays_between(day_of(clock.since), day_of(at))


def due(clock: LegalClock, calendar: Calendar) -> DueAt | None:
    """When the deadline falls, or None while the clock stands still."""
    if clock.since is None:
        return None
    remaining = clock.limit - clock.used
    if clock.unit is Unit.HOURS:
        return DueAt(clock.since + timedelta(hours=remaining), provisional=False)
    last = calendar.add_workdays(day_of(clock.since), remaining)
    return DueAt(end_of(last.day), last.provisional)


def left(clock: LegalClock, at: datetime, calendar: Calendar) -> int:
    """Units left; negative when the deadline has passed (by so many working days or hours)."""
    return clock.limit - used_by(clock, at, calendar)
