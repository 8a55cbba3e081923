"""Which projects' works stand still as a whole, by enforcement's orders: no machine is put up or taken into use there.

An order stops once and lets go on once, and the two events may come in either order and twice: each writes its own moment.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from equipment import projects
from equipment.models import ProjectStop

WHOLE = "whole"


def stop(session: Session, told: dict[str, Any], at: datetime) -> None:
    _keep(session, told, "stopped_at", at)


def resume(session: Session, told: dict[str, Any], at: datetime) -> None:
    _keep(session, told, "resumed_at", at)


def standing(session: Session, project_id: str) -> list[str]:
    """The numbers of the orders that stop all works of a project now, the first one first."""
    wanted = select(ProjectStop.number).where(
        ProjectStop.project_id == project_id, ProjectStop.stopped_at.is_not(None), ProjectStop.resumed_at.is_(None)
    )
    return list(session.scalars(wanted.order_by(ProjectStop.stopped_at, ProjectStop.order_id)))


def move(session: Session, merged: str, into: str) -> None:
    """A project was merged into another: what stops it stops that."""
    session.execute(update(ProjectStop).where(ProjectStop.project_id == merged).values(project_id=into))


def _keep(session: Session, told: dict[str, Any], moment: str, at: datetime) -> None:
    if told["whole"] != WHOLE:
        return
    row = insert(ProjectStop).values(
        order_id=told["order_id"],
        project_id=projects.resolved(session, told["project_id"]),
        number=told["number"],
        **{moment: at},
    )
    session.execute(row.on_conflict_do_update(index_elements=["order_id"], set_={moment: at}))
