"""Machines: entered by a filing, known by maker and serial number, cancelled once and for ever."""

import re
import unicodedata
from dataclasses import asdict, fields
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.identifiers import derived_id
from chassis.searching import search_words
from equipment import history, holds, service_life
from equipment.models import Machine
from equipment.terms import (
    Assessment,
    Cause,
    Certificate,
    Claim,
    Ground,
    MachineStage,
    Matter,
    Occasion,
    Particulars,
    Party,
    Retirement,
    Specification,
)

SAME_SERIAL = "uq_machine_serial"
SAME_NUMBER = "uq_machine_filing_number"
DESTROYED = (Ground.SCRAPPED, Ground.UNFIT)


def id_for(application_id: str) -> str:
    """The id of the machine that a filing's application brings in: a repeat names the same one."""
    return derived_id("machine", application_id)


def shared(session: Session, machine_id: str) -> Machine | None:
    """The machine, kept as it is until the transaction ends; others may share it."""
    return _held(session, machine_id, shared=True)


def for_update(session: Session, machine_id: str) -> Machine | None:
    """The machine's row, as it is now, held until the transaction ends."""
    return _held(session, machine_id, shared=False)


def _held(session: Session, machine_id: str, *, shared: bool) -> Machine | None:
    return session.scalars(
        select(Machine)
        .where(Machine.id == machine_id)
        # "No key update" keeps sharers out as "update" does, but lets rows be written that merely point here.
        .with_for_update(read=shared, key_share=not shared)
        .execution_options(populate_existing=True)
    ).one_or_none()


def key(text: str) -> str:
    """A maker or serial number for comparing: half width, upper case, no blanks, one kind of dash (T2)."""
    return re.sub(r"[‐-―−]", "-", re.sub(r"\s", "", unicodedata.normalize("NFKC", text))).upper()


def specification(machine: Machine) -> Specification:
    """What the rules about age and bans look at."""
    return Specification(
        kind=machine.kind,
        name=machine.name,
        model=machine.model,
        made_on=machine.made_on,
        rated_moment_knm=machine.rated_moment_knm,
        hoist_drive=machine.hoist_drive,
        service_life_years=machine.service_life_years,
        assessment=read_assessment(machine),
    )


def particulars_of(machine: Machine) -> Particulars:
    """The machine as it was described last."""
    kept = {each.name: getattr(machine, each.name) for each in fields(Particulars) if each.name != "assessment"}
    return Particulars(**kept, assessment=read_assessment(machine))


def read_assessment(machine: Machine) -> Assessment | None:
    kept = machine.assessment
    if kept is None:
        return None
    valid_to = kept.get("valid_to")
    return Assessment(
        passed=kept["passed"],
        on=date.fromisoformat(kept["on"]),
        valid_to=date.fromisoformat(valid_to) if valid_to else None,
        body=kept["body"],
        report_number=kept["report_number"],
    )


def keep_assessment(machine: Machine, assessment: Assessment | None, on: date) -> None:
    """Put down the newest assessment and reckon anew until when the machine may be used."""
    machine.assessment = None
    if assessment is not None:
        valid_to = assessment.valid_to.isoformat() if assessment.valid_to else None
        machine.assessment = {**asdict(assessment), "on": assessment.on.isoformat(), "valid_to": valid_to}
    machine.service_ends_on = service_life.ends_on(specification(machine), on)


def enter(session: Session, claim: Claim, particulars: Particulars, occasion: Occasion) -> Machine | None:
    """The machine under review as its owner describes it now; None where the same machine is on file already.

    T2: one machine a maker and serial number, and one a filing number, among those not cancelled.
    """
    machine_id = id_for(claim.application_id)
    try:
        with session.begin_nested():
            machine = for_update(session, machine_id) or Machine(id=machine_id, recorded_at=occasion.now)
            machine.stage = MachineStage.UNDER_REVIEW
            _own(machine, claim.applicant, claim.agency_id)
            _describe(machine, particulars, claim.matter, occasion)
            session.add(machine)
            session.flush()
    except IntegrityError as error:
        if holds.broken_rule(error) not in (SAME_SERIAL, SAME_NUMBER, "pk_machine"):
            raise
        return None
    return machine


