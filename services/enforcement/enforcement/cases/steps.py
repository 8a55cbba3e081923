"""The steps of a case up to the notice: filed, investigated, reviewed, the party told and heard (行政处罚法 54–64)."""

from datetime import date
from typing import Any

from sqlalchemy import delete

from chassis.clock import Clock
from chassis.database import Sessions
from chassis.errors import Conflict, Invalid
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement.cases import clocks, judging, money, people, timing
from enforcement.cases.moving import Reply, Step, moved, reasons
from enforcement.models import CaseConduct, Document
from enforcement.terms import CaseOutcome, CaseStage, DocumentKind

HEARING_WAITS = (CaseStage.HEARING_ASKED, CaseStage.HEARING_SET)


def file_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the agency's head: the clue is founded, the case has its number, and 90 days run (行政处罚法 60)."""

    def step(at: Step) -> dict[str, Any]:
        content = {"opinion": told["opinion"], "source": at.case.source, "offences": at.case.offence_keys}
        document = at.paper(DocumentKind.CASE_FILING, content)
        at.case.number, at.case.filed_at = document.number, at.now
        at.end(timing.CHECK)
        at.start(timing.DECIDE)
        return {"number": document.number, "opinion": told["opinion"]}

    return moved(sessions, principal, clock, calendar, "file_case", key, told, step)


def drop_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head, before the decision, with the reason; the act may then be taken up by another case.

    Refuses `Conflict("evidence_not_settled")`.
    """

    def step(at: Step) -> dict[str, Any]:
        timing.refuse_held(at.session, at.case)
        content = {"outcome": CaseOutcome.DROPPED.value, "reason": told["reason"]}
        document = at.paper(DocumentKind.CASE_CLOSURE, content, to_party=at.case.noticed_at is not None)
        at.case.outcome, at.case.closed_at = CaseOutcome.DROPPED, at.now
        at.session.execute(delete(CaseConduct).where(CaseConduct.case_id == at.case.id))
        timing.end_all(at.session, at.case, at.today)
        return {"number": document.number, "reason": told["reason"]}

    return moved(sessions, principal, clock, calendar, "drop_case", key, told, step)


def extend_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head, while the period runs: the check by 10 days, the decision by 30, then by up to 60 by collective decision (令55).

    Refuses `Conflict("period_over")`: what is late stays late (T30); `Conflict("no_extension_left")`, and `Invalid` for the last
    extension without a collective decision.
    """

    def step(at: Step) -> dict[str, Any]:
        clock_id = timing.CHECK if at.case.stage == CaseStage.CLUE else timing.DECIDE
        before = timing.running(at.session, at.case, clock_id)
        if clock_id == timing.DECIDE and before is not None and before.extensions == 1 and not told["collectively"]:
            raise Invalid.field("collectively", "required")
        if late := timing.past(at.session, at.case, clock_id, at.today, at.calendar):
            raise Conflict("period_over", days=late)
        row = timing.extend(at.session, at.case, clock_id, at.calendar)
        return {"clock": clock_id, "due_on": row.due_on.isoformat(), "reason": told["reason"]}

    return moved(sessions, principal, clock, calendar, "extend_case", key, told, step)


