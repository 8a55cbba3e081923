"""The clocks of penalty cases (pure; data/penalty_rules.toml, domain facts 10.1 C15–C27).

due("C16", filed_on, calendar, suspensions=[Suspension(from, to)], extensions=1) -> Due(day, provisional)

The day of the event is not counted (民法典 201). Whether a last day that is not worked moves to the next working day (203) stands
with each clock: it does for what binds the party or runs to a court, not for what binds the penalty body itself (C15, C16).
C21 is no clock but a rate: `discretion.surcharge`, with the days that `late_days` counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chassis.workdays import ONE_DAY, Calendar, Due
from enforcement.editions import edition

LIMIT, LEAD = "limit", "lead"
WORKING, CALENDAR, MONTHS = "working", "calendar", "months"


@dataclass(frozen=True)
class Clock:
    """`limit`: the last day on which it may be done; `lead`: the first. `extensions`: days of each further grant, in order.

    `suspends`: hearing, testing and publication stop it. `confirmed` False: the figure comes from excerpts only.
    """

    id: str
    text: str
    count: int
    unit: str
    kind: str
    bound: str
    clause: str
    confirmed: bool
    rolls: bool = False
    suspends: bool = False
    extensions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Suspension:
    """Days that are not counted, both ends included: hearing, testing, appraisal, publication (令55)."""

    first: date
    last: date


def clocks(on: date) -> tuple[Clock, ...]:
    """Every clock by the rules in force on a day, in the order of the table."""
    return tuple(_clock(name, on) for name in edition("penalty_rules", on)["clocks"])


def clock(clock_id: str, on: date) -> Clock:
    """One clock by its id; KeyError for one that does not exist."""
    return _clock(clock_id, on)


def due(
    clock_id: str, start: date, calendar: Calendar, suspensions: Iterable[Suspension] = (), extensions: int = 0
) -> Due:
    """The last day of a limit, or the first day of a lead, counted from the day of the event.

    `extensions`: how many have been granted. Provisional when a day on the way has no official calendar yet and it matters.
    Raises ValueError for suspensions of a clock that does not suspend, and for more extensions than the rule has.
    """
    rule = _clock(clock_id, start)
    spans = _merged(suspensions, start)
    if spans and not rule.suspends:
        raise ValueError(f"{clock_id} does not suspend")
    if not 0 <= extensions <= len(rule.extensions):
        raise ValueError(f"{clock_id} has {len(rule.extensions)} extensions")
    end = _end(rule, start, calendar, spans, sum(rule.extensions[:extensions]))
    # 催告书送达十日后: the ten days are the party's, the court is open to the agency from the day after.
    return Due(end.day + ONE_DAY, end.provisional) if rule.kind == LEAD and rule.unit == CALENDAR else end


def late_by(
    clock_id: str,
    start: date,
    done_on: date,
    calendar: Calendar,
    suspensions: Iterable[Suspension] = (),
    extensions: int = 0,
) -> int:
    """By how many days something was done after its limit; 0 in time. T30: a decision on day 91 without extension is 1 late."""
    last = due(clock_id, start, calendar, suspensions, extensions).day
    return max((done_on - last).days, 0)


def earliest_decision(notified_on: date, calendar: Calendar, waived_on: date | None = None) -> Due:
    """The first day on which a case with a right to be heard may be decided (T28).

    Through the whole fifth working day the party may still ask for a hearing (行政处罚法 64), so it is the day after; with a
    written waiver, the day of the waiver.
    """
    asked_by = due("C17", notified_on, calendar)
    if waived_on is not None and waived_on <= asked_by.day:
        return Due(max(waived_on, notified_on), False)
    return Due(asked_by.day + ONE_DAY, asked_by.provisional)


def may_decide(notified_on: date, on: date, calendar: Calendar, waived_on: date | None = None) -> bool:
    """Whether a decision on a day is not before the party's right to a hearing has run out (T28)."""
    return on >= earliest_decision(notified_on, calendar, waived_on).day


def late_days(pay_by: date, until: date, stayed: Iterable[Suspension] = ()) -> int:
    """Days of late payment after the last day to pay up to and including `until`; review and suit are not counted (73)."""
    days = max((until - pay_by).days, 0)
    return days - sum((min(span.last, until) - span.first).days + 1 for span in _merged(stayed, pay_by, until))


def add_months(start: date, months: int) -> date:
    """The same day of a later month; its last day where there is none such (民法典 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(first_of_next - ONE_DAY, date(year, month + 1, 1) + timedelta(days=start.day - 1))


def _clock(clock_id: str, on: date) -> Clock:
    row = dict(edition("penalty_rules", on)["clocks"][clock_id])
    return Clock(clock_id, extensions=tuple(row.pop("extensions", ())), **row)


def _end(rule: Clock, start: date, calendar: Calendar, spans: Sequence[Suspension], extended: int) -> Due:
    if rule.unit == WORKING:
        return calendar.add_workdays(start, rule.count + extended)
    count = (add_months(start, rule.count) - start).days if rule.unit == MONTHS else rule.count
    end = _after(start, count + extended, spans)
    return calendar.end_of_period(end, 0) if rule.rolls else Due(end, False)


def _after(start: date, days: int, spans: Sequence[Suspension]) -> date:
    """The day reached by counting `days` after `start` without those of the spans (sorted, apart, all after `start`)."""
    end = start + timedelta(days=days)
    for span in spans:
        if span.first > end:
            break
        end += span.last - span.first + ONE_DAY
    return end


def _merged(spans: Iterable[Suspension], after: date, until: date = date.max) -> list[Suspension]:
    """The spans as sorted ones that do not touch, clipped to what lies after a day and up to another."""
    merged: list[Suspension] = []
    for span in sorted(spans, key=lambda each: each.first):
        first, last = max(span.first, after + ONE_DAY), min(span.last, until)
        if first > last:
            continue
        if merged and first <= merged[-1].last + ONE_DAY:
            merged[-1] = Suspension(merged[-1].first, max(merged[-1].last, last))
        else:
            merged.append(Suspension(first, last))
    return merged
