"""A leader's own leave: days that are no working days of his (建质[2011]111号: a quarter of *his* working days).

Nobody above him in the firm could grant it, so the firm records it, in time and with a reason, for all who read his month.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from attendance.models import LeaderLeave, Person, Shift
from attendance.permissions import permit
from attendance.terms import Leading
from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal

LONGEST = timedelta(days=30)  # from the first day to the last
EARLIEST = timedelta(days=90)
LATEST = timedelta(days=7)  # as for a shift: a month is not mended by leave that is thought of afterwards
ACT, UNDO = "record_leader_leave", "withdraw_leader_leave"
Reply = dict[str, Any]


def record_leave(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    person_id: str,
    first: date,
    last: date,
    reason: str,
) -> Reply:
    """By the firm that records his shifts: from `first` to `last`, both included.

    Refuses `NotFound("person_unknown")` for anybody of whom it never recorded one, `Conflict("leave_exists")` where days would
    be left out twice, and `Invalid` for days out of order, more than a month, a week past or a quarter ahead.
    """
    permit(ACT, principal)
    request = {"person_id": person_id, "first": first.isoformat(), "last": last.isoformat(), "reason": reason}
    with transaction(sessions) as session:
        if (reply := repeated(session, key, ACT, request)) is not None:
            return reply
        _check(first, last, day_of(clock()))
        person = _leader(session, principal, person_id)
        if other := next(iter(of_person(session, person, first, last)), None):
            told = {"first": other.first.isoformat(), "last": other.last.isoformat()}
            raise Conflict("leave_exists", leave_id=other.id, **told)
        leave = LeaderLeave(
            id=new_id(),
            person=person,
            firm_id=principal.organisation_id,
            first=first,
            last=last,
            reason=reason,
            recorded_at=clock(),
            recorded_by=dict(principal.brief()),
        )
        session.add(leave)
        session.flush()
        reply = {"leave_id": leave.id}
        remember(session, key, ACT, request, reply)
        journal.write(session, principal, ACT, leave.id, request, clock=clock)
        return reply


def withdraw_leave(sessions: Sessions, principal: Principal, clock: Clock, *, leave_id: str) -> Reply:
    """By the firm that recorded it; a repeat changes nothing. Refuses `NotFound("leave_unknown")` to all others."""
    permit(UNDO, principal)
    wanted = select(LeaderLeave).where(LeaderLeave.id == leave_id, LeaderLeave.firm_id == principal.organisation_id)
    with transaction(sessions) as session:
        leave = session.scalars(wanted.with_for_update()).one_or_none()
        if leave is None:
            raise NotFound("leave_unknown")
        if leave.withdrawn_at is None:
            leave.withdrawn_at, leave.withdrawn_by = clock(), dict(principal.brief())
            journal.write(session, principal, UNDO, leave.id, {}, clock=clock)
        return {"leave_id": leave.id}


def of_person(session: Session, person: int, first: date, last: date) -> Sequence[LeaderLeave]:
    """What touches these days and was not withdrawn, by its first day."""
    wanted = select(LeaderLeave).where(LeaderLeave.person == person, LeaderLeave.withdrawn_at.is_(None))
    wanted = wanted.where(LeaderLeave.first <= last, LeaderLeave.last >= first)
    return session.scalars(wanted.order_by(LeaderLeave.first)).all()


def records_his_shifts(session: Session, principal: Principal, person: int) -> bool:
    """Whether he is a leader of the principal's firm, as far as can be known here."""
    led = exists().where(
        Shift.person == person,
        Shift.firm_id == principal.organisation_id,
        Shift.leads_as == Leading.ENTERPRISE_LEADER,
    )
    return principal.is_enterprise and bool(session.scalar(select(led)))


def _leader(session: Session, principal: Principal, person_id: str) -> int:
    """His row is held, so that of two who record at once the second sees the first."""
    person = session.scalar(select(Person.number).where(Person.id == person_id).with_for_update())
    if person is None or not records_his_shifts(session, principal, person):
        raise NotFound("person_unknown")
    return person


def _check(first: date, last: date, today: date) -> None:
    if not first <= last <= first + LONGEST:
        raise Invalid.field("last", "out_of_range", min=first.isoformat(), max=(first + LONGEST).isoformat())
    if not today - LATEST <= first <= today + EARLIEST:
        bounds = {"min": (today - LATEST).isoformat(), "max": (today + EARLIEST).isoformat()}
        raise Invalid.field("first", "out_of_range", **bounds)
