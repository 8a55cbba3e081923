"""The rounds of an application, with what the agency objected to in each; and what changed from one to another."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.errors import NotFound
from filing import rounds
from filing.models import Application, Step, Submission
from filing.rounds import Round
from filing.workflow import Act


def rounds_of(session: Session, application_id: str) -> list[Round]:
    """All that were handed in, the first one first."""
    returns = select(Step.round, Step.detail).where(Step.application_id == application_id, Step.act == Act.RETURN)
    objected = {
        round_: frozenset(each["path"] for each in detail.get("corrections", ()))
        for round_, detail in session.execute(returns)
    }
    handed_in = select(Submission).where(Submission.application_id == application_id).order_by(Submission.round)
    return [
        Round(each.round, each.form, each.attachments, objected.get(each.round)) for each in session.scalars(handed_in)
    ]


def changes(
    shown: Application | Submission, submissions: list[Submission], against: int | None
) -> dict[str, Any] | None:
    """What is other in what is shown than it was in round `against` (the one before, if none is named)."""
    before = _compared(shown, submissions, against)
    if before is None:
        return None
    return {
        "against": before.round,
        "form": rounds.field_changes(before.form, shown.form),
        "attachments": rounds.file_changes(before.attachments, shown.attachments),
    }


def _compared(shown: Application | Submission, submissions: list[Submission], against: int | None) -> Submission | None:
    if against is None:
        earlier = [each for each in submissions if isinstance(shown, Application) or each.round < shown.round]
        return earlier[-1] if earlier else None
    named = next((each for each in submissions if each.round == against), None)
    if named is None:
        raise NotFound("not_found")
    return named
