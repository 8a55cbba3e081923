"""An officer's day: what he has begun, where he is to go, which reports and cases wait, and what is late; next act first."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select, text
from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement import orders
from enforcement.cases import waiting
from enforcement.models import Firm, Inspection, Officer, Order, Plan, Site, Transfer
from enforcement.permissions import RULES, permit, within
from enforcement.terms import InspectionStage, PlanStage, TransferStage

Reply = dict[str, Any]
MOST = 20  # of each kind; the lists show the others
AHEAD = timedelta(days=30)

# Visits of his agency's approved plans that are his by a draw, or open to whoever goes, and not made yet.
VISITS = text("""
    select visit.id, visit.plan_id, plan.title, plan.kind, visit.site_id as project_id, site.name as project_name, visit.area,
        visit.due_on, visit.officer_ids, count(*) over () as of_all
    from plan join planned_visit visit on visit.plan_id = plan.id join site on site.id = visit.site_id
    where plan.agency_id = :agency and plan.stage = 'approved' and visit.due_on <= :until
        and (visit.officer_ids @> array[cast(:officer as text)] or visit.officer_ids = '{}')
        and visit.serial > (select count(*) from inspection where inspection.plan_id = visit.plan_id
            and inspection.site_id = visit.site_id and inspection.stage = 'completed')
    order by visit.due_on, visit.id limit :most""")


def get_officer_day(sessions: Sessions, principal: Principal, clock: Clock) -> Reply:
    """Of who is signed in; `officer` is None for somebody who is not on his agency's roster: he sees what waits for the agency.

    `next` is the first of the acts in the order of their urgency: a check that runs, a visit that is due, a report that
    waits, an order that is late, one of a county's that was told up to his agency, a visit to come. Beside them stand the
    cases in which the next act is his, and how many plans wait for him to approve them, and matters that others handed over
    for an answer.
    """
    permit("see_day", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        mine = (Officer.user_id == principal.user_id, Officer.removed_at.is_(None))
        officer = session.scalars(select(Officer).where(*mine)).one_or_none()
        running = _running(session, principal)
        visits, visits_total = _visits(session, principal, officer, today)
        ours, others = Order.agency_id == principal.organisation_id, _told_up_to(principal)
        waits, late = Order.reported_at.is_not(None), and_(Order.reported_at.is_(None), Order.due_on < today)
        reported, reported_total = _orders(session, and_(ours, waits), Order.reported_at, today)
        overdue, overdue_total = _orders(session, and_(ours, late), Order.due_on, today)
        cases, cases_total = waiting.waiting(session, principal, today)
        escalated, escalated_total = _orders(session, others, Order.due_on, today)
        unanswered = _unanswered(session, principal)
        drafted = _drafted(session, principal)
    due = [each for each in visits if each["due_on"] <= today]
    coming = [each for each in visits if each["due_on"] > today]
    acts = [*running, *due, *reported, *overdue, *escalated, *coming]
    return {
        "day": today,
        "officer": _shown(officer, today) if officer else None,
        "next": acts[0] if acts else None,
        "running": running,
        "visits": visits,
        "visits_total": visits_total,
        "reported": reported,
        "reported_total": reported_total,
        "overdue": overdue,
        "overdue_total": overdue_total,
        "cases": cases,
        "cases_total": cases_total,
        "escalated": escalated,
        "escalated_total": escalated_total,
        "transfers_total": unanswered,
        "plans_total": drafted,
    }


def _drafted(session: Session, principal: Principal) -> int:
    """Plans that wait for him to approve them."""
    if not RULES["approve_plan"].admits(principal):
        return 0
    ours = (Plan.agency_id == principal.organisation_id, Plan.stage == PlanStage.DRAFT)
    return session.scalar(select(func.count()).select_from(Plan).where(*ours)) or 0


def _unanswered(session: Session, principal: Principal) -> int:
    if not RULES["answer_transfer"].admits(principal):
        return 0
    ours = (Transfer.to_agency_id == principal.organisation_id, Transfer.stage == TransferStage.SENT)
    return session.scalar(select(func.count()).select_from(Transfer).where(*ours)) or 0


def _shown(officer: Officer, today: date) -> Reply:
    names = ("name", "certificate_number", "certificate_valid_to")
    told = {name: getattr(officer, name) for name in names}
    return told | {"officer_id": officer.id, "is_certified": officer.certificate_valid_to >= today}


def _running(session: Session, principal: Principal) -> list[Reply]:
    """Those that his agency has begun in which he takes part, the oldest first."""
    rows = session.execute(
        select(Inspection, Site.name)
        .join(Site, Site.id == Inspection.site_id)
        .where(Inspection.agency_id == principal.organisation_id, Inspection.stage == InspectionStage.STARTED)
        .order_by(Inspection.started_at, Inspection.id)
    ).all()
    return [
        {
            "act": "complete_inspection",
            "inspection_id": inspection.id,
            "project_id": inspection.site_id,
            "project_name": name,
            "area": inspection.area,
            "who": "、".join(each["name"] for each in inspection.officers),
            "since": inspection.started_at,
            "due_on": None,
        }
        for inspection, name in rows
        if principal.user_id in {each["user_id"] for each in inspection.officers}
    ][:MOST]


def _visits(session: Session, principal: Principal, officer: Officer | None, today: date) -> tuple[list[Reply], int]:
    asked = {
        "agency": principal.organisation_id,
        "officer": officer.id if officer else "",
        "until": today + AHEAD,
        "most": MOST,
    }
    rows = session.execute(VISITS, asked).all()
    names = _names(session, rows)
    told = [
        {
            "act": "start_inspection",
            "plan_id": each.plan_id,
            "plan_title": each.title,
            "plan_kind": each.kind,
            "project_id": each.project_id,
            "project_name": each.project_name,
            "area": each.area,
            "who": "、".join(names[one] for one in each.officer_ids if one in names),
            "due_on": each.due_on,
            "is_late": each.due_on < today,
        }
        for each in rows
    ]
    return told, rows[0].of_all if rows else 0


def _names(session: Session, rows: Sequence[Any]) -> dict[str, str]:
    wanted = {one for each in rows for one in each.officer_ids}
    return dict(session.execute(select(Officer.id, Officer.name).where(Officer.id.in_(wanted))).all()) if wanted else {}


def _told_up_to(principal: Principal) -> ColumnElement[bool]:
    """Orders of other agencies of a city's or the province's territory that nobody has moved for so long that they came here."""
    if principal.level not in orders.ABOVE:
        return false()
    return and_(orders.is_escalated(), within(Order.area, principal.area), Order.agency_id != principal.organisation_id)


def _orders(session: Session, which: ColumnElement[bool], since: Any, today: date) -> tuple[list[Reply], int]:
    """Open orders of one sort, the oldest first, and how many there are."""
    ours = (Order.closed_at.is_(None), which)
    total = session.scalar(select(func.count()).select_from(Order).where(*ours)) or 0
    wanted = (
        select(Order, Site.name, Firm.name)
        .join(Site, Site.id == Order.site_id)
        .outerjoin(Firm, Firm.id == Order.addressee_id)
        .where(*ours)
        .order_by(since, Order.id)
        .limit(MOST)
    )
    told = [
        {
            "act": "decide_rectification" if order.reported_at else "press_order",
            "order_id": order.id,
            "number": order.number,
            "kind": order.kind,
            "project_id": order.site_id,
            "project_name": site,
            "area": order.area,
            "who": firm or "",
            "since": order.reported_at,
            "due_on": order.due_on,
            "is_late": order.due_on < today,
        }
        for order, site, firm in session.execute(wanted)
    ]
    return told, total
