"""The decision (行政处罚法 57–60), its publication and its removal (48), reviews and suits, and the closed file."""

from datetime import date
from typing import Any

from chassis.clock import Clock, day_of
from chassis.database import Sessions
from chassis.errors import Conflict, Invalid
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement.cases import clocks, judging, money, timing
from enforcement.cases.judging import JudgedAmount
from enforcement.cases.moving import Reply, Step, measures_of, moved, not_after, reasons
from enforcement.models import Case
from enforcement.terms import CaseOutcome, CaseStage, DocumentKind

EXEMPTED, TAKEN_BACK = "exempted", "withdrawn"


def decide_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head, who neither investigated nor reviewed: a fine (`amount` None: as notified), or none. On day 91 without
    extension the delay is flagged, not refused (T30): the party must get its decision.

    Refuses `Conflict("fine_above_notice")` (Art. 45), `Conflict("hearing_period_runs")` earlier than the day after 5 working days
    without waiver (T28), `Conflict("legal_review_needed")`, `Conflict("notice_missing")`,
    `Conflict("discussion_needed")` in a grave case that the heads did not discuss together (57),
    `Conflict("evidence_not_settled")`, and what `judged` refuses (T24, T25).
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        weighing = judging.weighed(at.session, case, at.today)
        timing.refuse_held(at.session, case)
        amount = _amount(case, told)
        found = judging.judged(weighing.chosen, amount, case.grave)
        _check(at, found, told["outcome"])
        judging.keep(case, weighing, found, told["reason"])
        case.outcome, case.fine = told["outcome"], amount
        case.decided_at, case.decided_by = at.now, dict(at.principal.brief())
        case.days_late = timing.past(at.session, case, timing.DECIDE, at.today, at.calendar)
        at.end(timing.DECIDE)
        at.end(timing.ASK_HEARING)
        return _write(at, told)

    return moved(sessions, principal, clock, calendar, "decide_case", key, told, step)


def publish_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """Where the decision was made public: within 7 working days (C23)."""

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if case.outcome != CaseOutcome.PENALTY or case.published_on is not None or case.decided_at is None:
            raise Conflict("nothing_to_publish")
        not_after("published_on", told["published_on"], at, day_of(case.decided_at))
        case.published_on = told["published_on"]
        at.end(timing.PUBLISH)
        return {"published_on": told["published_on"].isoformat(), "where": told["where"]}

    return moved(sessions, principal, clock, calendar, "publish_case", key, told, step)


def unpublish_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """Taken down with the reason, within 3 working days of the change (Art. 48, C24)."""

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if case.published_on is None or case.removed_on is not None:
            raise Conflict("nothing_to_publish")
        case.removed_on = at.today
        at.end(timing.REMOVE)
        return {"removed_on": at.today.isoformat(), "reason": told["reason"]}

    return moved(sessions, principal, clock, calendar, "unpublish_case", key, told, step)


