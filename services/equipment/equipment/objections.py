"""What stands against a claim, read from the register: its machine's stage, who holds it, its age, the evidence."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy.orm import Session

from chassis.findings import Finding, error
from equipment import claims, findings, locks, machines, projects, stops
from equipment.findings import PICKED
from equipment.models import Machine, MachineClaim, MachineLock
from equipment.terms import FILINGS, Claim, HoldStage, MachineStage, Matter, Specification


def against(session: Session, claim: Claim, machine: Machine | None) -> list[Finding]:
    """All that stands against `claim` now, errors first found first. `machine` is the one it names, if that exists."""
    if claim.matter in FILINGS:
        return list(_against_filing(session, claim))
    if machine is None:
        return [error("machine_unknown", PICKED)]
    return [*_stage(machine), *AGAINST[claim.matter](session, claim, machine)]


def _against_filing(session: Session, claim: Claim) -> Iterator[Finding]:
    machine = claim.particulars
    if machine is None:
        return
    twin = machines.same_as(session, machine, but=machines.id_for(claim.application_id))
    if twin is not None:
        code = "machine_under_review" if twin.stage == MachineStage.UNDER_REVIEW else "machine_already_filed"
        yield error(code, "form.serial_number", filing_number=twin.filing_number)
    gone = machines.destroyed(session, machine)
    if gone is not None:
        yield error("machine_destroyed", "form.serial_number", filing_number=gone.filing_number)
    yield from findings.description(machine, claim.on)
    yield from findings.fitness(machine, claim.on)


def _stage(machine: Machine) -> Iterator[Finding]:
    """T6: a reason of its own for each stage in which nothing can be done with a machine."""
    if machine.stage == MachineStage.UNDER_REVIEW:
        yield error("machine_under_review", PICKED)
    elif machine.stage == MachineStage.CANCELLED:
        yield error("machine_cancelled" if machine.was_filed else "machine_not_filed", PICKED)
    if machine.frozen_since is not None:
        yield error("machine_frozen", PICKED, since=machine.frozen_since.isoformat(), reason=machine.frozen_reason)


def _against_install_notice(session: Session, claim: Claim, machine: Machine) -> Iterator[Finding]:
    lock = locks.active_lock(session, machine.id)
    if lock is not None and lock.application_id != claim.application_id:
        yield error("machine_locked", PICKED, **_holder(lock))
    leaving = claims.open_claim(session, machine.id, Matter.MACHINE_CANCELLATION)
    if leaving is not None:
        yield error("machine_being_cancelled", PICKED, **_applicant(leaving))
    yield from _stopped(session, claim)
    yield from findings.fitness(_as_assessed(machine, claim), claim.on, PICKED)


def _against_use_registration(session: Session, claim: Claim, machine: Machine) -> Iterator[Finding]:
    lock = locks.active_lock(session, machine.id)
    if lock is None or not _is_here(session, claim, lock):
        yield error("machine_not_on_project", PICKED, **(_holder(lock) if lock else {}))
    elif lock.stage != HoldStage.HELD:
        yield error("install_not_accepted", PICKED, **_holder(lock))
    elif machine.stage == MachineStage.REGISTERED:
        yield error("machine_already_registered", PICKED, registration_number=machine.registration_number)
    yield from _stopped(session, claim)
    yield from _open_elsewhere(session, claim)
    yield from findings.fitness(_as_assessed(machine, claim), claim.on, PICKED)
    yield from findings.inspection(claim.evidence.inspection, claim.on)
    yield from findings.acceptance(claim.evidence.acceptance, claim.on)


def _against_inspection_report(session: Session, claim: Claim, machine: Machine) -> Iterator[Finding]:
    """Only of a machine in use: before that, its papers come with the use registration."""
    lock = locks.active_lock(session, machine.id)
    if lock is None or not _is_here(session, claim, lock):
        yield error("machine_not_on_project", PICKED, **(_holder(lock) if lock else {}))
    elif machine.stage != MachineStage.REGISTERED:
        yield error("machine_not_in_use", PICKED)
    yield from _open_elsewhere(session, claim)
    if claim.evidence.assessment:
        yield from findings.fitness(_as_assessed(machine, claim), claim.on, PICKED)
    if claim.evidence.inspection:
        yield from findings.inspection(claim.evidence.inspection, claim.on)


def _against_dismantling(session: Session, claim: Claim, machine: Machine) -> Iterator[Finding]:
    lock = locks.active_lock(session, machine.id)
    if lock is None or not _is_here(session, claim, lock):
        yield error("machine_not_on_project", PICKED, **(_holder(lock) if lock else {}))
    elif lock.stage != HoldStage.HELD:
        yield error("machine_not_installed", PICKED, **_holder(lock))
    yield from _open_elsewhere(session, claim)


def _against_cancellation(session: Session, claim: Claim, machine: Machine) -> Iterator[Finding]:
    """76号 Art. 9, 10: its owner cancels a machine's filing; never of one that a project has (domain facts §2.5-8)."""
    if machine.owner_id != claim.applicant.organisation_id:
        yield error("not_owner_of_machine", PICKED)
    lock = locks.active_lock(session, machine.id)
    if lock is not None:
        yield error("machine_locked", PICKED, **_holder(lock))
    yield from _open_elsewhere(session, claim)


