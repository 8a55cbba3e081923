"""A project's safety history: its checks with their scores, what was found again and again, orders and how long they took,
stoppages, and penalty cases."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text
from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from enforcement import inspections, orders
from enforcement.cases import moving
from enforcement.figures import percentile
from enforcement.models import Case, Inspection, Order, Site
from enforcement.permissions import permit, sites_seen
from enforcement.terms import InspectionStage, OrderKind, OrderStage

Reply = dict[str, Any]
MOST = 100  # of each kind, the latest; the lists show the others
MOST_CLAUSES = 50
# How often each clause, and whether one finding followed another within half a year; those that came back first.
CLAUSES = text("""
    select clause_key, (array_agg(clause order by found_on desc, id desc))[1] as clause,
        (array_agg(severity order by severity = 'major' desc, severity = 'serious' desc))[1] as severity,
        count(*) as count, count(*) filter (where is_repeated) as repeated,
        count(*) filter (where closed_at is null) as open, max(found_on) as last_found_on
    from finding where site_id = :site group by clause_key order by repeated desc, count desc, last_found_on desc, clause_key""")


def get_safety_history(sessions: Sessions, principal: Principal, clock: Clock, *, project_id: str) -> Reply:
    """Of a project in his sight; what of it he may see (a firm: completed checks, and cases in which it is the party, once it
    was told of them). Refuses `NotFound("project_unknown")`."""
    permit("read", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        site = session.scalars(select(Site).where(Site.id == project_id, sites_seen(principal))).one_or_none()
        if site is None:
            raise NotFound("project_unknown")
        ordered = _orders(session, orders.seen(principal), site.id)
        checked = _inspections(session, inspections.sight(principal), site.id)
        rows = session.execute(CLAUSES, {"site": site.id}).mappings().all()
        cases = _cases(session, moving.sight(principal), site.id)
        counts = session.execute(_counts(site.id, today)).one()
    findings, repeated = (sum(each[name] for each in rows) for name in ("count", "repeated"))
    days = [(each["days"], 1) for each in ordered if each["stage"] == OrderStage.CLOSED]
    return {
        "project_id": site.id,
        "project_name": site.name,
        "area": site.area,
        "since": site.starts_on,
        "totals": {
            "inspections": counts.inspections,
            "score": round(counts.score, 1) if counts.score is not None else None,
            "findings": findings,
            "repeated": repeated,
            "open_findings": sum(each["open"] for each in rows),
            "orders": counts.orders,
            "open_orders": counts.open,
            "overdue_orders": counts.overdue,
            "stoppages": counts.stoppages,
            "median_days": percentile(days, 0.5),
        },
        "clauses": [dict(each) for each in rows[:MOST_CLAUSES]],
        "inspections": checked,
        "orders": ordered,
        "cases": cases,
    }


def _counts(site_id: str, today: date) -> Select[Any]:
    """Of all, where the lists below stop at the latest."""
    done = (Inspection.site_id == site_id, Inspection.stage == InspectionStage.COMPLETED)
    of_orders = select(
        func.count().label("orders"),
        func.count().filter(Order.closed_at.is_(None)).label("open"),
        func.count()
        .filter(Order.closed_at.is_(None), Order.reported_at.is_(None), Order.due_on < today)
        .label("overdue"),
        func.count().filter(Order.kind != OrderKind.RECTIFY).label("stoppages"),
    ).where(Order.site_id == site_id)
    made = select(func.count().label("inspections"), func.avg(Inspection.score).label("score")).where(*done).subquery()
    ordered = of_orders.subquery()
    return select(made, ordered).select_from(made.join(ordered, text("true")))


def _inspections(session: Session, sight: ColumnElement[bool], site_id: str) -> list[Reply]:
    names = ("kind", "stage", "started_at", "score", "grade", "findings_count")
    wanted = select(Inspection).where(Inspection.site_id == site_id, sight)
    found = session.scalars(wanted.order_by(Inspection.started_at.desc(), Inspection.id.desc()).limit(MOST))
    return [
        {name: getattr(each, name) for name in names}
        | {"inspection_id": each.id, "refused": bool((each.site_signature or {}).get("refused"))}
        for each in found
    ]


def _orders(session: Session, sight: ColumnElement[bool], site_id: str) -> list[Reply]:
    """`days`: from issue to what ended it; `stopped_until`: when a stoppage was over, None while it lasts."""
    names = ("kind", "stage", "number", "scope", "issued_at", "due_on", "reported_at", "closed_at")
    wanted = select(Order).where(Order.site_id == site_id, sight)
    found: Sequence[Order] = session.scalars(wanted.order_by(Order.issued_at.desc(), Order.id.desc()).limit(MOST)).all()
    return [
        {name: getattr(each, name) for name in names}
        | {
            "order_id": each.id,
            "days": (day_of(each.closed_at) - day_of(each.issued_at)).days if each.closed_at else None,
            "is_stoppage": each.kind != OrderKind.RECTIFY,
            "stopped_until": each.lifted_at or each.closed_at,
        }
        for each in found
    ]


def _cases(session: Session, sight: ColumnElement[bool], site_id: str) -> list[Reply]:
    names = ("number", "kind", "stage", "outcome", "party_name", "opened_at", "fine")
    wanted = select(Case).where(Case.site_id == site_id, sight)
    found = session.scalars(wanted.order_by(Case.opened_at.desc(), Case.id.desc()).limit(MOST))
    return [{name: getattr(each, name) for name in names} | {"case_id": each.id} for each in found]
