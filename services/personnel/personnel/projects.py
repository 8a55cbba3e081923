"""Copies of filing's projects: names and areas for locks, what proves T14's exceptions, and what was merged."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from personnel import locks, sight
from personnel.models import PersonLock, ProjectCopy
from personnel.terms import Cause, Occasion, Project, Works

CLOSED = "closed"
COPIED = (
    "version", "name", "area", "agency_id", "works_code", "owner_id", "contractor_id", "supervisor_id", "stage",
    "works_accepted_on", "merged_into",
)  # fmt: skip


def resolved(session: Session, project_id: str) -> str:
    """The id that the project goes by now: its own, or that of the project it was merged into."""
    merged_into = session.scalars(
        select(ProjectCopy.merged_into).where(ProjectCopy.project_id == project_id)
    ).one_or_none()
    return resolved(session, merged_into) if merged_into else project_id


def copy_of(session: Session, project: Project) -> ProjectCopy:
    """The copy to lock people to; made from what a claim says where no event has told of the project yet."""
    copy = session.get(ProjectCopy, project.project_id)
    if copy is None:
        values = {
            "project_id": project.project_id,
            "version": 0,
            "name": project.name,
            "area": project.area,
            "agency_id": project.agency_id,
            "works_code": project.works_code,
        }
        session.execute(insert(ProjectCopy).values(values).on_conflict_do_nothing())
        copy = session.get_one(ProjectCopy, project.project_id)
    return copy_of(session, replace(project, project_id=copy.merged_into)) if copy.merged_into else copy


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


def hear(session: Session, told: dict[str, Any], occasion: Occasion) -> None:
    """What filing tells of a project, as loaded by `heard.ProjectHeard`. What is not newer changes nothing."""
    if not _keep(session, told):
        return
    there = locks.on_project(told["project_id"])
    people = locks.hold_people(session, (), there)
    affected = locks.active(session, people, there)
    if told["merged_into"] is not None:
        _move(session, affected, told, occasion)
    elif told["stage"] == CLOSED:
        for lock in affected:
            locks.release(session, lock, Cause.PROJECT_CLOSED, occasion)
    sight.refresh(session, people)


def _keep(session: Session, told: dict[str, Any]) -> bool:
    """Whether this is newer than the copy, which then is replaced."""
    suspended = told["suspended"]
    values = {name: told[name] for name in COPIED} | {
        "suspended": suspended and suspended | {"since": suspended["since"].isoformat()}
    }
    row = insert(ProjectCopy).values(project_id=told["project_id"], **values)
    newer = row.on_conflict_do_update(
        index_elements=["project_id"], set_=values, where=ProjectCopy.version < told["version"]
    )
    return session.execute(newer.returning(ProjectCopy.project_id)).first() is not None


def _move(session: Session, affected: list[PersonLock], told: dict[str, Any], occasion: Occasion) -> None:
    """An unfiled project was merged into a filed one: the locks stay what they are, on the filed one."""
    filed = Project(told["merged_into"], told["name"], told["area"], told["agency_id"])
    copy = copy_of(session, filed)
    for lock in affected:
        locks.move(session, lock, copy, occasion)
