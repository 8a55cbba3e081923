"""Whom a principal may see, as a condition in SQL: no list is filtered after it was read.

An agency sees people whose employer, or whose project, lies in its territory. That is kept as rows (`person_area`), one
for each territory up to the province, so that an agency's list costs the same in a register of any size. Whatever
changes a person's employer or locks ends with `refresh`.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, or_, select, text, true
from sqlalchemy.orm import Session

from chassis.principal import Principal
from personnel.models import Person, PersonArea, PersonLock, ProjectCopy

REFRESH = text("""
with wanted as (
    select distinct array_to_string((string_to_array(place.area, '.'))[1 : depth], '.') as area, person.id, person.entered_at
    from person
    cross join lateral (
        select person.area
        union
        select project_copy.area from person_lock join project_copy using (project_id)
        where person_lock.person_id = person.id and person_lock.released_at is null
    ) place
    cross join lateral generate_series(1, array_length(string_to_array(place.area, '.'), 1)) depth
    where person.id = any(:ids)
), gone as (
    delete from person_area where person_id = any(:ids)
        and not exists (select from wanted where wanted.id = person_id and wanted.area = person_area.area)
)
insert into person_area (area, person_id, entered_at) select area, id, entered_at from wanted
on conflict (area, person_id) do update set entered_at = excluded.entered_at
    where person_area.entered_at <> excluded.entered_at
""")


def refresh(session: Session, person_ids: Collection[str]) -> None:
    """Let the agencies see these people whose territory they now work or are locked in, and no others."""
    session.flush()
    if person_ids:
        session.execute(REFRESH, {"ids": sorted(person_ids)})


def in_sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: as above. An enterprise: its own staff, those on its projects, those in its own applications.
    Services: all."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return works_in(principal.area)
    if principal.is_enterprise and principal.organisation_id:
        return _of_enterprise(principal.organisation_id)
    return false()


def works_in(area: str) -> ColumnElement[bool]:
    """Employed or locked in a territory."""
    return exists().where(PersonArea.person_id == Person.id, PersonArea.area == area)


def _of_enterprise(organisation_id: str) -> ColumnElement[bool]:
    parties = (ProjectCopy.owner_id, ProjectCopy.contractor_id, ProjectCopy.supervisor_id)
    on_projects = _locked().join(ProjectCopy).where(or_(*(party == organisation_id for party in parties)))
    in_applications = _locked().where(PersonLock.applicant_id == organisation_id)
    return or_(Person.employer_id == organisation_id, Person.id.in_(on_projects.union(in_applications)))


def _locked() -> Select[Any]:
    return select(PersonLock.person_id).where(PersonLock.released_at.is_(None))