def _against_release(session: Session, claim: Claim, machine: Machine) -> Iterator[Finding]:
    lock = locks.active_lock(session, machine.id)
    if lock is None or not _is_here(session, claim, lock):
        yield error("machine_not_on_project", PICKED, **(_holder(lock) if lock else {}))
    elif lock.stage != HoldStage.HELD:
        yield error("install_not_accepted", PICKED, **_holder(lock))
    yield from _open_elsewhere(session, claim)


AGAINST = {
    Matter.INSTALL_NOTICE: _against_install_notice,
    Matter.USE_REGISTRATION: _against_use_registration,
    Matter.INSPECTION_REPORT: _against_inspection_report,
    Matter.DISMANTLING_NOTICE: _against_dismantling,
    Matter.MACHINE_CANCELLATION: _against_cancellation,
    Matter.MACHINE_RELEASE: _against_release,
}


def _stopped(session: Session, claim: Claim) -> Iterator[Finding]:
    """Where all works stand still by order, nothing is put up or taken into use; taking down stays possible."""
    if claim.project is None:
        return
    numbers = stops.standing(session, projects.resolved(session, claim.project.project_id))
    if numbers:
        yield error("project_stopped", "form.project_id", project=claim.project.name, orders=numbers)


def _open_elsewhere(session: Session, claim: Claim) -> Iterator[Finding]:
    """One open application of a matter for a machine (domain facts §2.5-6)."""
    other = claims.open_claim(session, claim.machine_id or "", claim.matter)
    if other is not None and other.application_id != claim.application_id:
        yield error("machine_application_open", PICKED, **_applicant(other))


def _is_here(session: Session, claim: Claim, lock: MachineLock) -> bool:
    return claim.project is not None and projects.resolved(session, claim.project.project_id) == lock.project_id


def _as_assessed(machine: Machine, claim: Claim) -> Specification:
    """With the newer assessment that the application brings, if it brings one."""
    known = machines.specification(machine)
    return replace(known, assessment=claim.evidence.assessment) if claim.evidence.assessment else known


def _holder(lock: MachineLock) -> dict[str, str]:
    return {
        "held_by": lock.project.name,
        "held_by_organisation": lock.applicant_name,
        "since": lock.granted_at.isoformat(),
    }


def _applicant(claim: MachineClaim) -> dict[str, str]:
    return {"matter": claim.matter, "applicant": claim.applicant_name, "since": claim.granted_at.isoformat()}
