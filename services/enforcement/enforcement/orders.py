"""Orders: to put right by a day what was found, to stop a part of the works, or all of them (责令整改、停工)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement import documents
from enforcement.models import Finding, Order, OrderAct, Site
from enforcement.permissions import sites_seen, within
from enforcement.telling import tell
from enforcement.terms import DocumentKind, OrderKind, OrderStage
from enforcement.words import ORDER_KINDS

PAPER = {
    OrderKind.RECTIFY: DocumentKind.RECTIFICATION_ORDER,
    OrderKind.PARTIAL_STOP: DocumentKind.PARTIAL_STOP_ORDER,
    OrderKind.FULL_STOP: DocumentKind.FULL_STOP_ORDER,
}
WHOLE = "全部施工作业"
ABOVE = frozenset({"province", "city"})


@dataclass(frozen=True, kw_only=True)
class Demanded:
    """What an order says: to whom, by when, what, and which part stands still (`scope`, of a partial stop). `on_paper`: a report
    without photos is enough."""

    kind: OrderKind
    addressee_id: str
    due_on: date
    demands: str
    scope: str = ""
    follows: str | None = None
    on_paper: bool = False


def issue(
    session: Session,
    principal: Principal,
    now: datetime,
    site: Site,
    demanded: Demanded,
    findings: Sequence[Finding],
    inspection_id: str | None,
    leased: documents.Leased | None = None,
) -> Order:
    """The order with its numbered document and its events, in the caller's transaction; the findings are put under it.

    It was issued when it was signed: under a leased number that may be days ago. Refuses `Invalid` for a day before that, and
    for a partial stop that does not say what stands still.
    """
    issued_at = leased.signed_at if leased else now
    _check(demanded, issued_at)
    if demanded.kind != OrderKind.RECTIFY:
        lock_site(session, site.id)
    order = Order(id=new_id(), **_values(principal, issued_at, site, demanded), inspection_id=inspection_id)
    about = documents.About(
        subject_kind="order",
        subject_id=order.id,
        area=site.area,
        site_id=site.id,
        addressee_id=demanded.addressee_id,
    )
    content = _content(site, order, findings)
    document = documents.issue(session, principal, now, PAPER[demanded.kind], about, content, leased)
    order.document_id, order.number = document.id, document.number
    session.add(order)
    session.flush()
    for finding in findings:
        finding.order_id = order.id
    act(session, order, "issue", now, principal, {"number": order.number, "due_on": order.due_on.isoformat()})
    _tell(session, principal, now, order, len(findings))
    return order


def act(session: Session, order: Order, name: str, now: datetime, principal: Principal, detail: dict[str, Any]) -> None:
    """One more line in the order's timeline."""
    last = session.scalar(select(func.max(OrderAct.place_in)).where(OrderAct.order_id == order.id)) or 0
    by = dict(principal.brief())
    session.add(OrderAct(order_id=order.id, place_in=last + 1, act=name, at=now, by=by, detail=detail))
    session.flush()


def lock_site(session: Session, site_id: str) -> None:
    """Whoever stops works or lets them go on holds the site until he is done: how many stops stand is then true."""
    session.execute(select(Site.id).where(Site.id == site_id).with_for_update(key_share=True))


def seen(principal: Principal) -> ColumnElement[bool]:
    """An agency: those of its territory. An enterprise: those to it, and those on the sites on which it is a party."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Order.area, principal.area)
    if principal.is_enterprise and principal.organisation_id:
        # As an array, so that the index of sites serves: 200,000 orders are not looked through for a firm of three.
        on_site = Order.site_id == func.any(func.array(select(Site.id).where(sites_seen(principal)).scalar_subquery()))
        return or_(Order.addressee_id == principal.organisation_id, on_site)
    return false()


def held(session: Session, principal: Principal, order_id: str) -> Order:
    """One that he sees, nobody else's to change until the transaction ends. Refuses `NotFound("order_unknown")`."""
    wanted = select(Order).where(Order.id == order_id, seen(principal)).with_for_update(key_share=True)
    order = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if order is None:
        raise NotFound("order_unknown")
    return order


