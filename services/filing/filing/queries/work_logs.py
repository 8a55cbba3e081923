"""Work-process logs: one day's with its versions, and the newest of many days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from filing import hazardous_works
from filing.models import Project, WorkLog

Logs = dict[date, WorkLog]


def versions_of(session: Session, project_id: str, day: date) -> Sequence[WorkLog]:
    """All versions of a day's log, the first first."""
    of_day = select(WorkLog).where(WorkLog.project_id == project_id, WorkLog.day == day)
    return session.scalars(of_day.order_by(WorkLog.version)).all()


def newest_logs(session: Session, project_ids: Sequence[str], since: date, until: date) -> dict[str, Logs]:
    """Of each project the newest version of each day's log, from `since` to `until`, both included."""
    between = select(WorkLog).where(WorkLog.project_id.in_(project_ids), WorkLog.day.between(since, until))
    found: dict[str, Logs] = {}
    for log in session.scalars(between.order_by(WorkLog.version)):
        found.setdefault(log.project_id, {})[log.day] = log
    return found


def described(row: Project, log: WorkLog, versions: Sequence[WorkLog]) -> dict[str, Any]:
    return {
        "project_id": row.id,
        "project_name": row.name,
        "day": log.day,
        "version": log.version,
        "is_late": log.is_late,
        "hazard": str(log.hazard),
        "weather": log.weather,
        "work_done": log.work_done,
        "works": [_named(row, each, log.day) for each in log.works],
        "measures": log.measures,
        "photos": log.photos,
        "versions": [
            {"version": each.version, "at": each.at, "by": each.by, "correction": each.correction} for each in versions
        ],
    }


def listed_works(row: Project, on: date) -> list[dict[str, str]]:
    """The project's hazardous works to choose from, by the number that each has in its list."""
    kinds = hazardous_works.kinds(on)
    return [
        {"code": str(number), "label": f"{number} {kinds.get(each['kind'], each['kind'])} {each['part']}".rstrip()}
        for number, each in enumerate(row.hazardous_works, 1)
        if each["tier"]
    ]


def _named(row: Project, work: dict[str, Any], on: date) -> dict[str, Any]:
    listed = row.hazardous_works[work["number"] - 1]
    return {
        "number": work["number"],
        "kind": hazardous_works.kinds(on).get(listed["kind"], listed["kind"]),
        "part": listed["part"],
        "hazard": str(listed["tier"]),
        "progress": work.get("progress", ""),
    }
