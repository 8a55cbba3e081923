"""Copies of filing's projects: where each lay on which day, and when its works stood still."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from attendance import stale
from attendance.boundaries import Outline
from attendance.models import Beacon, Boundary, Duty, DutyMonth, Leave, OrderStoppage, Site, Stoppage
from attendance.terms import ALWAYS, Contradiction
from chassis.clock import day_of

COPIED = (
    "version", "name", "area", "agency_id", "owner_id", "contractor_id", "supervisor_id", "stage", "starts_on",
    "merged_into", "owner_name", "contractor_name", "supervisor_name",
)  # fmt: skip
MERGE_PRESENCE = text("""
    with moved as (delete from presence where site = :merged returning *)
    insert into presence (
        person, site, day, seen, inside, outside, by_position, last_seen_at, last_inside_at, changed_at
    )
    select person, :into, day, seen, inside, outside, by_position, last_seen_at, last_inside_at, now() from moved
    on conflict (person, site, day) do update set
        by_position = case when presence.by_position is null and excluded.by_position is null then null
            else coalesce(presence.by_position, presence.inside) | coalesce(excluded.by_position, excluded.inside) end,
        seen = presence.seen | excluded.seen, inside = presence.inside | excluded.inside,
        outside = presence.outside | excluded.outside, changed_at = excluded.changed_at,
        last_seen_at = greatest(presence.last_seen_at, excluded.last_seen_at),
        last_inside_at = greatest(presence.last_inside_at, excluded.last_inside_at)""")
UNHEARD = -1  # the version of a site that only a duty has named yet


def number_of(session: Session, project_id: str) -> int:
    """The number of a site, or of that into which it was merged; it gets one when it is first named."""
    found = session.execute(select(Site.number, Site.merged_into).where(Site.id == project_id)).one_or_none()
    if found is not None:
        return number_of(session, found.merged_into) if found.merged_into else found.number
    return _number(session, project_id)


def _number(session: Session, project_id: str) -> int:
    """Its own, wherever it was merged into."""
    row = insert(Site).values(id=project_id, version=UNHEARD, name="", area="").on_conflict_do_nothing()
    session.execute(row)
    return session.scalars(select(Site.number).where(Site.id == project_id)).one()


def hear(session: Session, told: dict[str, Any], at: datetime) -> None:
    """Keep what an event tells of a project, unless something newer is known."""
    number = _number(session, told["project_id"])
    newer = update(Site).where(Site.number == number, Site.version < told["version"])
    if not session.execute(newer.values(_copied(told)).returning(Site.number)).first():
        return
    if told["merged_into"]:
        _move_duties(session, number, number_of(session, told["merged_into"]))
    if told["boundary"]:
        _keep_boundary(session, number, told["boundary"], told["version"], day_of(at))
    _keep_stoppages(session, number, told, day_of(at))


def _copied(told: dict[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in COPIED} | {"accepted_on": told["works_accepted_on"]}


def _move_duties(session: Session, merged: int, into: int) -> None:
    """Who was on duty at the site that is no more is on duty at the other; with leave, the minutes of his days, and the
    beacons that he heard."""
    for table in (Duty, Leave, Beacon, OrderStoppage):
        session.execute(update(table).where(table.site == merged).values(site=into))
    session.execute(MERGE_PRESENCE, {"merged": merged, "into": into})
    session.execute(delete(DutyMonth).where(DutyMonth.site == merged, DutyMonth.closed_at.is_(None)))
    stale.of_site(session, into, ALWAYS)


def _keep_boundary(session: Session, site: int, outline: dict[str, Any], version: int, today: date) -> None:
    """A new outline is true from the day it was told; the first one always was. Raises `Contradiction` for one by which
    nobody could be judged."""
    try:
        Outline(outline)
    except (ValueError, TypeError, IndexError) as error:
        raise Contradiction("boundary_unreadable", site=str(site), why=str(error)) from error
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


def _keep_stoppages(session: Session, site: int, told: dict[str, Any], today: date) -> None:
    """All of them are told each time, so that none is missing where an event came after a later one."""
    ended = {each["since"]: each["until"] for each in told["stoppages"] or ()}
    if told["stoppages"] is None:  # an event of before they were told: what was running has ended today
        known = session.scalars(select(Stoppage).where(Stoppage.site == site))
        ended = {each.since: each.until or today for each in known}
    running = {told["suspended"]["since"]: None} if told["suspended"] else {}
    session.execute(delete(Stoppage).where(Stoppage.site == site))
    rows = [{"site": site, "since": since, "until": until} for since, until in (ended | running).items()]
    if rows:
        session.execute(insert(Stoppage).values(rows))


def stop(session: Session, told: dict[str, Any], at: datetime) -> None:
    """All works of a site stand still by an order of enforcement, from this day on."""
    _keep_order(session, told, "since", day_of(at))


def resume(session: Session, told: dict[str, Any], at: datetime) -> None:
    """… until before this day. May be heard of first."""
    _keep_order(session, told, "until", day_of(at))


def _keep_order(session: Session, told: dict[str, Any], name: str, day: date) -> None:
    if told["whole"] != "whole":
        return  # a part stands still: everybody else is due
    row = insert(OrderStoppage).values(
        order_id=told["order_id"], site=number_of(session, told["project_id"]), **{name: day}
    )
    session.execute(row.on_conflict_do_update(index_elements=["order_id"], set_={name: day}))
