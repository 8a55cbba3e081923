"""How far plans are carried out: planned, and inspected by the plan's own completed inspections."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select

from enforcement.models import Inspection, PlannedVisit
from enforcement.terms import InspectionStage

Rows = Select[*tuple[Any, ...]]


def by_site(plan_ids: Sequence[str] | Select[str]) -> Rows:
    """Per plan and site: how many visits are planned, how many of them were made (by completed inspections of that plan),
    and by when the last one is due. An inspection more than planned is no coverage of another site."""
    planned = select(
        PlannedVisit.plan_id,
        PlannedVisit.site_id,
        func.count().label("planned"),
        func.max(PlannedVisit.due_on).label("due"),
    )
    visits = (
        planned.where(PlannedVisit.plan_id.in_(plan_ids))
        .group_by(PlannedVisit.plan_id, PlannedVisit.site_id)
        .subquery()
    )
    counted = select(Inspection.plan_id, Inspection.site_id, func.count().label("made"))
    counted = counted.where(Inspection.plan_id.in_(plan_ids), Inspection.stage == InspectionStage.COMPLETED)
    made = counted.group_by(Inspection.plan_id, Inspection.site_id).subquery()
    same = and_(made.c.plan_id == visits.c.plan_id, made.c.site_id == visits.c.site_id)
    inspected = func.least(func.coalesce(made.c.made, 0), visits.c.planned).label("inspected")
    return select(visits, inspected).outerjoin(made, same)