def same_as(session: Session, particulars: Particulars, but: str = "") -> Machine | None:
    """The machine on file, other than `but`, that has this maker and serial number, or this filing number."""
    same = (Machine.maker_key == key(particulars.maker)) & (Machine.serial_key == key(particulars.serial_number))
    if particulars.filing_number:
        same |= Machine.filing_number == particulars.filing_number
    return session.scalars(
        select(Machine).where(same, Machine.stage != MachineStage.CANCELLED, Machine.id != but).limit(1)
    ).first()


def destroyed(session: Session, particulars: Particulars) -> Machine | None:
    """The machine of this maker and serial number that was cancelled because it is no more."""
    return session.scalars(
        select(Machine).where(
            Machine.maker_key == key(particulars.maker),
            Machine.serial_key == key(particulars.serial_number),
            Machine.stage == MachineStage.CANCELLED,
            Machine.retired_for.in_(DESTROYED),
        )
    ).first()


def retire(
    session: Session,
    machine: Machine,
    occasion: Occasion,
    reason: str,
    retirement: Retirement | None = None,
    application_id: str | None = None,
) -> None:
    """注销: the filing is cancelled for good; the caller has seen that no project has the machine."""
    machine.stage = MachineStage.CANCELLED
    machine.retired_for = retirement.ground if retirement else None
    detail = {"ground": retirement.ground, "new_owner": retirement.new_owner or None} if retirement else {}
    history.change(
        session, machine, "machine_retired", occasion, reason=reason, application_id=application_id, **detail
    )
    history.tell(
        session,
        "machine_retired",
        machine,
        occasion,
        occasion.now,
        application_id=application_id,
        cause=Cause.RETIRED,
        reason=reason,
    )


def redescribe(
    session: Session, machine: Machine, particulars: Particulars, matter: Matter, occasion: Occasion
) -> None:
    """What was submitted is what counts, whatever was tried before."""
    _describe(machine, particulars, matter, occasion)
    session.flush()


def file(session: Session, machine: Machine, certificate: Certificate, application_id: str, occasion: Occasion) -> None:
    """Approved: the machine is on file under the certificate's number, and free."""
    machine.stage = MachineStage.FILED
    machine.filing_number = certificate.number
    machine.filed_on = machine.filed_on or certificate.issued_on or day_of(occasion.at)
    machine.filed_at = occasion.now
    index(machine)
    history.change(
        session, machine, "machine_filed", occasion, filing_number=certificate.number, application_id=application_id
    )
    history.tell(session, "machine_filed", machine, occasion, occasion.at, application_id=application_id)


def cancel_unfiled(session: Session, machine: Machine, cause: str, occasion: Occasion) -> None:
    """The filing came to nothing: maker and serial number are free for another one."""
    if machine.stage == MachineStage.UNDER_REVIEW:
        machine.stage = MachineStage.CANCELLED
        history.change(session, machine, "filing_ended", occasion, cause=cause)


def _describe(machine: Machine, particulars: Particulars, matter: Matter, occasion: Occasion) -> None:
    kept_apart = {"assessment", "filing_number", "filed_on"}
    for each in fields(particulars):
        if each.name not in kept_apart:
            setattr(machine, each.name, getattr(particulars, each.name))
    if matter == Matter.MACHINE_REGISTRATION:
        machine.filing_number, machine.filed_on = particulars.filing_number, particulars.filed_on
    machine.maker_key, machine.serial_key = key(particulars.maker), key(particulars.serial_number)
    machine.changed_at = occasion.now
    keep_assessment(machine, particulars.assessment, day_of(occasion.now))
    index(machine)


def _own(machine: Machine, owner: Party, agency_id: str | None) -> None:
    machine.owner_id, machine.owner_name, machine.owner_area = owner.organisation_id, owner.name, owner.area
    machine.agency_id = agency_id


def index(machine: Machine) -> None:
    """What the machine is found by from now on; whatever changes one of these ends with it."""
    numbers = (machine.filing_number, machine.serial_number, machine.registration_number)
    machine.search = search_words([*numbers, machine.model, machine.name, machine.owner_name])
