"""Copies of filing's projects: names and areas for locks, and which unfiled project was merged into which filed one."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from equipment import locks, machines, sight
from equipment.models import MachineLock, ProjectCopy
from equipment.terms import Occasion, Project

COPIED = ("version", "name", "area", "agency_id", "number", "stage", "owner_id", "contractor_id", "supervisor_id")


def resolved(session: Session, project_id: str) -> str:
    """The id that the project goes by now: its own, or that of the project it was merged into."""
    merged_into = session.scalars(
        select(ProjectCopy.merged_into).where(ProjectCopy.project_id == project_id)
    ).one_or_none()
    return resolved(session, merged_into) if merged_into else project_id


def copy_of(session: Session, project: Project) -> ProjectCopy:
    """The copy to lock a machine to; made from what a claim says where no event has told of the project yet.

    It cannot be merged away until the transaction ends.
    """
    copy = _shared(session, project.project_id)
    if copy is None:
        values = {
            "project_id": project.project_id,
            "version": 0,
            "name": project.name,
            "area": project.area,
            "agency_id": project.agency_id,
        }
        session.execute(insert(ProjectCopy).values(values).on_conflict_do_nothing())
        return copy_of(session, project)
    return copy_of(session, replace(project, project_id=copy.merged_into)) if copy.merged_into else copy


def _shared(session: Session, project_id: str) -> ProjectCopy | None:
    return session.scalars(
        select(ProjectCopy)
        .where(ProjectCopy.project_id == project_id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def hear(session: Session, told: dict[str, Any], occasion: Occasion) -> None:
    """Keep what an event tells of a project, unless something newer is known; move its locks if it was merged.

    A closed project keeps its locks: what stands on the site stands there until it is dismantled or unlocked (R-E3).
    """
    values = {"project_id": told["project_id"], **{name: told[name] for name in COPIED}}
    row = insert(ProjectCopy).values(values | {"merged_into": told["merged_into"]})
    newer = {**{name: row.excluded[name] for name in COPIED}, "merged_into": row.excluded.merged_into}
    done = session.execute(
        row.on_conflict_do_update(
            index_elements=["project_id"], set_=newer, where=ProjectCopy.version < row.excluded.version
        ).returning(ProjectCopy.project_id)
    ).first()
    if done and told["merged_into"]:
        _move_locks(session, told, occasion)
    if done:
        # With their rows held: a lock that is released meanwhile must not be seen by the agency once more.
        there = [each for each in _standing_on(session, told["project_id"]) if machines.for_update(session, each)]
        sight.refresh(session, there)


def _move_locks(session: Session, told: dict[str, Any], occasion: Occasion) -> None:
    # The filed project may not have been heard of yet; its own event overwrites this first knowledge.
    known = Project(told["merged_into"], told["name"], told["area"], told["agency_id"])
    into = copy_of(session, known)
    for machine_id in _standing_on(session, told["project_id"]):
        machine = machines.for_update(session, machine_id)
        lock = locks.active_lock(session, machine_id)
        if machine is not None and lock is not None and lock.project_id == told["project_id"]:
            locks.move(session, machine, lock, into, occasion)


def _standing_on(session: Session, project_id: str) -> list[str]:
    locked = MachineLock.project_id == project_id, MachineLock.released_at.is_(None)
    return list(session.scalars(select(MachineLock.machine_id).where(*locked).order_by(MachineLock.machine_id)))
