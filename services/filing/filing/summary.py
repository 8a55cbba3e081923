"""The home page's figures (业务办理情况, R-A4): what is under way, what waits for the reader, what is late."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from chassis.database import transaction
from chassis.principal import Principal
from filing import matters
from filing.desk import Desk, Reply
from filing.models import Application, Countersignature, Project
from filing.queries.applications import items
from filing.queries.projects import in_sight
from filing.queries.sight import applications_seen
from filing.workflow import Stage

FEW = 5
CLOSED_LATELY = timedelta(days=30)
# A registration has 24 hours (C28): what is left of less than this stands out in the queue (R-A2).
DUE_SOON = timedelta(hours=24)


def summarise(desk: Desk, principal: Principal) -> Reply:
    """Counts over what the principal sees, and the few applications that he has to act on first.

    {"under_way": {matter: n}, "by_stage": {stage: n}, "waits_for_me", "overdue", "due_soon", "closed_lately": {outcome:
    n}, "first": [application items], "projects": {stage: n}}
    """
    now = desk.clock()
    with transaction(desk.sessions) as session:
        open_ones = (applications_seen(principal), Application.stage != Stage.CLOSED)
        mine = _waits_for(principal)
        late = Application.due_at < now
        soon = Application.due_at.between(now, now + DUE_SOON)
        first = select(Application).where(*open_ones, mine).order_by(Application.due_at.nulls_last(), Application.id)
        return {
            "under_way": _counts(session, Application.matter, open_ones),
            "by_stage": _counts(session, Application.stage, open_ones),
            "waits_for_me": _count(session, (*open_ones, mine)),
            "overdue": _count(session, (*open_ones, late)),
            "due_soon": _count(session, (*open_ones, soon)),
            "closed_lately": _closed_lately(session, principal, now),
            "first": items(session, session.scalars(first.limit(FEW)), desk.calendar, now),
            "projects": _counts(session, Project.stage, (in_sight(principal),)),
        }


def _waits_for(principal: Principal) -> ColumnElement[bool]:
    """What the principal's organisation has to do next, and he may do by his roles."""
    if principal.is_agency:
        return (Application.agency_id == principal.organisation_id) & _agency_turn(principal.roles)
    mine = principal.organisation_id
    own = (Application.applicant_id == mine) & Application.stage.in_((Stage.DRAFT, Stage.RETURNED))
    asked = select(Countersignature.application_id).where(
        Countersignature.application_id == Application.id,
        Countersignature.round == Application.round,
        Countersignature.organisation_id == mine,
        Countersignature.agrees.is_(None),
    )
    return or_(own, (Application.stage == Stage.COUNTERSIGNING) & asked.exists())


def _agency_turn(roles: Sequence[str]) -> ColumnElement[bool]:
    """The stages in which one of the roles acts next (see workflow.next_roles)."""
    one_level = Application.matter.in_([code for code, each in matters.ALL.items() if each.review_levels == 1])
    turns: dict[str, ColumnElement[bool]] = {
        "acceptor": Application.stage == Stage.SUBMITTED,
        "reviewer": (Application.stage == Stage.ACCEPTED) & ~one_level,
        "approver": or_((Application.stage == Stage.ACCEPTED) & one_level, Application.stage == Stage.REVIEWED),
    }
    return or_(false(), *(condition for role, condition in turns.items() if role in roles))


def _closed_lately(session: Session, principal: Principal, now: datetime) -> dict[str, int]:
    closed = (
        applications_seen(principal),
        Application.stage == Stage.CLOSED,
        Application.round > 0,
        Application.changed_at > now - CLOSED_LATELY,
    )
    return _counts(session, Application.outcome, closed)


def _counts(session: Session, column: Any, conditions: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return {str(value): number for value, number in rows}


def _count(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(Application).where(*conditions)) or 0
