"""Was he on duty that day, and often enough that month (pure; the rules are dated data, data/attendance_rules.toml).

A verdict is spoken only where the interval of the truth allows no other one; else the day is unknown, and a month is
short only if it were so with every unknown day counted for the person.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from attendance.presence import DayPresence

DATA = Path(__file__).parent / "data" / "attendance_rules.toml"
OTHERWISE = "otherwise"


class Verdict(StrEnum):
    PRESENT = "present"
    ABSENT = "absent"
    PARTIAL = "partial"
    LEAVE = "leave"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


class Standing(StrEnum):
    MET = "met"
    SHORT = "short"  # the alarm
    OPEN = "open"  # depends on days that are unknown
    NOTHING_DUE = "nothing_due"  # no day in the denominator


@dataclass(frozen=True)
class Reason:
    """A code with its parameters; the words for people are made where they are shown."""

    code: str
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A valid day is one of `minimum` minutes (itself enough where `at_least`) by `measure` (span or minutes) and of so
    many `fixes`; a month needs `percent` of the days told by `of` (construction_days, working_days). Where it stands
    written: `document` and `clause` of the month, `day_basis` of the day; `since`: in force."""

    measure: str
    minimum: int
    at_least: bool
    fixes: int
    day_basis: str
    percent: int
    of: str
    document: str
    clause: str
    since: date

    def enough(self, minutes: int) -> bool:
        return minutes >= self.minimum if self.at_least else minutes > self.minimum

    def interval(self, presence: DayPresence) -> tuple[int, int]:
        """What the rule measures of a day, at least and at most, in minutes."""
        if self.measure == "span":
            return presence.least_span, presence.most_span
        return presence.least, presence.most


@dataclass(frozen=True)
class Workdays:
    """When there is something to attend. All days are Shanghai days.

    The works last from `starts_on` to the day on which they were accepted, both included, and the person's duty from `duty_from` to
    `duty_to`; None is open. `too_short`: the days on which it began or ended, where less was left of them than a valid day
    needs. `stoppages`: from the first until before the second; `rest`: days without work by a notice,
    each with it.
    """

    starts_on: date | None = None
    accepted_on: date | None = None
    duty_from: date | None = None
    duty_to: date | None = None
    too_short: frozenset[date] = frozenset()
    stoppages: tuple[tuple[date, date | None], ...] = ()
    rest: Mapping[date, str] = field(default_factory=dict)

    def excluded(self, day: date) -> Reason | None:
        """Why a day leaves the denominator; None for a day that counts."""
        if self.starts_on and day < self.starts_on:
            return Reason("before_start", {"starts_on": self.starts_on})
        if self.accepted_on and day > self.accepted_on:
            return Reason("after_acceptance", {"accepted_on": self.accepted_on})
        if not self.on_duty(day) or day in self.too_short:
            return Reason("not_on_duty", {"from": self.duty_from, "to": self.duty_to})
        for since, until in self.stoppages:
            if since <= day and (until is None or day < until):
                return Reason("stoppage", {"since": since, "until": until})
        return Reason("rest", {"document": self.rest[day]}) if day in self.rest else None

    def on_duty(self, day: date) -> bool:
        return not ((self.duty_from and day < self.duty_from) or (self.duty_to and day > self.duty_to))


@dataclass(frozen=True)
class Leave:
    """An approved leave, first and last day included."""

    leave_id: str
    first: date
    last: date


@dataclass(frozen=True)
class Correction:
    """An officer's word on a day, by a document: present, on leave, or not to be counted."""

    correction_id: str
    verdict: Verdict
    document: str


@dataclass(frozen=True)
class DayVerdict:
    """`least`, `most`: what the rule measured, in minutes."""

    day: date
    verdict: Verdict
    reasons: tuple[Reason, ...]
    least: int = 0
    most: int = 0

    @property
    def counts(self) -> bool:
        """Whether it stands in the month's denominator."""
        return self.verdict not in (Verdict.EXCLUDED, Verdict.LEAVE)


@dataclass(frozen=True)
class MonthVerdict:
    """`valid` days of `denominator`, `unknown` ones undecided; `excluded` with every excluded day's reason."""

    valid: int
    unknown: int
    denominator: int
    excluded: tuple[tuple[date, Reason], ...]
    required: int  # percent
    standing: Standing

    @property
    def rate(self) -> float | None:
        """Percent of valid days, to one decimal; None without a denominator."""
        return percent(self.valid, self.denominator)

    @property
    def highest_rate(self) -> float | None:
        """The same, had he been there on every unknown day."""
        return percent(self.valid + self.unknown, self.denominator)


def rule_of(role: str, on: date, area: str = "") -> Rule:
    """The rule for a role in force on a day in an area (its path, as 34.3402.340202): that of the nearest place."""
    edition = max(_in_force(on, area), key=lambda each: (len(each["place"]), each["in_force"]))
    month = edition["month"]
    return Rule(**edition["day"], **month.get(role, month[OTHERWISE]), since=edition["in_force"])


