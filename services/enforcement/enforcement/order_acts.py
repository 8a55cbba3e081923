"""What an agency does with orders beside deciding about a report: issue outside a check, extend, lift, withdraw."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound
from chassis.principal import Principal
from enforcement import orders, stoppages
from enforcement.models import Finding, Firm, Order, Site
from enforcement.orders import Demanded
from enforcement.permissions import permit, within
from enforcement.terms import OrderKind, OrderStage

Reply = dict[str, Any]
Done = Callable[[Session, datetime, Order], Reply]


def issue_order(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    key: str | None,
    finding_ids: list[str],
    kind: str,
    addressee_id: str,
    due_on: date,
    demands: str,
    scope: str,
    on_paper: bool,
) -> Reply:
    """An order outside a check, for findings on file of one site that no standing order demands to be put right; of an order
    that was withdrawn, they are ordered anew (`follows`).

    Refuses `NotFound("finding_unknown")`, `Conflict("finding_closed")`, `Conflict("finding_ordered")`, and `Invalid` for
    findings of several sites, an addressee that is no enterprise on file, a day that is past, and a partial stop without
    its part.
    """
    permit("issue_order", principal)
    request = {
        "finding_ids": sorted(finding_ids), "kind": kind, "addressee_id": addressee_id, "due_on": due_on.isoformat(),
        "demands": demands, "scope": scope, "on_paper": on_paper,
    }  # fmt: skip
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "issue_order", request)) is not None:
            return reply
        findings = _findings(session, principal, finding_ids)
        site = session.get_one(Site, findings[0].site_id)
        refuse_unknown_firm(session, addressee_id)
        before = {each.order_id for each in findings}
        demanded = Demanded(
            kind=OrderKind(kind),
            addressee_id=addressee_id,
            due_on=due_on,
            demands=demands,
            scope=scope,
            follows=before.pop() if len(before) == 1 else None,
            on_paper=on_paper,
        )
        inspection_id = findings[0].inspection_id
        order = orders.issue(session, principal, clock(), site, demanded, findings, inspection_id)
        reply = answer(order)
        remember(session, key, "issue_order", request, reply)
        journal.write(session, principal, "issue_order", order.id, request | {"number": order.number}, clock=clock)
        return reply


def extend_order(
    sessions: Sessions, principal: Principal, clock: Clock, *, order_id: str, due_on: date, reason: str
) -> Reply:
    """A later day, by the head of the agency, with a reason. No rule known limits how often: each time stands in the
    timeline and is counted. Missed, the new day is told step by step like the first one.

    Refuses `Invalid` for a day that is past or not later, `Conflict("order_reported")`."""

    def do(session: Session, now: datetime, order: Order) -> Reply:
        told = {"from": order.due_on.isoformat(), "to": due_on.isoformat(), "reason": reason}
        if order.due_on != due_on or not order.extensions:
            orders.refuse_settled(order)
            if order.stage == OrderStage.REPORTED:
                raise Conflict("order_reported", number=order.number)
            if due_on <= order.due_on:
                raise Invalid.field("due_on", "day_not_later", day=order.due_on.isoformat())
            if due_on < day_of(now):
                raise Invalid.field("due_on", "out_of_range", min=day_of(now).isoformat())
            order.due_on, order.extensions, order.escalated_to = due_on, order.extensions + 1, None
            orders.act(session, order, "extend", now, principal, told)
            journal.write(session, principal, "extend_order", order.id, told, clock=clock)
        return answer(order)

    return _acted(sessions, principal, clock, "extend_order", order_id, do)


def lift_stop(sessions: Sessions, principal: Principal, clock: Clock, *, order_id: str, reason: str) -> Reply:
    """The works go on (复工通知书) while the order's other demands stand. Refuses `Conflict("nothing_stopped")`."""

    def do(session: Session, now: datetime, order: Order) -> Reply:
        if order.kind == OrderKind.RECTIFY:
            raise Conflict("nothing_stopped", number=order.number)
        if order.lifted_at is None:
            orders.refuse_settled(order)
            document = stoppages.lift(session, principal, now, order, session.get_one(Site, order.site_id), reason)
            told = {"number": document.number, "reason": reason}
            journal.write(session, principal, "lift_stop", order.id, told, clock=clock)
        return answer(order)

    return _acted(sessions, principal, clock, "lift_stop", order_id, do)


def withdraw_order(sessions: Sessions, principal: Principal, clock: Clock, *, order_id: str, reason: str) -> Reply:
    """By the head of the agency, with a reason; works that it stopped go on, with their paper. Its findings stay open: they can
    be ordered anew."""

    def do(session: Session, now: datetime, order: Order) -> Reply:
        if order.stage != OrderStage.WITHDRAWN:
            orders.refuse_settled(order)
            if stoppages.stops(order):
                stoppages.lift(session, principal, now, order, session.get_one(Site, order.site_id), reason)
            orders.act(session, order, "withdraw", now, principal, {"reason": reason})
            orders.settle(session, principal, now, order, OrderStage.WITHDRAWN)
            journal.write(session, principal, "withdraw_order", order.id, {"reason": reason}, clock=clock)
        return answer(order)

    return _acted(sessions, principal, clock, "withdraw_order", order_id, do)


def answer(order: Order) -> Reply:
    """What every act on an order answers: where it stands now. Plain JSON, so that it can be remembered."""
    return {
        "order_id": order.id,
        "number": order.number,
        "stage": order.stage,
        "due_on": order.due_on.isoformat(),
        "document_id": order.document_id,
        "is_stopping": stoppages.stops(order) and order.closed_at is None,
    }


def refuse_unknown_firm(session: Session, firm_id: str) -> Firm:
    """The enterprise to which an order goes. Refuses `Invalid` for one that is not on file."""
    firm = session.get(Firm, firm_id)
    if firm is None or firm.kind != "enterprise":
        raise Invalid.field("addressee_id", "organisation_unknown")
    return firm


def _acted(sessions: Sessions, principal: Principal, clock: Clock, name: str, order_id: str, do: Done) -> Reply:
    """One act on an order of the agency's, its row held. The same act once more changes nothing and is answered the same."""
    permit(name, principal)
    with transaction(sessions) as session:
        order = orders.held(session, principal, order_id)
        orders.refuse_other_agency(principal, order, name)
        return do(session, clock(), order)


def _findings(session: Session, principal: Principal, finding_ids: Sequence[str]) -> list[Finding]:
    """In the order in which they were found, their rows held."""
    wanted = select(Finding).where(Finding.id.in_(finding_ids), within(Finding.area, principal.area))
    rows = wanted.order_by(Finding.inspection_id, Finding.place_in).with_for_update(key_share=True)
    found = list(session.scalars(rows))
    if not found or {each.id for each in found} != set(finding_ids):
        raise NotFound("finding_unknown")
    if len({each.site_id for each in found}) > 1:
        raise Invalid.field("finding_ids", "of_several_sites")
    if any(each.closed_at is not None for each in found):
        raise Conflict("finding_closed")
    ordered = [each.order_id for each in found if each.order_id is not None]
    standing = select(Order.number).where(Order.id.in_(ordered), Order.closed_at.is_(None))
    if (number := session.scalars(standing.limit(1)).first()) is not None:
        raise Conflict("finding_ordered", number=number)
    return found
