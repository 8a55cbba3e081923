"""The agency's word on a report: accepted, and the order is closed; or ordered again, in whole or for what is left."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid
from chassis.principal import Principal
from enforcement import documents, orders, rectifications, stoppages
from enforcement.models import Document, Finding, Inspection, Order, Rectification, Site
from enforcement.orders import Demanded
from enforcement.permissions import permit
from enforcement.terms import DocumentKind, InspectionStage, OrderKind, OrderStage, RectificationStage
from enforcement.words import DOCUMENT_KINDS

ON_SITE = "site"
PUT_RIGHT = "整改经复查合格"  # why the works may go on, where the officer has written nothing more
Reply = dict[str, Any]


def decide_rectification(
    sessions: Sessions, principal: Principal, clock: Clock, *, rectification_id: str, **told: Any
) -> Reply:
    """Of each finding, whether it is put right (`accepted`); what is not goes into an order that follows (`again`: kind,
    due_on, demands, scope). `checked_by` paper, or site with the `inspection_id` of the check. Works that the order stopped go
    on by `lifts`, in the same act, or stay stopped by the order that follows.

    All accepted: findings and order closed; `again` is then not looked at. The same decision again gives the same answer.
    Refuses `Conflict("order_settled")`, `Conflict("rectification_not_submitted")`, `Conflict("stop_not_lifted")`, and
    `Invalid` for a finding not in this order, no reason, a check that is none of the site's, no new order for what is left.
    """
    permit("decide_rectification", principal)
    wanted = _plain(told)
    with transaction(sessions) as session:
        report, order = rectifications.reported(session, principal, rectification_id, lock=True)
        orders.refuse_other_agency(principal, order, "decide_rectification")
        if report.outcome is not None and report.outcome["wanted"] == wanted:
            return dict(report.outcome["reply"])
        orders.refuse_settled(order)
        if report.stage != RectificationStage.SUBMITTED:
            raise Conflict("rectification_not_submitted", stage=report.stage)
        now = clock()
        _check(session, order, told, now)
        site = session.get_one(Site, order.site_id)
        reply = _decide(session, principal, now, site, order, report, told)
        report.outcome = {"wanted": wanted, "reply": reply}
        session.flush()
        journal.write(session, principal, "decide_rectification", report.id, wanted | reply, clock=clock)
        return reply


def _decide(
    session: Session,
    principal: Principal,
    now: datetime,
    site: Site,
    order: Order,
    report: Rectification,
    told: dict[str, Any],
) -> Reply:
    findings = list(session.scalars(select(Finding).where(Finding.order_id == order.id).order_by(Finding.place_in)))
    accepted = {*told["accepted"]}
    left = [each for each in findings if each.id not in accepted]
    for each in findings:
        if each.id in accepted:
            each.closed_at = now
    report.decided_at, report.decided_by = now, dict(principal.brief())
    report.checked_by, report.opinion = told["checked_by"], told["opinion"]
    recheck = _recheck_record(session, principal, now, site, order, report, told) if _is_paper(told) else None
    lifting = None
    if told["lifts"] and stoppages.stops(order):
        lifting = stoppages.lift(session, principal, now, order, site, told["opinion"] or PUT_RIGHT)
    if left:
        next_order = _order_again(session, principal, now, site, order, report, left, told)
    else:
        next_order = None
        _close(session, principal, now, order, report, told)
    return {
        "order_id": order.id,
        "stage": order.stage,
        "rectification_id": report.id,
        "rectification_stage": report.stage,
        "closed_findings": len(findings) - len(left),
        "next_order_id": next_order.id if next_order else None,
        "next_number": next_order.number if next_order else None,
        "lifting_number": lifting.number if lifting else None,
        "recheck_number": recheck.number if recheck else None,
    }


def _close(
    session: Session, principal: Principal, now: datetime, order: Order, report: Rectification, told: dict[str, Any]
) -> None:
    report.stage = RectificationStage.ACCEPTED
    detail = {name: told[name] for name in ("checked_by", "inspection_id", "opinion")}
    orders.act(session, order, "close", now, principal, detail)
    orders.settle(session, principal, now, order, OrderStage.CLOSED)


def _order_again(
    session: Session,
    principal: Principal,
    now: datetime,
    site: Site,
    order: Order,
    report: Rectification,
    left: Sequence[Finding],
    told: dict[str, Any],
) -> Order:
    """The order that follows comes first, so that a stop which goes on is at no moment without an order."""
    again = told["again"]
    demanded = Demanded(
        kind=OrderKind(again["kind"]),
        addressee_id=order.addressee_id,
        due_on=again["due_on"],
        demands=again["demands"] or order.demands,
        scope=again["scope"] or order.scope,
        follows=order.id,
        on_paper=order.on_paper,
    )
    report.stage = RectificationStage.RETURNED
    following = orders.issue(session, principal, now, site, demanded, left, told["inspection_id"])
    detail = {"reason": told["opinion"], "number": following.number, "order_id": following.id, "left": len(left)}
    orders.act(session, order, "order_again", now, principal, detail)
    if stoppages.stops(order):
        stoppages.carry_over(session, principal, now, order)
    orders.settle(session, principal, now, order, OrderStage.ORDERED_AGAIN)
    return following


def _recheck_record(
    session: Session,
    principal: Principal,
    now: datetime,
    site: Site,
    order: Order,
    report: Rectification,
    told: dict[str, Any],
) -> Document:
    """The paper of a check at the desk (复查记录); a check on the site has the record of its inspection."""
    about = documents.About(
        subject_kind="order", subject_id=order.id, area=order.area, site_id=site.id, addressee_id=order.addressee_id
    )
    accepted = {*told["accepted"]}
    content = {
        "title": DOCUMENT_KINDS[DocumentKind.RECHECK_RECORD],
        "project_name": site.name,
        "project_number": site.number,
        "addressee_id": order.addressee_id,
        "order_number": order.number,
        "round": report.round,
        "opinion": told["opinion"],
        "issued_at": now.isoformat(),
        "findings": [
            each | {"is_put_right": each["finding_id"] in accepted} for each in rectifications.demanded(session, order)
        ],
    }
    return documents.issue(session, principal, now, DocumentKind.RECHECK_RECORD, about, content)


def _check(session: Session, order: Order, told: dict[str, Any], now: datetime) -> None:
    known = {each["finding_id"] for each in rectifications.demanded(session, order)}
    if not known.issuperset(told["accepted"]):
        raise Invalid.field("accepted", "not_in_this_order")
    is_whole = known == set(told["accepted"])
    if not is_whole and told["again"] is None:
        raise Invalid.field("again", "required")
    if not is_whole:
        _check_again(order, told, day_of(now))
    if not _is_paper(told):
        _check_visit(session, order, told["inspection_id"])
    goes_on = not is_whole and told["again"]["kind"] != OrderKind.RECTIFY
    if stoppages.stops(order) and not told["lifts"] and not goes_on:
        raise Conflict("stop_not_lifted", number=order.number)


def _check_again(order: Order, told: dict[str, Any], today: date) -> None:
    again = told["again"]
    if not told["opinion"]:
        raise Invalid.field("opinion", "required")
    if again["due_on"] < today:
        raise Invalid.field("again.due_on", "out_of_range", min=today.isoformat())
    if told["lifts"] and again["kind"] == OrderKind.FULL_STOP:
        raise Invalid.field("lifts", "lifted_and_stopped_again")
    if again["kind"] == OrderKind.PARTIAL_STOP and not (again["scope"] or order.scope).strip():
        raise Invalid.field("again.scope", "required")


def _check_visit(session: Session, order: Order, inspection_id: str | None) -> None:
    """A completed inspection of the same site, begun after the order was issued."""
    if inspection_id is None:
        raise Invalid.field("inspection_id", "required")
    visit = session.get(Inspection, inspection_id)
    is_of_it = visit is not None and visit.site_id == order.site_id and visit.stage == InspectionStage.COMPLETED
    if not is_of_it or visit is None or visit.id == order.inspection_id or visit.started_at < order.issued_at:
        raise Invalid.field("inspection_id", "no_recheck_of_this_site")


def _is_paper(told: dict[str, Any]) -> bool:
    return bool(told["checked_by"] != ON_SITE)


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it, so that a repeat is known as one."""
    again = told["again"]
    plain = again | {"due_on": again["due_on"].isoformat()} if again else None
    return told | {"accepted": sorted(told["accepted"]), "again": plain}
