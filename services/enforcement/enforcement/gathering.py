"""What an evidence bundle holds of a case, an order or an inspection: the record, its evidence, and its part of the journal."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.database import Base, Sessions, transaction
from chassis.errors import Conflict, NotFound
from chassis.journal import JournalRow
from chassis.principal import Principal
from enforcement import inspections, orders
from enforcement.cases import flow, moving, people
from enforcement.documents import sight
from enforcement.models import (
    Case,
    CaseAct,
    CaseClock,
    CasePayment,
    Document,
    DocumentOpening,
    Evidence,
    Finding,
    Inspection,
    Order,
    OrderAct,
    Rectification,
    Site,
)
from enforcement.permissions import RULES, permit

MOST_ENTRIES = 5_000  # of the journal; more than any case has
MOST_FILES = 2_000
MOST_BYTES_OF_FILES = 3 << 29  # with the copies still below the 2 GiB of a plain archive
MOST_BYTES_TOLD = 8_000_000  # of the reply, which goes over the bus in one message
Reply = dict[str, Any]


@dataclass
class Gathered:
    """The rows about a subject, by table."""

    title: str
    sites: set[str] = field(default_factory=set)
    inspections: dict[str, Inspection] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)


def collect_evidence(
    sessions: Sessions, principal: Principal, clock: Clock, *, subject_kind: str, subject_id: str
) -> Reply:
    """All about a subject in the agency's sight: {"about", "record", "journal", "head", "originals", "made_by"}; that it was
    exported is in the journal.

    Refuses `NotFound` as the subject's own page does, and `Conflict("bundle_too_large")`.
    """
    permit("export_bundle", principal)
    with transaction(sessions) as session:
        found = GATHER[subject_kind](session, principal, subject_id)
        record, subjects, evidence = _record(session, principal, found)
        detail = {"kind": subject_kind, "files": len(evidence)}
        journal.write(session, principal, "export_bundle", subject_id, detail, clock=clock)
        entries = _entries(session, subjects)
        if len(entries) > MOST_ENTRIES or len(evidence) > MOST_FILES:
            raise Conflict("bundle_too_large")
        if sum({each.sha256: each.size for each in evidence}.values()) > MOST_BYTES_OF_FILES:
            raise Conflict("bundle_too_large")
        if len(json.dumps([record, entries], ensure_ascii=False).encode()) > MOST_BYTES_TOLD:
            raise Conflict("bundle_too_large")
        head = journal.head(session)
        return {
            "about": {"kind": subject_kind, "id": subject_id, "title": found.title},
            "record": record,
            "journal": entries,
            "head": {"number": head.number, "hash": head.hash},
            "originals": _originals(evidence),
            "made_by": dict(principal.brief()),
        }


def list_evidence(sessions: Sessions, principal: Principal, *, subject_kind: str, subject_id: str) -> Reply:
    """The files that prove something about a subject, with why one should look twice at some of them; `may_attach` where he may
    add to them (an investigator, to a case that is not decided)."""
    permit("export_bundle", principal)
    with transaction(sessions) as session:
        found = GATHER[subject_kind](session, principal, subject_id)
        record, _, evidence = _record(session, principal, found)
        about = {each["id"]: each["description"] for each in record["findings"]}
        case = found.cases.get(subject_id)
        names = (
            "name",
            "sha256",
            "size",
            "media_type",
            "subject_kind",
            "purpose",
            "note",
            "taken_at",
            "taken_place",
            "marks",
        )
        return {
            "title": found.title,
            "items": [
                {name: getattr(each, name) for name in names}
                | {"evidence_id": each.id, "added_at": each.added_at, "added_by": each.added_by}
                | {"about": about.get(each.subject_id, "")}
                for each in evidence[:MOST_FILES]
            ],
            "may_attach": case is not None
            and people.may("attach_evidence", principal, case, people.hands_of(session, case))
            and flow.is_open("attach_evidence", case.stage)
            and RULES["attach_evidence"].admits(principal),
        }


def _inspection(session: Session, principal: Principal, inspection_id: str) -> Gathered:
    wanted = select(Inspection).where(Inspection.id == inspection_id, inspections.sight(principal))
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound("inspection_unknown")
    ordered = session.scalars(select(Order).where(Order.inspection_id == found.id))
    title = f"检查 {found.started_at:%Y-%m-%d}"
    return Gathered(title, {found.site_id}, {found.id: found}, {each.id: each for each in ordered})


def _order(session: Session, principal: Principal, order_id: str) -> Gathered:
    found = session.scalars(select(Order).where(Order.id == order_id, orders.seen(principal))).one_or_none()
    if found is None:
        raise NotFound("order_unknown")
    return _of_orders(session, found.number, [found])


def _case(session: Session, principal: Principal, case_id: str) -> Gathered:
    found = session.scalars(select(Case).where(Case.id == case_id, moving.sight(principal))).one_or_none()
    if found is None:
        raise NotFound("case_unknown")
    ordered = [session.get_one(Order, found.order_id)] if found.order_id else []
    gathered = _of_orders(session, found.number or found.party_name, ordered)
    gathered.cases[found.id] = found
    gathered.sites |= {found.site_id} if found.site_id else set()
    return gathered


GATHER: dict[str, Callable[[Session, Principal, str], Gathered]] = {
    "inspection": _inspection,
    "order": _order,
    "case": _case,
}


def _of_orders(session: Session, title: str, ordered: Sequence[Order]) -> Gathered:
    """Orders with those that they follow, and the inspections behind them and after them."""
    gathered = Gathered(title)
    for order in ordered:
        chain: Order | None = order
        while chain is not None and chain.id not in gathered.orders:
            gathered.orders[chain.id] = chain
            gathered.sites.add(chain.site_id)
            chain = session.get(Order, chain.follows) if chain.follows else None
    visits = [each.inspection_id for each in gathered.orders.values() if each.inspection_id]
    wanted = Inspection.id.in_(visits) | Inspection.rechecks.in_(list(gathered.orders))
    gathered.inspections = {each.id: each for each in session.scalars(select(Inspection).where(wanted))}
    return gathered


def _record(session: Session, principal: Principal, found: Gathered) -> tuple[Reply, set[str], list[Evidence]]:
    """The record, every id that the journal may speak of, and the evidence."""
    findings = _rows(session, Finding, Finding.inspection_id.in_(list(found.inspections)))
    under = _rows(session, Finding, Finding.order_id.in_(list(found.orders)))
    findings = list({each.id: each for each in (*findings, *under)}.values())
    reports = _rows(session, Rectification, Rectification.order_id.in_(list(found.orders)))
    reports = [each for each in reports if each.submitted_at is not None]
    parts = {*found.inspections, *found.orders, *found.cases}
    papers = _rows(session, Document, Document.subject_id.in_(list(parts)) & sight(principal))
    openings = _rows(session, DocumentOpening, DocumentOpening.document_id.in_([each.id for each in papers]))
    about = parts | {each.id for each in (*findings, *reports)}
    evidence = _rows(session, Evidence, Evidence.subject_id.in_(list(about)))
    record = {
        "sites": _told(_rows(session, Site, Site.id.in_(list(found.sites)))),
        "inspections": [_told_inspection(each) for each in found.inspections.values()],
        "findings": _told(findings),
        "orders": _told(found.orders.values()),
        "order_acts": _told(_rows(session, OrderAct, OrderAct.order_id.in_(list(found.orders)))),
        "rectifications": _told(reports),
        "documents": _told(papers),
        "openings": _told(openings),
        "cases": _told(found.cases.values()),
        "case_acts": _told(_rows(session, CaseAct, CaseAct.case_id.in_(list(found.cases)))),
        "case_clocks": _told(_rows(session, CaseClock, CaseClock.case_id.in_(list(found.cases)))),
        "case_payments": _told(_rows(session, CasePayment, CasePayment.case_id.in_(list(found.cases)))),
        "evidence": _told(evidence),
    }
    return record, about | {each.id for each in papers}, evidence


def _rows(session: Session, table: type[Any], condition: ColumnElement[bool]) -> list[Any]:
    return list(session.scalars(select(table).where(condition).order_by(*inspect(table).primary_key)))


def _told_inspection(inspection: Inspection) -> Reply:
    """With what the seal was made over, so that anybody can make it again."""
    (told,) = _told([inspection])
    content = told.pop("content") or {}
    return told | {"inspection_id": inspection.id, "sealed": content.get("sealed")}


def _told(rows: Iterable[Base]) -> list[Reply]:
    """Rows as plain JSON, column by column."""
    return [{each.key: _plain(getattr(row, each.key)) for each in inspect(type(row)).column_attrs} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


def _entries(session: Session, subjects: set[str]) -> list[Reply]:
    """The journal's entries about these, each with its hash, in its order."""
    wanted = select(JournalRow).where(JournalRow.subject.in_(list(subjects))).order_by(JournalRow.number)
    names = ("number", "principal", "act", "subject", "detail", "previous_hash", "hash")
    rows = session.scalars(wanted.limit(MOST_ENTRIES + 1))
    return [{name: getattr(each, name) for name in names} | {"at": each.at.isoformat()} for each in rows]


def _originals(evidence: Sequence[Evidence]) -> list[Reply]:
    """Each file once, by its hash."""
    by_hash = {each.sha256: each for each in reversed(evidence)}
    return [
        {"sha256": each.sha256, "name": each.name, "media_type": each.media_type}
        for each in sorted(by_hash.values(), key=lambda each: each.sha256)
    ]
