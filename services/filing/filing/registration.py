"""An enterprise registers itself (R-A1): its row, its application and its hand-in are one step for somebody unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.findings import refuse_on_errors
from filing import files, matters, organisations
from filing.applications.drafts import begin, checked_attachments, checked_form, known_agency
from filing.applications.preparation import complete_form, prepare
from filing.applications.submission import hand_in
from filing.claims import Granted
from filing.desk import Command, Desk, Reply, once
from filing.matters.base import Form
from filing.models import Application, Organisation
from filing.permissions import permit

ACT = "register_enterprise"
MATTER = "enterprise_registration"
CREDIT_CODE_INDEX = "uq_organisation_credit_code"


def register_enterprise(
    desk: Desk,
    command: Command,
    *,
    organisation_id: str,
    application_id: str,
    form: Mapping[str, Any],
    attachments: Sequence[Mapping[str, Any]],
    agency_id: str | None = None,
) -> Reply:
    """Take a registration in, under ids of the gateway's choice; its account may sign in at once, to see and mend it.

    The agency of its division has 24 hours (C28). Refuses `Invalid` (form, attachments, agency), `Conflict`
    (credit_code_taken, id_taken, a finding). Then nothing is kept.
    """
    request = {
        "organisation_id": organisation_id,
        "application_id": application_id,
        "form": form,
        "attachments": list(attachments),
        "agency_id": agency_id,
    }
    looked = files.look_at(desk.look, attachments)

    def do(session: Session) -> Reply:
        permit(ACT, command.principal)
        matter = matters.ALL[MATTER]
        typed, papers = checked_form(matter, form), checked_attachments(matter, attachments, looked)
        loaded = complete_form(matter, typed, [each["code"] for each in papers])
        applicant = _new_enterprise(session, desk, organisation_id, application_id, loaded)
        application = begin(session, desk, matter, applicant, application_id, typed)
        application.attachments = papers
        application.agency_id = known_agency(session, agency_id) if agency_id else None
        return _hand_in(session, desk, command, applicant, application)

    try:
        return once(desk, command, ACT, request, do)
    except IntegrityError as error:
        raise _clash(error) from error


def _new_enterprise(
    session: Session, desk: Desk, organisation_id: str, application_id: str, form: Form
) -> Organisation:
    if session.get(Organisation, organisation_id) is not None or session.get(Application, application_id) is not None:
        raise Conflict("id_taken")
    organisations.refuse_taken_code(session, form["credit_code"])
    row = Organisation(
        id=organisation_id,
        kind=organisations.ENTERPRISE,
        stage=organisations.PENDING,
        application_id=application_id,
        created_at=desk.clock(),
    )
    organisations.write_form(row, form)
    session.add(row)
    session.flush()
    return row


def _hand_in(
    session: Session, desk: Desk, command: Command, applicant: Organisation, application: Application
) -> Reply:
    """As the enterprise that it is about to be, with a clerk's rights over its own application and no others."""
    registrant = replace(
        command.principal,
        organisation_id=applicant.id,
        organisation_name=applicant.name,
        organisation_kind=organisations.ENTERPRISE,
        roles=("clerk",),
    )
    matter = matters.ALL[MATTER]
    prepared = prepare(session, desk, matter, application, application.form, application.attachments)
    refuse_on_errors(prepared.findings)
    reply = hand_in(session, desk, Command(registrant), application.version, prepared, Granted())
    return reply | {"organisation_id": applicant.id}


def _clash(error: IntegrityError) -> Exception:
    """Two that register at the same moment: the database let one through."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", "")
    return Conflict("credit_code_taken" if name == CREDIT_CODE_INDEX else "id_taken")
