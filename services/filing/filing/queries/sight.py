"""What a principal sees, as SQL: the same as `permissions.sees`, for lists."""

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from chassis.principal import Principal
from filing import divisions
from filing.models import Application, Countersignature

Area = InstrumentedAttribute[str]


def within(column: Area, area: str) -> ColumnElement[bool]:
    """Rows of an area and all below it; nothing for no area."""
    return or_(column == area, column.like(f"{area}{divisions.SEPARATOR}%")) if area else false()


def above_or_at(column: Area, area: str) -> ColumnElement[bool]:
    """Rows of an area and of those that hold it."""
    steps = area.split(divisions.SEPARATOR) if area else []
    paths = [divisions.SEPARATOR.join(steps[:count]) for count in range(1, len(steps) + 1)]
    return column.in_(paths)


def watched(principal: Principal, column: Area) -> ColumnElement[bool]:
    """Rows in an agency's territory; nothing for anybody else."""
    return within(column, principal.area) if principal.is_agency else false()


def applications_seen(principal: Principal) -> ColumnElement[bool]:
    """Agencies: of their area, from the first arrival on. Enterprises: their own, and those they are asked to sign."""
    if principal.is_agency:
        return and_(watched(principal, Application.area), Application.submitted_at.is_not(None))
    mine = principal.organisation_id
    if not mine:
        return false()
    asked = select(Countersignature.application_id).where(
        Countersignature.application_id == Application.id, Countersignature.organisation_id == mine
    )
    return or_(Application.applicant_id == mine, asked.exists())
