"""Whom a principal may see, as a condition in SQL: no list is filtered after it was read."""

from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from chassis.principal import Principal
from personnel.models import Person, PersonLock, ProjectCopy


def within(column: InstrumentedAttribute[str], area: str) -> ColumnElement[bool]:
    """In the territory `area`, itself included."""
    return or_(column == area, column.startswith(area + ".", autoescape=True))


def in_sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: people whose employer or project lies in its territory. An enterprise: its own staff, those on its
    projects, those in its own applications. Services: all."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        on_projects = _locked().join(ProjectCopy).where(within(ProjectCopy.area, principal.area))
        return or_(within(Person.area, principal.area), Person.id.in_(on_projects))
    if principal.is_enterprise and principal.organisation_id:
        return _of_enterprise(principal.organisation_id)
    return false()


def _of_enterprise(organisation_id: str) -> ColumnElement[bool]:
    parties = (ProjectCopy.owner_id, ProjectCopy.contractor_id, ProjectCopy.supervisor_id)
    on_projects = _locked().join(ProjectCopy).where(or_(*(party == organisation_id for party in parties)))
    in_applications = _locked().where(PersonLock.applicant_id == organisation_id)
    return or_(Person.employer_id == organisation_id, Person.id.in_(on_projects.union(in_applications)))


def _locked() -> Select[Any]:
    return select(PersonLock.person_id).where(PersonLock.released_at.is_(None))
