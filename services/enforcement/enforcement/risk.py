"""How likely each site of a plan is to be drawn: weights from what enforcement itself knows, each with its reasons."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, exists, func, select
from sqlalchemy.orm import Session

from chassis.clock import SHANGHAI
from enforcement.editions import edition
from enforcement.models import Finding, Inspection, Order, Plan, PlannedVisit, PlanSite, Site
from enforcement.terms import InspectionStage, Severity

FAILED = "failed"
Body = dict[str, Any]


def rules_on(day: date) -> Body:
    """The points in force, as a draw keeps them."""
    rules = edition("risk_weights", day)
    names = ("document", "base", "looks_back_days", "factors")
    return {"in_force": rules["in_force"].isoformat()} | {name: rules[name] for name in names}


def weighed(session: Session, plan: Plan, day: date, rules: Body) -> list[Body]:
    """The sites of a plan that no draw of it has taken yet, by id, each with its weight and why. By one statement."""
    rows = session.execute(_facts(plan, day, rules["looks_back_days"])).all()
    return [_weighed(row, rules) for row in rows]


def why(counts: dict[str, int], factors: Sequence[Body]) -> list[Body]:
    """The factors that hold, with the points that each gives (pure)."""
    return [
        {
            "factor": each["code"],
            "count": counts[each["code"]],
            "points": each["points"] * min(counts[each["code"]], each["most"]),
        }
        for each in factors
        if counts[each["code"]]
    ]


def _weighed(row: Any, rules: Body) -> Body:
    reasons = why({each["code"]: getattr(row, each["code"]) for each in rules["factors"]}, rules["factors"])
    return {
        "site_id": row.id,
        "name": row.name,
        "number": row.number,
        "firm_ids": sorted({each for each in (row.owner_id, row.contractor_id, row.supervisor_id) if each}),
        "weight": rules["base"] + sum(each["points"] for each in reasons),
        "why": reasons,
    }


def _facts(plan: Plan, day: date, looks_back: int) -> Select[Any]:
    since = day - timedelta(days=looks_back)
    drawn = exists().where(PlannedVisit.plan_id == plan.id, PlannedVisit.site_id == Site.id)
    orders = _orders(plan, day)
    major = select(func.count()).where(
        Finding.site_id == Site.id, Finding.severity == Severity.MAJOR, Finding.found_on >= since
    )
    inspected = exists().where(
        Inspection.site_id == Site.id,
        Inspection.stage == InspectionStage.COMPLETED,
        Inspection.started_at >= datetime.combine(since, time(), SHANGHAI),
    )
    return (
        select(
            *(Site.id, Site.name, Site.number, Site.owner_id, Site.contractor_id, Site.supervisor_id),
            func.coalesce(orders.c.open, 0).label("open_order"),
            func.coalesce(orders.c.overdue, 0).label("overdue_order"),
            _one(_last_grade() == FAILED).label("failed_grade"),
            major.correlate(Site).scalar_subquery().label("major_finding"),
            _one(~inspected).label("not_inspected"),
        )
        .join(PlanSite, PlanSite.site_id == Site.id)
        .outerjoin(orders, orders.c.site_id == Site.id)
        .where(PlanSite.plan_id == plan.id, ~drawn)
        .order_by(Site.id)
    )


def _orders(plan: Plan, day: date) -> Subquery:
    """Of each site of the plan: how many orders are open, and how many of them past their day."""
    overdue = func.count().filter(Order.due_on < day).label("overdue")
    wanted = select(Order.site_id, func.count().label("open"), overdue).where(Order.closed_at.is_(None))
    sites = select(PlanSite.site_id).where(PlanSite.plan_id == plan.id)
    return wanted.where(Order.site_id.in_(sites)).group_by(Order.site_id).subquery()


def _last_grade() -> ColumnElement[str]:
    graded = select(Inspection.grade).where(
        Inspection.site_id == Site.id, Inspection.stage == InspectionStage.COMPLETED, Inspection.grade.is_not(None)
    )
    last = graded.order_by(Inspection.started_at.desc(), Inspection.id.desc()).limit(1)
    return last.correlate(Site).scalar_subquery()


def _one(holds: ColumnElement[bool]) -> ColumnElement[int]:
    return case((holds, 1), else_=0)
