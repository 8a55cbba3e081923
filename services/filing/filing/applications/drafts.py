"""Drafts: an application is begun, saved as often as wanted, and stays the applicant's own until he submits it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Conflict, FieldErrors, Forbidden, Invalid, NotFound
from chassis.schemas import read
from filing import files, matters
from filing.applications.draft_words import name_what_it_is_about
from filing.applications.turn import brief, find, open_turn
from filing.desk import Command, Desk, Reply, once
from filing.matters.base import Matter
from filing.models import Application, Organisation
from filing.permissions import permit
from filing.workflow import Act, Stage

FORM_LIMIT = 512 * 1024  # characters of JSON; a boundary of a thousand points is a tenth of it
# What a half-filled form may not be even as a draft: the wrong kind of thing, or a field that does not exist.
SHAPE_RULES = frozenset(
    {
        "unknown_field",
        "not_object",
        "not_a_list",
        "not_text",
        "not_integer",
        "not_number",
        "not_boolean",
        "not_a_day",
        "not_a_moment",
        "moment_without_offset",
        "not_a_choice",
        "not_an_id",
    }
)


def start(
    desk: Desk,
    command: Command,
    *,
    application_id: str,
    matter: str,
    form: Mapping[str, Any] | None = None,
    project_id: str | None = None,
) -> Reply:
    """Begin an application under an id of the client's choice; the same id again finds the one begun before.

    Refuses `Invalid` (unknown matter, shape of the form), `Forbidden` (not this kind of enterprise, or not open yet),
    `Conflict("id_taken")`.
    """
    request = {"application_id": application_id, "matter": matter, "form": form, "project_id": project_id}

    def do(session: Session) -> Reply:
        permit("start_application", command.principal)
        chosen = known_matter(matter)
        applicant = open_applicant(session, chosen, command)
        typed = checked_form(chosen, form or {})
        if project_id and "project_id" in chosen.form().fields:
            typed = {"project_id": project_id} | typed
        draft = begin(session, desk, chosen, applicant, application_id, typed)
        if draft.stage == Stage.DRAFT:
            name_what_it_is_about(session, draft)
        return brief(draft)

    return once(desk, command, "start_application", request, do)


def begin(
    session: Session,
    desk: Desk,
    matter: Matter,
    applicant: Organisation,
    application_id: str,
    form: Mapping[str, Any],
) -> Application:
    """The row of a new draft, or the one that the same applicant has begun under this id for this matter."""
    at = desk.clock()
    row = insert(Application).values(
        id=application_id,
        matter=matter.code,
        stage=Stage.DRAFT,
        applicant_id=applicant.id,
        applicant_name=applicant.name,
        form=dict(form),
        created_at=at,
        changed_at=at,
    )
    session.execute(row.on_conflict_do_nothing())
    application = find(session, application_id, lock=True)
    if (application.applicant_id, application.matter) != (applicant.id, matter.code):
        raise Conflict("id_taken")
    return application


def save_draft(
    desk: Desk,
    command: Command,
    *,
    application_id: str,
    version: int,
    form: Mapping[str, Any] | None = None,
    attachments: Sequence[Mapping[str, Any]] | None = None,
    agency_id: str | None = None,
) -> Reply:
    """Replace what is given of form, attachments and chosen agency; the rest stays. A form may be incomplete here.

    Refuses `Invalid` for fields that are unknown or of the wrong kind, and for files that are not there, too large or
    of another type: then nothing is changed.
    """
    request = {
        "application_id": application_id,
        "version": version,
        "form": form,
        "attachments": attachments,
        "agency_id": agency_id,
    }
    looked = files.look_at(desk.look, attachments or ())

    def do(session: Session) -> Reply:
        turn = open_turn(session, desk, command, "save_draft", application_id, version)
        turn.move(Act.SAVE)
        if form is not None:
            turn.application.form = checked_form(turn.matter, form)
            if turn.application.stage == Stage.DRAFT:  # what was handed in before keeps what it has claimed
                name_what_it_is_about(session, turn.application)
        if attachments is not None:
            turn.application.attachments = checked_attachments(turn.matter, attachments, looked)
        if agency_id is not None:
            turn.application.agency_id = known_agency(session, agency_id)
        return brief(turn.application)

    return once(desk, command, "save_draft", request, do)


def known_matter(code: str) -> Matter:
    if code not in matters.ALL:
        raise Invalid.field("matter", "unknown_matter", choices=sorted(matters.ALL))
    return matters.ALL[code]


def open_applicant(session: Session, matter: Matter, command: Command) -> Organisation:
    """The organisation that applies; refuses one that is not open, or of none of the kinds that the matter is for."""
    applicant = session.get(Organisation, command.principal.organisation_id)
    if applicant is None:
        raise NotFound("not_found")
    if applicant.stage != "open":
        raise Forbidden("organisation_not_open", stage=applicant.stage)
    if matter.opens_organisation:
        raise Forbidden("organisation_open_already")
    if matter.applicants and not set(matter.applicants) & set(applicant.kinds):
        raise Forbidden("matter_of_other_enterprises", matter=matter.code, applicants=list(matter.applicants))
    return applicant


def known_agency(session: Session, agency_id: str) -> str:
    agency = session.get(Organisation, agency_id)
    if agency is None or agency.kind != "agency":
        raise Invalid.field("agency_id", "unknown_agency")
    return agency_id


def checked_form(matter: Matter, form: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's form without its empty fields; refuses `Invalid` for wrong shapes, not for what is still missing."""
    typed: dict[str, Any] = without_blanks(form)
    if len(json.dumps(typed, ensure_ascii=False)) > FORM_LIMIT:
        raise Invalid.field("form", "too_large", max=FORM_LIMIT)
    try:
        read(matter.form(), typed, partial=True, under="form")
    except Invalid as refusal:
        wrong = _of_shape(refusal.fields)
        if wrong:
            raise Invalid(wrong) from refusal
    return typed


def checked_attachments(
    matter: Matter, attachments: Sequence[Mapping[str, Any]], looked: files.Looked
) -> list[dict[str, Any]]:
    """Attachments in their order, as they are kept; refuses codes that the matter does not ask for, and wrong files."""
    unknown: FieldErrors = {
        f"attachments.{number}.code": [{"rule": "unknown_attachment", "code": each["code"]}]
        for number, each in enumerate(attachments)
        if matter.attachment(each["code"]) is None
    }
    wrong = unknown | files.faults(attachments, looked, files.ATTACHMENT, "attachments")
    if wrong:
        raise Invalid(wrong)
    return files.as_kept(attachments, looked)


def without_blanks(value: Any) -> Any:
    """The same without fields that are null or empty text: a blank field of a form is one that was not filled in."""
    if isinstance(value, Mapping):
        return {name: without_blanks(each) for name, each in value.items() if each is not None and each != ""}
    if isinstance(value, list | tuple):
        return [without_blanks(each) for each in value]
    return value


def _of_shape(fields: FieldErrors) -> FieldErrors:
    kept = {path: [rule for rule in rules if rule["rule"] in SHAPE_RULES] for path, rules in fields.items()}
    return {path: rules for path, rules in kept.items() if rules}
