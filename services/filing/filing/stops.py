"""Orders of enforcement that stop the works of a project, in whole or in part: a flag on its page.

An order stops once and lets go on once, and the two events may come in either order and twice: each writes its own moment.
The project's supervision goes on: that it is suspended is another matter (record_stoppage).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.inbox import first_time
from filing.models import Project, WorkStop


def work_stopped(sessions: Sessions, event: Event) -> None:
    _once(sessions, event, {"stopped_at": event.occurred_at, "scope": event.data["scope"]})


def work_resumed(sessions: Sessions, event: Event) -> None:
    _once(sessions, event, {"resumed_at": event.occurred_at})


def standing(session: Session, project_id: str) -> list[dict[str, Any]]:
    """Those that stop works of a project now, the first one first."""
    wanted = select(WorkStop).where(
        WorkStop.project_id == project_id, WorkStop.stopped_at.is_not(None), WorkStop.resumed_at.is_(None)
    )
    return [
        {
            "order_id": each.order_id,
            "number": each.number,
            "is_whole": each.is_whole,
            "scope": each.scope,
            "stopped_at": _iso(each.stopped_at),
        }
        for each in session.scalars(wanted.order_by(WorkStop.stopped_at, WorkStop.order_id))
    ]


def move(session: Session, merged: str, into: str) -> None:
    """A project was merged into another: what stops it stops that."""
    session.execute(update(WorkStop).where(WorkStop.project_id == merged).values(project_id=into))


def _now(session: Session, project_id: str) -> str:
    """The project that the one named goes by; it is not merged away meanwhile."""
    wanted = select(Project.merged_into).where(Project.id == project_id).with_for_update(read=True)
    return session.scalars(wanted).one_or_none() or project_id


def _once(sessions: Sessions, event: Event, told: dict[str, Any]) -> None:
    with transaction(sessions) as session:
        if not first_time(session, event.id, f"filing.{event.type}"):
            return
        heard = event.data
        known = {
            "order_id": heard["order_id"],
            "project_id": _now(session, heard["project_id"]),
            "number": heard["number"],
        }
        row = insert(WorkStop).values(**known, is_whole=heard["whole"] == "whole", **({"scope": ""} | told))
        session.execute(row.on_conflict_do_update(index_elements=["order_id"], set_=told))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
