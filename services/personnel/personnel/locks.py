"""The life of a lock: provisional → reserved → held → released.

Whoever changes locks holds first the application (where it is one application's doing), then the rows of all people
concerned in the order of their ids: one order, no deadlock, and claims on one person see each other. What holds whatever
the code does is the unique index on (person, group, slot) of active locks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, text
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.envelope import Event
from chassis.identifiers import new_id
from chassis.outbox import record
from personnel import capacity, ledger
from personnel.models import Person, PersonLock, ProjectCopy
from personnel.terms import Cause, Claim, Group, HoldStage, Named, Occasion

LAPSES_AFTER = timedelta(minutes=5)
ACTIVE = PersonLock.released_at.is_(None)
ON_MACHINE = (Group.OPERATOR, Group.CREW)

Wanted = tuple[Named, bool]  # whom a claim names, and whether he needs its exception


def hold_application(session: Session, application_id: str) -> None:
    """Until the transaction ends nobody else changes the locks of this application."""
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:id, 7))"), {"id": application_id})


def hold_people(session: Session, person_ids: Collection[str], *locked_by: ColumnElement[bool]) -> set[str]:
    """Until the transaction ends nobody else changes the locks of these people, and of those whose active locks meet
    any of the conditions; returns all of their ids. To be called once in a transaction."""
    ids = set(person_ids)
    for condition in locked_by:
        ids |= set(session.scalars(select(PersonLock.person_id).where(ACTIVE, condition)))
    rows = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    return set(session.scalars(rows.with_for_update(key_share=True)))


def active(session: Session, person_ids: Collection[str], *conditions: ColumnElement[bool]) -> list[PersonLock]:
    """The active locks of these people that meet all conditions, the oldest first."""
    found = select(PersonLock).where(ACTIVE, PersonLock.person_id.in_(person_ids), *conditions)
    return list(session.scalars(found.order_by(PersonLock.id)))


def of_application(application_id: str) -> ColumnElement[bool]:
    return PersonLock.application_id == application_id


def on_project(project_id: str) -> ColumnElement[bool]:
    return PersonLock.project_id == project_id


def at_machine(machine_id: str, groups: Iterable[Group] = ON_MACHINE) -> ColumnElement[bool]:
    """The operators, the crews, or both."""
    return (PersonLock.machine_id == machine_id) & PersonLock.capacity_group.in_(list(groups))


def in_group(group: Group) -> ColumnElement[bool]:
    return PersonLock.capacity_group == group


def grant(
    session: Session,
    claim: Claim,
    wanted: Sequence[Wanted],
    project: ProjectCopy,
    occasion: Occasion,
    *,
    beside: Iterable[PersonLock],
) -> list[PersonLock]:
    """Provisional locks for minutes, one for each wanted; raises `capacity.Full`.

    The caller holds the people's rows; `beside` are the locks that they have.
    """
    taken: dict[tuple[str, Group], list[int | None]] = defaultdict(list)
    for each in beside:
        if each.stage != HoldStage.RELEASED:
            taken[each.person_id, Group(each.capacity_group)].append(each.slot)
    granted = []
    for named, exempt in wanted:
        slots = taken[named.person_id, named.group]
        slots.append(capacity.free_slot(named.group, slots, day_of(occasion.now), exempt=exempt))
        granted.append(_provisional(claim, named, slots[-1], project, occasion, exempt=exempt))
    session.add_all(granted)
    session.flush()
    ledger.append_all(session, granted, ledger.GRANTED, occasion)
    return granted


def _provisional(
    claim: Claim, named: Named, slot: int | None, project: ProjectCopy, occasion: Occasion, *, exempt: bool
) -> PersonLock:
    return PersonLock(
        id=new_id(),
        person_id=named.person_id,
        role=named.role,
        capacity_group=named.group,
        slot=slot,
        exemption={"kind": named.exemption, "project_id": named.exempting_project_id} if exempt else None,
        replaces=named.replaces,
        application_id=claim.application_id,
        application_version=0,
        matter=claim.matter,
        applicant_id=claim.applicant_id,
        agency_id=claim.agency_id,
        project_id=project.project_id,
        machine_id=claim.machine_id,
        stage=HoldStage.PROVISIONAL,
        granted_at=occasion.now,
        lapses_at=occasion.now + LAPSES_AFTER,
    )


def prolong(lock: PersonLock, occasion: Occasion) -> None:
    """The same application asks again: a provisional lock lapses later."""
    if lock.stage == HoldStage.PROVISIONAL:
        lock.lapses_at = occasion.now + LAPSES_AFTER


def confirm(session: Session, locks: Iterable[PersonLock], occasion: Occasion) -> None:
    """Their application was submitted: provisional → reserved. Nothing to do where that is known already."""
    confirmed = [each for each in locks if each.stage == HoldStage.PROVISIONAL]
    for each in confirmed:
        each.stage, each.lapses_at = HoldStage.RESERVED, None
    if confirmed:
        ledger.append_all(session, confirmed, "confirmed", occasion)


def hold(session: Session, lock: PersonLock, occasion: Occasion) -> None:
    """The application was approved: → held, by way of reserved if that had not been heard; others are told."""
    confirm(session, [lock], occasion)
    if lock.stage != HoldStage.RESERVED:
        return
    lock.stage = HoldStage.HELD
    lock.held_at = ledger.append(session, lock, "held", occasion)
    if lock.replaces is None:
        _tell(session, "person_locked", lock, lock.held_at, occasion)
    else:
        _tell(session, "person_replaced", lock, lock.held_at, occasion, replaced_person_id=lock.replaces)


def release(session: Session, lock: PersonLock, cause: Cause, occasion: Occasion, reason: str | None = None) -> None:
    """The person is free, and others are told if they had been told of the lock.

    Of one who is replaced they hear by the `person_replaced` of his successor.
    """
    if lock.stage == HoldStage.RELEASED:
        return
    was_told = lock.stage == HoldStage.HELD and cause != Cause.REPLACED
    lock.stage, lock.lapses_at, lock.released_at = HoldStage.RELEASED, None, occasion.now
    lock.cause, lock.reason, lock.released_by = cause, reason, dict(occasion.by)
    session.flush()
    _close_gap(session, lock)
    effective_at = ledger.append(session, lock, "released", occasion)
    if was_told:
        _tell(session, "person_unlocked", lock, effective_at, occasion)


def move(session: Session, lock: PersonLock, project: ProjectCopy, occasion: Occasion) -> None:
    """The lock's unfiled project was merged into a filed one: the lock stays, its project's id changes."""
    lock.project_id = project.project_id
    session.flush()
    session.refresh(lock, ["project"])
    ledger.append(session, lock, "project_merged", occasion)


def _close_gap(session: Session, released: PersonLock) -> None:
    """An exempted lock moves into the ordinary slot that goes free: whoever has no exception must find it taken."""
    if released.capacity_group != Group.FULL_TIME or released.slot != 1:
        return
    left = active(session, [released.person_id], in_group(Group.FULL_TIME))
    if left:
        min(left, key=lambda each: each.slot or 0).slot = 1
        session.flush()


def _tell(
    session: Session, kind: str, lock: PersonLock, since: datetime, occasion: Occasion, **more: str | None
) -> None:
    data = {
        "person_id": lock.person_id,
        "name": session.get_one(Person, lock.person_id).name,
        "role": lock.role,
        "project_id": lock.project_id,
        "machine_id": lock.machine_id,
        "application_id": lock.application_id,
        "since": since.isoformat(),
        "reason": lock.reason or lock.cause,
        "by": dict(occasion.by),
    }
    record(
        session,
        Event(
            type=kind,
            version=1,
            subject=lock.person_id,
            data=data | more,
            principal=dict(occasion.by),
            occurred_at=occasion.now,
        ),
    )
