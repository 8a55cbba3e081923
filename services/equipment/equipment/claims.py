"""Open applications about a machine that do not move it: a filing, a registration of use, a dismantling.

One open application of a matter for a machine, by a partial unique index: a second one is refused, not queued.
"""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.identifiers import new_id
from equipment import history, holds
from equipment.models import Machine, MachineClaim, MachineLock
from equipment.terms import Cause, HoldStage, Matter, Occasion, Party

ONE_OPEN_CLAIM = "uq_machine_claim_active"
OWN_CLAIM = "uq_machine_claim_application_id_machine_id"


def open_claim(session: Session, machine_id: str, matter: Matter) -> MachineClaim | None:
    return session.scalars(
        select(MachineClaim).where(
            MachineClaim.machine_id == machine_id, MachineClaim.matter == matter, MachineClaim.released_at.is_(None)
        )
    ).one_or_none()


def own_claim(session: Session, application_id: str, machine_id: str) -> MachineClaim | None:
    """The claim that this application has, or had, on this machine; its row is held from now on."""
    return session.scalars(
        select(MachineClaim)
        .where(MachineClaim.machine_id == machine_id, MachineClaim.application_id == application_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def grant(
    session: Session,
    machine: Machine,
    own: MachineClaim | None,
    matter: Matter,
    application_id: str,
    applicant: Party,
    agency_id: str | None,
    lock: MachineLock | None,
    occasion: Occasion,
) -> MachineClaim | None:
    """A provisional claim, or None where another application of the matter is open. `own` is one given up before."""
    claim = own or MachineClaim(id=new_id(), machine_id=machine.id, application_id=application_id)
    try:
        with session.begin_nested():
            claim.matter, claim.lock_id = matter, lock.id if lock else None
            holds.start(claim, applicant, agency_id, occasion)
            session.add(claim)
            session.flush()
    except IntegrityError as error:
        if holds.broken_rule(error) not in (ONE_OPEN_CLAIM, OWN_CLAIM):
            raise
        return None
    return claim


def confirm(session: Session, machine: Machine, claim: MachineClaim, occasion: Occasion) -> None:
    """The application was submitted. Nothing to do where that is known already."""
    if claim.stage != HoldStage.PROVISIONAL:
        return
    claim.stage, claim.lapses_at = HoldStage.RESERVED, None
    history.note(session, machine, f"{claim.matter}_submitted", occasion, application_id=claim.application_id)


def end(session: Session, machine: Machine, claim: MachineClaim, cause: Cause, occasion: Occasion) -> None:
    """The application is over; what that means for the machine is the caller's to say."""
    if claim.stage == HoldStage.RELEASED:
        return
    was_submitted = claim.stage != HoldStage.PROVISIONAL
    holds.end(claim, cause, occasion)
    if was_submitted:
        history.note(session, machine, f"{claim.matter}_{cause}", occasion, application_id=claim.application_id)
