"""Whether a site's month is open: it closes with the last day of its grace, and again after a reopening.

What closes, reopens or corrects holds the site (`hold`), so that of two at once the second sees what the first did.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import Session

from attendance import closing_rules, month_days
from attendance.models import Duty, Site, SiteMonth
from attendance.permissions import sites_seen
from chassis.errors import Conflict, NotFound
from chassis.principal import Principal

FIRST_REVISION = 1


@dataclass(frozen=True)
class State:
    revision: int
    closes_on: date
    is_closed: bool


def hold(session: Session, principal: Principal, project_id: str) -> Site:
    """A site that the principal sees, for as long as the transaction lasts. Refuses `NotFound("project_unknown")`."""
    wanted = select(Site).where(Site.id == project_id, sites_seen(principal)).with_for_update(key_share=True)
    site = session.scalars(wanted).one_or_none()
    if site is None:
        raise NotFound("project_unknown")
    return site


def state(session: Session, site: int, month: date) -> State:
    row = newest(session, site, month)
    if row is None:
        return State(FIRST_REVISION, closing_rules.last_open_day(month), is_closed=False)
    return State(row.revision, row.closes_on, is_closed=row.closed_at is not None)


def newest(session: Session, site: int, month: date) -> SiteMonth | None:
    wanted = select(SiteMonth).where(SiteMonth.month == month, SiteMonth.site == site)
    return session.scalars(wanted.order_by(SiteMonth.revision.desc()).limit(1)).first()


def refuse_closed(session: Session, site: int, month: date, today: date) -> None:
    """Also where the grace is over and the job has not come by yet."""
    now = state(session, site, month)
    if now.is_closed or today > now.closes_on:
        raise Conflict("month_closed", month=month_days.written(month), closed_after=now.closes_on.isoformat())


def to_reckon(session: Session, today: date) -> list[date]:
    """The months of which some site's is open: that under way, the last one in its grace, and whatever was reopened."""
    running = month_days.first_of(today)
    last = month_days.before(running)
    return sorted({running, *([last] if _in_grace(last, today) else []), *reopened(session)})


def reopened(session: Session) -> Sequence[date]:
    return session.scalars(select(SiteMonth.month).where(SiteMonth.closed_at.is_(None)).distinct()).all()


def is_open(month: date, today: date) -> ColumnElement[bool]:
    """Of a duty: whether its site's month is open, so that its row may be written."""
    if _in_grace(month, today):
        return true()
    return exists().where(SiteMonth.site == Duty.site, SiteMonth.month == month, SiteMonth.closed_at.is_(None))


def is_to_close(month: date, today: date) -> ColumnElement[bool]:
    """Of a site: whether its month stands open though its last day is over."""
    here = SiteMonth.site == Site.number, SiteMonth.month == month
    over = exists().where(*here, SiteMonth.closed_at.is_(None), SiteMonth.closes_on < today)
    return over if _in_grace(month, today) else or_(over, ~exists().where(*here))


def revisions(session: Session, sites: set[int], month: date) -> dict[int, int]:
    """Of sites whose month is open again; of others it is the first one."""
    wanted = select(SiteMonth.site, SiteMonth.revision).where(
        SiteMonth.month == month, SiteMonth.site.in_(sites), SiteMonth.closed_at.is_(None)
    )
    return {row.site: row.revision for row in session.execute(wanted)}


def _in_grace(month: date, today: date) -> bool:
    return today <= closing_rules.last_open_day(month)
