"""Where projects are: a point inside each site, and its outline where there are few."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.principal import Principal
from filing import boundaries, divisions
from filing.models import Project
from filing.queries.projects import in_sight, narrowing

MOST = 1000
FEW = 60  # with their outlines
COLUMNS = ("id", "number", "name", "stage", "area", "contractor_name", "boundary")


def locate_projects(session: Session, principal: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """The projects in sight that have a site boundary, the last changed first."""
    paging.plan_by_values(session)
    there = select(Project).where(in_sight(principal), *narrowing(request), Project.boundary.is_not(None))
    counted = paging.total(session, there, None)
    columns = [getattr(Project, name) for name in COLUMNS]
    newest = there.with_only_columns(*columns).order_by(Project.changed_at.desc(), Project.id.desc()).limit(MOST)
    rows = session.execute(newest).all()
    return {"items": [_item(row, len(rows) <= FEW) for row in rows]} | counted


def _item(row: Any, outlined: bool) -> dict[str, Any]:
    return {
        "project_id": row.id,
        "number": row.number,
        "name": row.name,
        "stage": row.stage,
        "place": divisions.full_name(row.area),
        "contractor_name": row.contractor_name,
        "position": boundaries.point_inside(row.boundary),
        "boundary": row.boundary if outlined else None,
    }
