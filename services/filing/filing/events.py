"""The events that tell of an application, recorded with its change (names and fields: contract/events)."""

from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.outbox import record
from chassis.principal import Principal
from chassis.telemetry import current_trace
from filing.claims import plain, project_told
from filing.matters.base import Facts
from filing.models import Application, Certificate, Submission

VERSION = 1
NOTHING_CLAIMED: dict[str, Any] = {"machine_id": None, "particulars": None, "evidence": None, "people": []}


def record_application(
    session: Session,
    type_: str,
    application: Application,
    facts: Facts | None,
    principal: Principal,
    certificate: Certificate | None = None,
) -> None:
    """Record an event of an application that has just changed."""
    submission = last_submission(session, application)
    project = project_told(facts.project, application.agency_id) if facts else None
    data = told(application, submission, project, certificate)
    record(
        session,
        Event(
            type=type_,
            version=VERSION,
            subject=application.id,
            data=data,
            principal=principal.brief(),
            trace=current_trace(),
            occurred_at=application.changed_at,
        ),
    )


def told(
    application: Application,
    submission: Submission | None,
    project: dict[str, Any] | None,
    certificate: Certificate | None,
) -> dict[str, Any]:
    """An application as the owners of locks hear of it; what was claimed is that of its last submission."""
    claims = submission.claims if submission else NOTHING_CLAIMED
    return {
        "application_id": application.id,
        "matter": application.matter,
        "version": application.version,
        "stage": application.stage,
        "outcome": application.outcome,
        "applicant_id": application.applicant_id,
        "applicant_name": application.applicant_name,
        "agency_id": application.agency_id,
        "area": application.area,
        "at": application.changed_at.isoformat(),
        "project": project,
        "machine": {"machine_id": application.machine_id} if application.machine_id else None,
        "people": claims["people"],
        "particulars": claims["particulars"],
        "evidence": claims["evidence"],
        "certificate": certificate_told(certificate),
        "decision": application.decision,
        "resubmitted": application.round > 1,
    }


def certificate_told(certificate: Certificate | None) -> dict[str, Any] | None:
    if certificate is None:
        return None
    return {
        "number": certificate.number,
        "kind": certificate.kind,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_to": plain(certificate.valid_to),
    }


def last_submission(session: Session, application: Application) -> Submission | None:
    return session.get(Submission, (application.id, application.round)) if application.round else None