def judge_day(
    day: date,
    presence: DayPresence | None,
    rule: Rule,
    workdays: Workdays,
    leaves: Iterable[Leave] = (),
    correction: Correction | None = None,
    is_over: bool = True,
    found_false: Reason | None = None,
) -> DayVerdict:
    """The verdict on a day; `presence` is None where no position ever came. A day that is not over may be valid already; it
    is not absent yet. `found_false`: an officer has found that the positions of that day were false, so nothing speaks for
    his having been there.

    A correction goes before everything but the duty itself: what else would have been said stays with it.
    """
    found = _found(day, presence, rule, workdays, leaves, is_over, found_false)
    if correction is None or not workdays.on_duty(day):
        return found
    told = {
        "correction_id": correction.correction_id,
        "document": correction.document,
        "verdict": correction.verdict,
        "instead_of": found.verdict,
    }
    return replace(found, verdict=correction.verdict, reasons=(Reason("corrected", told), *found.reasons))


def _found(
    day: date,
    presence: DayPresence | None,
    rule: Rule,
    workdays: Workdays,
    leaves: Iterable[Leave],
    is_over: bool,
    found_false: Reason | None,
) -> DayVerdict:
    excluded = workdays.excluded(day)
    if excluded:
        return DayVerdict(day, Verdict.EXCLUDED, (excluded,))
    for leave in leaves:
        if leave.first <= day <= leave.last:
            return DayVerdict(day, Verdict.LEAVE, (Reason("leave", {"leave_id": leave.leave_id}),))
    if found_false is not None:
        return DayVerdict(day, Verdict.ABSENT, (found_false,))
    if presence is None or presence.seen == 0:
        return DayVerdict(day, Verdict.UNKNOWN, (Reason("no_positions"),))
    judged = _judged(day, presence, rule)
    if is_over or judged.verdict is Verdict.PRESENT:
        return judged
    return replace(judged, verdict=Verdict.UNKNOWN, reasons=(Reason("not_over"), *judged.reasons))


def judge_month(days: Iterable[DayVerdict], rule: Rule, to_come: int = 0) -> MonthVerdict:
    """The verdict on a month from those on its days (T19).

    `to_come`: days that will count and are not over. Figures are those of the days told; the standing is spoken of the
    whole month, so that it is short as soon as what is required can no longer be reached, and not before.
    """
    days = sorted(days, key=lambda each: each.day)
    counted = [each for each in days if each.counts]
    valid = sum(each.verdict is Verdict.PRESENT for each in counted)
    unknown = sum(each.verdict is Verdict.UNKNOWN for each in counted)
    return MonthVerdict(
        valid=valid,
        unknown=unknown,
        denominator=len(counted),
        excluded=tuple((each.day, each.reasons[0]) for each in days if not each.counts),
        required=rule.percent,
        standing=standing_of(valid, unknown + to_come, len(counted) + to_come, rule.percent),
    )


def _judged(day: date, presence: DayPresence, rule: Rule) -> DayVerdict:
    least, most = rule.interval(presence)
    required = {"minutes": rule.minimum, "at_least": rule.at_least, "fixes": rule.fixes}
    measured = Reason(f"{rule.measure}_measured", {"least": least, "most": most, "required": required})
    fixes = Reason("fixes", {"found": presence.fixes})
    alone = [Reason("by_beacon_alone", {"minutes": presence.by_beacon_alone})] if presence.by_beacon_alone else []
    gaps = [Reason(f"gap_{gap.reason}", {"start": gap.start, "end": gap.end}) for gap in presence.gaps]
    verdict = _verdict(presence, rule, least, most)
    return DayVerdict(day, verdict, (measured, fixes, *alone, *gaps), least, most)


def _verdict(presence: DayPresence, rule: Rule, least: int, most: int) -> Verdict:
    if rule.enough(least) and presence.fixes >= rule.fixes:
        return Verdict.PRESENT
    if rule.enough(most):
        return Verdict.UNKNOWN
    return Verdict.PARTIAL if presence.fixes else Verdict.ABSENT


def standing_of(valid: int, unknown: int, denominator: int, required: int) -> Standing:
    """By days: `unknown` ones are undecided yet; `required` is a percentage."""
    if not denominator:
        return Standing.NOTHING_DUE
    if valid * 100 >= required * denominator:
        return Standing.MET
    return Standing.OPEN if (valid + unknown) * 100 >= required * denominator else Standing.SHORT


def percent(days: int, of: int) -> float | None:
    return round(100 * days / of, 1) if of else None


def _in_force(on: date, area: str) -> list[dict[str, Any]]:
    """The editions for an area; before the first one of everywhere, that one."""
    fitting = [each for each in _editions() if not each["place"] or f"{area}.".startswith(f"{each['place']}.")]
    return [each for each in fitting if each["in_force"] <= on] or [each for each in fitting if not each["place"]][:1]


@cache
def _editions() -> tuple[dict[str, Any], ...]:
    editions = tomllib.loads(DATA.read_text(encoding="utf-8"))["edition"]
    return tuple(sorted(editions, key=lambda each: each["in_force"]))
