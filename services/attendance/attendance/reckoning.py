"""A month reckoned from the minutes, for many duties at once: the one way in which verdicts come about.

A page asks it for a person, the night for two hundred duties at a time; what they need is read by one statement each.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time

from sqlalchemy import any_, exists, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, INTEGER
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased
from sqlalchemy.sql import ColumnElement

from attendance import month_days, rest_days
from attendance.models import Correction as Entry
from attendance.models import Duty, Leave, OrderStoppage, Presence, Site, Stoppage, Suspicion
from attendance.presence import DayPresence, Sampling, presence_of
from attendance.terms import DUTY_HOURS, LeaveStage, SuspicionStage
from attendance.verdicts import (
    Correction,
    DayVerdict,
    MonthVerdict,
    Reason,
    Rule,
    Verdict,
    Workdays,
    judge_day,
    judge_month,
    rule_of,
)
from attendance.verdicts import Leave as Granted
from chassis.clock import SHANGHAI, day_of

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
    doubted: Mapping[date, Suspicion]
    month: MonthVerdict


@dataclass(frozen=True)
class Running:
    """The day that is running, if any is judged: where somebody will be this afternoon is no gap."""

    now: datetime | None

    def is_over(self, day: date) -> bool:
        return self.sampling(day) is SAMPLING

    def sampling(self, day: date) -> Sampling:
        opened, closed = SAMPLING.window
        if self.now is None or day < day_of(self.now):
            return SAMPLING
        local = self.now.astimezone(SHANGHAI)
        passed = local.hour * 60 + local.minute
        return SAMPLING if passed >= closed else replace(SAMPLING, window=(opened, max(opened, passed)))


@dataclass(frozen=True)
class _Known:
    """What is on record of the people and sites asked for."""

    presences: dict[Place, dict[date, DayPresence]] = field(default_factory=lambda: defaultdict(dict))
    leaves: dict[Place, list[Granted]] = field(default_factory=lambda: defaultdict(list))
    corrections: dict[Place, dict[date, Correction]] = field(default_factory=dict)
    doubted: dict[int, dict[date, Suspicion]] = field(default_factory=lambda: defaultdict(dict))
    stoppages: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))


def reckon(
    session: Session, postings: Sequence[Posting], month: date, last: date, now: datetime | None = None
) -> list[Reckoned]:
    """Each duty's `month`, its days up to `last` judged; those after it are to come. `now` is needed where `last` is the day
    that is running: of it only what has passed is judged."""
    if not postings:
        return []
    running = Running(now)
    known = _known(session, postings, month, running)
    return [_reckoned(duty, site, known, month, last, running) for duty, site in postings]


def touches(duty: Duty, first: date, last: date) -> bool:
    """Whether the duty lies in these days at all."""
    assert duty.since is not None
    return day_of(duty.since) <= last and (duty.until is None or day_of(duty.until) >= first)


def _reckoned(duty: Duty, site: Site, known: _Known, month: date, last: date, running: Running) -> Reckoned:
    rule = rule_of(duty.role, last, site.area)
    place = (duty.person, site.number)
    presences, leaves = known.presences.get(place, {}), known.leaves.get(place, [])
    corrected, doubted = known.corrections.get(place, {}), known.doubted.get(duty.person, {})
    rest = rest_days.of_area(site.area, month, month_days.last_of(month))
    workdays = workdays_of(duty, site, rule, known.stoppages.get(site.number, []), rest)

    def judged(first: date, last: date) -> tuple[DayVerdict, ...]:
        return tuple(
            judge_day(
                day,
                presences.get(day),
                rule,
                workdays,
                leaves,
                corrected.get(day),
                running.is_over(day),
                _found_false(doubted.get(day)),
            )
            for day in month_days.days(first, last)
        )

    days = judged(month, last)
    later = judged(max(month, last + month_days.ONE_DAY), month_days.last_of(month))
    to_come = sum(each.counts for each in later)
    return Reckoned(duty, site, rule, days, presences, doubted, judge_month(days, rule, to_come))


def workdays_of(
    duty: Duty, site: Site, rule: Rule, stoppages: Iterable[tuple[date, date | None]], rest: Mapping[date, str]
) -> Workdays:
    """When there is something to attend for a duty; `stoppages` as `stoppages_of` tells them, `rest` as `rest_days`."""
    return Workdays(
        starts_on=site.starts_on,
        accepted_on=site.accepted_on,
        duty_from=_day_of(duty.since),
        duty_to=_day_of(duty.until),
        too_short=_too_short(duty, rule),
        stoppages=tuple(stoppages),
        rest=rest,
    )


def _too_short(duty: Duty, rule: Rule) -> frozenset[date]:
    """Who is locked at seven in the evening cannot be there for four hours of that day."""
    ends = {day_of(each) for each in (duty.since, duty.until) if each}
    return frozenset(day for day in ends if not rule.enough(_held(duty, day)))


def _held(duty: Duty, day: date) -> int:
    """Minutes of a day's hours of location in which he had the post."""
    opened, closed = (datetime.combine(day, time(hour), SHANGHAI) for hour in DUTY_HOURS)
    since, until = max(duty.since or opened, opened), min(duty.until or closed, closed)
    return max(0, int((until - since).total_seconds()) // 60)


def _known(session: Session, postings: Sequence[Posting], month: date, running: Running) -> _Known:
    people = sorted({duty.person for duty, _ in postings})
    sites = sorted({site.number for _, site in postings})
    known = _Known()
    places = {(duty.person, site.number) for duty, site in postings}
    for person, site, day, found in _presences(session, people, month, running):
        if (person, site) in places:
            known.presences[person, site][day] = found
    leaves = select(Leave).where(
        _among(Leave.person, people),
        Leave.stage == LeaveStage.APPROVED,
        Leave.first <= month_days.last_of(month),
        Leave.last >= month,
    )
    for leave in session.scalars(leaves.order_by(Leave.first, Leave.id)):
        known.leaves[leave.person, leave.site].append(Granted(leave.id, leave.first, leave.last))
    _read_corrections(session, known, people, month)
    doubted = select(Suspicion).where(
        _among(Suspicion.person, people), Suspicion.day.between(month, month_days.last_of(month))
    )
    for suspicion in session.scalars(doubted):
        known.doubted[suspicion.person][suspicion.day] = suspicion
    known.stoppages.update(stoppages_of(session, sites))
    return known


def stoppages_of(session: Session, sites: list[int]) -> dict[int, list[tuple[date, date | None]]]:
    """Days on which all works of sites stood still, filing's and those by order: from the first until before the second."""
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for table in (Stoppage, OrderStoppage):
        wanted = select(table.site, table.since, table.until).where(_among(table.site, sites))
        for site, since, until in session.execute(wanted.order_by(table.site, table.since)):
            if since is not None:
                found[site].append((since, until))
    return found


def _presences(
    session: Session, people: list[int], month: date, running: Running
) -> Iterator[tuple[int, int, date, DayPresence]]:
    """As bytes: written out, a row of minutes is four times as long."""
    columns = (Presence.seen, Presence.inside, Presence.outside, Presence.by_position)
    wanted = select(Presence.person, Presence.site, Presence.day, *(func.bit_send(each) for each in columns)).where(
        _among(Presence.person, people), Presence.day.between(month, month_days.last_of(month))
    )
    for person, site, day, *sent in session.execute(wanted):
        seen, inside, outside, by_position = (each and _bits(each) for each in sent)
        yield person, site, day, presence_of(seen, inside, outside, running.sampling(day), by_position)


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


def _found_false(doubted: Suspicion | None) -> Reason | None:
    """Only what an officer has upheld changes a verdict (PIPL Art. 24)."""
    if doubted is None or doubted.stage != SuspicionStage.UPHELD or doubted.decided_at is None:
        return None
    return Reason("found_false", {"decided_on": day_of(doubted.decided_at), "opinion": doubted.opinion})


def _bits(sent: bytes) -> bytes:
    """PostgreSQL sends a row of bits with its length before it."""
    return sent[4:]


def _among(column: InstrumentedAttribute[int], numbers: list[int]) -> ColumnElement[bool]:
    """One parameter however many there are: a statement with two hundred is planned anew each time."""
    return column == any_(literal(numbers, ARRAY(INTEGER)))


def _day_of(moment: datetime | None) -> date | None:
    return day_of(moment) if moment else None