def replace_investigators(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head: one officer for another, as when one is recused (行政处罚法 43); there are two at every moment (T31).

    Refuses `Invalid` for somebody who has reviewed the case or hosted its hearing (58, 64): he cannot investigate it any more.
    """

    def step(at: Step) -> dict[str, Any]:
        now = {each["officer_id"]: each for each in at.case.investigators}
        leaver = now.pop(told["leaves"], None)
        if leaver is None:
            raise Invalid.field("leaves", "not_on_the_case")
        chosen = [*now, told["comes"]]
        handled = people.hands_of(at.session, at.case)
        come = people.officers(at.session, at.case.agency_id, chosen, at.today, at.case.party_id, "comes")
        if come[-1]["user_id"] in handled.reviewers | handled.hosts:
            raise Invalid.field("comes", "judged_the_case", name=come[-1]["name"])
        at.case.investigators = come
        names = {"who_left": leaver["name"], "who_comes": come[-1]["name"]}
        return {"leaves": told["leaves"], "comes": told["comes"], "reason": told["reason"]} | names

    return moved(sessions, principal, clock, calendar, "replace_investigators", key, told, step)


def conclude_investigation(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By an investigator: what was found, and the amount proposed (None: as the calculator suggests); `facts` None: as entered.

    Refuses `Conflict("not_yet_fineable")` (T24), `Conflict("amount_outside_law")` and `Invalid` without a reason outside the tier
    (T25), and `Conflict("fine_above_notice")` once the party has defended itself against a lower one (Art. 45).
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if told["facts"] is not None:
            case.facts = judging.entered(case.offence_keys, told["facts"], case.party_kind, at.today)
        case.grave = told["grave"]
        weighing = judging.weighed(at.session, case, at.today)
        case.acted_on, case.found_on = judging.days_of(case)
        amount = weighing.chosen.suggested if told["amount"] is None else told["amount"]
        found = judging.judged(weighing.chosen, amount, case.grave)
        if case.noticed is not None and amount > case.noticed:
            raise Conflict("fine_above_notice", noticed=str(case.noticed))
        judging.keep(case, weighing, found, told["reason"])
        case.proposed = amount
        content = reasons(case) | {"conclusion": told["conclusion"], "proposed": amount}
        document = at.paper(DocumentKind.INVESTIGATION_REPORT, content)
        return {
            "number": document.number,
            "proposed": amount,
            "suggested": weighing.chosen.suggested,
            "conclusion": told["conclusion"],
        }

    return moved(sessions, principal, clock, calendar, "conclude_investigation", key, told, step)


def review_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By a reviewer who is not an investigator (行政处罚法 58), before the notice and again after a hearing; back to the
    investigators if he does not agree."""

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        content = reasons(case) | {"opinion": told["opinion"], "agrees": told["agrees"], "proposed": case.proposed}
        document = at.paper(DocumentKind.LEGAL_REVIEW, content)
        case.reviewed_by = dict(at.principal.brief())
        case.reviewed_at, case.reviewed = (at.now, case.proposed) if told["agrees"] else (None, None)
        if not told["agrees"]:
            case.stage = CaseStage.INVESTIGATION
        elif case.stage == CaseStage.REVIEW:
            case.stage = CaseStage.REVIEWED
        return {"number": document.number, "agrees": told["agrees"], "opinion": told["opinion"]}

    return moved(sessions, principal, clock, calendar, "review_case", key, told, step)


def notify_party(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By an investigator: facts, reasons, basis and content of the penalty (Art. 44); over the threshold with the notice of the
    right to be heard, which nobody can leave out (Art. 63, T28). With `handed_to` it is served at once."""

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        assert case.proposed is not None
        weighing = judging.weighed(at.session, case, at.today)
        found = judging.judged(weighing.chosen, case.proposed, case.grave)
        case.noticed, case.noticed_at, case.hearing_right = case.proposed, at.now, found.hearing
        content = reasons(case) | {"fine": case.noticed, "hearing_right": found.hearing, "facts": told["facts_found"]}
        notice = at.paper(DocumentKind.PRIOR_NOTICE, content, to_party=True)
        case.notice_id, case.notice_served_on, case.waived_on, case.hearing_asked_on = notice.id, None, None, None
        hearing = at.paper(DocumentKind.HEARING_NOTICE, content, to_party=True) if found.hearing else None
        if told["handed_to"]:
            _notice_served(at, judging.served_day(at, notice, "direct", at.today, told["handed_to"]))
        else:
            case.stage = CaseStage.NOTIFIED
        hearing_number = hearing.number if hearing else None
        return {
            "number": notice.number,
            "hearing_number": hearing_number,
            "fine": case.noticed,
            "facts_found": told["facts_found"],
        }

    return moved(sessions, principal, clock, calendar, "notify_party", key, told, step)


def serve_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """The notice, the decision or the reminder reached the party: by being opened in the portal, or on paper (行政处罚法 61)."""

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if case.stage == CaseStage.REMINDED:
            document = money.reminder(at)
        else:
            is_notice = case.stage == CaseStage.NOTIFIED
            document = at.session.get_one(Document, case.notice_id if is_notice else case.decision_id)
        given = (told["served_on"], told["how"], told["handed_to"])
        if case.stage != CaseStage.DECIDED:
            day = judging.served_day(at, document, given[1], given[0], given[2])
            (money.reminded if case.stage == CaseStage.REMINDED else _notice_served)(at, day)
        else:
            day = judging.served(at, document, *given)
            case.stage = CaseStage.SERVED
        return {"number": document.number, "how": told["how"], "served_on": day.isoformat()}

    return moved(sessions, principal, clock, calendar, "serve_case", key, told, step)


def answer_notice(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the party, or recorded by the agency: a statement, a hearing asked for, or neither wanted (also no longer). Whoever
    answers has the notice.

    Refuses `Invalid` for a statement without words, and for a waiver that an officer records without what proves it;
    `Conflict("no_hearing_right")`, `Conflict("hearing_period_over")` after the fifth working day (Art. 64).
    """

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        by_officer = at.principal.is_agency and told["answer"] == "waive"
        if not told["text"] and (told["answer"] == "statement" or by_officer):
            raise Invalid.field("text", "required")
        if case.stage in HEARING_WAITS:
            _withdraw_hearing(at, told["answer"])
        elif case.notice_served_on is None:
            _notice_served(at, judging.first_opened(at.session, case.notice_id) or at.today)
        if told["answer"] == "hearing":
            _ask_hearing(at)
        elif told["answer"] == "waive":
            case.waived_on = at.today
            at.end(timing.ASK_HEARING)
        else:
            case.defended_at = at.now
        return {"answer": told["answer"], "text": told["text"]}

    return moved(sessions, principal, clock, calendar, "answer_notice", key, told, step)


def set_hearing(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the one who will preside, never an investigator: the day, at least 7 working days ahead, with the paper that invites
    the party (Art. 64)."""

    def step(at: Step) -> dict[str, Any]:
        earliest = clocks.due(timing.HEARING_LEAD, at.today, at.calendar).day
        if told["held_on"] < earliest:
            raise Invalid.field("held_on", "out_of_range", min=earliest.isoformat())
        at.start(timing.HEARING_LEAD)
        at.case.hearing_on = told["held_on"]
        said = {"held_on": told["held_on"].isoformat(), "place": told["place"]}
        document = at.paper(DocumentKind.HEARING_INVITATION, said, to_party=True)
        return said | {"number": document.number}

    return moved(sessions, principal, clock, calendar, "set_hearing", key, told, step)


def record_hearing(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """What was said; the case goes to legal review again (Art. 58), and the days since the hearing was asked for do not count."""

    def step(at: Step) -> dict[str, Any]:
        case = at.case
        if case.hearing_on is not None and at.today < case.hearing_on:
            raise Conflict("hearing_not_yet", held_on=case.hearing_on.isoformat())
        case.hearing_on, case.reviewed_at = at.today, None
        at.end(timing.HEARING_LEAD)
        timing.resume(at.session, case, timing.DECIDE, at.today, at.calendar)
        return {"held_on": at.today.isoformat(), "summary": told["summary"]}

    return moved(sessions, principal, clock, calendar, "record_hearing", key, told, step)


def return_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """By the head: to be investigated further; what is then proposed is reviewed and notified anew."""

    def step(at: Step) -> dict[str, Any]:
        at.case.reviewed_at = at.case.reviewed = None
        at.end(timing.ASK_HEARING)
        return {"reason": told["reason"]}

    return moved(sessions, principal, clock, calendar, "return_case", key, told, step)


def _notice_served(at: Step, day: date) -> None:
    at.case.notice_served_on, at.case.stage = day, CaseStage.ANSWERING
    if at.case.hearing_right:
        at.start(timing.ASK_HEARING, day)


def _withdraw_hearing(at: Step, answer: str) -> None:
    """A party that has asked for a hearing can still do without; anything else it says there."""
    if answer != "waive":
        raise Conflict("case_stage", stage=at.case.stage)
    at.case.stage, at.case.hearing_on = CaseStage.ANSWERING, None
    at.end(timing.HEARING_LEAD)
    timing.resume(at.session, at.case, timing.DECIDE, at.today, at.calendar)


def _ask_hearing(at: Step) -> None:
    case = at.case
    assert case.notice_served_on is not None
    if not case.hearing_right:
        raise Conflict("no_hearing_right")
    last = clocks.due(timing.ASK_HEARING, case.notice_served_on, at.calendar).day
    if at.today > last:
        raise Conflict("hearing_period_over", last=last.isoformat())
    case.hearing_asked_on, case.waived_on = at.today, None
    case.stage = CaseStage.HEARING_ASKED
    at.end(timing.ASK_HEARING)
    timing.suspend(at.session, case, timing.DECIDE, at.today)
