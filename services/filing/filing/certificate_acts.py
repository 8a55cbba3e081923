"""What an agency does with a certificate that it has issued: suspend, resume, cancel, reissue. Each with a reason, on record.

What says how things stand in a register (a machine on file, on a site; a project under supervision) ends with that, by
the act that ends it there, and never by itself: else the paper and the register would contradict each other.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import day_of
from chassis.errors import Conflict, NotFound
from chassis.identifiers import new_id
from filing import certificates
from filing.certificates import REPLACED, SUSPENDED, VALID
from filing.desk import Command, Desk, Reply, once
from filing.models import Certificate, Organisation
from filing.numbering import next_number
from filing.permissions import Of, permit

# Kind → the act by which the certificate is cancelled with what it says. Their numbers stand in the registers as well,
# so they never change either.
ENDS_BY = {
    "machine_filing": "retire_machine",
    "machine_registration": "retire_machine",
    "install_receipt": "unlock_machine",
    "use_registration": "unlock_machine",
    "safety_filing": "close_project",
}
POSSIBLE = {
    VALID: ("suspend_certificate", "cancel_certificate", "reissue_certificate"),
    SUSPENDED: ("resume_certificate", "cancel_certificate"),
}
Change = Callable[[Session, Certificate], Reply]


def suspend_certificate(desk: Desk, command: Command, *, certificate_id: str, version: int, reason: str) -> Reply:
    """Until it is resumed it counts for nothing: whoever checks it reads that, and no application can rely on it."""

    def change(session: Session, certificate: Certificate) -> Reply:
        certificate.stage = SUSPENDED
        certificates.put_on_record(session, certificate, act, command.principal, desk.clock(), reason)
        return {}

    act = "suspend_certificate"
    return _act(desk, command, act, certificate_id, version, {"reason": reason}, change)


def resume_certificate(desk: Desk, command: Command, *, certificate_id: str, version: int, reason: str) -> Reply:
    def change(session: Session, certificate: Certificate) -> Reply:
        certificate.stage = VALID
        certificates.put_on_record(session, certificate, act, command.principal, desk.clock(), reason)
        return {}

    act = "resume_certificate"
    return _act(desk, command, act, certificate_id, version, {"reason": reason}, change)


def cancel_certificate(desk: Desk, command: Command, *, certificate_id: str, version: int, reason: str) -> Reply:
    """For good. Refuses `Conflict("certificate_follows_register")` for what ends by an act of another kind."""

    def change(session: Session, certificate: Certificate) -> Reply:
        if certificate.kind in ENDS_BY:
            raise Conflict("certificate_follows_register", kind=certificate.kind, act=ENDS_BY[certificate.kind])
        certificates.cancel(session, certificate, command.principal, desk.clock(), reason)
        return {}

    return _act(desk, command, "cancel_certificate", certificate_id, version, {"reason": reason}, change)


def reissue_certificate(
    desk: Desk, command: Command, *, certificate_id: str, version: int, reason: str, new_number: bool = False
) -> Reply:
    """A copy after a loss (补发), under the same number, or a new number (换发). The old paper's code then tells that it was
    replaced, and by which number. It stays the certificate of the same approval, of the same day.

    Refuses `Conflict("number_is_for_life")` where a register knows the number.
    """

    def change(session: Session, certificate: Certificate) -> Reply:
        if new_number and certificate.kind in ENDS_BY:
            raise Conflict("number_is_for_life", number=certificate.number)
        certificate.stage, certificate.replaced_by = REPLACED, new_id()
        certificates.put_on_record(session, certificate, act, command.principal, desk.clock(), reason)
        session.flush()  # its number is free for the new one now
        issued = _issue_again(session, desk, certificate, new_number)
        return {"reissued": {"certificate_id": issued.id, "number": issued.number, "version": issued.version}}

    act = "reissue_certificate"
    return _act(desk, command, act, certificate_id, version, {"reason": reason, "new_number": new_number}, change)


def whose(certificate: Certificate) -> Of:
    return Of(owners=(certificate.holder_id,), agency_id=certificate.agency_id, area=certificate.area)


def possible(certificate: Certificate) -> tuple[str, ...]:
    """The acts that make sense, whoever may do them."""
    acts = POSSIBLE.get(certificate.stage, ())
    return tuple(each for each in acts if each != "cancel_certificate" or certificate.kind not in ENDS_BY)


def _act(
    desk: Desk, command: Command, act: str, certificate_id: str, version: int, said: Reply, change: Change
) -> Reply:
    request = {"certificate_id": certificate_id, "version": version, **said}

    def do(session: Session) -> Reply:
        certificate = session.get(Certificate, certificate_id, with_for_update=True)
        if certificate is None:
            raise NotFound("not_found")
        permit(act, command.principal, whose(certificate))
        if certificate.version != version:
            raise Conflict("stale_version", version=certificate.version, stage=certificate.stage)
        if act not in POSSIBLE.get(certificate.stage, ()):
            raise Conflict("certificate_stage", act=act, stage=certificate.stage)
        more = change(session, certificate)
        detail = {"number": certificate.number, **said}
        journal.write(session, command.principal, act, certificate.id, detail, clock=desk.clock)
        head = {"certificate_id": certificate.id, "version": certificate.version, "stage": certificate.stage}
        return head | more

    return once(desk, command, act, request, do)


def _issue_again(session: Session, desk: Desk, old: Certificate, new_number: bool) -> Certificate:
    assert old.replaced_by is not None
    kept = {
        column.key: getattr(old, column.key)
        for column in Certificate.__table__.columns
        if column.key not in ("id", "version", "stage", "replaces", "replaced_by", "verification_code", "number")
    }
    agency = session.get_one(Organisation, old.agency_id)
    number = next_number(session, old.kind, agency, day_of(desk.clock()), {}) if new_number else old.number
    issued = Certificate(
        **kept,
        id=old.replaced_by,
        stage=VALID,
        number=number,
        verification_code=certificates.new_code(),
        replaces=old.id,
    )
    session.add(issued)
    session.flush()
    return issued
