"""Penalty cases begin: a clue is registered, or a small one is decided on the spot by two officers (行政处罚法 51–52)."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement.cases import grounds, judging, people, timing
from enforcement.cases.moving import Reply, Step, measures_of, paper, plain, reasons, reply_of
from enforcement.documents import Leased
from enforcement.inspections import AHEAD, LONGEST_OFFLINE
from enforcement.models import Case, CaseConduct, Document, Order, Site, Transfer
from enforcement.permissions import permit
from enforcement.terms import CaseKind, CaseOutcome, CaseStage, DocumentKind, TransferStage

ONE_FINE = "pk_case_conduct"


def open_case(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """A clue becomes a case in hand (令55: to be checked within 15 days): from an order, a transfer, or by itself.

    Refuses `Invalid` for less than two officers (T31), `Conflict("act_in_another_case")` for an act that another case has
    (T26), `Conflict("transfer_not_taken")` for one that waits for its answer or was refused, `NotFound` for an order, transfer,
    site or offence that is not there, `Invalid` for facts that cannot be used.
    """

    def begin(session: Session, case: Case) -> dict[str, Any]:
        timing.start(session, case, timing.CHECK, day_of(case.opened_at), calendar)
        return {"source": case.source, "description": told["description"]}

    return _begun(sessions, principal, clock, "open_case", key, told, begin)


def decide_on_the_spot(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, key: str | None, **told: Any
) -> Reply:
    """Decided at once, handed over at once, and known to the agency by that (行政处罚法 51–52; T27). `amount` None: as suggested.
    With `leased_serial` it was decided, numbered and handed over at `signed_at`, without coverage; from then its periods run.

    Refuses `Conflict("ordinary_procedure_needed")` for what is not small, `Forbidden("roles_not_apart")` for somebody who is not
    one of the two officers, `Invalid` for a signature in the future or too long ago, and whatever `open_case` and
    `numbering.leased_number` refuse.
    """

    def decide(session: Session, case: Case) -> dict[str, Any]:
        if principal.user_id not in {each["user_id"] for each in case.investigators}:
            raise Forbidden("roles_not_apart", act="decide_on_the_spot", who="investigator")
        decided = _decide_at_once(session, principal, case, told)
        return _served_at_once(session, principal, calendar, case, decided, told)

    return _begun(sessions, principal, clock, "decide_on_the_spot", key, told, decide)


def _begun(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    act: str,
    key: str | None,
    told: dict[str, Any],
    begin: Callable[[Session, Case], dict[str, Any]],
) -> Reply:
    permit(act, principal)
    request = plain(told)
    try:
        with transaction(sessions) as session:
            if (reply := repeated(session, key, act, request)) is not None:
                return reply
            case = _new(session, principal, _moment_of(told, clock()), told)
            detail = begin(session, case)
            timing.write_act(session, case, act, clock(), principal, detail)
            reply = reply_of(case, detail)
            remember(session, key, act, request, reply)
            journal.write(session, principal, act, case.id, detail | {"party": case.party_key}, clock=clock)
            return reply
    except IntegrityError as clash:
        if getattr(getattr(clash.orig, "diag", None), "constraint_name", "") != ONE_FINE:
            raise
        # Somebody opened one for the same act in this moment.
        raise Conflict("act_in_another_case") from clash


def _moment_of(told: dict[str, Any], now: datetime) -> datetime:
    """When the case began: now, or when what was decided on the spot was signed."""
    if not told.get("leased_serial"):
        return now
    signed_at: datetime | None = told.get("signed_at")
    if signed_at is None:
        raise Invalid.field("signed_at", "required")
    if not now - LONGEST_OFFLINE <= signed_at <= now + AHEAD:
        limits = {"min": (now - LONGEST_OFFLINE).isoformat(), "max": now.isoformat()}
        raise Invalid.field("signed_at", "out_of_range", **limits)
    return signed_at


def _new(session: Session, principal: Principal, now: datetime, told: dict[str, Any]) -> Case:
    """The case with the acts that are in it, held against every other case."""
    today = day_of(now)
    order, site = _ground(session, principal, told)
    party = people.party(session, told, site)
    keys = list(dict.fromkeys(told["offence_keys"]))
    facts = judging.entered(keys, told["facts"], party["party_kind"], today)
    case = Case(
        id=new_id(),
        kind=CaseKind.ORDINARY,
        stage=CaseStage.CLUE,
        agency_id=principal.organisation_id,
        area=site.area if site else principal.area,
        site_id=site.id if site else None,
        order_id=order.id if order else None,
        transfer_id=told.get("transfer_id"),
        source="transfer" if told.get("transfer_id") else told["source"],
        **party,
        offence_keys=keys,
        facts=facts,
        found_on=day_of(order.issued_at) if order else today,
        grave=False,
        investigators=people.officers(
            session, principal.organisation_id, told["officer_ids"], today, party["party_id"]
        ),
        opened_at=now,
        opened_by=dict(principal.brief()),
        hearing_right=False,
        paid=Decimal(0),
        challenges=[],
    )
    session.add(case)
    session.flush()
    _hold_acts(session, case, grounds.conduct_keys(session, order, told.get("finding_ids") or [], case.id))
    judging.weighed(session, case, today)  # what cannot be weighed is refused now, not when the case is concluded
    case.acted_on, case.found_on = judging.days_of(case)
    return case


def _ground(session: Session, principal: Principal, told: dict[str, Any]) -> tuple[Order | None, Site | None]:
    """The order and the site that the case is about, in his territory; the order of a transfer is that transferred."""
    sent = _transfer(session, principal, told["transfer_id"]) if told.get("transfer_id") else None
    order_id = told.get("order_id") or (sent.order_id if sent else None)
    order = session.get(Order, order_id) if order_id else None
    if order_id and (order is None or not principal.watches(order.area)):
        raise NotFound("order_unknown")
    if sent is not None and sent.order_id != order_id:
        raise Invalid.field("transfer_id", "not_of_this_order")
    site_id = order.site_id if order else told.get("project_id")
    site = session.get(Site, site_id) if site_id else None
    if site_id and (site is None or not principal.watches(site.area)):
        raise NotFound("project_unknown")
    return order, site


def _transfer(session: Session, principal: Principal, transfer_id: str) -> Transfer:
    sent = session.get(Transfer, transfer_id)
    if sent is None or sent.to_agency_id != principal.organisation_id:
        raise NotFound("transfer_unknown")
    if sent.stage != TransferStage.TAKEN:
        raise Conflict("transfer_not_taken", number=sent.number)
    return sent


def _hold_acts(session: Session, case: Case, keys: list[str]) -> None:
    for each in keys:
        taken = session.get(CaseConduct, (each, case.party_key))
        if taken is not None:
            raise Conflict("act_in_another_case", case_id=taken.case_id)
        session.add(CaseConduct(act_key=each, party_key=case.party_key, case_id=case.id))
    session.flush()


def _decide_at_once(session: Session, principal: Principal, case: Case, told: dict[str, Any]) -> Document:
    now = case.opened_at
    weighing = judging.weighed(session, case, day_of(now))
    amount = weighing.chosen.suggested if told["amount"] is None else told["amount"]
    judged = judging.judged(weighing.chosen, amount, grave=False)
    if judged.needs_ordinary:
        raise Conflict("ordinary_procedure_needed", amount=str(amount))
    judging.keep(case, weighing, judged, told["reason"])
    case.kind, case.outcome = CaseKind.SUMMARY, CaseOutcome.PENALTY
    case.proposed = case.noticed = case.fine = amount
    case.filed_at = case.noticed_at = case.decided_at = now
    case.decided_by = dict(principal.brief())
    case.days_late = 0
    content = reasons(case) | {"facts": told["description"], "fine": amount, "handed_to": told["handed_to"]}
    serial = told.get("leased_serial")
    leased = Leased(serial=serial, signed_at=now) if serial else None
    return paper(session, principal, now, case, DocumentKind.SUMMARY_DECISION, content, to_party=True, leased=leased)


def _served_at_once(
    session: Session, principal: Principal, calendar: Calendar, case: Case, decided: Document, told: dict[str, Any]
) -> dict[str, Any]:
    today = day_of(case.opened_at)
    case.number = case.decision_number = decided.number
    case.decision_id = decided.id
    at = Step(session=session, principal=principal, case=case, now=case.opened_at, today=today, calendar=calendar)
    judging.tell_decided(at)
    at.start(timing.PUBLISH)
    judging.served(at, decided, today, "direct", told["handed_to"])
    case.stage = CaseStage.SERVED
    return {"number": decided.number, "fine": case.fine, "measures": measures_of(case), "handed_to": told["handed_to"]}
