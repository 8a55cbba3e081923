"""Certificates (证书, 回执): issued by an approval in its own transaction, cancelled, and checked by anybody."""

import secrets
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.identifiers import derived_id
from chassis.outbox import record
from chassis.principal import Principal
from chassis.telemetry import current_trace
from filing.matters.base import CertificateRule, Facts
from filing.models import Application, Certificate, CertificateAct, Organisation, Submission
from filing.numbering import next_number

VALID, SUSPENDED, CANCELLED, REPLACED = "valid", "suspended", "cancelled", "replaced"
STANDING = (VALID, SUSPENDED)  # what it says of the world is so, whether or not it may be used just now
ON_SITE = ("use_registration", "install_receipt")  # say that a machine stands on a project
ON_FILE = ("machine_filing", "machine_registration")  # say that a machine may be put up at all
# Read aloud and typed from paper: no 0/O, 1/I/L. 31^16 codes are 79 bits, so guessing one is hopeless.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 16


def new_code() -> str:
    """A verification code that nobody can guess."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def issue(
    session: Session,
    rule: CertificateRule,
    application: Application,
    facts: Facts,
    agency: Organisation,
    at: datetime,
    draw: Callable[[], str] = new_code,
) -> Certificate:
    """Issue what an approval issues; the number is taken last thing before it (see filing.numbering)."""
    certificate = Certificate(
        id=derived_id("certificate", application.id),
        kind=rule.kind,
        title=rule.title,
        number=_number(session, rule, facts, agency, at),
        verification_code=draw(),
        application_id=application.id,
        holder_id=application.applicant_id,
        holder_name=application.applicant_name,
        agency_id=agency.id,
        agency_name=agency.name,
        area=application.area,
        project_id=application.project_id,
        project_name=application.project_name,
        machine_id=application.machine_id,
        issued_at=at,
        issued_on=day_of(at),
        valid_to=rule.valid_to(facts),
        shown=dict(rule.shown(facts)),
    )
    session.add(certificate)
    session.flush()
    return certificate


def cancel_of_machine(
    session: Session,
    machine_id: str,
    kinds: Collection[str],
    principal: Principal,
    at: datetime,
    reason: str,
    *,
    project_id: str | None = None,
    handed_in_until: datetime | None = None,
) -> list[Certificate]:
    """Cancel the standing certificates of some kinds that a machine holds (for a project; handed in up to a moment), each
    told by an event."""
    wanted = select(Certificate).where(
        Certificate.machine_id == machine_id, Certificate.kind.in_(kinds), Certificate.stage.in_(STANDING)
    )
    if project_id is not None:
        wanted = wanted.where(Certificate.project_id == project_id)
    if handed_in_until is not None:
        wanted = wanted.where(_last_handed_in() <= handed_in_until)
    found = list(session.scalars(wanted.with_for_update()))
    for certificate in found:
        cancel(session, certificate, principal, at, reason)
    return found


def _last_handed_in() -> ScalarSelect[datetime]:
    """When the application that a certificate was issued on was handed in for the last time."""
    rounds = select(func.max(Submission.at)).where(Submission.application_id == Certificate.application_id)
    return rounds.scalar_subquery()


def cancel(session: Session, certificate: Certificate, principal: Principal, at: datetime, reason: str) -> None:
    """Cancel a standing certificate whose row is locked."""
    certificate.stage = CANCELLED
    certificate.cancelled_at = at
    certificate.cancel_reason = reason
    put_on_record(session, certificate, "cancel_certificate", principal, at, reason)
    record(session, _cancelled(certificate, principal, at))


def put_on_record(
    session: Session, certificate: Certificate, act: str, principal: Principal, at: datetime, reason: str
) -> None:
    """The certificate has changed by an act: its version rises, and who did it why is kept."""
    certificate.version += 1
    session.add(
        CertificateAct(
            certificate_id=certificate.id,
            version=certificate.version,
            act=act,
            at=at,
            by=principal.brief(),
            reason=reason,
        )
    )


def _cancelled(certificate: Certificate, principal: Principal, at: datetime) -> Event:
    data: dict[str, Any] = {
        "certificate_id": certificate.id,
        "version": certificate.version,
        "number": certificate.number,
        "kind": certificate.kind,
        "application_id": certificate.application_id,
        "machine_id": certificate.machine_id,
        "project_id": certificate.project_id,
        "at": at.isoformat(),
        "reason": certificate.cancel_reason,
    }
    return Event(
        type="certificate_cancelled",
        version=1,
        subject=certificate.id,
        data=data,
        principal=principal.brief(),
        trace=current_trace(),
        occurred_at=at,
    )


def _number(session: Session, rule: CertificateRule, facts: Facts, agency: Organisation, at: datetime) -> str:
    """The number that exists already, or the next free one: a number kept from paper may stand in the series.

    Refuses `Conflict("number_taken")` when the existing number has been issued or registered before.
    """
    given = rule.number_given(facts)
    if given is not None and _is_taken(session, given):
        raise Conflict("number_taken", number=given)
    number = given
    while number is None or (given is None and _is_taken(session, number)):
        number = next_number(session, rule.kind, agency, day_of(at), rule.parts(facts))
    return number


def _is_taken(session: Session, number: str) -> bool:
    """Cancelled ones too: a number is one machine's, or one approval's, for life (domain.md §1.6)."""
    taken = select(Certificate.id).where(Certificate.number == number)
    return session.scalars(taken.limit(1)).first() is not None