def record_challenge(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """The party asked for review or sued: from that day on nothing is added for being late (Art. 73), and the way to court is
    shut. A case that was closed, as when the fine was paid at once, is open again.

    Refuses `Conflict("challenge_open")` while another is not decided, and `Conflict("review_comes_first")` for a suit against a
    decision on the spot (行政复议法 23).
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if money.open_challenge(case):
            raise Conflict("challenge_open")
        reviewed = any(each["kind"] == "review" for each in case.challenges)
        if case.kind == "summary" and told["kind"] == "suit" and not reviewed:
            raise Conflict("review_comes_first")
        not_after("filed_on", told["filed_on"], at, case.served_on)
        row = {"kind": told["kind"], "filed_on": told["filed_on"].isoformat(), "ended_on": None, "result": None}
        case.challenges = [*case.challenges, row]
        timing.end_each(at.session, case, (*timing.CHALLENGES, timing.COURT), at.today)
        if case.stage == CaseStage.CLOSED:
            case.stage, case.closed_at = CaseStage.SERVED, None
        return {name: row[name] for name in ("kind", "filed_on")}

    return moved(sessions, principal, clock, calendar, "record_challenge", key, told, step)


def end_challenge(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """How the review or the suit ended. A decision that was changed or annulled and is public is to be taken down (C24).

    Refuses `Conflict("no_challenge")`, and `Invalid` for a changed decision without its amount, or with a higher one.
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        row = money.open_challenge(case)
        if row is None:
            raise Conflict("no_challenge")
        not_after("ended_on", told["ended_on"], at, money.day(row["filed_on"]))
        ended = row | {"ended_on": told["ended_on"].isoformat(), "result": told["result"]}
        case.challenges = [ended if each is row else each for each in case.challenges]
        _change(at, told)
        _restart_periods(at, row["kind"], told["result"], told["ended_on"])
        return {"result": told["result"], "ended_on": ended["ended_on"], "fine": case.fine}

    return moved(sessions, principal, clock, calendar, "end_challenge", key, told, step)


def close_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head: carried out, nothing to carry out, or the court has ended the execution (`execution_ended`, 强制法 40).

    Refuses `Conflict("case_not_carried_out")` with what is owed, and `Conflict("challenge_open")`.
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        owed = money.balance(at.session, case, at.today)
        if money.open_challenge(case):
            raise Conflict("challenge_open")
        given_up = told["execution_ended"] and case.stage == CaseStage.IN_COURT
        if owed.left > 0 and not given_up:
            raise Conflict("case_not_carried_out", left=str(owed.left))
        content = {"outcome": case.outcome, "fine": case.fine, "paid": str(case.paid), "summary": told["summary"]}
        content |= {"left": str(owed.left)} if owed.left > 0 else {}
        document = at.paper(DocumentKind.CASE_CLOSURE, content | {"surcharge": str(owed.surcharge)})
        case.closed_at = at.now
        timing.end_each(at.session, case, timing.OWING, at.today)
        return {"number": document.number, "summary": told["summary"]}

    return moved(sessions, principal, clock, calendar, "close_case", key, told, step)


def _amount(case: Case, told: dict[str, Any]) -> int:
    if told["outcome"] == CaseOutcome.NO_PENALTY:
        if told["amount"]:
            raise Invalid.field("amount", "out_of_range", max=0)
        return 0
    limit = case.noticed if case.noticed is not None else case.proposed or 0
    amount: int = limit if told["amount"] is None else told["amount"]
    if amount > limit:
        raise Conflict("fine_above_notice", noticed=str(limit))
    return amount


def _check(at: Step, found: JudgedAmount, outcome: str) -> None:
    case = at.case
    if (found.verdict == EXEMPTED) != (outcome == CaseOutcome.NO_PENALTY):
        raise Invalid.field("outcome", "not_by_the_weighing")
    if case.reviewed_at is None or (found.needs_review and found.amount != case.reviewed):
        raise Conflict("legal_review_needed")
    if case.stage == CaseStage.REVIEWED and outcome != CaseOutcome.NO_PENALTY:
        raise Conflict("notice_missing")
    if case.grave and not judging.is_discussed(at.session, case):
        raise Conflict("discussion_needed")
    if outcome == CaseOutcome.PENALTY and case.hearing_right and case.stage == CaseStage.ANSWERING:
        assert case.notice_served_on is not None
        earliest = clocks.earliest_decision(case.notice_served_on, at.calendar, case.waived_on).day
        if at.today < earliest:
            raise Conflict("hearing_period_runs", earliest=earliest.isoformat())


def _write(at: Step, told: dict[str, Any]) -> dict[str, Any]:
    """The paper of the decision, its clocks, and its event."""
    case = at.case
    is_penalty = case.outcome == CaseOutcome.PENALTY
    kind = DocumentKind.PENALTY_DECISION if is_penalty else DocumentKind.NO_PENALTY_DECISION
    content = reasons(case) | {"fine": case.fine, "facts": told["facts_found"], "days_late": case.days_late}
    document = at.paper(kind, content, to_party=True)
    case.decision_id, case.decision_number = document.id, document.number
    at.start(timing.SERVE)
    if is_penalty:
        at.start(timing.PUBLISH)
        judging.tell_decided(at)
    measures = measures_of(case) if is_penalty else []
    return {"number": document.number, "fine": case.fine, "measures": measures, "days_late": case.days_late}


def _restart_periods(at: Step, kind: str, result: str, ended_on: date) -> None:
    """After a review the party may sue within 15 days (行政诉讼法 45), after one that it took back as long as it could before; the
    court is open to the agency when that, or the suit, is over (强制法 53)."""
    case, since = at.case, ended_on
    if result == TAKEN_BACK:
        assert case.served_on is not None
        since = max(at.start(timing.SUIT, case.served_on).due_on, ended_on)
    elif kind == "review" and case.outcome != CaseOutcome.ANNULLED:
        since = at.start(timing.SUIT_AFTER, ended_on).due_on
    if money.balance(at.session, case, at.today).left > 0:
        at.start(timing.COURT, since)
    else:
        timing.end_each(at.session, case, timing.OWING, at.today)


def _change(at: Step, told: dict[str, Any]) -> None:
    """What the end of a challenge does to the decision."""
    case = at.case
    if told["result"] == "changed":
        if told["amount"] is None or told["amount"] > (case.fine or 0):
            raise Invalid.field("amount", "required" if told["amount"] is None else "out_of_range", max=case.fine or 0)
        case.fine = told["amount"]
    elif told["result"] == "annulled":
        case.fine, case.outcome = 0, CaseOutcome.ANNULLED
        at.end(timing.PUBLISH)
    else:
        return
    if case.published_on is not None and case.removed_on is None:
        at.start(timing.REMOVE, told["ended_on"])
