"""The rows of open months, reckoned anew every night (`duty_month`), two hundred duties in a transaction.

What is not yet done tonight is found by the rows themselves, so a run that is broken off is gone on with by the next one;
two at once would do some work twice and leave the same rows. A closed row is never touched.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from attendance import absences, month_days, reckoning, site_months
from attendance.board import LOCATED_ROLES
from attendance.models import Duty, DutyMonth, Site
from attendance.reckoning import Posting, Reckoned
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.database import Sessions, transaction

# So many are judged in two seconds: PostgreSQL ends a transaction that idles for fifteen.
AT_ONCE = 200
KEY = ("month", "site", "person", "role", "application_id")


def reckon_some(sessions: Sessions, clock: Clock, month: date, at_once: int = AT_ONCE) -> int:
    """Reckon rows of a month that were not reckoned today, through yesterday, and notice who was absent; how many, so that
    one goes on until there are none."""
    now = clock()
    today = day_of(now)
    last = last_over(month, today)
    if last < month:
        return 0
    with transaction(sessions) as session:
        postings = _not_reckoned(session, month, today, last, at_once)
        reckoned = reckoning.reckon(session, postings, month, last)
        write(session, reckoned, month, last, now)
    return len(postings)


def reckon_person(session: Session, clock: Clock, site: Site, month: date, person: int) -> None:
    """At once, where an officer's entry changes a month that the figures already tell."""
    now = clock()
    last = last_over(month, day_of(now))
    if last < month:
        return
    postings = [posting for posting in of_site(session, site, month, last) if posting[0].person == person]
    reckoned = reckoning.reckon(session, postings, month, last)
    write(session, reckoned, month, last, now)


def write(session: Session, reckoned: Sequence[Reckoned], month: date, through: date, now: datetime) -> None:
    """Absences only of what was written: what somebody has said since is not lifted, nor noticed, by older facts."""
    absences.notice(session, keep(session, reckoned, month, through, now), now)


def keep(session: Session, reckoned: Sequence[Reckoned], month: date, through: date, now: datetime) -> list[Reckoned]:
    """Write what was reckoned into the rows that are open; which of it was written. `now` is before the facts were read:
    who read later has said more, and is not overwritten."""
    revisions = site_months.revisions(session, {each.site.number for each in reckoned}, month)
    rows = [
        figures(each, month, through, now) | {"revision": revisions.get(each.site.number, site_months.FIRST_REVISION)}
        for each in reckoned
    ]
    written = put(session, rows)
    return [each for each, row in zip(reckoned, rows, strict=True) if _key(row) in written]


def put(session: Session, rows: Sequence[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """The keys of the rows that were written. In the order of the key, so that two at once do not wait for each other."""
    if not rows:
        return set()
    statement = insert(DutyMonth).values(sorted(rows, key=_key))
    told = statement.excluded
    anew = {name: told[name] for name in rows[0] if name not in KEY}
    is_newer = and_(DutyMonth.closed_at.is_(None), DutyMonth.reckoned_at <= told.reckoned_at)
    statement = statement.on_conflict_do_update(index_elements=list(KEY), set_=anew, where=is_newer)
    return {tuple(row) for row in session.execute(statement.returning(*(getattr(DutyMonth, name) for name in KEY)))}


def figures(reckoned: Reckoned, month: date, through: date, now: datetime) -> dict[str, Any]:
    found = reckoned.month
    return {
        "month": month,
        "site": reckoned.site.number,
        "person": reckoned.duty.person,
        "role": reckoned.duty.role,
        "application_id": reckoned.duty.application_id,
        "through": through,
        "valid": found.valid,
        "undecided": found.unknown,
        "denominator": found.denominator,
        "rate": found.rate,
        "highest_rate": found.highest_rate,
        "required": found.required,
        "standing": found.standing,
        "excluded": dict(Counter(reason.code for _, reason in found.excluded)),
        "reckoned_at": now,
    }


def of_site(session: Session, site: Site, month: date, last: date) -> list[Posting]:
    """All duties of a site that have a row for the month."""
    wanted = select(Duty).join(Site, Site.number == Duty.site).where(Duty.site == site.number, on_duty(month, last))
    return [(duty, site) for duty in session.scalars(wanted.order_by(Duty.person, Duty.role, Duty.application_id))]


def on_duty(first: date, last: date) -> ColumnElement[bool]:
    """Duties of those whose being there is counted, on a site that we know, that lie in these days."""
    return and_(
        Duty.role.in_(LOCATED_ROLES),
        Site.version >= 0,
        Duty.since < _start_of(last + timedelta(days=1)),
        or_(Duty.until.is_(None), Duty.until >= _start_of(first)),
    )


def last_over(month: date, today: date) -> date:
    """The last day of a month that is over; the one before the month where none is."""
    return min(month_days.last_of(month), today - month_days.ONE_DAY)


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in KEY)


def _not_reckoned(session: Session, month: date, today: date, last: date, at_once: int) -> list[Posting]:
    same = (
        DutyMonth.month == month,
        DutyMonth.site == Duty.site,
        DutyMonth.person == Duty.person,
        DutyMonth.role == Duty.role,
        DutyMonth.application_id == Duty.application_id,
    )
    due = and_(DutyMonth.closed_at.is_(None), DutyMonth.reckoned_at < _start_of(today))
    wanted = (
        select(Duty, Site)
        .join(Site, Site.number == Duty.site)
        .outerjoin(DutyMonth, and_(*same))
        .where(on_duty(month, last), site_months.is_open(month, today), or_(DutyMonth.month.is_(None), due))
        .limit(at_once)
    )
    return [(duty, site) for duty, site in session.execute(wanted)]


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
