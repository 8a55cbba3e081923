"""How an application ends (办结): approved, rejected, or withdrawn. The step `close` is recorded with the decision.

Before an approval the lock owners are asked once more, as before a submission and never within a transaction: what was
frozen, banned or has expired since must not be put to use because its application was in hand already.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.commands import repeated
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.findings import ERROR, refuse_on_errors
from chassis.schemas import read
from filing import certificates, claims
from filing.applications.turn import Turn, open_turn, stage_after
from filing.claims import Ask, plain
from filing.desk import Command, Desk, Reply, once
from filing.events import certificate_told, record_application
from filing.matters.base import Facts
from filing.matters.named_project import HINDRANCES
from filing.models import Certificate, Organisation, Step
from filing.workflow import Act, Situation

APPROVE = "approve_application"


def approve(
    desk: Desk,
    ask: Ask,
    command: Command,
    *,
    application_id: str,
    version: int,
    opinion: str = "",
    decision: Mapping[str, Any] | None = None,
) -> Reply:
    """Approve: the certificate's number, the matter's effects, the step, the journal and the event, all or nothing.

    Refuses `Forbidden("same_officer")` when the one who reviewed would also approve, `Conflict("claim_lost")` when
    what it claimed was taken from it meanwhile, `Conflict` with what else stands against it today (machine_frozen,
    project_suspended …),
    `Unavailable` while a lock owner is silent, `Invalid` when the decision is not as the matter asks for it.
    """
    request = {"application_id": application_id, "version": version, "opinion": opinion, "decision": decision}
    with transaction(desk.sessions) as session:
        if (reply := repeated(session, command.own_key, APPROVE, request)) is not None:
            return reply
        turn = _turn_to_approve(session, desk, command, application_id, version)
        handed_in, matter, agency_id = _facts(turn), turn.matter, turn.application.agency_id
    claims.confirm(ask, matter.code, handed_in, matter.claims(handed_in), agency_id)

    def do(session: Session) -> Reply:
        turn = _turn_to_approve(session, desk, command, application_id, version)
        turn.move(Act.APPROVE)
        facts = replace(_facts(turn), decision=_decided(turn, decision))
        certificate = _issue(turn, facts)
        turn.matter.on_approval(session, turn.occasion(facts, certificate))
        told = certificate_told(certificate)
        turn.be_found_by(certificate.number if certificate else None)
        turn.step(Act.APPROVE, opinion, certificate=told, **_in_words(turn))
        turn.step(Act.CLOSE)
        record_application(session, "application_approved", turn.application, facts, command.principal, certificate)
        return turn.finish(APPROVE, certificate=told)

    return once(desk, command, APPROVE, request, do)


def reject(desk: Desk, command: Command, *, application_id: str, version: int, reason: str) -> Reply:
    """Reject with a reason; what it claimed goes free."""
    return _end(desk, command, Act.REJECT, application_id, version, reason)


def withdraw(desk: Desk, command: Command, *, application_id: str, version: int, reason: str = "") -> Reply:
    """Take it back, as long as the agency has not accepted it; a draft is thereby discarded."""
    return _end(desk, command, Act.WITHDRAW, application_id, version, reason)


def _end(desk: Desk, command: Command, act: Act, application_id: str, version: int, reason: str) -> Reply:
    name = f"{act}_application"
    request = {"application_id": application_id, "version": version, "reason": reason}

    def do(session: Session) -> Reply:
        turn = open_turn(session, desk, command, name, application_id, version)
        if act is Act.REJECT:
            _refuse_same_officer(turn)
        turn.move(act)
        facts = turn.facts()
        if facts is not None:
            turn.matter.on_refusal(session, turn.occasion(facts))
        turn.step(act, reason)
        turn.step(Act.CLOSE)
        event = "application_rejected" if act is Act.REJECT else "application_withdrawn"
        record_application(session, event, turn.application, facts, command.principal)
        return turn.finish(name)

    return once(desk, command, name, request, do)


def _turn_to_approve(session: Session, desk: Desk, command: Command, application_id: str, version: int) -> Turn:
    turn = open_turn(session, desk, command, APPROVE, application_id, version)
    stage_after(turn.application, Act.APPROVE, Situation(turn.matter.review_levels))
    _refuse_same_officer(turn)
    _refuse_lost_claim(turn)
    # The rest of the matter's own rules was met on the day of submission, and is the officer's to weigh since.
    refuse_on_errors(each for each in turn.matter.check(_facts(turn)) if each.code in HINDRANCES)
    return turn


def _facts(turn: Turn) -> Facts:
    facts = turn.facts()
    assert facts is not None  # whatever can be approved has been handed in
    return facts


def _decided(turn: Turn, decision: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What the agency decided, as the matter's schema reads it; kept with the application."""
    if turn.matter.decision is None:
        if decision:
            raise Invalid.field("decision", "unknown_field")
        return {}
    loaded = read(turn.matter.decision(), decision or {}, under="decision")
    turn.application.decision = plain(loaded)
    return loaded


def _in_words(turn: Turn) -> dict[str, Any]:
    return {"decision": turn.application.decision} if turn.application.decision else {}


def _issue(turn: Turn, facts: Facts) -> Certificate | None:
    rule = turn.matter.certificate
    if rule is None:
        return None
    agency = turn.session.get_one(Organisation, turn.application.agency_id)
    return certificates.issue(turn.session, rule, turn.application, facts, agency, turn.at)


def _refuse_same_officer(turn: Turn) -> None:
    """Two levels are two people (R-F0): whoever reviewed in this round does not also decide."""
    reviewed = select(Step.user_id).where(
        Step.application_id == turn.application.id, Step.round == turn.application.round, Step.act == Act.REVIEW
    )
    if turn.principal.user_id in turn.session.scalars(reviewed).all():
        raise Forbidden("same_officer")


def _refuse_lost_claim(turn: Turn) -> None:
    lost = next((each for each in turn.application.findings if each["severity"] == ERROR), None)
    if lost is not None:
        raise Conflict("claim_lost", finding=lost)
