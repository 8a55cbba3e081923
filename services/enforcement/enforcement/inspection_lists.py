"""Inspections as they are read: lists, one with all that it holds, and the check library."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from enforcement import documents, finding_lists
from enforcement.inspections import sight
from enforcement.library import library
from enforcement.models import Document, Evidence, Finding, Firm, Inspection, InspectionOfficer, Order, Site
from enforcement.permissions import permit, within

Reply = dict[str, Any]
PARTIES = {"contractor": "contractor_id", "owner": "owner_id", "supervisor": "supervisor_id"}


def get_check_library(principal: Principal, clock: Clock, *, on: date | None) -> Reply:
    """The tables and clauses in force on a day, today where none is named."""
    permit("read", principal)
    rules = library(on or day_of(clock()))
    group_of = {key: group.name for group in rules.groups for key in group.tables}
    tables = [
        {
            "key": table.key,
            "name": table.name,
            "group": group_of[table.key],
            "items": [
                {"key": each.key, "name": each.name, "points": each.points, "is_guarantee": each.is_guarantee}
                for each in table.items
            ],
        }
        for table in rules.tables.values()
    ]
    names = ("key", "kind", "reference", "text", "since", "confirmed")
    clauses = [{name: getattr(each, name) for name in names} for each in rules.clauses.values()]
    return {"version": rules.version, "documents": list(rules.documents), "tables": tables, "clauses": clauses}


def list_inspections(sessions: Sessions, principal: Principal, *, limit: int, after: str | None, **asked: Any) -> Reply:
    """Those in his sight, the latest first."""
    permit("read", principal)
    listed = paging.Listed(_narrowed(principal, asked), Inspection.started_at, Inspection.id)
    with transaction(sessions) as session:
        paging.plan_by_values(session)
        page, counted = paging.first(session, listed, limit, after)
        rows = session.execute(page).all()
        last = rows[limit - 1][0] if len(rows) > limit else None
        following = paging.cursor(last.started_at, last.id) if last else None
        items = [item(principal, inspection, name) for inspection, name in rows[:limit]]
        return {"items": items, "next": following, **counted}


def inspections_to_export(principal: Principal, asked: dict[str, Any]) -> Select[Inspection, str]:
    """All rows of the list, with the name of each site."""
    return _narrowed(principal, asked).order_by(Inspection.started_at.desc(), Inspection.id.desc())


def get_inspection(sessions: Sessions, principal: Principal, *, inspection_id: str) -> Reply:
    """One in his sight with all that it holds; `NotFound("inspection_unknown")` otherwise."""
    permit("read", principal)
    with transaction(sessions) as session:
        wanted = select(Inspection, Site).join(Site).where(Inspection.id == inspection_id, sight(principal))
        row = session.execute(wanted).one_or_none()
        if row is None:
            raise NotFound("inspection_unknown")
        inspection, site = row
        return (
            item(principal, inspection, site.name)
            | scored(inspection)
            | _sealed(inspection)
            | {
                "plan_id": inspection.plan_id,
                "rechecks": inspection.rechecks,
                "parties": parties_of(session, site),
                "findings": _with_photos(session, inspection.id),
                "orders": _orders(session, inspection.id),
                "documents": _documents(session, principal, inspection.id),
            }
        )


def item(principal: Principal, inspection: Inspection, project_name: str) -> Reply:
    """A row of a list. Accounts of officers are nobody's to know."""
    names = ("kind", "stage", "area", "started_at", "ended_at", "findings_count", "score", "grade", "marks")
    shown = ("officer_id", "name", "certificate_number")
    return {name: getattr(inspection, name) for name in names} | {
        "inspection_id": inspection.id,
        "project_id": inspection.site_id,
        "project_name": project_name,
        "officers": [{name: each[name] for name in shown} for each in inspection.officers],
        "is_mine": principal.user_id in {each["user_id"] for each in inspection.officers},
    }


