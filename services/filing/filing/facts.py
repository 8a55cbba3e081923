"""Loads what the rules of a matter may look at (`matters.base.Facts`) in one short read."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.workdays import Calendar
from filing import divisions, legal_clock
from filing.matters.base import Facts, Form, Matter, Party, ProjectFacts
from filing.models import Application, Certificate, Organisation, Project

PROJECT_ROLES = ("owner", "contractor", "supervisor")


def load_facts(
    session: Session,
    matter: Matter,
    application: Application,
    form: Form,
    today: date,
    calendar: Calendar,
    *,
    machine: Mapping[str, Any] | None = None,
    attachments: Iterable[str] = (),
    project_id: str | None = None,
) -> Facts:
    """The facts of an application with a loaded form; the application's row need not be locked.

    `project_id` goes before what the form names: its project may have been merged into another since.
    """
    project = find_project(session, matter, application, form, project_id)
    roles = [project.party(role) for role in PROJECT_ROLES] if project else []
    parties = load_parties(session, {application.applicant_id, *roles, *matter.parties(form)})
    return Facts(
        application_id=application.id,
        form=form,
        applicant=parties[application.applicant_id],
        project=project,
        today=today,
        calendar=calendar,
        agency_id=application.agency_id,
        submitted_on=legal_clock.arrived_on(application),
        first_submitted_on=day_of(application.submitted_at) if application.submitted_at else None,
        machine=machine,
        parties=parties,
        certificates=_certificates(session, Certificate.holder_id == application.applicant_id, ("valid",), today),
        issued=_issued(session, project, today),
        attachments=frozenset(attachments),
    )


def find_project(
    session: Session, matter: Matter, application: Application, form: Form, project_id: str | None = None
) -> ProjectFacts | None:
    """The project that a form names or brings along. One brought along before, and merged since, is the filed one."""
    brought = matter.brings_project(application.id, form)
    wanted = project_id or (brought.project_id if brought else form.get("project_id"))
    row = session.get(Project, wanted) if wanted else None
    if row is None or (brought and row.stage == "under_filing"):
        return brought  # a filing handed in again: its form counts, not the row of the round before
    if brought and row.merged_into:
        row = session.get_one(Project, row.merged_into)
    return project_facts(row)


def kept_by(facts: Facts, agency_area: str) -> Facts:
    """The facts as the handling agency keeps them: a zone office keeps a project under its own area."""
    if facts.project is None or not agency_area:
        return facts
    area = divisions.area_served(facts.project.area, agency_area)
    return replace(facts, project=replace(facts.project, area=area))


def project_facts(row: Project) -> ProjectFacts:
    return ProjectFacts(
        project_id=row.id,
        name=row.name,
        area=row.area,
        stage=row.stage,
        agency_id=row.agency_id,
        number=row.number,
        works_code=row.works_code,
        starts_on=row.starts_on,
        finishes_on=row.finishes_on,
        owner_id=row.owner_id,
        contractor_id=row.contractor_id,
        supervisor_id=row.supervisor_id,
        key_people=tuple((each["role"], each["person_id"]) for each in row.key_people),
        civilised_standard=row.civilised_standard,
        suspended_since=date.fromisoformat(row.suspended["since"]) if row.suspended else None,
        works_accepted_on=row.works_accepted_on,
    )


def load_parties(session: Session, ids: Iterable[str | None]) -> dict[str, Party]:
    """Organisations by id; an unknown id is missing."""
    wanted = {each for each in ids if each}
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(wanted)))
    return {row.id: party(row) for row in rows}


def party(row: Organisation) -> Party:
    return Party(
        organisation_id=row.id,
        name=row.name,
        area=row.area,
        kinds=tuple(row.kinds),
        credit_code=row.credit_code or "",
        stage=row.stage,
        details=row.details,
    )


def _issued(session: Session, project: ProjectFacts | None, today: date) -> frozenset[str]:
    if project is None:
        return frozenset()
    return _certificates(session, Certificate.project_id == project.project_id, ("valid", "suspended"), today)


def _certificates(session: Session, whose: ColumnElement[bool], stages: tuple[str, ...], today: date) -> frozenset[str]:
    not_over = or_(Certificate.valid_to.is_(None), Certificate.valid_to >= today)
    held = select(Certificate.kind).where(whose, Certificate.stage.in_(stages), not_over)
    return frozenset(session.scalars(held))
