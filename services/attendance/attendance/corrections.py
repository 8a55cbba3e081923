"""Corrections: an officer's word on somebody's day, entered beside what the positions say while the month is open.

Nothing is changed: a correction is an entry, a mistaken one is withdrawn by another entry, and all of them are shown.
"""

from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from attendance import month_days, month_rows, site_months
from attendance.models import Correction, Duty, Person, Site
from attendance.permissions import permit, sites_seen
from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal

Reply = dict[str, Any]


def correct_day(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    person_id: str,
    project_id: str,
    day: date,
    verdict: str,
    reason: str,
    document: str,
) -> Reply:
    """Somebody was present, on leave or not to be counted that day, by a document.

    Refuses `NotFound("person_unknown")` for who had no duty there that day, `Conflict("month_closed")`, and `Invalid` for a
    day to come.
    """
    permit("correct_day", principal)
    request = {
        "person_id": person_id,
        "project_id": project_id,
        "day": day.isoformat(),
        "verdict": verdict,
        "reason": reason,
        "document": document,
    }
    today = day_of(clock())
    if day > today:
        raise Invalid.field("day", "out_of_range", max=today.isoformat())
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "correct_day", request)) is not None:
            return reply
        site = site_months.hold(session, principal, project_id)
        person = _on_duty(session, person_id, site, day)
        entry = Correction(person=person, site=site.number, day=day, verdict=verdict, reason=reason, document=document)
        reply = _enter(session, principal, clock, site, entry)
        remember(session, key, "correct_day", request, reply)
        journal.write(session, principal, "correct_day", entry.id, request, clock=clock)
        return reply


def withdraw_correction(
    sessions: Sessions, principal: Principal, clock: Clock, *, correction_id: str, reason: str
) -> Reply:
    """A mistaken one counts no more; what was entered before it does again.

    Refuses `NotFound("correction_unknown")`, `Conflict("correction_withdrawn")` the second time, `Conflict("month_closed")`.
    """
    permit("correct_day", principal)
    with transaction(sessions) as session:
        mistaken, project_id = _find(session, principal, correction_id)
        site = site_months.hold(session, principal, project_id)
        if session.scalar(select(exists().where(Correction.withdraws == mistaken.id))):
            raise Conflict("correction_withdrawn")
        entry = Correction(
            person=mistaken.person,
            site=mistaken.site,
            day=mistaken.day,
            reason=reason,
            document="",
            withdraws=mistaken.id,
        )
        reply = _enter(session, principal, clock, site, entry)
        detail = {"withdraws": mistaken.id, "reason": reason}
        journal.write(session, principal, "withdraw_correction", entry.id, detail, clock=clock)
        return reply


def of_person(session: Session, person_id: str, month: date) -> list[Correction]:
    """All entries on his month, the withdrawn ones with those that withdraw them, in the order of entry."""
    wanted = (
        select(Correction)
        .join(Person, Person.number == Correction.person)
        .where(Person.id == person_id, Correction.day.between(month, month_days.last_of(month)))
    )
    return list(session.scalars(wanted.order_by(Correction.number)))


def _enter(session: Session, principal: Principal, clock: Clock, site: Site, entry: Correction) -> Reply:
    """The site is held: the month cannot close meanwhile."""
    month = month_days.first_of(entry.day)
    site_months.refuse_closed(session, site.number, month, day_of(clock()))
    entry.id, entry.entered_at, entry.entered_by = new_id(), clock(), dict(principal.brief())
    session.add(entry)
    session.flush()
    month_rows.reckon_person(session, clock, site, month, entry.person)
    return {"correction_id": entry.id}


def _on_duty(session: Session, person_id: str, site: Site, day: date) -> int:
    wanted = (
        select(Person.number)
        .join(Duty, Duty.person == Person.number)
        .join(Site, Site.number == Duty.site)
        .where(Person.id == person_id, Site.number == site.number, month_rows.on_duty(day, day))
    )
    found = session.scalars(wanted.limit(1)).first()
    if found is None:
        raise NotFound("person_unknown")
    return found


def _find(session: Session, principal: Principal, correction_id: str) -> tuple[Correction, str]:
    wanted = (
        select(Correction, Site.id)
        .join(Site, Site.number == Correction.site)
        .where(Correction.id == correction_id, Correction.withdraws.is_(None), sites_seen(principal))
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise NotFound("correction_unknown")
    return row[0], row[1]
