"""One application with everything on record: form, documents, rounds, steps, signatures, deadline, who may do what."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from chassis.principal import Principal
from chassis.workdays import Calendar
from filing import deadlines, forms, matters, phones, words
from filing.models import Application, Certificate, Countersignature, Step, Submission
from filing.permissions import Of, acts_permitted, may
from filing.queries.applications import Item, items
from filing.queries.rounds import changes
from filing.workflow import EDITABLE, Act, Stage, possible_acts

UNMASK = "unmask_application"
PERMISSION_OF = {Act.SAVE: "save_draft", Act.REFUSE_COUNTERSIGN: "countersign_application"} | {
    act: f"{act}_application"
    for act in (
        Act.SUBMIT,
        Act.COUNTERSIGN,
        Act.ACCEPT,
        Act.RETURN,
        Act.REVIEW,
        Act.APPROVE,
        Act.REJECT,
        Act.WITHDRAW,
    )
}


def describe(
    session: Session,
    principal: Principal,
    row: Application,
    of: Of,
    calendar: Calendar,
    now: datetime,
    round_: int | None = None,
    against: int | None = None,
) -> Item:
    """The whole page. `round_` shows what was handed in then; else the applicant sees his working copy while it is his
    turn, and everybody else what was handed in last; `against` names the round that this is compared with. Agencies
    read people's phones masked."""
    submissions = _submissions(session, row)
    shown = _shown(row, submissions, principal, round_)
    levels = matters.ALL[row.matter].review_levels
    permissions = [PERMISSION_OF[act] for act in possible_acts(Stage(row.stage), levels)]
    told = items(session, [row], calendar, now)[0] | {
        "form": shown.form,
        "attachments": shown.attachments,
        "findings": row.findings,
        "remarks": row.remarks,
        "corrections": row.corrections,
        "people": shown.people,
        "machine": shown.machine,
        "round_shown": shown.round if isinstance(shown, Submission) else None,
        "changes": changes(shown, submissions, against),
        "deadline": _legal_basis(row),
        "submissions": [_submission(each) for each in submissions],
        "countersignatures": [_signature(each, now) for each in _signatures(session, row)],
        "steps": [_step(each) for each in _steps(session, row)],
        "decision": row.decision,
        "certificate": _certificate(session, row),
        "acts": list(dict.fromkeys(acts_permitted(principal, of, permissions))),
        "may_unmask": False,
    }
    if not principal.is_agency:
        return told
    return told | _masked(row, told) | {"may_unmask": may(UNMASK, principal, of) and bool(phones_of(row, shown.form))}


def unmasked(session: Session, row: Application, principal: Principal, round_: int | None = None) -> list[Item]:
    """Every phone of the form in full: [{"path", "number"}], of the round that `describe` shows."""
    shown = _shown(row, _submissions(session, row), principal, round_)
    return [{"path": path, "number": number} for path, number in phones_of(row, shown.form)]


def phones_of(row: Application, form: Any) -> list[tuple[str, str]]:
    return phones.phones_in(forms.describe(matters.ALL[row.matter].form), form)


def _masked(row: Application, told: Item) -> Item:
    sections = forms.describe(matters.ALL[row.matter].form)
    masked: Item = {"form": phones.masked(sections, told["form"])}
    if told["changes"] is not None:
        changed = [
            each | {name: phones.masked_at(sections, each["path"], each[name]) for name in ("before", "after")}
            for each in told["changes"]["form"]
        ]
        masked["changes"] = told["changes"] | {"form": changed}
    return masked


def _shown(
    row: Application, submissions: list[Submission], principal: Principal, round_: int | None
) -> Application | Submission:
    if round_ is not None:
        asked = [each for each in submissions if each.round == round_]
        if not asked:
            raise NotFound("not_found")
        return asked[0]
    typing = row.stage in EDITABLE and principal.organisation_id == row.applicant_id
    return row if typing or not submissions else submissions[-1]


def _legal_basis(row: Application) -> Item | None:
    started = row.submitted_at
    if started is None:
        return None
    rule = deadlines.rule_of(row.matter, started.date())
    return {"limit": rule.limit, "unit": rule.unit.value, "basis": rule.basis}


def _submissions(session: Session, row: Application) -> list[Submission]:
    of_this = select(Submission).where(Submission.application_id == row.id)
    return list(session.scalars(of_this.order_by(Submission.round)))


def _signatures(session: Session, row: Application) -> list[Countersignature]:
    of_this = select(Countersignature).where(Countersignature.application_id == row.id)
    return list(session.scalars(of_this.order_by(Countersignature.round, Countersignature.role)))


def _steps(session: Session, row: Application) -> list[Step]:
    return list(session.scalars(select(Step).where(Step.application_id == row.id).order_by(Step.number)))


def _submission(each: Submission) -> Item:
    return {
        "round": each.round,
        "at": each.at.isoformat(),
        "by": each.by,
        "agency_id": each.agency_id,
        "findings": each.findings,
    }


def _signature(each: Countersignature, now: datetime) -> Item:
    return {
        "round": each.round,
        "role": each.role,
        "organisation_id": each.organisation_id,
        "organisation_name": each.organisation_name,
        "asked_at": each.asked_at.isoformat(),
        "due_at": each.due_at.isoformat(),
        "due_provisional": each.due_provisional,
        "overdue": (each.signed_at or now) > each.due_at,
        "agrees": each.agrees,
        "remarks": each.remarks,
        "signed_at": each.signed_at.isoformat() if each.signed_at else None,
        "signed_by": each.signed_by,
    }


def _step(each: Step) -> Item:
    return {
        "number": each.number,
        "round": each.round,
        "act": each.act,
        "stage_before": each.stage_before,
        "stage_after": each.stage_after,
        "at": each.at.isoformat(),
        "user_id": each.user_id,
        "user_name": each.user_name,
        "organisation_id": each.organisation_id,
        "organisation_name": each.organisation_name,
        "words": each.words,
        "detail": each.detail,
    }


def _certificate(session: Session, row: Application) -> Item | None:
    found = session.scalars(
        select(Certificate).where(Certificate.application_id == row.id, Certificate.replaced_by.is_(None))
    ).first()
    return certificate_item(found) if found else None


def certificate_item(each: Certificate) -> dict[str, Any]:
    """A certificate as its holder and the agencies see it."""
    return {
        "certificate_id": each.id,
        "version": each.version,
        "kind": each.kind,
        "title": each.title,
        "number": each.number,
        "verification_code": each.verification_code,
        "application_id": each.application_id,
        "holder_id": each.holder_id,
        "holder_name": each.holder_name,
        "agency_id": each.agency_id,
        "agency_name": each.agency_name,
        "project_id": each.project_id,
        "project_name": each.project_name,
        "machine_id": each.machine_id,
        "issued_on": each.issued_on.isoformat(),
        "valid_to": each.valid_to.isoformat() if each.valid_to else None,
        "stage": each.stage,
        "cancelled_at": each.cancelled_at.isoformat() if each.cancelled_at else None,
        "cancel_reason": words.reason(each.cancel_reason),
        "replaces": each.replaces,
        "replaced_by": each.replaced_by,
        "shown": each.shown,
        "lines": words.lines(each.shown),
    }
