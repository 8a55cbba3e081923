"""Works that an order stopped go on again: by a paper of their own (复工通知书), or because another order stops them now."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from chassis.principal import Principal
from enforcement import documents, orders
from enforcement.models import Document, Order, Site
from enforcement.telling import tell
from enforcement.terms import DocumentKind, OrderKind
from enforcement.words import DOCUMENT_KINDS


def stops(order: Order) -> bool:
    """Whether works stand still by this order now."""
    return order.kind != OrderKind.RECTIFY and order.lifted_at is None


def lift(session: Session, principal: Principal, now: datetime, order: Order, site: Site, reason: str) -> Document:
    """The paper that lets the works go on, and its event, in the caller's transaction; the order stays as it is."""
    orders.lock_site(session, site.id)
    about = documents.About(
        subject_kind="order", subject_id=order.id, area=order.area, site_id=site.id, addressee_id=order.addressee_id
    )
    document = documents.issue(session, principal, now, DocumentKind.LIFTING, about, _content(site, order, now, reason))
    orders.act(session, order, "lift", now, principal, {"number": document.number, "reason": reason})
    _resume(session, principal, now, order)
    return document


def carry_over(session: Session, principal: Principal, now: datetime, order: Order) -> None:
    """The works stay as they are, stopped by the order that follows: this one holds them no more."""
    _resume(session, principal, now, order)


def _resume(session: Session, principal: Principal, now: datetime, order: Order) -> None:
    order.lifted_at = now
    session.flush()
    resumed = {
        "order_id": order.id,
        "number": order.number,
        "project_id": order.site_id,
        "whole": "whole" if order.kind == OrderKind.FULL_STOP else "part",
        "still_stopped": _whole_stops(session, order.site_id),
        "resumed_at": now.isoformat(),
    }
    tell(session, principal, now, "work_resumed", order.id, resumed)


def _whole_stops(session: Session, site_id: str) -> int:
    standing = (Order.lifted_at.is_(None), Order.closed_at.is_(None), Order.kind != OrderKind.RECTIFY)
    wanted = select(func.count()).select_from(Order).where(Order.site_id == site_id, *standing)
    return session.scalar(wanted.where(Order.kind == OrderKind.FULL_STOP)) or 0


def _content(site: Site, order: Order, now: datetime, reason: str) -> dict[str, Any]:
    return {
        "title": DOCUMENT_KINDS[DocumentKind.LIFTING],
        "project_name": site.name,
        "project_number": site.number,
        "addressee_id": order.addressee_id,
        "order_number": order.number,
        "scope": order.scope,
        "reason": reason,
        "issued_at": now.isoformat(),
    }
