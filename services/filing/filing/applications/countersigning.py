"""Countersigning (会签, T8): contractor and supervising firm of the project sign before the agency sees a notice.

76号 Art. 12: two working days each. Without both signatures an application cannot reach the agency (decision 0010).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.errors import Invalid
from chassis.findings import ERROR, dump_all
from chassis.workdays import Calendar
from filing import deadlines
from filing.applications.turn import Turn, open_turn
from filing.deadlines import DueAt
from filing.desk import Command, Desk, Reply, once
from filing.events import record_application
from filing.matters.base import Facts, Matter, Party
from filing.models import Application, Countersignature, Submission
from filing.workflow import Act, Stage

ACT = "countersign_application"
EVENTS = {Stage.SUBMITTED: "application_submitted", Stage.RETURNED: "application_returned"}


@dataclass(frozen=True)
class Signer:
    role: str
    party: Party


def signatures_needed(
    session: Session,
    matter: Matter,
    facts: Facts,
    application: Application,
    form: dict[str, Any],
    attachments: list[dict[str, Any]],
) -> list[Signer]:
    """Who has to sign what is about to be handed in: nobody, if all have signed this very form and these very documents
    before (76号 Art. 12: it is the documents that they review)."""
    if not matter.countersigners or facts.project is None:
        return []
    if _signed_before(session, application, form, attachments):
        return []
    organisations = {role: facts.project.party(role) for role in matter.countersigners}
    return [Signer(role, facts.parties[id_]) for role, id_ in organisations.items() if id_ is not None]


def ask_for_signatures(turn: Turn, signers: list[Signer]) -> bool:
    """Ask in this round; True if a signature is missing. An applicant who has to sign himself has signed by submitting."""
    due = _due(turn.at, turn.desk.calendar)
    for signer in signers:
        own = signer.party.organisation_id == turn.application.applicant_id
        turn.session.add(
            Countersignature(
                application_id=turn.application.id,
                round=turn.application.round,
                role=signer.role,
                organisation_id=signer.party.organisation_id,
                organisation_name=signer.party.name,
                asked_at=turn.at,
                due_at=due.moment,
                due_provisional=due.provisional,
                agrees=True if own else None,
                signed_at=turn.at if own else None,
                signed_by=turn.principal.brief() if own else None,
            )
        )
    return any(signer.party.organisation_id != turn.application.applicant_id for signer in signers)


def count_anew(signature: Countersignature, calendar: Calendar) -> bool:
    """Recompute until when somebody should sign, by the calendar of now; True if that moved or ceased to be provisional."""
    before = (signature.due_at, signature.due_provisional)
    due = _due(signature.asked_at, calendar)
    signature.due_at, signature.due_provisional = due.moment, due.provisional
    return before != (signature.due_at, signature.due_provisional)


def _due(asked_at: datetime, calendar: Calendar) -> DueAt:
    rule = deadlines.rule_of(deadlines.COUNTERSIGNATURE, day_of(asked_at))
    due = deadlines.due(deadlines.start(rule, asked_at), calendar)
    assert due is not None  # the clock has just been started
    return due


def countersign(
    desk: Desk, command: Command, *, application_id: str, version: int, agrees: bool, remarks: str = ""
) -> Reply:
    """Sign, or refuse with remarks: then the applicant gets it back.

    The last signature sends it to the agency, unless it would come too late there: see `_agree`.
    """
    request = {"application_id": application_id, "version": version, "agrees": agrees, "remarks": remarks}
    if not agrees and not remarks:
        raise Invalid.field("remarks", "required")

    def do(session: Session) -> Reply:
        turn = open_turn(session, desk, command, ACT, application_id, version)
        roles = _sign(turn, agrees, remarks)
        speak = _agree if agrees else _refuse
        speak(turn, roles, remarks)
        return turn.finish(ACT)

    return once(desk, command, ACT, request, do)


def _agree(turn: Turn, roles: list[str], remarks: str) -> None:
    """One more has signed. With the last signature the agency gets notice, today: so the check is made once more, by
    today (T7; decision 0010). What no longer holds, or has lost its machine meanwhile, goes back with what was found."""
    facts = turn.facts()
    assert facts is not None  # what is signed has been handed in
    missing = _any_missing(turn)
    found = [] if missing else [each for each in turn.matter.check(facts) if each.is_error]
    turn.application.findings = [*turn.application.findings, *dump_all(found)]
    overtaken = any(each["severity"] == ERROR for each in turn.application.findings)
    stage = turn.move(Act.COUNTERSIGN, signatures_missing=missing, overtaken=overtaken)
    if stage is Stage.SUBMITTED:
        turn.arrive()
    turn.step(Act.COUNTERSIGN, remarks, roles=roles, **({"findings": turn.application.findings} if overtaken else {}))
    if stage in EVENTS:
        record_application(turn.session, EVENTS[stage], turn.application, facts, turn.principal)


def _refuse(turn: Turn, roles: list[str], remarks: str) -> None:
    turn.move(Act.REFUSE_COUNTERSIGN)
    turn.application.remarks = remarks
    turn.step(Act.REFUSE_COUNTERSIGN, remarks, roles=roles)
    record_application(turn.session, EVENTS[Stage.RETURNED], turn.application, turn.facts(), turn.principal)


def _sign(turn: Turn, agrees: bool, remarks: str) -> list[str]:
    """Put the word of the principal's organisation on every signature asked of it; returns the roles."""
    mine = turn.session.scalars(
        _of_round(turn.application).where(
            Countersignature.organisation_id == turn.principal.organisation_id, Countersignature.agrees.is_(None)
        )
    ).all()
    for signature in mine:
        signature.agrees, signature.remarks = agrees, remarks
        signature.signed_at, signature.signed_by = turn.at, turn.principal.brief()
    turn.session.flush()
    return [each.role for each in mine]


def _any_missing(turn: Turn) -> bool:
    missing = _of_round(turn.application).where(Countersignature.agrees.is_(None))
    return turn.session.scalars(missing.limit(1)).first() is not None


def _of_round(application: Application) -> Any:
    return select(Countersignature).where(
        Countersignature.application_id == application.id, Countersignature.round == application.round
    )


def _signed_before(
    session: Session, application: Application, form: dict[str, Any], attachments: list[dict[str, Any]]
) -> bool:
    """Whether the newest round that was signed was signed by all, for exactly this form and these documents."""
    newest = session.scalar(
        select(func.max(Countersignature.round)).where(Countersignature.application_id == application.id)
    )
    if newest is None:
        return False
    signed = session.scalars(
        select(Countersignature.agrees).where(
            Countersignature.application_id == application.id, Countersignature.round == newest
        )
    ).all()
    shown = session.get_one(Submission, (application.id, newest))
    return all(signed) and shown.form == form and _papers(shown.attachments) == _papers(attachments)


def _papers(attachments: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What the documents say, part after part; what a file is called does not matter."""
    papers = [(each["code"], each["sha256"]) for each in attachments]
    return sorted(papers, key=lambda paper: paper[0])
