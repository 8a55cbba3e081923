"""What a principal sees, as SQL: the same as `permissions.sees`, for lists."""

from sqlalchemy import ColumnElement, DateTime, Text, and_, false, func, literal_column, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.principal import Principal
from filing import divisions
from filing.models import Application, Countersignature, Organisation
from filing.models.applications import MONTH_CHANGED

Area = InstrumentedAttribute[str]
AFTER_SEPARATOR = chr(ord(divisions.SEPARATOR) + 1)
APPLICATION_DIVISIONS = func.string_to_array(Application.area, literal_column("'.'"), type_=ARRAY(Text))  # as indexed
APPLICATION_MONTH = literal_column(MONTH_CHANGED, type_=ARRAY(DateTime))  # as indexed


def within(column: Area, area: str) -> ColumnElement[bool]:
    """Rows of an area and all below it; nothing for no area.

    One range of an index by characters, from 13.1301 to what follows 13.1301.…: of two conditions, alternatives to each
    other, PostgreSQL would make a bitmap, and then read every row.
    """
    return and_(column.op("~>=~")(area), column.op("~<~")(area + AFTER_SEPARATOR)) if area else false()


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
    # A union, not an `or`: with that, PostgreSQL walks through everybody's applications for the few that are his.
    own = select(Application.id).where(Application.applicant_id == mine)
    asked = select(Countersignature.application_id).where(Countersignature.organisation_id == mine)
    return Application.id.in_(union(own, asked))


def applications_listed(session: Session, principal: Principal, area: str | None = None) -> ColumnElement[bool]:
    """`applications_seen` (in one area of it), said for a list: a county's rows come out of one index in the order that
    they are shown in. An agency's territory is told by the areas of the agencies in it, most often its own alone."""
    if not principal.is_agency or divisions.SEPARATOR not in (area or principal.area):
        return _in(area, applications_seen(principal))  # of a province it is all
    territory = within(Organisation.area, principal.area), *([within(Organisation.area, area)] if area else [])
    areas = session.scalars(select(Organisation.area).where(Organisation.kind == "agency", *territory)).all()
    there = Application.area == areas[0] if len(areas) == 1 else Application.area.in_(areas)
    return and_(there, Application.submitted_at.is_not(None))


def applications_found(principal: Principal, area: str | None = None) -> ColumnElement[bool]:
    """The same, said for a search by words: their index knows the divisions that an area lies in as well, so that what is
    common in the province and rare in a county is not read to be thrown away."""
    seen = _in(area, applications_seen(principal))
    place = area or (principal.area if principal.is_agency else "")
    if divisions.SEPARATOR not in place:  # in a province all lie, and the index would go through all of them to say so
        return seen
    return and_(seen, in_divisions_of(place))


def in_divisions_of(area: str) -> ColumnElement[bool]:
    """Applications whose area lies in one, as the index of words tells it."""
    # The innermost says it all; each of those that hold it has a longer list to go through.
    return APPLICATION_DIVISIONS.contains(area.split(divisions.SEPARATOR)[-1:])


def _in(area: str | None, seen: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(seen, within(Application.area, area)) if area else seen
