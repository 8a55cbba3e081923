"""The register of organisations: what the approval of an enterprise's applications does to its row.

The hooks run in the transaction of the act on the application (see matters.base). Agencies and sign-in are in
`agencies`; the first step of an enterprise, its registration, in `registration`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.outbox import record
from chassis.principal import Principal
from chassis.searching import search_words
from filing import divisions
from filing.models import Organisation

if TYPE_CHECKING:
    from filing.matters.base import Form, Occasion

PENDING, OPEN, CLOSED = "pending", "open", "closed"
ENTERPRISE, AGENCY = "enterprise", "agency"
COLUMNS = ("name", "credit_code", "kinds", "address", "contact", "phone")


def take_registration(session: Session, occasion: "Occasion") -> None:
    """A registration handed in (again after a return): the row follows the form."""
    row = _applicant(session, occasion)
    refuse_taken_code(session, occasion.facts.form["credit_code"], but=row.id)
    write_form(row, occasion.facts.form)
    row.application_id = occasion.application.id
    row.version += 1


def open_enterprise(session: Session, occasion: "Occasion") -> None:
    """The registration is approved: the enterprise is open, and everybody is told."""
    row = _applicant(session, occasion)
    row.stage, row.opened_at = OPEN, occasion.at
    row.area = divisions.area_served(row.area, occasion.application.area)
    row.version += 1
    record(session, opened(row, occasion.principal, occasion.at))


def close_registration(session: Session, occasion: "Occasion") -> None:
    """Rejected or withdrawn: the credit code is free for another try."""
    row = _applicant(session, occasion)
    row.stage = CLOSED
    row.version += 1


def keep_filing(session: Session, occasion: "Occasion") -> None:
    """A lessor's or an installer's filing is approved: what later checks ask for stands in `details`, by matter."""
    row = _applicant(session, occasion)
    certificate = occasion.certificate
    assert certificate is not None
    kept = plain(occasion.facts.form) | {
        "number": certificate.number,
        "valid_to": certificate.valid_to.isoformat() if certificate.valid_to else None,
    }
    row.details = {**row.details, occasion.application.matter: kept}
    row.version += 1


def renew_papers(session: Session, occasion: "Occasion") -> None:
    """Newer papers are approved: later checks go by them; what the form leaves out stays as it was registered."""
    row = _applicant(session, occasion)
    row.details = {**row.details, **{name: each for name, each in plain(occasion.facts.form).items() if each}}
    row.version += 1


def opened(row: Organisation, principal: Principal, at: datetime) -> Event:
    """The event that tells of an organisation open from now on."""
    data = {
        "organisation_id": row.id,
        "version": row.version,
        "name": row.name,
        "credit_code": row.credit_code,
        "kind": row.kind,
        "kinds": list(row.kinds),
        "level": row.level,
        "area": row.area,
        "division": row.division,
        "at": at.isoformat(),
    }
    brief = principal.brief()
    return Event(type="organisation_opened", version=1, subject=row.id, data=data, principal=brief, occurred_at=at)


def write_form(row: Organisation, form: "Form") -> None:
    """The row as the registration's form has it; what has no column of its own goes to `details`."""
    place = divisions.division(form["division"])
    assert place is not None  # the form's schema has looked it up
    for name in COLUMNS:
        setattr(row, name, form[name])
    row.division, row.area = place.code, place.area
    row.details = plain({name: value for name, value in form.items() if name not in (*COLUMNS, "division")})
    row.search = search_words([row.name, row.credit_code])


def refuse_taken_code(session: Session, credit_code: str, but: str = "") -> None:
    """Refuses `Conflict("credit_code_taken")` while a living organisation has the code.

    The database holds the same by an index, for two that register at the same moment.
    """
    living = select(Organisation.id).where(
        Organisation.credit_code == credit_code, Organisation.stage != CLOSED, Organisation.id != but
    )
    if session.scalar(living) is not None:
        raise Conflict("credit_code_taken")


def plain(value: Any) -> Any:
    """JSON's own types: days as ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return value


def _applicant(session: Session, occasion: "Occasion") -> Organisation:
    return session.get_one(Organisation, occasion.application.applicant_id, with_for_update=True)