def is_of(principal: Principal, order: Order) -> bool:
    """Only the agency that issued it decides about an order, and one of a level above in whose territory the site lies."""
    is_above = principal.level in ABOVE and principal.watches(order.area)
    return principal.organisation_id == order.agency_id or is_above


def is_escalated() -> ColumnElement[bool]:
    """Late, not answered, and told up to the agency above (`overdue`)."""
    return and_(Order.closed_at.is_(None), Order.reported_at.is_(None), Order.escalated_to == "city")


def refuse_other_agency(principal: Principal, order: Order, name: str) -> None:
    """Refuses `Forbidden("not_permitted")` to an agency that has no say in the order."""
    if not is_of(principal, order):
        raise Forbidden("not_permitted", act=name)


def refuse_settled(order: Order) -> None:
    """Refuses `Conflict("order_settled")` with the stage in which it ended."""
    if order.closed_at is not None:
        raise Conflict("order_settled", stage=order.stage, number=order.number)


def settle(session: Session, principal: Principal, now: datetime, order: Order, stage: OrderStage) -> None:
    """Over: closed, ordered again, or withdrawn. The event tells which."""
    order.stage, order.closed_at = stage, now
    session.flush()
    tell(
        session, principal, now, "order_closed", order.id, told(order) | {"stage": stage, "closed_at": now.isoformat()}
    )


def told(order: Order) -> dict[str, Any]:
    """What every event about an order says of it."""
    return {
        "order_id": order.id,
        "kind": order.kind,
        "number": order.number,
        "project_id": order.site_id,
        "area": order.area,
        "agency_id": order.agency_id,
        "addressee_id": order.addressee_id,
        "scope": order.scope,
        "due_on": order.due_on.isoformat(),
    }


def _check(demanded: Demanded, issued_at: datetime) -> None:
    if demanded.due_on < day_of(issued_at):
        raise Invalid.field("due_on", "out_of_range", min=day_of(issued_at).isoformat())
    if demanded.kind == OrderKind.PARTIAL_STOP and not demanded.scope.strip():
        raise Invalid.field("scope", "required")


def _values(principal: Principal, issued_at: datetime, site: Site, demanded: Demanded) -> dict[str, Any]:
    return {
        "kind": demanded.kind,
        "site_id": site.id,
        "area": site.area,
        "agency_id": principal.organisation_id,
        "addressee_id": demanded.addressee_id,
        "scope": WHOLE if demanded.kind == OrderKind.FULL_STOP else demanded.scope,
        "demands": demanded.demands,
        "issued_at": issued_at,
        "issued_by": dict(principal.brief()),
        "first_due_on": demanded.due_on,
        "due_on": demanded.due_on,
        "stage": OrderStage.ISSUED,
        "follows": demanded.follows,
        "on_paper": demanded.on_paper,
        "extensions": 0,
    }


def _content(site: Site, order: Order, findings: Sequence[Finding]) -> dict[str, Any]:
    """All that stands on the paper."""
    return {
        "title": ORDER_KINDS[order.kind],
        "project_name": site.name,
        "project_number": site.number,
        "addressee_id": order.addressee_id,
        "scope": order.scope,
        "demands": order.demands,
        "due_on": order.due_on.isoformat(),
        "issued_at": order.issued_at.isoformat(),
        "issued_by": order.issued_by,
        "findings": [
            {
                "finding_id": each.id,
                "clause": each.clause,
                "severity": each.severity,
                "description": each.description,
                "part": each.part,
            }
            for each in findings
        ],
    }


def _tell(session: Session, principal: Principal, now: datetime, order: Order, findings: int) -> None:
    issued = {"follows": order.follows, "findings": findings, "issued_at": order.issued_at.isoformat()}
    tell(session, principal, now, "order_issued", order.id, told(order) | issued)
    if order.kind == OrderKind.RECTIFY:
        return
    stopped = {
        "order_id": order.id,
        "number": order.number,
        "project_id": order.site_id,
        "whole": "whole" if order.kind == OrderKind.FULL_STOP else "part",
        "scope": order.scope,
        "stopped_at": order.issued_at.isoformat(),
    }
    tell(session, principal, now, "work_stopped", order.id, stopped)
