"""What filing says of an application, put into effect on its lock or claim.

Events, the answer to "may this lock lapse?" and the reconciler all come through here. Anything may come twice, late or
out of order: what is older than the version last heard of the application is passed over, and what has come into
effect already changes nothing. A hold that was given up too early is taken up again where the machine is still free.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from equipment import claims, history, holds, locks, machines, projects, restore
from equipment.findings import inspection_ends_on
from equipment.holds import Hold
from equipment.models import Machine, MachineClaim, MachineLock
from equipment.terms import (
    FILINGS,
    Cause,
    Contradiction,
    HoldStage,
    MachineStage,
    Matter,
    News,
    Occasion,
    Standing,
)
from equipment.words import GROUNDS

NOTHING = "use_registration_void"
ENDED = {
    Standing.GONE: Cause.LAPSED,
    Standing.WITHDRAWN: Cause.WITHDRAWN,
    Standing.REJECTED: Cause.REJECTED,
}


def apply(session: Session, news: News, occasion: Occasion) -> bool:
    """Put `news` into effect; whether anything changed by it. What has to be held is taken in the order of `reserve`.

    Raises `Contradiction` where it cannot be so: the machine is another's, or the number of an approval is not told.
    """
    holds.one_at_a_time(session, news.application_id)
    if news.project and news.matter == Matter.INSTALL_NOTICE:
        projects.copy_of(session, news.project)
    ids = sorted({*_machine_ids(session, news), *([news.machine_id] if news.machine_id else [])})
    rows = {each: machines.for_update(session, each) for each in ids}
    known = {each: machine for each, machine in rows.items() if machine is not None}
    found = [(machine, own) for machine in known.values() if (own := _own(session, news, machine))]
    if any(own.application_version > news.version for _, own in found):
        return False
    before = _state(found)
    if news.standing in ENDED:
        _end_all(session, news, found, occasion)
    else:
        found = _keep(session, news, known, found, occasion)
    for _, own in found:
        own.application_version = news.version
    return _state(found) != before


def _machine_ids(session: Session, news: News) -> Sequence[str]:
    if news.matter in FILINGS:
        return [machines.id_for(news.application_id)]
    table = MachineLock if news.matter == Matter.INSTALL_NOTICE else MachineClaim
    return session.scalars(select(table.machine_id).where(table.application_id == news.application_id)).all()


def _own(session: Session, news: News, machine: Machine) -> Hold | None:
    if news.matter == Matter.INSTALL_NOTICE:
        return locks.own_lock(session, news.application_id, machine.id)
    return claims.own_claim(session, news.application_id, machine.id)


def _state(found: list[tuple[Machine, Hold]]) -> list[tuple[str, str, str]]:
    return [(own.id, own.stage, machine.stage) for machine, own in found]


def _end_all(session: Session, news: News, found: list[tuple[Machine, Hold]], occasion: Occasion) -> None:
    for machine, own in found:
        is_running = own.lapses_at is not None and own.lapses_at > occasion.now
        # A draft may be about to be submitted: what it was granted a moment ago is not taken from it.
        if not (news.standing == Standing.GONE and is_running):
            _end(session, machine, own, ENDED[news.standing], occasion)


def _end(session: Session, machine: Machine, own: Hold, cause: Cause, occasion: Occasion) -> None:
    if isinstance(own, MachineLock):
        locks.release(session, machine, own, cause, occasion)
        return
    claims.end(session, machine, own, cause, occasion)
    if own.matter in FILINGS:
        machines.cancel_unfiled(session, machine, cause, occasion)


def _keep(
    session: Session, news: News, known: dict[str, Machine], found: list[tuple[Machine, Hold]], occasion: Occasion
) -> list[tuple[Machine, Hold]]:
    """The chosen machine's hold is confirmed, and more if the application was approved; another choice's ends."""
    chosen = _chosen(news, found)
    for machine, own in found:
        if machine.id not in chosen and _is_given_up(own, news, occasion):
            _end(session, machine, own, Cause.CHOICE_CHANGED, occasion)
    kept = {machine.id: own for machine, own in found}
    for machine_id in chosen:
        own = _active_or_final(session, news, known, kept.get(machine_id), machine_id, occasion)
        kept[machine_id] = own
        if own.released_at is None:
            _advance(session, news, known[machine_id], own, occasion)
        elif _came_to_nothing(own, news):
            history.note(session, known[machine_id], NOTHING, occasion, application_id=news.application_id)
    return [(known[machine_id], own) for machine_id, own in kept.items()]


def _active_or_final(
    session: Session, news: News, known: dict[str, Machine], own: Hold | None, machine_id: str, occasion: Occasion
) -> Hold:
    """The application's hold as it is, or taken up again where it had only lapsed, or was lost."""
    if own is not None and not _is_to_be_restored(own, news):
        return own
    hold, machine = restore.restored(session, news, known.get(machine_id), own, occasion)
    known[machine.id] = machine
    return hold


