"""Months closed: when the grace of a site's month is over, its figures and each day's verdict are written down and stand.

A site a transaction, with the event that tells of it: a crash leaves a site's month open or closed, never half of it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from attendance import days, month_days, month_rows, reckoning, site_months
from attendance.models import Duty, DutyMonth, Site, SiteMonth
from attendance.published import VERSION
from attendance.reckoning import Reckoned
from attendance.verdicts import Standing
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.outbox import record

AT_ONCE = 200
LOOKED_BACK = 3  # months: so long a scheduler may have stood still


def close_due(sessions: Sessions, clock: Clock, at_once: int = AT_ONCE) -> int:
    """Close what is due, up to `at_once` sites of a month; how many, so that one goes on until there are none."""
    today = day_of(clock())
    with transaction(sessions) as session:
        due = [(month, site) for month in _months(session, today) for site in _due(session, month, today, at_once)]
    for month, site in due[:at_once]:
        close_site(sessions, clock, site, month)
    return len(due[:at_once])


def close_site(sessions: Sessions, clock: Clock, number: int, month: date) -> None:
    """Nothing, where another scheduler was quicker, or an officer who has reopened the month since."""
    now = clock()
    with transaction(sessions) as session:
        site = session.scalars(select(Site).where(Site.number == number).with_for_update(key_share=True)).one()
        state = site_months.state(session, number, month)
        if state.is_closed or day_of(now) <= state.closes_on:
            return
        last = month_days.last_of(month)
        reckoned = reckoning.reckon(session, month_rows.of_site(session, site, month, last), month, last)
        _freeze(session, number, reckoned, month, state.revision, now)
        _mark(session, number, month, state, now)
        _tell(session, site, month, state.revision, reckoned, now)


def _months(session: Session, today: date) -> list[date]:
    """Past months that may have something to close, the oldest first."""
    past = [month_days.before(month_days.first_of(today))]
    while len(past) < LOOKED_BACK:
        past.append(month_days.before(past[-1]))
    return sorted({*past, *site_months.reopened(session)})


def _due(session: Session, month: date, today: date, at_once: int) -> Sequence[int]:
    has_duty = exists().where(Duty.site == Site.number, month_rows.on_duty(month, month_days.last_of(month)))
    wanted = select(Site.number).where(has_duty, site_months.is_to_close(month, today))
    return session.scalars(wanted.order_by(Site.number).limit(at_once)).all()


def _freeze(
    session: Session, site: int, reckoned: Sequence[Reckoned], month: date, revision: int, now: datetime
) -> None:
    """What is then still open is of a duty that turned out to have ended before the month: it goes."""
    last = month_days.last_of(month)
    closed = {"revision": revision, "closed_at": now}
    rows = [month_rows.figures(each, month, last, now) | closed | {"record": days.as_record(each)} for each in reckoned]
    month_rows.put(session, rows)
    session.execute(
        delete(DutyMonth).where(DutyMonth.month == month, DutyMonth.site == site, DutyMonth.closed_at.is_(None))
    )


def _mark(session: Session, site: int, month: date, state: site_months.State, now: datetime) -> None:
    row = session.get(SiteMonth, (month, site, state.revision))
    if row is None:
        session.add(
            SiteMonth(month=month, site=site, revision=state.revision, closes_on=state.closes_on, closed_at=now)
        )
    else:
        row.closed_at = now


def _tell(
    session: Session, site: Site, month: date, revision: int, reckoned: Sequence[Reckoned], now: datetime
) -> None:
    short = {each.duty.person for each in reckoned if each.month.standing is Standing.SHORT}
    data: dict[str, Any] = {
        "project_id": site.id,
        "month": month_days.written(month),
        "revision": revision,
        "people": len({each.duty.person for each in reckoned}),
        "short": len(short),
        "closed_at": now.isoformat(),
    }
    record(session, Event(type="month_closed", version=VERSION, subject=site.id, data=data, occurred_at=now))
