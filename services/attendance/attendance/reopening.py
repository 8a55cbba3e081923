"""A closed month opened again, by an officer by name and with his reason; it closes by itself, as a new revision.

Reopened is a site's month, because its closing is what was told: who had to be there, and who was short.
"""

from datetime import date
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from attendance import closing_rules, month_days, month_rows, reckoning, site_months
from attendance.models import DutyMonth, DutyMonthRevision, Site, SiteMonth
from attendance.permissions import permit
from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict
from chassis.principal import Principal

ACT = "reopen_month"
Reply = dict[str, Any]


def reopen_month(
    sessions: Sessions, principal: Principal, clock: Clock, *, key: str | None, project_id: str, month: str, reason: str
) -> Reply:
    """By an approver of an agency that sees the site. The figures as they stood are kept as the revision before.

    Refuses `Conflict("month_not_closed")`, also to the second of two who reopen it at once.
    """
    permit(ACT, principal)
    request = {"project_id": project_id, "month": month, "reason": reason}
    with transaction(sessions) as session:
        if (reply := repeated(session, key, ACT, request)) is not None:
            return reply
        site = site_months.hold(session, principal, project_id)
        reply = _reopen(session, principal, clock, site, month_days.read(month), reason)
        remember(session, key, ACT, request, reply)
        journal.write(session, principal, ACT, project_id, request | {"revision": reply["revision"]}, clock=clock)
        return reply


def _reopen(session: Session, principal: Principal, clock: Clock, site: Site, month: date, reason: str) -> Reply:
    state = site_months.state(session, site.number, month)
    if not state.is_closed:
        raise Conflict("month_not_closed", month=month_days.written(month))
    now = clock()
    row = SiteMonth(
        month=month,
        site=site.number,
        revision=state.revision + 1,
        closes_on=closing_rules.last_open_day_again(month, day_of(now)),
        reopened_at=now,
        reopened_by=dict(principal.brief()),
        reason=reason,
    )
    session.add(row)
    session.flush()
    _keep_as_it_stood(session, site.number, month)
    last = month_days.last_of(month)
    anew = reckoning.reckon(session, month_rows.of_site(session, site, month, last), month, last)
    month_rows.keep(session, anew, month, last, now)
    return {
        "project_id": site.id,
        "month": month_days.written(month),
        "revision": row.revision,
        "closes_on": row.closes_on.isoformat(),
    }


def _keep_as_it_stood(session: Session, site: int, month: date) -> None:
    names = [column.name for column in DutyMonthRevision.__table__.columns]
    here = DutyMonth.month == month, DutyMonth.site == site
    stood = select(*(getattr(DutyMonth, name) for name in names)).where(*here)
    session.execute(insert(DutyMonthRevision).from_select(names, stood))
    session.execute(update(DutyMonth).where(*here).values(closed_at=None, record=None))
