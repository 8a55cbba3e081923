"""The life of a lock: provisional → reserved → held → released. One active lock a machine is the database's own rule.

Whoever changes a lock holds its machine's row before it, and before that, if need be, the application and the copy of
the project: one order, no deadlock. Granting needs the machine only shared: of many who grant at once, the partial
unique index lets one through.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from chassis.identifiers import new_id
from equipment import history, holds, ledger
from equipment.models import Machine, MachineClaim, MachineLock, ProjectCopy
from equipment.terms import Cause, HoldStage, MachineStage, Matter, Occasion, Party

ONE_ACTIVE_LOCK = "uq_machine_lock_active"
OWN_LOCK = "uq_machine_lock_application_id_machine_id"


def active_lock(session: Session, machine_id: str) -> MachineLock | None:
    """The lock on a machine, whoever holds it."""
    return session.scalars(
        select(MachineLock)
        .where(MachineLock.machine_id == machine_id, MachineLock.released_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()


def own_lock(session: Session, application_id: str, machine_id: str) -> MachineLock | None:
    """The lock that this application has, or had, on this machine; its row is held from now on."""
    return session.scalars(
        select(MachineLock)
        .where(MachineLock.machine_id == machine_id, MachineLock.application_id == application_id)
        .with_for_update(of=MachineLock)
        .execution_options(populate_existing=True)
    ).one_or_none()


def grant(
    session: Session,
    machine: Machine,
    own: MachineLock | None,
    application_id: str,
    applicant: Party,
    agency_id: str | None,
    project: ProjectCopy,
    occasion: Occasion,
) -> MachineLock | None:
    """A provisional lock, or None where somebody else was quicker. `own`, given up before, is taken up again."""
    lock = own or MachineLock(id=new_id(), machine_id=machine.id, application_id=application_id)
    try:
        with session.begin_nested():
            lock.matter, lock.project_id = Matter.INSTALL_NOTICE, project.project_id
            holds.start(lock, applicant, agency_id, occasion)
            session.add(lock)
            session.flush()
    except IntegrityError as error:
        if holds.broken_rule(error) not in (ONE_ACTIVE_LOCK, OWN_LOCK):
            raise
        return None
    set_committed_value(lock, "project", project)
    lock.granted_at = ledger.append(session, lock, "granted", occasion)
    history.note(session, machine, "lock_granted", occasion, **_reference(lock))
    return lock


def aim(session: Session, machine: Machine, lock: MachineLock, project: ProjectCopy, occasion: Occasion) -> None:
    """The application, not yet decided, names another project for the same machine."""
    if lock.project_id == project.project_id:
        return
    lock.project_id = project.project_id
    session.flush()
    session.refresh(lock, ["project"])
    ledger.append(session, lock, "project_changed", occasion)
    history.note(session, machine, "lock_project_changed", occasion, **_reference(lock))


def confirm(session: Session, machine: Machine, lock: MachineLock, occasion: Occasion) -> None:
    """The notice was submitted: provisional → reserved. Nothing to do where that is known already."""
    if lock.stage != HoldStage.PROVISIONAL:
        return
    lock.stage, lock.lapses_at = HoldStage.RESERVED, None
    effective_at = ledger.append(session, lock, "confirmed", occasion)
    machine.stage = MachineStage.LOCKED
    history.change(session, machine, "machine_locked", occasion, **_reference(lock))
    history.tell(session, "machine_locked", machine, occasion, effective_at, lock=lock)


def hold(session: Session, machine: Machine, lock: MachineLock, occasion: Occasion) -> None:
    """The notice was handled: → held, by way of reserved if that had not been heard."""
    confirm(session, machine, lock, occasion)
    if lock.stage != HoldStage.RESERVED:
        return
    lock.stage = HoldStage.HELD
    effective_at = ledger.append(session, lock, "held", occasion)
    machine.stage = MachineStage.INSTALLED
    history.change(session, machine, "machine_installed", occasion, **_reference(lock))
    history.tell(session, "machine_installed", machine, occasion, effective_at, lock=lock)


def release(
    session: Session, machine: Machine, lock: MachineLock, cause: Cause, occasion: Occasion, reason: str | None = None
) -> None:
    """The machine is free: open claims about this lock end with it, and a registration of use is void."""
    if lock.stage == HoldStage.RELEASED:
        return
    was_told = lock.stage != HoldStage.PROVISIONAL
    holds.end(lock, cause, occasion, reason)
    effective_at = ledger.append(session, lock, "released", occasion)
    lock.released_at = effective_at
    _end_claims(session, lock, occasion)
    if not was_told:
        history.note(session, machine, "lock_released", occasion, cause=cause, **_reference(lock))
        return
    machine.stage = MachineStage.FILED
    machine.registration_number = machine.registered_on = machine.inspection_valid_to = None
    history.change(session, machine, "machine_unlocked", occasion, cause=cause, reason=reason, **_reference(lock))
    history.tell(session, "machine_unlocked", machine, occasion, effective_at, lock=lock, cause=cause, reason=reason)


def move(session: Session, machine: Machine, lock: MachineLock, project: ProjectCopy, occasion: Occasion) -> None:
    """The lock's unfiled project was merged into a filed one: the lock stays, its project's id changes."""
    lock.project_id = project.project_id
    session.flush()
    session.refresh(lock, ["project"])
    ledger.append(session, lock, "project_merged", occasion)
    history.change(session, machine, "project_merged", occasion, **_reference(lock))


def _end_claims(session: Session, lock: MachineLock, occasion: Occasion) -> None:
    open_claims = select(MachineClaim).where(MachineClaim.lock_id == lock.id, MachineClaim.released_at.is_(None))
    for claim in session.scalars(open_claims):
        holds.end(claim, Cause.MACHINE_FREED, occasion)


def _reference(lock: MachineLock) -> dict[str, str]:
    return {
        "application_id": lock.application_id,
        "project_id": lock.project_id,
        "project_name": lock.project.name,
        "organisation_id": lock.applicant_id,
        "organisation_name": lock.applicant_name,
    }
