"""Cases as they are read: a list with the clock that runs out first, and the file of one with everything in it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement import discretion, documents
from enforcement.cases import clocks, flow, judging, money, people, timing, turns, waiting
from enforcement.cases.flow import Hands
from enforcement.cases.moving import measures_of, sight
from enforcement.models import (
    Case,
    CaseAct,
    CaseClock,
    CasePayment,
    Document,
    DocumentOpening,
    Firm,
    Officer,
    Order,
    Site,
)
from enforcement.permissions import RULES, permit, within
from enforcement.terms import CaseOutcome, CaseStage

Reply = dict[str, Any]
PRIVATE_ACTS = (
    "review_case",
    "record_discussion",
    "conclude_investigation",
    "return_case",
    "replace_investigators",
    "clock_past",
)


def list_cases(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    calendar: Calendar,
    *,
    limit: int,
    after: str | None,
    **told: Any,
) -> Reply:
    """Those in his sight, the newest first; each with who acts next and the clock whose day comes first. `mine`: those in which
    that is he."""
    permit("read", principal)
    today = day_of(clock())
    listed = paging.Listed(select(Case).where(*narrowed(principal, today, told)), Case.opened_at, Case.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows, following = paging.page(session.scalars(page).all(), limit, "opened_at")
        return {"items": _items(session, rows, today, calendar), "next": following, **counted}


def narrowed(principal: Principal, today: date, told: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    """The cases in his sight, as a list or an export is narrowed: by stage, open, area, project_id, order_id, party_id, mine."""
    yield sight(principal)
    columns = {
        "stage": Case.stage,
        "project_id": Case.site_id,
        "order_id": Case.order_id,
        "party_id": Case.party_id,
    }
    yield from (column == told[name] for name, column in columns.items() if told[name])
    if told["open"] is not None:
        ended = Case.stage.in_(flow.ENDED)
        yield ~ended if told["open"] else ended
    if told["area"]:
        yield within(Case.area, told["area"])
    if told["mine"]:
        yield waiting.is_his(principal, today)


def get_case(sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, case_id: str) -> Reply:
    """The file of one case: clocks, timeline, papers, weighing, money, and what he may do now. A party sees what is for it: not
    what officers say to each other, nor an amount before the notice.

    Refuses `NotFound("case_unknown")`.
    """
    permit("read", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        case = session.scalars(select(Case).where(Case.id == case_id, sight(principal))).one_or_none()
        if case is None:
            raise NotFound("case_unknown")
        is_officer = not principal.is_enterprise
        owed = money.balance(session, case, today)
        acts = select(CaseAct).where(CaseAct.case_id == case.id).order_by(CaseAct.place_in)
        acts = acts if is_officer else acts.where(CaseAct.act.not_in(PRIVATE_ACTS))
        rows = timing.clocks_of(session, case.id)
        order = session.get(Order, case.order_id) if case.order_id else None
        holds = any(each.clock_id == timing.HOLD and each.ended_on is None for each in rows)
        needless = {"hold_evidence" if holds else "settle_evidence"}
        deciding = next((each for each in rows if each.clock_id == timing.DECIDE and each.ended_on is None), None)
        is_still = deciding is not None and timing.stands_still(deciding, timing.OUTSIDE_WORK)
        needless.add("suspend_case" if is_still else "resume_case")
        if case.grave and not judging.is_discussed(session, case):
            needless.add("decide_case")
        hands = people.hands_of(session, case)
        may = [each for each in acts_of(principal, case, hands, owed, today) if each not in needless]
        return _items(session, [case], today, calendar)[0] | {
            **_columns(case, is_officer),
            "order_number": order.number if order else None,
            "measures": measures_of(case),
            "clocks": [_clock(each, today, calendar) for each in rows],
            "timeline": [
                {"act": each.act, "at": each.at, "by": each.by, "detail": each.detail} for each in session.scalars(acts)
            ],
            "documents": _documents(session, principal, case),
            "payments": _payments(session, case),
            "surcharge": str(owed.surcharge),
            "paid": str(owed.paid),
            "left": str(owed.left) if case.pay_by else None,
            "overpaid": str(-owed.left) if owed.left < 0 else None,
            "days_overdue": owed.days_late,
            "acts": may,
            "others": _others(session, case, hands, today) if "replace_investigators" in may else [],
        }


def acts_of(principal: Principal, case: Case, hands: Hands, owed: money.Balance, today: date) -> list[str]:
    """What he may do with it now, in the order of the procedure: the next step is the first."""
    if principal.is_agency and principal.organisation_id != case.agency_id:
        return []
    challenged = money.open_challenge(case) is not None
    is_late = case.pay_by is not None and today > case.pay_by and owed.left > 0
    exempt = (case.deviation or {}).get("verdict") == "exempted"
    wanted = {
        "decide_case": (case.stage != CaseStage.REVIEWED or exempt) and case.reviewed_at is not None,
        "notify_party": not exempt,
        "review_case": case.stage != CaseStage.HEARD or case.reviewed_at is None,
        "record_payment": owed.left > 0,
        "grant_time": owed.left > 0,
        "remind_party": is_late,
        "serve_case": case.stage != CaseStage.REMINDED or case.reminded_on is None,
        "apply_to_court": case.reminded_on is not None and not challenged,
        "record_challenge": not challenged,
        "end_challenge": challenged,
        "publish_case": case.outcome == CaseOutcome.PENALTY and case.published_on is None,
        "unpublish_case": case.published_on is not None and case.removed_on is None,
        "close_case": (owed.left <= 0 or case.stage == CaseStage.IN_COURT) and not challenged,
    }
    order = (*(each for each in ORDER if each != "close_case"), "close_case") if owed.left > 0 else ORDER
    return [
        act
        for act in order
        if flow.is_open(act, case.stage)
        and RULES[act].admits(principal)
        and people.may(act, principal, case, hands)
        and wanted.get(act, True)
    ]


ORDER = (
    "file_case", "conclude_investigation", "review_case", "notify_party", "serve_case", "decide_case",
    "answer_notice", "set_hearing", "record_hearing", "close_case", "record_payment", "remind_party", "apply_to_court",
    "publish_case", "end_challenge", "record_challenge", "grant_time", "unpublish_case", "settle_evidence",
    "record_discussion", "hold_evidence", "return_case", "extend_case", "suspend_case",
    "resume_case", "replace_investigators", "drop_case",
)  # fmt: skip


def _items(session: Session, cases: Sequence[Case], today: date, calendar: Calendar) -> list[Reply]:
    ids = [each.id for each in cases]
    of_case: dict[str, list[CaseClock]] = {}
    running = select(CaseClock).where(CaseClock.case_id.in_(ids), CaseClock.ended_on.is_(None))
    for row in session.scalars(running.order_by(CaseClock.case_id, CaseClock.place_in)):
        of_case.setdefault(row.case_id, []).append(row)
    sites = dict(session.execute(select(Site.id, Site.name).where(Site.id.in_({c.site_id for c in cases}))).all())
    firms = dict(session.execute(select(Firm.id, Firm.name).where(Firm.id.in_({c.agency_id for c in cases}))).all())
    whose = dict(session.execute(select(Case.id, turns.turn(today)).where(Case.id.in_(ids))).all())
    return [
        _item(each, _nearest_clock(of_case.get(each.id, []), today, calendar))
        | {"project_name": sites.get(each.site_id or ""), "agency_name": firms.get(each.agency_id, "")}
        | {"turn": whose[each.id]}
        for each in cases
    ]


def _item(case: Case, clock: Reply | None) -> Reply:
    names = (
        "number", "kind", "stage", "agency_id", "area", "order_id", "party_kind", "party_id", "party_name", "outcome",
        "fine", "opened_at", "decided_at", "decision_number", "closed_at",
    )  # fmt: skip
    clause = (case.weighing or {}).get("clause")
    return {name: getattr(case, name) for name in names} | {
        "case_id": case.id,
        "project_id": case.site_id,
        "offence_keys": case.offence_keys,
        "conduct": conduct(case),
        "clause": clause,
        "clock": clock,
    }


def conduct(case: Case) -> str:
    """What the party did, in the words of the rule in force when the case was opened."""
    try:
        return discretion.offence(case.offence_keys[0], day_of(case.opened_at)).conduct
    except discretion.UnknownOffence:
        return case.offence_keys[0]


def _columns(case: Case, is_officer: bool) -> Reply:
    """A party sees amounts and weighing from the notice on: so does whoever may see the case at all."""
    names = (
        "source", "party_number", "facts", "found_on", "acted_on", "grave", "noticed", "investigators", "noticed_at",
        "notice_served_on", "hearing_right", "waived_on", "hearing_asked_on", "hearing_on", "days_late", "served_on",
        "pay_by", "reminded_on", "challenges", "published_on", "removed_on", "weighing", "deviation",
    )  # fmt: skip
    told = {name: getattr(case, name) for name in names} | {"decided_by": case.decided_by}
    inside = {"proposed": case.proposed, "reviewed_by": case.reviewed_by, "filed_at": case.filed_at}
    return told | (inside if is_officer else dict.fromkeys(inside))


def _nearest_clock(rows: Sequence[CaseClock], today: date, calendar: Calendar) -> Reply | None:
    """Of the clocks that run, the one that is over first; those of the party and the court only where there is no other, and a
    right that ran out no more."""
    limits = [
        each
        for each in rows
        if each.kind == clocks.LIMIT
        and each.started_on <= today
        and (each.clock_id not in timing.RIGHTS or each.due_on >= today)
    ]
    pressing = [each for each in limits if each.clock_id not in (*timing.CHALLENGES, timing.COURT)]
    told = [_clock(each, today, calendar) for each in pressing or limits]
    return min(told, key=lambda each: each["due_on"], default=None)


def _clock(row: CaseClock, today: date, calendar: Calendar) -> Reply:
    rule = clocks.clock(row.clock_id, row.started_on)
    is_duty = row.kind == clocks.LIMIT and row.clock_id not in timing.RIGHTS
    due = row.due_on if row.ended_on else timing.last_day(row, today, calendar)
    return {
        "clock_id": row.clock_id,
        "text": rule.text,
        "bound": rule.bound,
        "clause": rule.clause,
        "kind": row.kind,
        "started_on": row.started_on,
        "due_on": due,
        "provisional": row.provisional,
        "extensions": row.extensions,
        "stands_still": row.ended_on is None and any(span["last"] is None for span in row.spans),
        "ended_on": row.ended_on,
        "days_left": (due - today).days if row.ended_on is None else None,
        "late_by": max(((row.ended_on or today) - due).days, 0) if is_duty else 0,
    }


def _documents(session: Session, principal: Principal, case: Case) -> list[Reply]:
    """Its papers, each with when somebody of the party opened it first."""
    opened = select(func.min(DocumentOpening.opened_at)).where(DocumentOpening.document_id == Document.id)
    wanted = select(Document, opened.scalar_subquery()).where(
        Document.subject_kind == "case", Document.subject_id == case.id, documents.sight(principal)
    )
    rows = session.execute(wanted.order_by(Document.issued_at, Document.id))
    return [
        {
            "document_id": each.id,
            "kind": each.kind,
            "number": each.number,
            "issued_at": each.issued_at,
            "opened_at": opened_at,
        }
        for each, opened_at in rows
    ]


def _others(session: Session, case: Case, hands: Hands, today: date) -> list[Reply]:
    """Officers of the agency who could take over from an investigator: those that neither reviewed nor heard the case, and
    have no interest in the party."""
    there = {each["officer_id"] for each in case.investigators} | people.keeping_away(session, case.party_id, today)
    wanted = select(Officer.id, Officer.name, Officer.user_id).where(
        Officer.agency_id == case.agency_id,
        Officer.removed_at.is_(None),
        Officer.certificate_valid_to >= today,
        Officer.id.not_in(there),
    )
    return [
        {"officer_id": id_, "name": name}
        for id_, name, user_id in session.execute(wanted.order_by(Officer.name, Officer.id))
        if user_id not in hands.reviewers | hands.hosts
    ]


def _payments(session: Session, case: Case) -> list[Reply]:
    wanted = select(CasePayment).where(CasePayment.case_id == case.id)
    return [
        {"receipt": each.receipt, "amount": str(each.amount), "paid_on": each.paid_on}
        for each in session.scalars(wanted.order_by(CasePayment.paid_on, CasePayment.receipt))
    ]
