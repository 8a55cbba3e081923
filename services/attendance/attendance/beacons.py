"""Bluetooth beacons (蓝牙信标): placed on a site and removed by the firm that builds it, each with its time and place on
record. What they prove, and what not: docs/decisions/0039.
"""

from typing import Any

from sqlalchemy import ColumnElement, func, select, text, tuple_
from sqlalchemy.orm import Session

from attendance import stale
from attendance.assignments import HELD
from attendance.models import Beacon, Site
from attendance.permissions import permit, sites_seen
from attendance.protocols.beacons import uuid_of
from chassis import journal, paging
from chassis.clock import Clock
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal

Reply = dict[str, Any]


def place(sessions: Sessions, principal: Principal, clock: Clock, *, key: str | None, **asked: Any) -> Reply:
    """A beacon stands on a site that the principal's firm builds, from now on.

    Refuses `NotFound("project_unknown")`, `Forbidden` to whoever does not build it, and `Conflict("beacon_standing")`
    where one of the same name stands already, here or elsewhere: it has to be removed there first.
    """
    permit("place_beacon", principal)
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "place_beacon", asked)) is not None:
            return reply
        site = _built_site(session, principal, asked["project_id"])
        _alone(session)
        name = {"uuid": uuid_of(asked["uuid"]), "major": asked["major"], "minor": asked["minor"]}
        _refuse_standing(session, name)
        now = clock()
        told = {"label": asked["label"], "place": asked["place"]}
        by = dict(principal.brief())
        beacon = Beacon(id=new_id(), site=site.number, placed_at=now, placed_by=by, **name, **told)
        session.add(beacon)
        session.flush()
        stale.of_beacon(session, site, _first_number(session, beacon), now)
        reply = {"beacon_id": beacon.id, "placed_at": now.isoformat()}
        remember(session, key, "place_beacon", asked, reply)
        journal.write(session, principal, "place_beacon", beacon.id, asked, clock=clock)
        return reply


def remove(sessions: Sessions, principal: Principal, clock: Clock, *, beacon_id: str) -> Reply:
    """It proves nothing from now on; a repeat changes nothing. What was heard of it before may still arrive."""
    permit("remove_beacon", principal)
    with transaction(sessions) as session:
        _alone(session)
        beacon, site = _seen(session, principal, beacon_id)
        if site.contractor_id != principal.organisation_id:
            raise Forbidden("not_permitted", act="remove_beacon")
        if beacon.removed_at is None:
            beacon.removed_at, beacon.removed_by = clock(), dict(principal.brief())
            session.flush()
            stale.of_beacon(session, site, _first_number(session, beacon), beacon.removed_at)
            journal.write(session, principal, "remove_beacon", beacon.id, {}, clock=clock)
        return {"beacon_id": beacon.id, "removed_at": beacon.removed_at}


def list_beacons(
    sessions: Sessions, principal: Principal, *, project_id: str | None, standing: bool, limit: int, after: str | None
) -> Reply:
    """Those of the sites that the principal sees, also removed ones unless `standing`; the newest first."""
    permit("read", principal)
    filters: list[ColumnElement[bool]] = [sites_seen(principal)]
    filters += [Site.id == project_id] if project_id else []
    filters += [Beacon.removed_at.is_(None)] if standing else []
    wanted = select(Beacon).join(Site, Site.number == Beacon.site).where(*filters)
    listed = paging.Listed(wanted, Beacon.placed_at, Beacon.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        shown, following = paging.page(session.scalars(page).all(), limit, "placed_at")
        places = select(Site).where(Site.number.in_({each.site for each in shown}))
        sites = {each.number: each for each in session.scalars(places)}
        items = [_told(each, sites[each.site], principal) for each in shown]
    return {"items": items, "next": following, **counted}


def _alone(session: Session) -> None:
    """No position is marked by what stood before once this commits (attendance.assignments)."""
    session.execute(text("select pg_advisory_xact_lock(:held), nextval('roster_version')"), {"held": HELD})


def _built_site(session: Session, principal: Principal, project_id: str) -> Site:
    site = session.scalars(select(Site).where(Site.id == project_id, sites_seen(principal))).one_or_none()
    if site is None:
        raise NotFound("project_unknown")
    if site.contractor_id != principal.organisation_id:
        raise Forbidden("not_permitted", act="place_beacon")
    return site


def _refuse_standing(session: Session, name: dict[str, Any]) -> None:
    """Nobody else can place one meanwhile: `_alone`. The index on standing ones holds it all the same."""
    other = session.scalars(select(Beacon).filter_by(**name).where(Beacon.removed_at.is_(None))).one_or_none()
    if other is not None:
        raise Conflict("beacon_standing", since=other.placed_at.isoformat())


def _first_number(session: Session, beacon: Beacon) -> int:
    """By which `sighting` knows all of its name."""
    same = tuple_(Beacon.uuid, Beacon.major, Beacon.minor) == (beacon.uuid, beacon.major, beacon.minor)
    return session.scalars(select(func.min(Beacon.number)).where(same)).one()


def _seen(session: Session, principal: Principal, beacon_id: str) -> tuple[Beacon, Site]:
    wanted = select(Beacon, Site).join(Site, Site.number == Beacon.site)
    wanted = wanted.where(Beacon.id == beacon_id, sites_seen(principal)).with_for_update(of=Beacon)
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("beacon_unknown")
    return row[0], row[1]


def _told(beacon: Beacon, site: Site, principal: Principal) -> Reply:
    """`acts` is what the reader may do with it now."""
    may_remove = beacon.removed_at is None and site.contractor_id == principal.organisation_id
    names = ("uuid", "major", "minor", "label", "place", "placed_at", "removed_at")
    return {name: getattr(beacon, name) for name in names} | {
        "beacon_id": beacon.id,
        "project_id": site.id,
        "project_name": site.name,
        "placed_by": beacon.placed_by.get("organisation_name", ""),
        "removed_by": (beacon.removed_by or {}).get("organisation_name"),
        "acts": ["remove_beacon"] if may_remove else [],
    }