def _came_to_nothing(own: Hold, news: News) -> bool:
    """A registration approved while the word that the machine is free was on its way: filing cancels it when it hears."""
    is_first_word = news.version > own.application_version
    freed = own.cause == Cause.MACHINE_FREED and news.matter == Matter.USE_REGISTRATION
    return freed and news.standing == Standing.APPROVED and is_first_word


def _is_to_be_restored(own: Hold, news: News) -> bool:
    """A choice that was changed is not changed back by an old event, only by what filing says now."""
    if own.released_at is None:
        return False
    return own.cause == Cause.LAPSED or (own.cause == Cause.CHOICE_CHANGED and news.is_answer)


def _chosen(news: News, found: list[tuple[Machine, Hold]]) -> list[str]:
    """Which machine the application is about: as told, else what it was submitted with, else what it was granted."""
    if news.matter in FILINGS:
        return [machines.id_for(news.application_id)]
    if news.machine_id:
        return [news.machine_id]
    active = [(machine.id, own) for machine, own in found if own.released_at is None]
    submitted = [machine_id for machine_id, own in active if own.stage != HoldStage.PROVISIONAL]
    return submitted or [machine_id for machine_id, _ in active]


def _is_given_up(own: Hold, news: News, occasion: Occasion) -> bool:
    """Not one granted for a submission that is still to come: that lapses by itself, after asking."""
    if own.stage == HoldStage.PROVISIONAL:
        return news.is_answer and own.lapses_at is not None and own.lapses_at <= occasion.now
    return own.released_at is None


def _advance(session: Session, news: News, machine: Machine, own: Hold, occasion: Occasion) -> None:
    if isinstance(own, MachineLock):
        _advance_lock(session, news, machine, own, occasion)
        return
    if own.matter in FILINGS and news.particulars:
        machines.redescribe(session, machine, news.particulars, news.matter, occasion)
    claims.confirm(session, machine, own, occasion)
    if news.standing == Standing.APPROVED:
        APPROVALS[news.matter](session, news, machine, own, occasion)


def _advance_lock(session: Session, news: News, machine: Machine, lock: MachineLock, occasion: Occasion) -> None:
    if news.project and lock.stage != HoldStage.HELD:
        locks.aim(session, machine, lock, projects.copy_of(session, news.project), occasion)
    if news.standing != Standing.APPROVED:
        locks.confirm(session, machine, lock, occasion)
        return
    if news.evidence and news.evidence.assessment and lock.stage != HoldStage.HELD:
        machines.keep_assessment(machine, news.evidence.assessment, day_of(occasion.now))
    locks.hold(session, machine, lock, occasion)


def _approve_filing(session: Session, news: News, machine: Machine, claim: MachineClaim, occasion: Occasion) -> None:
    if news.certificate is None:
        raise Contradiction("certificate_unknown", application_id=news.application_id)
    claims.end(session, machine, claim, Cause.APPROVED, occasion)
    machines.file(session, machine, news.certificate, news.application_id, occasion)


