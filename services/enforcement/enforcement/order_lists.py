"""Orders as they are read: a list by age, and one with its findings, answers, papers and timeline."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from chassis import paging
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from chassis.workdays import Calendar
from enforcement import orders, rectifications, stoppages, transfers
from enforcement.documents import item as document_item
from enforcement.documents import open_first, sight
from enforcement.models import (
    Document,
    DocumentOpening,
    Evidence,
    Finding,
    Firm,
    Inspection,
    Order,
    OrderAct,
    Rectification,
    Site,
)
from enforcement.permissions import RULES, permit, within
from enforcement.terms import InspectionStage, OrderKind, OrderStage, RectificationStage

Reply = dict[str, Any]
Agency = aliased(Firm)
MOST_RECHECKS = 10
BETWEEN_AGENCIES = ("transfer", "answer_transfer")


def list_orders(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    calendar: Calendar,
    *,
    limit: int,
    after: str | None,
    **told: Any,
) -> Reply:
    """Those in his sight, the newest first: narrowed by kind, stage, open, overdue, told up to the city, stopping, project,
    addressee, area. Those that are open, overdue or told up come by their deadline, the one that is over longest first."""
    permit("read", principal)
    today = day_of(clock())
    by_deadline = bool(told["open"] or told["overdue"] or told["escalated"])
    moment = Order.due_on if by_deadline else Order.issued_at
    listed = paging.Listed(wanted(principal, today, told), moment, Order.id, rising=by_deadline)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows = session.execute(page).all()
        last = rows[limit - 1][0] if len(rows) > limit else None
        following = paging.cursor(getattr(last, moment.key), last.id) if last else None
        items = [_item(order, site, firm, agency, today, calendar) for order, site, firm, agency in rows[:limit]]
        return {"items": items, "next": following, **counted}


def get_order(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, order_id: str, way: str = "api"
) -> Reply:
    """One in his sight: what it demands, each round of answers, its papers with their openings, all acts, and what he may do.

    A draft is shown to its firm only. All that stands on the paper is told here, so the order is served by being read here,
    too. Refuses `NotFound("order_unknown")`.
    """
    permit("read", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        row = session.execute(_rows().where(Order.id == order_id, orders.seen(principal))).one_or_none()
        if row is None:
            raise NotFound("order_unknown")
        order, site, firm, agency = row
        rounds = _rounds(session, principal, order)
        report = next((each for each in rounds if each["order_id"] == order.id), None)
        findings = _findings(session, order)
        acts = _acts(principal, site, order, report, any(each["is_open"] for each in findings))
        shown = _item(order, site, firm, agency, today, calendar) | {
            "demands": order.demands,
            "document_id": order.document_id,
            "inspection_id": order.inspection_id,
            "issued_by": order.issued_by,
            "follows": order.follows,
            "on_paper": order.on_paper,
            "lifted_at": order.lifted_at,
            "escalated_to": order.escalated_to,
            "findings": findings,
            "rounds": rounds,
            "report": report,
            "documents": _documents(session, principal, order),
            "timeline": _timeline(session, principal, order),
            "transfers": transfers.of_order(session, principal, order),
            "may": acts,
            "rechecks": _rechecks(session, order) if "decide_rectification" in acts else [],
            "receivers": transfers.receivers(session, order) if "transfer_order" in acts else [],
        }
        if principal.organisation_id == order.addressee_id:
            open_first(session, principal, clock, session.get_one(Document, order.document_id), way)
        return shown


def wanted(principal: Principal, today: date, told: dict[str, Any]) -> Select[Order, Site, Firm, Any]:
    """Those in his sight, as a list or an export is narrowed."""
    return _rows().where(orders.seen(principal), *_narrowed(today, told))


def _rows() -> Select[Order, Site, Firm, Any]:
    return (
        select(Order, Site, Firm, Agency.name)
        .join(Site, Site.id == Order.site_id)
        .outerjoin(Firm, Firm.id == Order.addressee_id)
        .outerjoin(Agency, Agency.id == Order.agency_id)
    )


def _narrowed(today: date, told: dict[str, Any]) -> Iterable[ColumnElement[bool]]:
    columns = {
        "kind": Order.kind,
        "stage": Order.stage,
        "project_id": Order.site_id,
        "addressee_id": Order.addressee_id,
    }
    yield from (column == told[name] for name, column in columns.items() if told[name])
    if told["area"]:
        yield within(Order.area, told["area"])
    if told["open"]:
        yield Order.closed_at.is_(None)
    if told["overdue"]:
        yield from (Order.closed_at.is_(None), Order.reported_at.is_(None), Order.due_on < today)
    if told["escalated"]:
        yield orders.is_escalated()
    if told["stopping"]:
        yield from (Order.kind != OrderKind.RECTIFY, Order.lifted_at.is_(None), Order.closed_at.is_(None))


def _item(order: Order, site: Site, firm: Firm | None, agency: str | None, today: date, calendar: Calendar) -> Reply:
    names = (
        "kind",
        "stage",
        "number",
        "area",
        "agency_id",
        "addressee_id",
        "scope",
        "issued_at",
        "first_due_on",
        "due_on",
    )
    more = ("reported_at", "closed_at", "extensions")
    return {name: getattr(order, name) for name in names + more} | {
        "order_id": order.id,
        "project_id": site.id,
        "project_name": site.name,
        "addressee_name": firm.name if firm else "",
        "agency_name": agency or "",
        "is_stopping": stoppages.stops(order) and order.closed_at is None,
        "turn": _turn(order),
        **_clock_of(order, today, calendar),
    }


def _turn(order: Order) -> str:
    """Who acts next: the firm, the agency, or nobody."""
    if order.closed_at is not None:
        return "nobody"
    return "agency" if order.stage == OrderStage.REPORTED else "firm"


def _clock_of(order: Order, today: date, calendar: Calendar) -> Reply:
    """In working days: what the firm has left or is late by; and since a report came, how late it came and how long the agency
    has had it."""
    reported = day_of(order.reported_at) if order.reported_at else None
    ended = reported or (day_of(order.closed_at) if order.closed_at else today)
    runs = order.closed_at is None and reported is None
    waits = reported is not None and order.closed_at is None
    return {
        "days_left": calendar.workdays_between(today, order.due_on) if runs and ended <= order.due_on else None,
        "is_late": ended > order.due_on,
        "late_by": calendar.workdays_between(order.due_on, ended),
        "agency_days": calendar.workdays_between(reported, today) if waits and reported else None,
    }


def _findings(session: Session, order: Order) -> list[Reply]:
    """As they stand on the paper; with whether each is closed by now, or still open under this order (`is_open`)."""
    told = rectifications.demanded(session, order)
    wanted = select(Finding).where(Finding.id.in_([each["finding_id"] for each in told]))
    now = {each.id: each for each in session.scalars(wanted)}
    return [each | _standing(now.get(each["finding_id"]), order) for each in told]


def _standing(finding: Finding | None, order: Order) -> Reply:
    closed_at = finding.closed_at if finding else None
    return {
        "closed_at": closed_at,
        "is_open": finding is not None and closed_at is None and finding.order_id == order.id,
    }


def _rounds(session: Session, principal: Principal, order: Order) -> list[Reply]:
    """The reports on this order and on those that it follows, the latest first; photos with the marks on them."""
    chain = select(Order.id, Order.follows).where(Order.id == order.id).cte("chain", recursive=True)
    before = aliased(Order)
    chain = chain.union(select(before.id, before.follows).join(chain, before.id == chain.c.follows))
    wanted = select(Rectification).where(Rectification.order_id.in_(select(chain.c.id)))
    if principal.organisation_id != order.addressee_id:
        wanted = wanted.where(Rectification.stage != RectificationStage.DRAFT)
    found = session.scalars(wanted.order_by(Rectification.round.desc(), Rectification.saved_at.desc())).all()
    marks = _marks(session, [each.id for each in found])
    named = {each["finding_id"] for report in found for each in report.answers}
    titles = dict(session.execute(select(Finding.id, Finding.description).where(Finding.id.in_(named))).all())
    return [_round(each, titles, marks) for each in found]


def _round(report: Rectification, titles: dict[str, str], marks: dict[str, list[Reply]]) -> Reply:
    names = (
        "order_id", "round", "stage", "saved_at", "submitted_at", "submitted_by", "decided_at", "decided_by", "checked_by",
        "opinion", "supervisor_opinion", "owner_opinion",
    )  # fmt: skip
    accepted = set((report.outcome or {}).get("wanted", {}).get("accepted", ()))
    answers = [
        each
        | {
            "photos": [photo | {"marks": marks.get(photo["evidence_id"], [])} for photo in each["photos"]],
            "description": titles.get(each["finding_id"], ""),
            "is_accepted": each["finding_id"] in accepted if report.outcome else None,
        }
        for each in report.answers
    ]
    return {name: getattr(report, name) for name in names} | {"rectification_id": report.id, "answers": answers}


def _marks(session: Session, reports: Sequence[str]) -> dict[str, list[Reply]]:
    ours = (Evidence.subject_kind == rectifications.SUBJECT, Evidence.subject_id.in_(reports))
    return dict(session.execute(select(Evidence.id, Evidence.marks).where(*ours)).all()) if reports else {}


def _documents(session: Session, principal: Principal, order: Order) -> list[Reply]:
    opened = (
        select(func.count(DocumentOpening.user_id), func.min(DocumentOpening.opened_at))
        .where(DocumentOpening.document_id == Document.id)
        .lateral()
    )
    wanted = select(Document, opened).join(opened, opened.c[0].is_not(None))
    ours = (Document.subject_kind == "order", Document.subject_id == order.id, sight(principal))
    rows = session.execute(wanted.where(*ours).order_by(Document.issued_at, Document.id))
    return [document_item(each) | {"openings": count, "first_opened_at": first} for each, count, first in rows]


def _rechecks(session: Session, order: Order) -> list[Reply]:
    """Checks of the site since the order that can be named as the one by which its report was looked at."""
    ours = (Inspection.site_id == order.site_id, Inspection.started_at >= order.issued_at)
    wanted = select(Inspection.id, Inspection.kind, Inspection.started_at).where(
        *ours, Inspection.stage == InspectionStage.COMPLETED, Inspection.id != order.inspection_id
    )
    found = session.execute(wanted.order_by(Inspection.started_at.desc()).limit(MOST_RECHECKS))
    return [{"inspection_id": id_, "kind": kind, "started_at": at} for id_, kind, at in found]


def _timeline(session: Session, principal: Principal, order: Order) -> list[Reply]:
    wanted = select(OrderAct).where(OrderAct.order_id == order.id)
    wanted = wanted.where(OrderAct.act.not_in(BETWEEN_AGENCIES)) if principal.is_enterprise else wanted
    rows = session.scalars(wanted.order_by(OrderAct.place_in))
    return [{"act": each.act, "at": each.at, "by": each.by, "detail": each.detail} for each in rows]


def _acts(principal: Principal, site: Site, order: Order, report: Reply | None, is_left: bool) -> list[str]:
    """What he may do with it now; `is_left`: something that it demanded is open, and under no other order."""
    is_open, is_reported = order.closed_at is None, order.stage == OrderStage.REPORTED
    if principal.is_enterprise:
        told = {
            "save_rectification": is_open and not is_reported and principal.organisation_id == order.addressee_id,
            "give_opinion": _may_give_opinion(principal, site, order, report),
        }
        return [name for name, may in told.items() if may]
    told = {
        "decide_rectification": is_open and is_reported,
        "lift_stop": is_open and stoppages.stops(order),
        "extend_order": is_open and not is_reported,
        "withdraw_order": is_open,
        "transfer_order": True,
        "issue_order": order.stage == OrderStage.WITHDRAWN and is_left,
    }
    is_his = orders.is_of(principal, order)
    return [name for name, may in told.items() if may and is_his and RULES[name].admits(principal)]


def _may_give_opinion(principal: Principal, site: Site, order: Order, report: Reply | None) -> bool:
    as_ = rectifications.opinion_of(principal, site, order)
    if as_ is None or report is None or report["stage"] != RectificationStage.SUBMITTED:
        return False
    return report[as_] is None
