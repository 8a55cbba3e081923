"""Phones: opened for somebody who is on duty, closed at once, each with its service period on record (R-M4)."""

from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from attendance.models import Device, DeviceSequence, Duty, Person, Site
from attendance.permissions import has_duty_in_sight, permit, staffed_by
from chassis import journal, paging
from chassis.clock import Clock
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.identifiers import new_id
from chassis.paging import Listed
from chassis.principal import Principal

MOST_GAPS = 100
Reply = dict[str, Any]


def open_device(
    sessions: Sessions, principal: Principal, clock: Clock, *, person_id: str, label: str, key: str | None
) -> Reply:
    """A phone for somebody whose post at a site the principal's firm has to staff; the one that he had before is closed.

    {"device_id", "device", "person"}: the last two are the numbers under which its positions travel. Refuses
    `Conflict("person_not_on_duty")` for anybody who has no such post now: he need not be located, or by his own firm.
    """
    permit("open_device", principal)
    request = {"person_id": person_id, "label": label}
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "open_device", request)) is not None:
            return reply
        person = _on_duty(session, principal, person_id)
        now = clock()
        for old in session.scalars(select(Device).where(Device.person == person, Device.closed_at.is_(None))):
            _close(old, principal, now)
        session.flush()
        device = Device(id=new_id(), person=person, label=label, opened_at=now, opened_by=dict(principal.brief()))
        session.add(device)
        session.flush()
        reply = {"device_id": device.id, "device": device.number, "person": person}
        remember(session, key, "open_device", request, reply)
        journal.write(session, principal, "open_device", device.id, {"person_id": person_id}, clock=clock)
        return reply


def close_device(sessions: Sessions, principal: Principal, clock: Clock, *, device_id: str) -> Reply:
    """By the firm whose man it is, or an agency: its service period ends now; a repeat changes nothing. What it measured
    before may still arrive."""
    permit("close_device", principal)
    with transaction(sessions) as session:
        device = _seen(session, principal, device_id)
        if principal.is_enterprise and not _is_own(session, principal, device):
            raise Forbidden("not_permitted", act="close_device")
        if device.closed_at is None:
            _close(device, principal, clock())
            journal.write(session, principal, "close_device", device.id, {}, clock=clock)
        return {"device_id": device.id, "closed_at": device.closed_at}


def list_devices(
    sessions: Sessions, principal: Principal, *, person_id: str | None, limit: int, after: str | None
) -> Reply:
    """Those of the people on duty at the sites that the principal sees, with their service periods; the newest first."""
    permit("read", principal)
    devices = (
        select(Device.id, Device.opened_at, Device, Person.id.label("person_id"))
        .join(Person, Person.number == Device.person)
        .where(has_duty_in_sight(principal, Device.person))
    )
    if person_id:
        devices = devices.where(Person.id == person_id)
    with transaction(sessions) as session:
        wanted, counted = paging.first(session, Listed(devices, Device.opened_at, Device.id), limit, after)
        shown, following = paging.page(session.execute(wanted).all(), limit, "opened_at")
    return {"items": [_told(each.Device, each.person_id) for each in shown], "next": following, **counted}


def missing(sessions: Sessions, principal: Principal, *, device_id: str) -> Reply:
    """Which of a device's own numbers have not arrived between the first and the last that did (R-D4)."""
    permit("read", principal)
    with transaction(sessions) as session:
        device = session.scalars(_in_sight(principal, device_id)).one_or_none()
        if device is None:
            raise NotFound("device_unknown")
        received = session.scalar(select(DeviceSequence.received).where(DeviceSequence.device == device.number))
    ranges: list[Range[int]] = sorted(received or [], key=lambda each: each.lower or 0)
    gaps = [
        {"first": one.upper, "last": other.lower - 1}
        for one, other in pairwise(ranges)
        if one.upper is not None and other.lower is not None
    ]
    last = ranges[-1].upper - 1 if ranges and ranges[-1].upper is not None else None
    return {"device_id": device_id, "last": last, "missing": gaps[:MOST_GAPS], "more": max(0, len(gaps) - MOST_GAPS)}


def _on_duty(session: Session, principal: Principal, person_id: str) -> int:
    found = session.scalars(
        select(Person.number)
        .join(Duty, Duty.person == Person.number)
        .join(Site, Site.number == Duty.site)
        .where(Person.id == person_id, staffed_by(principal), Duty.since.is_not(None), Duty.until.is_(None))
        .limit(1)
        .with_for_update(of=Person)
    ).first()
    if found is None:
        raise Conflict("person_not_on_duty", person_id=person_id)
    return found


def _seen(session: Session, principal: Principal, device_id: str) -> Device:
    """To be changed: held."""
    device = session.scalars(_in_sight(principal, device_id).with_for_update()).one_or_none()
    if device is None:
        raise NotFound("device_unknown")
    return device


def _is_own(session: Session, principal: Principal, device: Device) -> bool:
    """Also of who has left his post there since, and of a phone that the firm has opened itself."""
    his = exists().where(Duty.person == device.person, Site.number == Duty.site, staffed_by(principal))
    opened = device.opened_by.get("organisation_id") == principal.organisation_id
    return opened or bool(session.scalar(select(his)))


def _in_sight(principal: Principal, device_id: str) -> Select[Device]:
    return select(Device).where(Device.id == device_id, has_duty_in_sight(principal, Device.person))


def _close(device: Device, principal: Principal, now: datetime) -> None:
    device.closed_at, device.closed_by = now, dict(principal.brief())


def _told(device: Device, person_id: str) -> Reply:
    return {
        "device_id": device.id,
        "person_id": person_id,
        "label": device.label,
        "opened_at": device.opened_at,
        "closed_at": device.closed_at,
    }