def _approve_use(session: Session, news: News, machine: Machine, claim: MachineClaim, occasion: Occasion) -> None:
    if machine.stage != MachineStage.INSTALLED:
        raise Contradiction("machine_not_installed", application_id=news.application_id, machine_id=machine.id)
    claims.end(session, machine, claim, Cause.APPROVED, occasion)
    certificate, evidence = news.certificate, news.evidence
    machine.stage = MachineStage.REGISTERED
    machine.registration_number = certificate.number if certificate else None
    machines.index(machine)
    machine.registered_on = (certificate and certificate.issued_on) or day_of(occasion.at)
    if evidence and evidence.assessment:
        machines.keep_assessment(machine, evidence.assessment, day_of(occasion.now))
    if evidence and evidence.inspection:
        machine.inspection_valid_to = inspection_ends_on(evidence.inspection)
    detail = {"registration_number": machine.registration_number, "application_id": news.application_id}
    history.change(session, machine, "machine_registered", occasion, **detail)


def _approve_report(session: Session, news: News, machine: Machine, claim: MachineClaim, occasion: Occasion) -> None:
    """R-E5: the newer papers count, as long as the machine still stands where they were made."""
    claims.end(session, machine, claim, Cause.APPROVED, occasion)
    lock, evidence = locks.active_lock(session, machine.id), news.evidence
    if machine.stage != MachineStage.REGISTERED or lock is None or lock.id != claim.lock_id or evidence is None:
        return
    if evidence.assessment:
        machines.keep_assessment(machine, evidence.assessment, day_of(occasion.now))
    if evidence.inspection:
        known, told = machine.inspection_valid_to, inspection_ends_on(evidence.inspection)
        machine.inspection_valid_to = max(known, told) if known else told
    until = machine.inspection_valid_to.isoformat() if machine.inspection_valid_to else None
    detail = {"inspection_valid_to": until, "application_id": news.application_id}
    history.change(session, machine, "machine_inspected", occasion, **detail)


def _approve_dismantling(
    session: Session, news: News, machine: Machine, claim: MachineClaim, occasion: Occasion
) -> None:
    """R-E3: the machine is free with this, its registration of use void; only the lock that the notice was about."""
    claims.end(session, machine, claim, Cause.APPROVED, occasion)
    lock = session.get(MachineLock, claim.lock_id) if claim.lock_id else None
    if lock is not None:
        locks.release(session, machine, lock, Cause.DISMANTLED, occasion)


def _approve_cancellation(
    session: Session, news: News, machine: Machine, claim: MachineClaim, occasion: Occasion
) -> None:
    """Raises `Contradiction` where a project has got the machine all the same: an operator has to look."""
    if locks.active_lock(session, machine.id):
        raise Contradiction("machine_locked", application_id=news.application_id, machine_id=machine.id)
    claims.end(session, machine, claim, Cause.APPROVED, occasion)
    if machine.stage == MachineStage.CANCELLED:  # by the agency's own act meanwhile
        return
    retirement = news.evidence.retirement if news.evidence else None
    reason = GROUNDS[retirement.ground] if retirement else ""
    machines.retire(session, machine, occasion, reason, retirement, news.application_id)


def _approve_release(session: Session, news: News, machine: Machine, claim: MachineClaim, occasion: Occasion) -> None:
    """R-E4: the approval is the agency's act of unlocking, for its own reason; only of the lock that was asked about."""
    claims.end(session, machine, claim, Cause.APPROVED, occasion)
    lock = session.get(MachineLock, claim.lock_id) if claim.lock_id else None
    if lock is not None:
        locks.release(session, machine, lock, Cause.UNLOCKED, occasion, news.reason)


APPROVALS = {
    Matter.MACHINE_FILING: _approve_filing,
    Matter.MACHINE_REGISTRATION: _approve_filing,
    Matter.USE_REGISTRATION: _approve_use,
    Matter.INSPECTION_REPORT: _approve_report,
    Matter.DISMANTLING_NOTICE: _approve_dismantling,
    Matter.MACHINE_CANCELLATION: _approve_cancellation,
    Matter.MACHINE_RELEASE: _approve_release,
}
