"""For the home page: what of enforcement waits for whom, each number counted out of an index of what is open."""

from datetime import timedelta
from typing import Any

from sqlalchemy import and_, func, select

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement.cases import waiting
from enforcement.models import Case, Inspection, Order
from enforcement.periods import beginning
from enforcement.permissions import permit, within
from enforcement.terms import InspectionStage

Reply = dict[str, Any]
NOTHING = {"open": 0, "overdue": 0, "reported": 0, "next_due_on": None, "inspections": 0, "since": None, "cases": 0}


def summarise(sessions: Sessions, principal: Principal, clock: Clock) -> Reply:
    """An enterprise: the orders to it that are open, late, and when the next is due. An agency: those of its territory that
    are late or reported and waiting, how many inspections were made there since Monday, and in how many cases the next act
    is his."""
    permit("read", principal)
    today = day_of(clock())
    owing = and_(Order.reported_at.is_(None), Order.due_on < today)
    counts = select(
        func.count(),
        func.count().filter(owing),
        func.count(Order.reported_at),
        func.min(Order.due_on).filter(and_(Order.reported_at.is_(None), Order.due_on >= today)),
    ).where(Order.closed_at.is_(None))
    if principal.is_agency and principal.area:
        wanted = counts.where(within(Order.area, principal.area))
    elif principal.is_enterprise and principal.organisation_id:
        wanted = counts.where(Order.addressee_id == principal.organisation_id)
    else:
        return dict(NOTHING)
    monday = today - timedelta(days=today.weekday())
    with transaction(sessions) as session:
        open_, overdue, reported, next_due_on = session.execute(wanted).one()
        made, cases = 0, 0
        if principal.is_agency:
            here = (within(Inspection.area, principal.area), Inspection.stage == InspectionStage.COMPLETED)
            since = select(func.count()).where(Inspection.started_at >= beginning(monday), *here)
            made = session.scalar(since) or 0
            his = waiting.is_his(principal, today)
            cases = session.scalar(select(func.count()).select_from(Case).where(his)) or 0
    told = {"open": open_, "overdue": overdue, "reported": reported, "next_due_on": next_due_on}
    return told | {"inspections": made, "since": monday, "cases": cases}
