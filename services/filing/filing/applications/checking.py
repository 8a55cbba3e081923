"""The machine-made check before handing in, and before an officer's review: everything that is to be said, nothing locked."""

from typing import Any

from sqlalchemy.orm import Session

from chassis.database import transaction
from chassis.errors import Conflict, Invalid
from chassis.findings import Finding, dump_all, from_refusal
from chassis.principal import Principal
from filing import claims, matters, offering
from filing.applications.preparation import Prepared, prepare
from filing.applications.submission import with_machine
from filing.applications.turn import find, whose
from filing.claims import Ask
from filing.desk import Desk, Reply
from filing.events import last_submission
from filing.models import Application
from filing.permissions import permit
from filing.workflow import EDITABLE, Stage


def check(desk: Desk, ask: Ask, principal: Principal, *, application_id: str) -> Reply:
    """All findings: of the applicant's working copy, or (for the agency) of what was handed in last; with them, what a
    page needs to hand it in: version, and who may handle it.

    A form that is not complete is answered with what is missing, before anybody else is asked.
    """
    with transaction(desk.sessions) as session:
        application = find(session, application_id)
        prepared = _prepared_or_findings(session, desk, principal, application)
        about = _about(session, principal, application)
    if isinstance(prepared, list):
        return about | {"findings": dump_all(prepared)}
    granted = claims.look(ask, prepared.matter.code, prepared.facts, prepared.claims, prepared.agency.id)
    return about | {"findings": dump_all(with_machine(prepared, granted).findings)}


def _about(session: Session, principal: Principal, application: Application) -> Reply:
    matter = matters.ALL[application.matter]
    return {
        "application_id": application.id,
        "matter": matter.code,
        "matter_title": matter.title,
        "stage": application.stage,
        "version": application.version,
        "agency_id": application.agency_id,
        "agencies": offering.offered(session, principal, matter, application.form),
    }


def _prepared_or_findings(
    session: Session, desk: Desk, principal: Principal, application: Application
) -> Prepared | list[Finding]:
    permit("check_application", principal, whose(session, application))
    if application.stage == Stage.CLOSED:
        raise Conflict("wrong_stage", act="check", stage=application.stage, version=application.version)
    form, attachments = _handed_in_or_typed(session, application, principal)
    try:
        return prepare(session, desk, matters.ALL[application.matter], application, form, attachments)
    except Invalid as refusal:
        return from_refusal(refusal)


def _handed_in_or_typed(
    session: Session, application: Application, principal: Principal
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    submission = last_submission(session, application)
    typed = application.stage in EDITABLE and principal.organisation_id == application.applicant_id
    if typed or submission is None:
        return application.form, application.attachments
    return submission.form, submission.attachments
