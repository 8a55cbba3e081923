"""The limit of inspections of an enterprise in a year (涉企行政检查年度频次上限), and whom a plan would take over it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CompoundSelect, Select, exists, func, literal, select, union_all
from sqlalchemy.orm import Session

from chassis.clock import SHANGHAI
from enforcement.coverage import Rows, by_site
from enforcement.models import Firm, Inspection, Plan, PlannedVisit, PlanSite, Site
from enforcement.terms import InspectionKind, InspectionStage, PlanStage

# 国办发〔2024〕54号: an inspection after a complaint or another clue is not counted; nor is the re-check of an order, which the
# firm's own report calls for.
COUNTED = (
    InspectionKind.ROUTINE,
    InspectionKind.SPECIAL,
    InspectionKind.CAMPAIGN,
    InspectionKind.DOUBLE_RANDOM,
)
MOST_SHOWN = 100
Reply = dict[str, Any]


def over_cap(session: Session, plan: Plan, candidates: bool) -> list[Reply]:
    """The contractors whom the plan would take over its limit, by one statement: what the agency inspected in the plan's
    year, what it has planned besides, and what is to come by this plan.

    With `candidates`, also by what may still come of it: the sites of a draft; of a random plan each contractor with one
    more site, so that those named are over the limit if they are drawn.
    """
    year = plan.starts_on.year
    parts = _parts(plan, year, candidates).subquery()
    inspected, planned = func.sum(parts.c.inspected), func.sum(parts.c.planned)
    wanted = (
        select(Firm.id, Firm.name, inspected, planned)
        .join(parts, parts.c.firm == Firm.id)
        .group_by(Firm.id, Firm.name)
        .having(inspected + planned > plan.cap, func.sum(parts.c.ours) > 0)
        .order_by((inspected + planned).desc(), Firm.name)
        .limit(MOST_SHOWN)
    )
    return [
        {"firm_id": firm_id, "firm_name": name, "inspected": int(made), "planned": int(to_come), "cap": plan.cap}
        for firm_id, name, made, to_come in session.execute(wanted)
    ]


def _parts(plan: Plan, year: int, candidates: bool) -> CompoundSelect[Any]:
    """Rows of (firm, inspected, planned, whether by this plan), to be summed."""
    first, after = (datetime.combine(date(n, 1, 1), time(), SHANGHAI) for n in (year, year + 1))
    made = select(Site.contractor_id.label("firm"), literal(1).label("inspected"), literal(0).label("planned"))
    made = made.add_columns(literal(0).label("ours")).join(Inspection, Inspection.site_id == Site.id)
    made = made.where(
        Inspection.agency_id == plan.agency_id,
        Inspection.kind.in_(COUNTED),
        Inspection.stage != InspectionStage.ABANDONED,
        Inspection.started_at >= first,
        Inspection.started_at < after,
    )
    others = select(Plan.id).where(
        Plan.agency_id == plan.agency_id,
        Plan.id != plan.id,
        Plan.stage == PlanStage.APPROVED,
        Plan.starts_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return union_all(made, _open_visits(others, 0), _to_come(plan, candidates))


def _to_come(plan: Plan, candidates: bool) -> Rows:
    by_plan = _open_visits([plan.id], 1)
    if not candidates:
        return by_plan
    is_random = plan.kind == InspectionKind.DOUBLE_RANDOM
    columns = (Site.contractor_id.label("firm"), literal(0).label("inspected"))
    planned = literal(1 if is_random else plan.visits).label("planned")
    chosen = select(*columns, planned, literal(1).label("ours")).join(PlanSite, PlanSite.site_id == Site.id)
    waits = ~exists().where(PlannedVisit.plan_id == plan.id, PlannedVisit.site_id == Site.id)
    chosen = chosen.where(PlanSite.plan_id == plan.id, waits)
    return select(union_all(chosen.distinct() if is_random else chosen, by_plan).subquery())


def _open_visits(plan_ids: Sequence[str] | Select[str], ours: int) -> Rows:
    """Planned visits that nobody has made yet, by site."""
    done = by_site(plan_ids).subquery()
    left = (done.c.planned - done.c.inspected).label("planned")
    visits = select(Site.contractor_id.label("firm"), literal(0).label("inspected"), left, literal(ours).label("ours"))
    return visits.join(done, done.c.site_id == Site.id).where(left > 0)
