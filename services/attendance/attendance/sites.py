"""Copies of filing's projects: where each lay on which day, and when its works stood still."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from attendance import stale
from attendance.models import Boundary, Site, Stoppage
from attendance.terms import ALWAYS
from chassis.clock import day_of

COPIED = (
    "version", "name", "area", "agency_id", "owner_id", "contractor_id", "supervisor_id", "stage", "starts_on",
    "finishes_on", "merged_into",
)  # fmt: skip
UNHEARD = -1  # the version of a site that only a duty has named yet


def number_of(session: Session, project_id: str) -> int:
    """The number of a site; it gets one when it is first named."""
    found = session.scalar(select(Site.number).where(Site.id == project_id))
    if found is not None:
        return found
    row = insert(Site).values(id=project_id, version=UNHEARD, name="", area="").on_conflict_do_nothing()
    session.execute(row)
    return session.scalars(select(Site.number).where(Site.id == project_id)).one()


def hear(session: Session, told: dict[str, Any], at: datetime) -> None:
    """Keep what an event tells of a project, unless something newer is known."""
    number = number_of(session, told["project_id"])
    newer = update(Site).where(Site.number == number, Site.version < told["version"])
    if not session.execute(newer.values({name: told[name] for name in COPIED}).returning(Site.number)).first():
        return
    if told["boundary"]:
        _keep_boundary(session, number, told["boundary"], told["version"], day_of(at))
    _keep_stoppage(session, number, told["suspended"], day_of(at))


def _keep_boundary(session: Session, site: int, outline: dict[str, Any], version: int, today: date) -> None:
    """A new outline is true from the day it was told; the first one always was."""
    latest = session.scalars(
        select(Boundary).where(Boundary.site == site).order_by(Boundary.effective_on.desc()).limit(1)
    ).first()
    if latest is not None and latest.outline == outline:
        return
    since = today if latest else ALWAYS
    row = insert(Boundary).values(site=site, effective_on=since, outline=outline, version=version)
    values = {"outline": row.excluded.outline, "version": row.excluded.version}
    session.execute(row.on_conflict_do_update(index_elements=["site", "effective_on"], set_=values))
    stale.of_site(session, site, since)


def _keep_stoppage(session: Session, site: int, suspended: dict[str, Any] | None, today: date) -> None:
    open_one = session.scalars(select(Stoppage).where(Stoppage.site == site, Stoppage.until.is_(None))).one_or_none()
    if suspended and open_one is None:
        values = {"site": site, "since": suspended["since"], "until": None}
        row = insert(Stoppage).values(values)
        session.execute(row.on_conflict_do_update(index_elements=["site", "since"], set_={"until": None}))
    elif not suspended and open_one is not None:
        open_one.until = today
