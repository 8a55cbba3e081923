"""A matter handed to the body that may fine (行政处罚移交表), and what that body answers (domain facts 6.2, 7.6).

Supervision and penalty can be different bodies: so the transfer is a document from one to the other, with an answer. The
matter stays where it is, too: the order goes on.
"""

from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from chassis import journal, paging
from chassis.clock import Clock
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import Principal
from enforcement import documents, orders, rectifications
from enforcement.models import Document, Evidence, Firm, Order, Rectification, Site, Transfer
from enforcement.permissions import permit
from enforcement.terms import DocumentKind, TransferStage
from enforcement.words import DOCUMENT_KINDS

Reply = dict[str, Any]


def transfer_order(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    transfer_id: str,
    order_id: str,
    to_agency_id: str,
    facts: str,
) -> Reply:
    """By the agency of an order, to an agency in whose territory the site lies. With it go, by themselves, the papers
    of the check and the order, and the photos of what was found and of the reports. The id is the sender's own: a repeat
    gives the same answer.

    Refuses `Invalid` for a receiver that is none of the territory, `Conflict("transfer_waits")` while one is not answered.
    """
    permit("transfer_order", principal)
    with transaction(sessions) as session:
        order = orders.held(session, principal, order_id)
        orders.refuse_other_agency(principal, order, "transfer_order")
        sent = session.get(Transfer, transfer_id)
        if sent is not None:
            if (sent.order_id, sent.to_agency_id, sent.facts) != (order_id, to_agency_id, facts):
                raise Conflict("transfer_known", number=sent.number)
            return item(sent)
        _refuse_waiting(session, order)
        receiver = session.get(Firm, to_agency_id)
        if receiver is None or receiver.kind != "agency" or not _lies_in(order.area, receiver.area):
            raise Invalid.field("to_agency_id", "agency_of_other_territory")
        sent = _send(session, principal, clock, order, receiver, transfer_id, facts)
        told = {"transfer_id": sent.id, "number": sent.number, "to": receiver.name}
        orders.act(session, order, "transfer", clock(), principal, told)
        journal.write(session, principal, "transfer_order", sent.id, told | {"order_id": order.id}, clock=clock)
        return item(sent)


def answer_transfer(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    transfer_id: str,
    takes: bool,
    reason: str,
    case_number: str | None,
) -> Reply:
    """By the agency to which it went: taken as a case, under its own number if it has one; or refused with the reason.

    Refuses `Conflict("transfer_answered")` for another answer than the one given; the same again is answered the same.
    """
    permit("answer_transfer", principal)
    if not takes and not reason:
        raise Invalid.field("reason", "required")
    wanted = TransferStage.TAKEN if takes else TransferStage.REFUSED
    with transaction(sessions) as session:
        sent = session.scalars(select(Transfer).where(Transfer.id == transfer_id).with_for_update()).one_or_none()
        if sent is None or not principal.watches(sent.area):
            raise NotFound("transfer_unknown")
        if sent.to_agency_id != principal.organisation_id:
            raise Forbidden("not_permitted", act="answer_transfer")
        if sent.stage == TransferStage.SENT:
            order, now = orders.held(session, principal, sent.order_id), clock()
            sent.stage, sent.reason, sent.case_number = wanted, reason or None, case_number
            sent.answered_at, sent.answered_by = now, dict(principal.brief())
            told = {"transfer_id": sent.id, "takes": takes, "reason": reason, "case_number": case_number}
            orders.act(session, order, "answer_transfer", now, principal, told)
            journal.write(session, principal, "answer_transfer", sent.id, told, clock=clock)
        elif (sent.stage, sent.reason, sent.case_number) != (wanted, reason or None, case_number):
            raise Conflict("transfer_answered", stage=sent.stage)
        return item(sent)


