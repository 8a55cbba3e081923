"""Copies of filing's projects: names and areas for locks, what proves T14's exceptions, and what was merged."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from personnel.models import ProjectCopy
from personnel.terms import Project, Works


def resolved(session: Session, project_id: str) -> str:
    """The id that the project goes by now: its own, or that of the project it was merged into."""
    merged_into = session.scalars(
        select(ProjectCopy.merged_into).where(ProjectCopy.project_id == project_id)
    ).one_or_none()
    return resolved(session, merged_into) if merged_into else project_id


def copy_of(session: Session, project: Project) -> ProjectCopy:
    """The copy to lock people to; made from what a claim says where no event has told of the project yet."""
    project_id = resolved(session, project.project_id)
    values = {
        "project_id": project_id,
        "version": 0,
        "name": project.name,
        "area": project.area,
        "agency_id": project.agency_id,
        "works_code": project.works_code,
    }
    session.execute(insert(ProjectCopy).values(values).on_conflict_do_nothing())
    return session.get_one(ProjectCopy, project_id)


def works(session: Session, project_ids: Collection[str]) -> dict[str, Works]:
    """What proves an exception, by project; a project never heard of is missing."""
    copies = session.scalars(select(ProjectCopy).where(ProjectCopy.project_id.in_(project_ids)))
    return {each.project_id: _works(each) for each in copies}


def _works(copy: ProjectCopy) -> Works:
    stopped = copy.suspended or {}
    return Works(
        works_code=copy.works_code,
        accepted_on=copy.works_accepted_on,
        suspended_since=date.fromisoformat(stopped["since"]) if stopped else None,
        suspended_by=stopped.get("cause_by"),
        owner_consents=bool(stopped.get("owner_consents")),
    )
