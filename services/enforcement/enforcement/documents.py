"""Documents (执法文书): issued with a number in the transaction of what they tell, served by being opened, or on paper."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis import journal, paging
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from enforcement import numbering
from enforcement.editions import edition
from enforcement.models import Case, Document, DocumentOpening, Firm, Order, Site
from enforcement.permissions import RULES, permit, sites_seen, within
from enforcement.terms import CaseOutcome, DocumentKind, OrderStage
from enforcement.words import DOCUMENT_KINDS

Reply = dict[str, Any]
SERVED_BY_CASE = (
    DocumentKind.PRIOR_NOTICE,
    DocumentKind.PENALTY_DECISION,
    DocumentKind.SUMMARY_DECISION,
    DocumentKind.NO_PENALTY_DECISION,
    DocumentKind.PAYMENT_REMINDER,
)


@dataclass(frozen=True, kw_only=True)
class Leased:
    """A number that a phone gave to a document while it was without coverage, and when that was signed."""

    serial: int
    signed_at: datetime


@dataclass(frozen=True, kw_only=True)
class About:
    """What a document is about: `subject_kind` inspection, order, or case; `area` whose officers see it."""

    subject_kind: str
    subject_id: str
    area: str
    site_id: str | None = None
    addressee_id: str | None = None


def issue(
    session: Session,
    principal: Principal,
    now: datetime,
    kind: str,
    about: About,
    content: dict[str, Any],
    leased: Leased | None = None,
) -> Document:
    """The document with its number, in the caller's transaction, whose `journal.write` tells its hash to the journal too.
    `content` is plain JSON: all that stands on the paper, but for what the law wants on every paper of its kind.

    Refuses `Conflict("number_not_leased")`, `Conflict("number_used")` (see `numbering.leased_number`).
    """
    given, late = _number(session, principal, kind, now, leased)
    document = Document(
        id=new_id(),
        kind=kind,
        number=given.number,
        agency_id=principal.organisation_id,
        year=given.year,
        serial=given.serial,
        subject_kind=about.subject_kind,
        subject_id=about.subject_id,
        site_id=about.site_id,
        area=about.area,
        addressee_id=about.addressee_id,
        issued_at=now,
        issued_by=dict(principal.brief()),
        signed_at=leased.signed_at if leased else None,
        content=_wanted_by_law(kind, day_of(leased.signed_at if leased else now))
        | content
        | ({"number_came_late": True} if late else {}),
        hash="",
    )
    document.hash = hash_of({"number": document.number, "kind": kind, "content": document.content})
    session.add(document)
    session.flush()
    told = {"number": document.number, "kind": kind, "hash": document.hash}
    journal.write_later(session, principal, "issue_document", document.id, told, now)
    return document


def _wanted_by_law(kind: str, day: date) -> dict[str, Any]:
    """{"basis", "notices": [[heading, text]]}, of those that a paper of this kind has on that day."""
    texts: dict[str, Any] = edition("paper_texts", day)["texts"][kind]
    return dict(texts)


def hash_of(content: Any) -> str:
    """SHA-256 of plain JSON, in one canonical writing."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def get_document(sessions: Sessions, principal: Principal, clock: Clock, *, document_id: str, way: str) -> Reply:
    """One document in his sight. Read by somebody of its addressee for the first time, it is served by that: who and when is
    written in the same transaction as the answer."""
    permit("read", principal)
    with transaction(sessions) as session:
        document = _seen(session, principal, document_id)
        if principal.organisation_id == document.addressee_id:
            open_first(session, principal, clock, document, way)
        openings = select(DocumentOpening).where(DocumentOpening.document_id == document.id)
        found = session.scalars(openings.order_by(DocumentOpening.opened_at)).all()
        site, firm = _names(session, [document])[document.id]
        return item(document) | {
            "project_name": site,
            "addressee_name": firm,
            "content": document.content,
            "hash": document.hash,
            "may_serve": RULES["serve_on_paper"].admits(principal)
            and document.served_on_paper is None
            and document.kind not in SERVED_BY_CASE,
            "openings": [{"opened_at": each.opened_at, "by": each.opened_by, "way": each.way} for each in found],
        }


def verify_document(sessions: Sessions, principal: Principal, *, code: str) -> Reply:
    """What anybody learns by the code on a paper, the beginning of its hash: that it is genuine, of whom and when; nothing of
    people. Refuses `NotFound("document_unknown")`."""
    permit("verify_document", principal)
    wanted = select(Document, Firm.name).join(Firm, Firm.id == Document.agency_id, isouter=True)
    with transaction(sessions) as session:
        row = session.execute(wanted.where(Document.hash.startswith(code.lower(), autoescape=True)).limit(1)).first()
        if row is None:
            raise NotFound("document_unknown")
        document, agency = row
        return {
            "title": DOCUMENT_KINDS[document.kind],
            "withdrawn": _is_withdrawn(session, document),
            "number": document.number,
            "agency_name": agency or document.issued_by["organisation_name"],
            "issued_on": day_of(document.signed_at or document.issued_at),
        }


def _is_withdrawn(session: Session, document: Document) -> bool:
    """An order that its agency took back, or a decision that a review or a court annulled."""
    if document.subject_kind == "order":
        taken_back = (Order.document_id == document.id, Order.stage == OrderStage.WITHDRAWN)
        return session.scalars(select(Order.id).where(*taken_back)).first() is not None
    annulled = (Case.decision_id == document.id, Case.outcome == CaseOutcome.ANNULLED)
    return session.scalars(select(Case.id).where(*annulled)).first() is not None


