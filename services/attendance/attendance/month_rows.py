"""The rows of open months, reckoned anew every night (`duty_month`), some hundreds of duties in a transaction.

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

from attendance import month_days, reckoning
from attendance.board import LOCATED_ROLES
from attendance.models import Duty, DutyMonth, Site
from attendance.reckoning import Posting, Reckoned
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.database import Sessions, transaction

AT_ONCE = 500
KEY = ["month", "site", "person", "role", "application_id"]
FIRST_REVISION = 1


def reckon_some(sessions: Sessions, clock: Clock, month: date, at_once: int = AT_ONCE) -> int:
    """Reckon rows of a month that were not reckoned today, through yesterday; how many, so that one goes on until none."""
    today = day_of(clock())
    last = min(month_days.last_of(month), today - month_days.ONE_DAY)
    if last < month:
        return 0
    with transaction(sessions) as session:
        postings = _not_reckoned(session, month, last, start_of(today), at_once)
        keep(session, reckoning.reckon(session, postings, month, last), month, last, clock())
    return len(postings)


def keep(session: Session, reckoned: Sequence[Reckoned], month: date, through: date, now: datetime) -> None:
    """Write what was reckoned into the rows that are open."""
    if not reckoned:
        return
    rows = [row_of(each, month, through, now) | {"revision": FIRST_REVISION} for each in reckoned]
    statement = insert(DutyMonth)
    anew = {name: statement.excluded[name] for name in rows[0] if name not in (*KEY, "revision")}
    session.execute(
        statement.on_conflict_do_update(index_elements=KEY, set_=anew, where=DutyMonth.closed_at.is_(None)), rows
    )


def row_of(reckoned: Reckoned, month: date, through: date, now: datetime) -> dict[str, Any]:
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


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def on_duty(first: date, last: date) -> ColumnElement[bool]:
    """Duties of those whose being there is counted, on a site that we know, that lie in these days."""
    return and_(
        Duty.role.in_(LOCATED_ROLES),
        Site.version >= 0,
        Duty.since < start_of(last + timedelta(days=1)),
        or_(Duty.until.is_(None), Duty.until >= start_of(first)),
    )


def _not_reckoned(session: Session, month: date, last: date, since: datetime, at_once: int) -> list[Posting]:
    same = (
        DutyMonth.month == month,
        DutyMonth.site == Duty.site,
        DutyMonth.person == Duty.person,
        DutyMonth.role == Duty.role,
        DutyMonth.application_id == Duty.application_id,
    )
    wanted = (
        select(Duty, Site)
        .join(Site, Site.number == Duty.site)
        .outerjoin(DutyMonth, and_(*same))
        .where(on_duty(month, last))
        .where(or_(DutyMonth.month.is_(None), and_(DutyMonth.closed_at.is_(None), DutyMonth.reckoned_at < since)))
        .limit(at_once)
    )
    return [(duty, site) for duty, site in session.execute(wanted)]