def _narrowed(principal: Principal, asked: dict[str, Any]) -> Select[Inspection, str]:
    wanted = select(Inspection, Site.name).join(Site, Site.id == Inspection.site_id).where(sight(principal))
    same = {"kind": Inspection.kind, "stage": Inspection.stage, "grade": Inspection.grade}
    same |= {"project_id": Inspection.site_id, "plan_id": Inspection.plan_id}
    for name, column in same.items():
        wanted = wanted.where(column == asked[name]) if asked[name] else wanted
    if asked["area"]:
        wanted = wanted.where(within(Inspection.area, asked["area"]))
    if asked["officer_id"]:
        of_him = select(InspectionOfficer.inspection_id).where(InspectionOfficer.officer_id == asked["officer_id"])
        wanted = wanted.where(Inspection.id.in_(of_him))
    if asked["first"]:
        wanted = wanted.where(Inspection.started_at >= _beginning(asked["first"]))
    if asked["last"]:
        wanted = wanted.where(Inspection.started_at < _beginning(asked["last"] + timedelta(days=1)))
    return wanted


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def scored(inspection: Inspection) -> Reply:
    """The scores with the names of tables and groups in the library of its day."""
    if inspection.scores is None:
        return {"tables": [], "groups": []}
    rules = library(day_of(inspection.started_at))
    scores = inspection.scores
    return {
        "tables": [{"key": key, "name": rules.tables[key].name} | told for key, told in scores["tables"].items()],
        "groups": [
            {"name": each.name, "weight": each.weight, "points": scores["groups"][each.name]}
            for each in rules.groups
            if each.name in scores["groups"]
        ],
    }


def _sealed(inspection: Inspection) -> Reply:
    told = (inspection.content or {}).get("sealed", {}).get("told", {})
    return {
        "remark": told.get("remark", "") or (inspection.content or {}).get("reason", ""),
        "library": inspection.library,
        "signatures": inspection.signatures,
        "site_signature": inspection.site_signature,
        "seal": inspection.seal,
        "sealed_at": inspection.sealed_at,
    }


def parties_of(session: Session, site: Site) -> Reply:
    """{"contractor": {"organisation_id", "name"}, …}, of those that the site has."""
    ids = {which: firm for which, column in PARTIES.items() if (firm := getattr(site, column))}
    names = dict(session.execute(select(Firm.id, Firm.name).where(Firm.id.in_(ids.values()))).all())
    return {which: {"organisation_id": firm, "name": names.get(firm, "")} for which, firm in ids.items()}


def _with_photos(session: Session, inspection_id: str) -> list[Reply]:
    found = session.scalars(
        select(Finding).where(Finding.inspection_id == inspection_id).order_by(Finding.place_in)
    ).all()
    photos = session.scalars(
        select(Evidence)
        .where(and_(Evidence.subject_kind == "finding", Evidence.subject_id.in_([each.id for each in found])))
        .order_by(Evidence.added_at, Evidence.id)
    ).all()
    return [finding_lists.item(each) | {"photos": _photos_of(each, photos)} for each in found]


def _photos_of(finding: Finding, photos: Sequence[Evidence]) -> list[Reply]:
    return [
        {
            "evidence_id": each.id,
            "name": each.name,
            "sha256": each.sha256,
            "media_type": each.media_type,
            "taken_at": each.taken_at,
            "marks": each.marks,
        }
        for each in photos
        if each.subject_id == finding.id
    ]


def _orders(session: Session, inspection_id: str) -> list[Reply]:
    found = session.scalars(
        select(Order).where(Order.inspection_id == inspection_id).order_by(Order.issued_at, Order.id)
    )
    return [{"order_id": each.id, "number": each.number, "kind": each.kind, "due_on": each.due_on} for each in found]


def _documents(session: Session, principal: Principal, inspection_id: str) -> list[Reply]:
    ours = (Document.subject_kind == "inspection", Document.subject_id == inspection_id, documents.sight(principal))
    return [
        documents.item(each) for each in session.scalars(select(Document).where(*ours).order_by(Document.issued_at))
    ]
