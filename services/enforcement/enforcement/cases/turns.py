"""Who acts next in a case, as SQL: lists show it, and by it a case waits on the day of an officer (`cases.waiting`)."""

from datetime import date

from sqlalchemy import ColumnElement, and_, case, exists
from sqlalchemy.orm import aliased

from chassis.workdays import ONE_DAY
from enforcement.cases import flow, timing
from enforcement.models import Case, CaseClock
from enforcement.terms import CaseStage as S

# By whose turn it is: what he does.
ACTS = {
    "file": "file_case",
    "investigate": "conclude_investigation",
    "review": "review_case",
    "notify": "notify_party",
    "serve": "serve_case",
    "set_hearing": "set_hearing",
    "hear": "record_hearing",
    "decide": "decide_case",
    "remind": "remind_party",
    "court": "apply_to_court",
    "close": "close_case",
}


def turn(today: date) -> ColumnElement[str]:
    """One of `words.CASE_TURNS`: by the stage, and within it by what has come in and which period is over."""
    stage, exempt = Case.stage, Case.deviation["verdict"].astext == "exempted"
    owing = stage.in_(flow.OWING)
    return case(
        (stage == S.CLUE, "file"),
        (stage == S.INVESTIGATION, "investigate"),
        (stage == S.REVIEW, "review"),
        (and_(stage == S.REVIEWED, exempt), "decide"),
        (stage == S.REVIEWED, "notify"),
        (stage.in_((S.NOTIFIED, S.DECIDED)), "serve"),
        (and_(stage == S.ANSWERING, _runs(timing.ASK_HEARING, today)), "answer"),
        (stage == S.ANSWERING, "decide"),
        (stage == S.HEARING_ASKED, "set_hearing"),
        (stage == S.HEARING_SET, "hear"),
        (and_(stage == S.HEARD, Case.reviewed_at.is_(None)), "review"),
        (stage == S.HEARD, "decide"),
        (and_(owing, Case.challenges.contains([{"ended_on": None}])), "challenge"),
        (and_(owing, ~_runs(timing.PAY)), "close"),
        (stage == S.IN_COURT, "enforced"),
        (and_(stage == S.REMINDED, Case.reminded_on.is_(None)), "serve"),
        (and_(stage == S.REMINDED, *_court_is_open(today)), "court"),
        (and_(stage == S.SERVED, Case.pay_by < today), "remind"),
        (owing, "pay"),
        else_="nobody",
    )


def _court_is_open(today: date) -> list[ColumnElement[bool]]:
    """The reminder's days are over, and those in which the party may ask for review or sue (`cases.money.apply_to_court`)."""
    waits = _runs(timing.REMIND, today + ONE_DAY)  # its day is the first on which the court may be asked
    return [~each for each in (waits, _runs(timing.REVIEW, today), _runs(timing.SUIT, today))]


def _runs(clock_id: str, today: date | None = None) -> ColumnElement[bool]:
    """A period of the case has not ended; nor is its last day past, where `today` is told."""
    row = aliased(CaseClock)  # also where the clocks of cases are asked for beside it
    runs = and_(row.case_id == Case.id, row.clock_id == clock_id, row.ended_on.is_(None))
    return exists().where(runs if today is None else and_(runs, row.due_on >= today))