def list_transfers(
    sessions: Sessions, principal: Principal, *, incoming: bool, stage: str | None, limit: int, after: str | None
) -> Reply:
    """Of an agency: those that came to it, or those that it sent; the newest first. Enterprises see none."""
    permit("read", principal)
    own = Transfer.to_agency_id if incoming else Transfer.from_agency_id
    wanted = select(Transfer).where(own == principal.organisation_id)
    wanted = wanted.where(Transfer.stage == stage) if stage else wanted
    listed = paging.Listed(wanted, Transfer.sent_at, Transfer.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows, following = paging.page(session.scalars(page).all(), limit, "sent_at")
        names = dict(
            session.execute(
                select(Firm.id, Firm.name).where(
                    Firm.id.in_({name for each in rows for name in (each.from_agency_id, each.to_agency_id)})
                )
            ).all()
        )
        sites = dict(session.execute(select(Site.id, Site.name).where(Site.id.in_({r.site_id for r in rows}))).all())
        items = [
            item(each)
            | {
                "project_name": sites.get(each.site_id, ""),
                "from_agency_name": names.get(each.from_agency_id, ""),
                "to_agency_name": names.get(each.to_agency_id, ""),
            }
            for each in rows
        ]
        return {"items": items, "next": following, **counted}


def of_order(session: Session, principal: Principal, order: Order) -> list[Reply]:
    """All transfers of an order, with their receivers' names, for agencies only."""
    if not principal.is_agency:
        return []
    wanted = select(Transfer, Firm.name).outerjoin(Firm, Firm.id == Transfer.to_agency_id)
    rows = session.execute(wanted.where(Transfer.order_id == order.id).order_by(Transfer.sent_at, Transfer.answered_at))
    return [item(sent) | {"to_agency_name": name or ""} for sent, name in rows]


def receivers(session: Session, order: Order) -> list[Reply]:
    """Agencies in whose territory the site lies, the nearest first."""
    steps = order.area.split(".")
    above = [".".join(steps[: n + 1]) for n in range(len(steps))]
    wanted = select(Firm.id, Firm.name, Firm.area).where(Firm.kind == "agency", Firm.area.in_(above))
    found = session.execute(wanted.order_by(Firm.area.desc(), Firm.name)).all()
    return [{"agency_id": id_, "name": name} for id_, name, _ in found]


def item(sent: Transfer) -> Reply:
    names = (
        "order_id", "document_id", "number", "from_agency_id", "to_agency_id", "party_id", "party_name", "facts",
        "attachments", "stage", "sent_at", "answered_at", "reason", "case_number",
    )  # fmt: skip
    return {name: getattr(sent, name) for name in names} | {"transfer_id": sent.id, "project_id": sent.site_id}


def _send(
    session: Session, principal: Principal, clock: Clock, order: Order, receiver: Firm, transfer_id: str, facts: str
) -> Transfer:
    now, site = clock(), session.get_one(Site, order.site_id)
    party = session.get(Firm, order.addressee_id)
    attachments = _attachments(session, order)
    content = {
        "title": DOCUMENT_KINDS[DocumentKind.TRANSFER],
        "project_name": site.name,
        "project_number": site.number,
        "addressee_id": receiver.id,
        "addressee_name": receiver.name,
        "party_id": order.addressee_id,
        "party_name": party.name if party else "",
        "party_credit_code": party.credit_code if party else None,
        "order_number": order.number,
        "facts": facts,
        "attachments": attachments,
        "issued_at": now.isoformat(),
    }
    about = documents.About(
        subject_kind="order", subject_id=order.id, area=order.area, site_id=site.id, addressee_id=receiver.id
    )
    document = documents.issue(session, principal, now, DocumentKind.TRANSFER, about, content)
    sent = Transfer(
        id=transfer_id,
        order_id=order.id,
        site_id=site.id,
        area=order.area,
        from_agency_id=principal.organisation_id,
        to_agency_id=receiver.id,
        document_id=document.id,
        number=document.number,
        party_id=order.addressee_id,
        party_name=content["party_name"],
        facts=facts,
        attachments=attachments,
        stage=TransferStage.SENT,
        sent_at=now,
        sent_by=dict(principal.brief()),
    )
    session.add(sent)
    session.flush()
    return sent


def _attachments(session: Session, order: Order) -> list[dict[str, Any]]:
    """The papers of the check and of the order, then the photos of what was found and of the reports: each by its id and its
    SHA-256."""
    of_order = and_(Document.subject_kind == "order", Document.subject_id == order.id)
    of_check = and_(Document.subject_kind == "inspection", Document.subject_id == order.inspection_id)
    papers = select(Document).where(or_(of_order, of_check)).order_by(Document.issued_at, Document.id)
    found = [each["finding_id"] for each in rectifications.demanded(session, order)]
    reports = select(Rectification.id).where(Rectification.order_id == order.id)
    of_finding = and_(Evidence.subject_kind == "finding", Evidence.subject_id.in_(found))
    of_report = and_(Evidence.subject_kind == rectifications.SUBJECT, Evidence.subject_id.in_(reports))
    photos = select(Evidence).where(or_(of_finding, of_report)).order_by(Evidence.added_at, Evidence.id)
    return [
        {"kind": "document", "id": each.id, "name": f"{DOCUMENT_KINDS[each.kind]} {each.number}", "sha256": each.hash}
        for each in session.scalars(papers)
    ] + [
        {"kind": "evidence", "id": each.id, "name": each.name, "sha256": each.sha256}
        for each in session.scalars(photos)
    ]


def _refuse_waiting(session: Session, order: Order) -> None:
    waiting = select(Transfer.number).where(
        Transfer.order_id == order.id, or_(Transfer.stage == TransferStage.SENT, Transfer.stage == TransferStage.TAKEN)
    )
    if (number := session.scalars(waiting.limit(1)).first()) is not None:
        raise Conflict("transfer_waits", number=number)


def _lies_in(area: str, territory: str) -> bool:
    return area == territory or area.startswith(f"{territory}.")
