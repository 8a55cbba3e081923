"""The claim: before an application is submitted, filing asks for its machine, and gets it for minutes.

One short transaction, no call to anybody. All that stands against the claim is told at once. The machine's row is held
*shared*, so that it cannot be frozen or cancelled meanwhile; among those who ask together the indexes decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Unavailable
from chassis.findings import Finding, dump_all, refuse_on_errors
from chassis.principal import Principal
from equipment import claims, holds, locks, machines, projects
from equipment.holds import Hold
from equipment.models import Machine, MachineClaim, MachineLock, ProjectCopy
from equipment.objections import against
from equipment.permissions import permit_claim
from equipment.queries import brief
from equipment.schemas import claim_of
from equipment.terms import FILINGS, MAY_ASK_AGAIN, Cause, Claim, HoldStage, Matter, Occasion

# Somebody else got the machine and gave it up again between our asking and our looking, this often in a row.
TRIES = 3


@dataclass(frozen=True)
class Granted:
    """`others` are the machines that the application had chosen before, and was not submitted with."""

    machine: Machine
    hold: Hold
    found: list[Finding]
    others: Sequence[str]


def reserve(sessions: Sessions, principal: Principal, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """What stands against the claim and, unless `check_only`, the machine for it until `granted_until`.

    A repeat for the same application finds its own hold; another choice takes the place of one not yet submitted.
    Refuses `Conflict` with the first error's code and detail and with all `findings`; nothing is changed then.
    """
    claim = claim_of(request)
    permit_claim(claim, principal)
    now = clock()
    occasion = Occasion(at=now, now=now, by=dict(principal.brief()))
    with transaction(sessions) as session:
        if claim.check_only:
            machine = session.get(Machine, _machine_id(claim))
            return _reply(machine, None, against(session, claim, machine))
        granted = _grant(session, claim, occasion)
        _give_up(session, claim, granted.others, occasion)
        if granted.hold.stage == HoldStage.PROVISIONAL:
            detail = {"matter": claim.matter, "application_id": claim.application_id}
            journal.write(session, principal, "reserve_machine", granted.machine.id, detail, clock=clock)
        return _reply(granted.machine, granted.hold, granted.found)


def _grant(session: Session, claim: Claim, occasion: Occasion) -> Granted:
    # Application, project, machines by id, holds: who changes locks takes them in this order; nobody waits in a ring.
    holds.one_at_a_time(session, claim.application_id)
    site = projects.copy_of(session, claim.project) if claim.matter == Matter.INSTALL_NOTICE and claim.project else None
    for _ in range(TRIES):
        others = _others(session, claim)
        machine = _held_machine(session, claim, others)
        found = against(session, claim, machine)
        refuse_on_errors(found)
        if claim.matter in FILINGS and claim.particulars:
            machine = machines.enter(session, claim, claim.particulars, occasion)
        hold = machine and _hold(session, claim, machine, site, occasion)
        if machine and hold:
            return Granted(machine, hold, found, others)
    raise Unavailable("machine_contended", retry_after=1)


def _held_machine(session: Session, claim: Claim, others: Sequence[str]) -> Machine | None:
    """The machine that is asked for, held shared, and with it those to be given up; a filing's is held by `enter`.

    Whoever cancels a machine's filing holds it alone: an install notice asked for in the same moment waits, and sees it.
    """
    if claim.matter in FILINGS:
        return None
    wanted = _machine_id(claim)
    is_shared = claim.matter != Matter.MACHINE_CANCELLATION
    held = {
        each: machines.shared(session, each) if each == wanted and is_shared else machines.for_update(session, each)
        for each in sorted({wanted, *others})
    }
    return held[wanted]


def _hold(
    session: Session, claim: Claim, machine: Machine, site: ProjectCopy | None, occasion: Occasion
) -> Hold | None:
    """The application's own hold on the machine, or a new one; None where somebody else was quicker."""
    own = _own(session, claim, machine.id)
    if own is not None and own.released_at is None:
        holds.prolong(own, occasion)
        if isinstance(own, MachineLock) and site is not None:
            locks.aim(session, machine, own, site, occasion)
        return own
    if own is not None and own.cause not in MAY_ASK_AGAIN:
        raise Conflict("application_closed", cause=own.cause)
    who = (claim.application_id, claim.applicant, claim.agency_id)
    if site is not None and not isinstance(own, MachineClaim):
        return locks.grant(session, machine, own, *who, site, occasion)
    assert not isinstance(own, MachineLock)
    lock = locks.active_lock(session, machine.id)
    return claims.grant(session, machine, own, claim.matter, *who, lock, occasion)


def _own(session: Session, claim: Claim, machine_id: str) -> Hold | None:
    if claim.matter == Matter.INSTALL_NOTICE:
        return locks.own_lock(session, claim.application_id, machine_id)
    return claims.own_claim(session, claim.application_id, machine_id)


def _others(session: Session, claim: Claim) -> Sequence[str]:
    table = MachineLock if claim.matter == Matter.INSTALL_NOTICE else MachineClaim
    others = select(table.machine_id).where(
        table.application_id == claim.application_id,
        table.machine_id != _machine_id(claim),
        table.stage == HoldStage.PROVISIONAL,
    )
    return session.scalars(others).all()


def _give_up(session: Session, claim: Claim, others: Sequence[str], occasion: Occasion) -> None:
    """The new choice takes the place of one never submitted. A submitted one stays until the new one is submitted too."""
    for other_id in others:
        other, hold = session.get_one(Machine, other_id), _own(session, claim, other_id)
        if isinstance(hold, MachineLock):
            locks.release(session, other, hold, Cause.CHOICE_CHANGED, occasion)
        elif hold is not None:
            claims.end(session, other, hold, Cause.CHOICE_CHANGED, occasion)


def _machine_id(claim: Claim) -> str:
    return machines.id_for(claim.application_id) if claim.matter in FILINGS else claim.machine_id or ""


def _reply(machine: Machine | None, hold: Hold | None, found: list[Finding]) -> dict[str, Any]:
    return {
        "granted_until": hold.lapses_at if hold else None,
        "machine": brief(machine) if machine else None,
        "findings": dump_all(found),
    }
