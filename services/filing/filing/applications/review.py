"""What the agency does before it decides: accept (受理), return with one complete list of corrections (退回补正), review (审核)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.errors import Invalid
from filing import legal_clock, numbering, rounds
from filing.applications.turn import Turn, open_turn
from filing.desk import Command, Desk, Reply, once
from filing.events import record_application
from filing.models import Organisation
from filing.numbering import next_number
from filing.queries.rounds import rounds_of
from filing.workflow import Act


def accept(desk: Desk, command: Command, *, application_id: str, version: int, remarks: str = "") -> Reply:
    """Take it on, under a number of acceptance (受理号) that it keeps through all later rounds."""
    request = {"application_id": application_id, "version": version, "remarks": remarks}

    def do(session: Session) -> Reply:
        turn = open_turn(session, desk, command, "accept_application", application_id, version)
        turn.move(Act.ACCEPT)
        if turn.application.acceptance_number is None:
            turn.application.acceptance_number = _acceptance_number(turn)
            turn.be_found_by()
        turn.step(Act.ACCEPT, remarks, acceptance_number=turn.application.acceptance_number)
        return turn.finish("accept_application")

    return once(desk, command, "accept_application", request, do)


def return_for_correction(
    desk: Desk,
    command: Command,
    *,
    application_id: str,
    version: int,
    remarks: str = "",
    corrections: Sequence[Mapping[str, str]] = (),
) -> Reply:
    """Give it back with all that is wrong, each with the path of its field; the legal clock stops, locks stay.

    Refuses `Invalid` when neither a correction nor a remark says what is wrong.
    """
    listed = [dict(each) for each in corrections]
    request = {"application_id": application_id, "version": version, "remarks": remarks, "corrections": listed}
    if not listed and not remarks:
        raise Invalid.field("corrections", "required")

    def do(session: Session) -> Reply:
        turn = open_turn(session, desk, command, "return_application", application_id, version)
        turn.move(Act.RETURN)
        told = _with_lateness(turn, listed)
        turn.application.remarks, turn.application.corrections = remarks, told
        legal_clock.stand(turn.application, turn.at, desk.calendar)
        turn.step(Act.RETURN, remarks, corrections=told)
        record_application(session, "application_returned", turn.application, turn.facts(), command.principal)
        return turn.finish("return_application")

    return once(desk, command, "return_application", request, do)


def review(desk: Desk, command: Command, *, application_id: str, version: int, opinion: str) -> Reply:
    """The first of two levels gives its opinion; another officer decides."""
    request = {"application_id": application_id, "version": version, "opinion": opinion}

    def do(session: Session) -> Reply:
        turn = open_turn(session, desk, command, "review_application", application_id, version)
        turn.move(Act.REVIEW)
        turn.step(Act.REVIEW, opinion)
        return turn.finish("review_application")

    return once(desk, command, "review_application", request, do)


def _with_lateness(turn: Turn, corrections: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Each correction with the word whether it comes late, and in which round the agency first had it before it."""
    handed_in = rounds_of(turn.session, turn.application.id)
    told = []
    for each in corrections:
        since = rounds.reviewed_before(handed_in, each["path"]) if _is_known(turn, each["path"]) else None
        told.append({**each, "late": since is not None, "reviewed_in_round": since})
    return told


def _is_known(turn: Turn, path: str) -> bool:
    """Whether a path names a field or a document of the matter: a general remark is never late."""
    kind, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    if kind == rounds.ATTACHMENTS:
        return turn.matter.attachment(name) is not None
    return kind == rounds.FORM and name in turn.matter.form().fields


def _acceptance_number(turn: Turn) -> str:
    agency = turn.session.get_one(Organisation, turn.application.agency_id)
    return next_number(turn.session, numbering.ACCEPTANCE, agency, day_of(turn.at), {})
