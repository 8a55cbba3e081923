"""Copies of filing's projects: names and areas for locks, and which unfiled project was merged into which filed one."""

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from equipment.models import ProjectCopy
from equipment.terms import Project


def resolved(session: Session, project_id: str) -> str:
    """The id that the project goes by now: its own, or that of the project it was merged into."""
    merged_into = session.scalars(
        select(ProjectCopy.merged_into).where(ProjectCopy.project_id == project_id)
    ).one_or_none()
    return resolved(session, merged_into) if merged_into else project_id


def copy_of(session: Session, project: Project) -> ProjectCopy:
    """The copy to lock a machine to; made from what a claim says where no event has told of the project yet."""
    project_id = resolved(session, project.project_id)
    values = {
        "project_id": project_id,
        "version": 0,
        "name": project.name,
        "area": project.area,
        "agency_id": project.agency_id,
    }
    session.execute(insert(ProjectCopy).values(values).on_conflict_do_nothing())
    return session.get_one(ProjectCopy, project_id)
