"""What several steps of a case share: weighing it, judging an amount (T24, T25), serving a decision, telling of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.errors import Conflict, Invalid
from enforcement import discretion
from enforcement.cases import grounds, timing
from enforcement.cases.grounds import Weighed
from enforcement.cases.moving import Step, not_after
from enforcement.models import Case, CaseAct, CaseConduct, Document, DocumentOpening
from enforcement.telling import tell

PORTAL = "portal"
DISCUSSED, BEFORE_DISCUSSION = "record_discussion", ("conclude_investigation", "record_hearing")
OUTSIDE = ("outside_tier", "reduced", "exempted")


@dataclass(frozen=True)
class JudgedAmount:
    """`hearing`: the party has a right to be heard; `needs_review`: a reviewer must have agreed to this very amount."""

    amount: int
    verdict: str
    deviation: int
    text: str
    needs_reason: bool
    needs_review: bool
    needs_ordinary: bool
    hearing: bool


def entered(keys: Sequence[str], facts: Mapping[str, Any], party_kind: str, on: date) -> dict[str, Any]:
    """The facts as a case keeps them: without what the registers prove, and with who is fined by the party that it has."""
    told = {name: value for name, value in grounds.without_proved(facts).items() if value not in (None, "")}
    asks_party = any(fact.name == "party" for key in keys for fact in grounds.asked_of(key, on))
    return told | ({"party": party_kind} if asks_party else {})


def weighed(session: Session, case: Case, on: date, facts: Mapping[str, Any] | None = None) -> Weighed:
    """The case weighed by its facts, or by these, and by what the registers prove today.

    Refuses `Invalid` where the rule fines a firm and the party is a person, or the other way round.
    """
    acts = session.scalars(select(CaseConduct.act_key).where(CaseConduct.case_id == case.id))
    findings = [each.removeprefix(grounds.FINDING) for each in acts if each.startswith(grounds.FINDING)]
    proved = grounds.proved(session, case.order_id, case.offence_keys, on, findings)
    since = {"found_on": case.found_on.isoformat()}  # 36 is always looked at: a field left empty evades nothing
    given = case.facts if facts is None else dict(facts)
    found = grounds.weigh(case.offence_keys, since | given | proved, on)
    if found.chosen.party != case.party_kind:
        raise Invalid.field("offence_keys", "not_for_this_party")
    return found


def days_of(case: Case) -> tuple[date | None, date]:
    """When the act ended and when it was found, by the case's facts: called once these could be weighed."""
    acted_on, found_on = (case.facts.get(name) for name in ("acted_on", "found_on"))
    return date.fromisoformat(acted_on) if acted_on else None, date.fromisoformat(
        found_on
    ) if found_on else case.found_on


def judged(weighing: discretion.Weighing, amount: int, grave: bool) -> JudgedAmount:
    """Whether this amount may be set, and what it takes.

    Refuses `Conflict` with the weighing's own code (not_yet_fineable: T24; time_barred …), or amount_outside_law, must_be_exempt:
    outside the law never (T25).
    """
    if grave:
        weighing = replace(weighing, measures=weighing.measures + weighing.measures_grave)
    found = discretion.judge_amount(weighing, amount)
    if not found.may_be:
        detail = weighing.refusals[0].detail if weighing.refusals else {}
        raise Conflict(found.code, text=found.text, **{name: str(value) for name, value in detail.items()})
    return JudgedAmount(
        amount=amount,
        verdict=found.verdict,
        deviation=found.deviation,
        text=found.text,
        needs_reason="reason" in found.needs,
        needs_review=found.verdict in OUTSIDE,
        needs_ordinary="ordinary_procedure" in found.needs,
        hearing="hearing" in found.needs,
    )


def is_discussed(session: Session, case: Case) -> bool:
    """Whether the heads have discussed together what stands now: after the investigation, and after the hearing (57, 65)."""
    wanted = select(CaseAct.act).where(CaseAct.case_id == case.id, CaseAct.act.in_((DISCUSSED, *BEFORE_DISCUSSION)))
    return session.scalars(wanted.order_by(CaseAct.place_in.desc()).limit(1)).one_or_none() == DISCUSSED


def keep(case: Case, weighing: Weighed, found: JudgedAmount, reason: str) -> None:
    """The weighing and the judgement stay with the case.

    Refuses `Invalid` where a reason is needed and none was given (T25).
    """
    reason = reason or str((case.deviation or {}).get("reason", ""))
    if found.needs_reason and not reason:
        raise Invalid.field("reason", "required")
    case.weighing = weighing.plain
    case.deviation = {
        "verdict": found.verdict,
        "from_tier": found.deviation,
        "from_suggested": found.amount - weighing.chosen.suggested,
        "reason": reason if found.needs_reason else "",
        "text": found.text,
    }


def first_opened(session: Session, document_id: str | None) -> date | None:
    """The day on which somebody of the addressee's opened a document in the portal: it is served by that."""
    at = session.scalar(select(func.min(DocumentOpening.opened_at)).where(DocumentOpening.document_id == document_id))
    return day_of(at) if at else None


def served_day(at: Step, document: Document, how: str, on: date | None, handed_to: str) -> date:
    """The day of service, written on the document where it was on paper.

    Refuses `Conflict("document_not_opened")` for service in the portal that did not happen, `Invalid` for a day to come or before
    the document, and for paper without the day or the one who took it.
    """
    if how == PORTAL:
        opened = first_opened(at.session, document.id)
        if opened is None:
            raise Conflict("document_not_opened", number=document.number)
        return opened
    if on is None or not handed_to:
        raise Invalid.field("served_on" if on is None else "handed_to", "required")
    not_after("served_on", on, at, day_of(document.issued_at))
    document.served_on_paper = document.served_on_paper or {
        "handed_to": handed_to,
        "served_at": f"{on.isoformat()}T00:00:00+08:00",
        "how": how,
        "by": at.principal.brief(),
        "recorded_at": at.now.isoformat(),
    }
    return on


def served(at: Step, document: Document, on: date | None, how: str, handed_to: str) -> date:
    """The decision has reached the party: its periods to pay, to ask for review and to sue begin (C20, C25), and after them
    the agency's to go to court (C27)."""
    case = at.case
    day = served_day(at, document, how, on, handed_to)
    case.served_on = day
    at.end(timing.SERVE)
    at.start(timing.REVIEW, day)
    suit = timing.start(at.session, case, timing.SUIT, day, at.calendar)
    if case.fine:
        case.pay_by = timing.start(at.session, case, timing.PAY, day, at.calendar).due_on
        at.start(timing.COURT, suit.due_on)
    return day


def tell_decided(at: Step) -> None:
    """The event penalty_decided."""
    case = at.case
    data = {
        "case_id": case.id,
        "number": case.decision_number,
        "area": case.area,
        "agency_id": case.agency_id,
        "party_id": case.party_id,
        "party_name": case.party_name,
        "project_id": case.site_id,
        "fine": case.fine or 0,
        "decided_at": at.now.isoformat(),
    }
    tell(at.session, at.principal, at.now, "penalty_decided", case.id, data)
