"""What is looked at before an application is handed in, and again whenever somebody asks for a check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from chassis.errors import FieldErrors, Invalid
from chassis.findings import Finding, error
from chassis.schemas import read
from filing import routes
from filing.desk import Desk
from filing.facts import kept_by, load_facts
from filing.matters.base import Claims, Facts, Form, Matter
from filing.models import Application, Organisation


@dataclass(frozen=True)
class Prepared:
    """An application that is complete and checked, and the agency it goes to. `form` is as typed, `facts.form` as
    loaded; errors among the `findings` forbid handing it in."""

    matter: Matter
    form: dict[str, Any]
    attachments: list[dict[str, Any]]
    facts: Facts
    agency: Organisation
    claims: Claims
    findings: list[Finding]


def prepare(
    session: Session,
    desk: Desk,
    matter: Matter,
    application: Application,
    form: dict[str, Any],
    attachments: list[dict[str, Any]],
) -> Prepared:
    """Refuses `Invalid` with every field of the form, attachment and agency that is missing or breaks a rule."""
    codes = [each["code"] for each in attachments]
    loaded = complete_form(matter, form, codes)
    facts = load_facts(session, matter, application, loaded, desk.today(), desk.calendar, attachments=codes)
    findings = matter.check(facts) + missing_signers(matter, facts)
    agency = routes.agency_for(session, matter.place(facts), application.agency_id)
    facts = kept_by(facts, agency.area)
    return Prepared(matter, form, attachments, facts, agency, matter.claims(facts), findings)


def complete_form(matter: Matter, form: dict[str, Any], codes: Sequence[str]) -> Form:
    """The loaded form; refuses `Invalid` with what is wrong in it and which documents are missing, all at once."""
    try:
        loaded = read(matter.form(), form, under="form")
    except Invalid as refusal:
        raise Invalid(refusal.fields | _missing_documents(matter, None, codes)) from refusal
    if missing := _missing_documents(matter, loaded, codes):
        raise Invalid(missing)
    return loaded


def missing_signers(matter: Matter, facts: Facts) -> list[Finding]:
    """Roles of the project whose organisation must sign, and is not known."""
    project = facts.project
    return [
        error("countersigner_missing", "form.project_id", role=role)
        for role in matter.countersigners
        if project is not None and project.party(role) not in facts.parties
    ]


def _missing_documents(matter: Matter, form: Form | None, codes: Sequence[str]) -> FieldErrors:
    """Without a form that could be read, only what is required whatever it says."""
    return {
        f"attachments.{kind.code}": [{"rule": "attachment_missing", "title": kind.title}]
        for kind in matter.attachments
        if kind.code not in codes and (kind.required is True or (form is not None and kind.is_required(form)))
    }
