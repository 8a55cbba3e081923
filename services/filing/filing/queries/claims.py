"""What the owners of locks may ask: how applications stand, and which ones live. For service principals only."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from filing.claims import project_told
from filing.events import told
from filing.facts import project_facts
from filing.models import Application, Certificate, Project, Submission
from filing.workflow import IN_HAND, Stage

MACHINE, PERSON = "machine", "person"
# In these stages an application should have what it claimed: a return keeps the locks.
CLAIMING = (*IN_HAND, Stage.RETURNED)


def get_claim_stages(session: Session, application_ids: Sequence[str]) -> dict[str, Any]:
    """How each of some applications stands, in the words of its events; None for an id that nobody has begun."""
    found = list(session.scalars(select(Application).where(Application.id.in_(application_ids))))
    standing = {each["application_id"]: each for each in _told(session, found)}
    return {"stages": {id_: standing.get(id_) for id_ in application_ids}}


def list_living_claims(session: Session, resource: str, limit: int, after: str | None) -> dict[str, Any]:
    """Applications under way that claim machines or people, by id: what their owners compare their locks with.

    A closed one is not listed: whoever has a lock of it asks for its stage by id.
    """
    wanted = select(Application).where(Application.stage.in_(CLAIMING), _claims(resource))
    if after:
        wanted = wanted.where(Application.id > after)
    rows = list(session.scalars(wanted.order_by(Application.id).limit(limit + 1)))
    shown = rows[:limit]
    return {"items": _told(session, shown), "next": shown[-1].id if len(rows) > limit else None}


def _claims(resource: str) -> Any:
    if resource == MACHINE:
        return Application.machine_id.is_not(None)
    return func.jsonb_array_length(Application.people) > 0


def _told(session: Session, rows: Iterable[Application]) -> list[dict[str, Any]]:
    found = list(rows)
    newest = tuple_(Submission.application_id, Submission.round).in_([(row.id, row.round) for row in found])
    submissions = {each.application_id: each for each in session.scalars(select(Submission).where(newest))}
    certificates = {
        each.application_id: each
        for each in session.scalars(
            select(Certificate).where(
                Certificate.application_id.in_([row.id for row in found]), Certificate.replaced_by.is_(None)
            )
        )
    }
    projects = {
        each.id: each
        for each in session.scalars(select(Project).where(Project.id.in_({row.project_id for row in found})))
    }
    return [
        _one(row, submissions.get(row.id), projects.get(row.project_id or ""), certificates.get(row.id))
        for row in found
    ]


def _one(
    row: Application, submission: Submission | None, project: Project | None, certificate: Certificate | None
) -> dict[str, Any]:
    place = project_told(project_facts(project), row.agency_id) if project else None
    return told(row, submission, place, certificate) | {"machine_id": row.machine_id, "project_id": row.project_id}
