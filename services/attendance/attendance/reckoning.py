"""A month reckoned from the minutes, for many duties at once: the one way in which verdicts come about.

A page asks it for a person, the night for five hundred duties at a time; what they need is read by one statement each.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import any_, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.sql import ColumnElement

from attendance import month_days
from attendance.models import Correction as Entry
from attendance.models import Duty, Leave, Presence, Site, Stoppage
from attendance.presence import DayPresence, Sampling, presence_of
from attendance.terms import LeaveStage
from attendance.verdicts import (
    Correction,
    DayVerdict,
    MonthVerdict,
    Rule,
    Verdict,
    Workdays,
    judge_day,
    judge_month,
    rule_of,
)
from attendance.verdicts import Leave as Granted
from chassis.clock import day_of

SAMPLING = Sampling()
Place = tuple[int, int]  # (person, site)
Posting = tuple[Duty, Site]


@dataclass(frozen=True)
class Reckoned:
    """A duty's month as far as it was asked for: the verdicts on its days with what was measured, and on itself."""

    duty: Duty
    site: Site
    rule: Rule
    days: tuple[DayVerdict, ...]
    presences: Mapping[date, DayPresence]
    month: MonthVerdict


@dataclass(frozen=True)
class _Known:
    """What is on record of the people and sites asked for."""

    presences: dict[Place, dict[date, DayPresence]] = field(default_factory=lambda: defaultdict(dict))
    leaves: dict[Place, list[Granted]] = field(default_factory=lambda: defaultdict(list))
    corrections: dict[Place, dict[date, Correction]] = field(default_factory=dict)
    stoppages: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))


def reckon(session: Session, postings: Sequence[Posting], month: date, last: date) -> list[Reckoned]:
    """Each duty's `month`, its days up to `last` judged; those after it are to come."""
    if not postings:
        return []
    known = _known(session, postings, month)
    return [_reckoned(duty, site, known, month, last) for duty, site in postings]


def touches(duty: Duty, first: date, last: date) -> bool:
    """Whether the duty lies in these days at all."""
    assert duty.since is not None
    return day_of(duty.since) <= last and (duty.until is None or day_of(duty.until) >= first)


def _reckoned(duty: Duty, site: Site, known: _Known, month: date, last: date) -> Reckoned:
    rule = rule_of(duty.role, last, site.area)
    place = (duty.person, site.number)
    presences, leaves = known.presences.get(place, {}), known.leaves.get(place, [])
    corrected = known.corrections.get(place, {})
    workdays = _workdays(duty, site, known.stoppages.get(site.number, []))

    def judged(first: date, last: date) -> tuple[DayVerdict, ...]:
        return tuple(
            judge_day(day, presences.get(day), rule, workdays, leaves, corrected.get(day))
            for day in month_days.days(first, last)
        )

    days = judged(month, last)
    rest = judged(max(month, last + month_days.ONE_DAY), month_days.last_of(month))
    to_come = sum(each.counts for each in rest)
    return Reckoned(duty, site, rule, days, presences, judge_month(days, rule, to_come))


def _workdays(duty: Duty, site: Site, stoppages: Iterable[tuple[date, date | None]]) -> Workdays:
    return Workdays(
        starts_on=site.starts_on,
        finishes_on=site.finishes_on,
        duty_from=_day_of(duty.since),
        duty_to=_day_of(duty.until),
        stoppages=tuple(stoppages),
    )


def _known(session: Session, postings: Sequence[Posting], month: date) -> _Known:
    people = sorted({duty.person for duty, _ in postings})
    sites = sorted({site.number for _, site in postings})
    known = _Known()
    _read_presences(session, known, people, {(duty.person, site.number) for duty, site in postings}, month)
    leaves = select(Leave).where(
        _among(Leave.person, people),
        Leave.stage == LeaveStage.APPROVED,
        Leave.first <= month_days.last_of(month),
        Leave.last >= month,
    )
    for leave in session.scalars(leaves.order_by(Leave.first, Leave.id)):
        known.leaves[leave.person, leave.site].append(Granted(leave.id, leave.first, leave.last))
    _read_corrections(session, known, people, month)
    stopped = select(Stoppage).where(_among(Stoppage.site, sites)).order_by(Stoppage.site, Stoppage.since)
    for stoppage in session.scalars(stopped):
        known.stoppages[stoppage.site].append((stoppage.since, stoppage.until))
    return known


def _read_presences(session: Session, known: _Known, people: list[int], places: set[Place], month: date) -> None:
    """As bytes: written out, a row of minutes is four times as long."""
    minutes = [func.bit_send(column) for column in (Presence.seen, Presence.inside, Presence.outside)]
    wanted = select(Presence.person, Presence.site, Presence.day, *minutes).where(
        _among(Presence.person, people), Presence.day.between(month, month_days.last_of(month))
    )
    for person, site, day, seen, inside, outside in session.execute(wanted):
        if (person, site) in places:
            known.presences[person, site][day] = presence_of(_bits(seen), _bits(inside), _bits(outside), SAMPLING)


def _read_corrections(session: Session, known: _Known, people: list[int], month: date) -> None:
    """Those that nobody has withdrawn; of several for a day the one entered last."""
    withdrawal = aliased(Entry)
    wanted = select(Entry).where(
        _among(Entry.person, people),
        Entry.day.between(month, month_days.last_of(month)),
        Entry.withdraws.is_(None),
        ~exists().where(withdrawal.withdraws == Entry.id),
    )
    for entry in session.scalars(wanted.order_by(Entry.number)):
        assert entry.verdict is not None
        found = Correction(entry.id, Verdict(entry.verdict), entry.document)
        known.corrections.setdefault((entry.person, entry.site), {})[entry.day] = found


def _bits(sent: bytes) -> bytes:
    """PostgreSQL sends a row of bits with its length before it."""
    return sent[4:]


def _among(column: InstrumentedAttribute[int], numbers: list[int]) -> ColumnElement[bool]:
    """One parameter however many there are: a statement with five hundred is planned anew each time."""
    return column == any_(literal(numbers, ARRAY(INTEGER)))


def _day_of(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