def list_documents(
    sessions: Sessions,
    principal: Principal,
    *,
    kind: str | None,
    project_id: str | None,
    subject_id: str | None,
    unserved: bool,
    limit: int,
    after: str | None,
) -> Reply:
    """Those in his sight, the newest first, each with when it was first opened. `unserved`: those that are addressed to somebody
    and were neither opened nor handed over on paper."""
    permit("read", principal)
    wanted = select(Document).where(sight(principal))
    wanted = wanted.where(Document.kind == kind) if kind else wanted
    wanted = wanted.where(Document.site_id == project_id) if project_id else wanted
    wanted = wanted.where(Document.subject_id == subject_id) if subject_id else wanted
    wanted = wanted.where(*_unserved()) if unserved else wanted
    listed = paging.Listed(wanted, Document.issued_at, Document.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows, following = paging.page(session.scalars(page).all(), limit, "issued_at")
        names, opened = _names(session, rows), _first_opened(session, rows)
        items = [
            item(each)
            | dict(zip(("project_name", "addressee_name"), names[each.id], strict=True))
            | {"first_opened_at": opened.get(each.id)}
            for each in rows
        ]
        return {"items": items, "next": following, **counted}


def serve_on_paper(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    document_id: str,
    handed_to: str,
    served_at: datetime,
    how: str,
) -> Reply:
    """The fall-back where nobody opens it: to whom the paper was handed, when and how (直接、留置、邮寄、公告).

    Refuses `Conflict("document_served")` where that was recorded before in other words, and `Conflict("served_by_its_case")` for
    a paper with which periods of a case begin: its service is a step of the case.
    """
    permit("serve_on_paper", principal)
    told = {"handed_to": handed_to, "served_at": served_at.isoformat(), "how": how}
    with transaction(sessions) as session:
        document = _seen(session, principal, document_id, lock=True)
        if document.kind in SERVED_BY_CASE:
            raise Conflict("served_by_its_case")
        before = document.served_on_paper
        if before is None:
            document.served_on_paper = told | {"by": principal.brief(), "recorded_at": clock().isoformat()}
            journal.write(session, principal, "serve_on_paper", document.id, told, clock=clock)
        elif any(before[name] != value for name, value in told.items()):
            raise Conflict("document_served", served_at=before["served_at"])
        return item(document)


def item(document: Document) -> Reply:
    return {
        "document_id": document.id,
        "kind": document.kind,
        "number": document.number,
        "subject_kind": document.subject_kind,
        "subject_id": document.subject_id,
        "project_id": document.site_id,
        "addressee_id": document.addressee_id,
        "issued_at": document.issued_at,
        "issued_by": document.issued_by,
        "signed_at": document.signed_at,
        "served_on_paper": document.served_on_paper,
    }


def sight(principal: Principal) -> ColumnElement[bool]:
    """An agency: those of its territory. An enterprise: those addressed to it, and those about its sites, but for
    what agencies hand to each other."""
    if principal.is_service:
        return true()
    if principal.is_agency and principal.area:
        return within(Document.area, principal.area)
    if principal.is_enterprise and principal.organisation_id:
        own = Document.addressee_id == principal.organisation_id
        on_site = Document.site_id == func.any(
            func.array(select(Site.id).where(sites_seen(principal)).scalar_subquery())
        )
        between_agencies = or_(Document.subject_kind == "case", Document.kind == DocumentKind.TRANSFER)
        return or_(own, Document.addressee_id.is_not(None) & on_site & ~between_agencies)
    return false()


def _names(session: Session, found: Sequence[Document]) -> dict[str, tuple[str, str]]:
    """Of each document, what its site and its addressee are called; "" where it has none."""
    wanted = (
        select(Document.id, func.coalesce(Site.name, ""), func.coalesce(Firm.name, ""))
        .outerjoin(Site, Site.id == Document.site_id)
        .outerjoin(Firm, Firm.id == Document.addressee_id)
    )
    rows = session.execute(wanted.where(Document.id.in_([each.id for each in found])))
    return {id_: (site, firm) for id_, site, firm in rows}


def _unserved() -> Iterator[ColumnElement[bool]]:
    yield from (Document.addressee_id.is_not(None), Document.served_on_paper.is_(None))
    yield ~exists().where(DocumentOpening.document_id == Document.id)


def _first_opened(session: Session, found: Sequence[Document]) -> dict[str, datetime]:
    wanted = select(DocumentOpening.document_id, func.min(DocumentOpening.opened_at))
    wanted = wanted.where(DocumentOpening.document_id.in_([each.id for each in found]))
    return dict(session.execute(wanted.group_by(DocumentOpening.document_id)).all())


def _number(
    session: Session, principal: Principal, kind: str, now: datetime, leased: Leased | None
) -> tuple[numbering.Given, bool]:
    if leased is None:
        return numbering.next_number(session, kind, principal.organisation_id, principal.area, now), False
    return numbering.leased_number(session, principal, kind, principal.area, leased.serial, leased.signed_at, now)


def _seen(session: Session, principal: Principal, document_id: str, lock: bool = False) -> Document:
    wanted = select(Document).where(Document.id == document_id, sight(principal))
    document = session.scalars(wanted.with_for_update() if lock else wanted).one_or_none()
    if document is None:
        raise NotFound("document_unknown")
    return document


def open_first(session: Session, principal: Principal, clock: Clock, document: Document, way: str) -> None:
    """Somebody of the addressee's reads what stands on it: kept, with the journal, the first time that he does."""
    row = insert(DocumentOpening).values(
        document_id=document.id,
        user_id=principal.user_id,
        opened_at=clock(),
        opened_by=dict(principal.brief()),
        way=way,
    )
    opened = session.execute(row.on_conflict_do_nothing().returning(DocumentOpening.user_id)).first()
    if opened:
        journal.write(session, principal, "open_document", document.id, {"number": document.number}, clock=clock)
