"""Certificates: lists and detail for those concerned, and what anybody learns who checks one."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import day_of
from chassis.errors import NotFound
from chassis.principal import Principal
from chassis.searching import matches
from filing import divisions, words
from filing.certificate_acts import possible, whose
from filing.certificates import SUSPENDED, VALID
from filing.models import Application, Certificate, CertificateAct, Project
from filing.permissions import acts_permitted
from filing.queries.application_detail import certificate_item
from filing.queries.sight import APPLICATION_MONTH, in_divisions_of, within

EXPIRED = "expired"


def list_certificates(
    session: Session, principal: Principal, filters: Mapping[str, Any], most: int | None = None
) -> dict[str, Any]:
    """A page of certificates in his sight, counted up to `most`: see `listed`."""
    paging.plan_by_values(session)
    after, limit = filters.get("after"), filters.get("limit", paging.DEFAULT_LIMIT)
    certificates, words = listed(session, principal, filters)
    page, counted = paging.first(session, certificates, limit, after, words, most)
    rows, following = paging.page(session.scalars(page).all(), limit, certificates.moment.key)
    return {"items": [certificate_item(each) for each in rows], "next": following} | counted


def listed(
    session: Session, principal: Principal, filters: Mapping[str, Any]
) -> tuple[paging.Listed, paging.Words | None]:
    """Certificates in his sight, the newest first or by `sort` and `backwards`, and the words looked for in them.

    Filters: kind, stage, number, holder_id, project_id, machine_id, application_id, runs_out_before (a day), area, q. A
    whole number as `q` finds what bears it; otherwise an application is found by all that its certificate bears, and with
    it the one in force.
    """
    rows, q = select(Certificate).where(_seen(principal), *_narrowing(filters)), (filters.get("q") or "").strip()
    if not q:
        return _in_order(rows, filters), None
    if session.scalars(select(Certificate.id).where(Certificate.number == q).limit(1)).first():
        return _in_order(rows.where(Certificate.number == q), filters), None
    named = rows.join(Application).where(Certificate.replaced_by.is_(None))
    place = filters.get("area") or (principal.area if principal.is_agency else "")
    found = named.where(in_divisions_of(place)) if divisions.SEPARATOR in place else named
    # Issued when its application was closed, which then changes no more, and reissued as of the same moment (补发).
    newest_first = not (filters.get("sort") == "runs_out" or filters.get("backwards"))
    months = APPLICATION_MONTH if newest_first else None
    return _in_order(named, filters), paging.Words(partial(matches, query=q), found, months, Application.search)


def _narrowing(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    same = ("kind", "stage", "number", "holder_id", "project_id", "machine_id", "application_id")
    conditions = [getattr(Certificate, name) == filters[name] for name in same if filters.get(name)]
    if filters.get("runs_out_before"):
        conditions += [Certificate.valid_to < filters["runs_out_before"], Certificate.stage == VALID]
    if filters.get("area"):
        conditions.append(within(Certificate.area, filters["area"]))
    if filters.get("sort") == "runs_out":
        conditions.append(Certificate.valid_to.is_not(None))
    return conditions


def _in_order(rows: paging.Rows, filters: Mapping[str, Any]) -> paging.Listed:
    backwards = bool(filters.get("backwards"))
    if filters.get("sort") == "runs_out":
        return paging.Listed(rows, Certificate.valid_to, Certificate.id, rising=not backwards)
    return paging.Listed(rows, Certificate.issued_at, Certificate.id, rising=backwards)


def get_certificate(session: Session, principal: Principal, certificate_id: str) -> dict[str, Any]:
    """One certificate in his sight with what was done with it; `NotFound` otherwise."""
    found = session.scalars(select(Certificate).where(Certificate.id == certificate_id, _seen(principal))).first()
    if found is None:
        raise NotFound("not_found")
    record = select(CertificateAct).where(CertificateAct.certificate_id == found.id).order_by(CertificateAct.version)
    return certificate_item(found) | {
        "replaces_number": _number_of(session, found.replaces),
        "replaced_by_number": _number_of(session, found.replaced_by),
        "acts": [_act(each) for each in session.scalars(record)],
        "possible": acts_permitted(principal, whose(found), possible(found)),
    }


def verify_certificate(session: Session, code: str, today: date) -> dict[str, Any]:
    """What anybody learns by the code on the paper: genuine or not, in force or not, of what; no personal data.

    Refuses `NotFound("certificate_unknown")`: no certificate bears this code.
    """
    wanted = "".join(code.split()).replace("-", "").upper()
    found = session.scalars(select(Certificate).where(Certificate.verification_code == wanted)).first()
    if found is None:
        raise NotFound("certificate_unknown")
    expired = found.stage == VALID and found.valid_to is not None and found.valid_to < today
    return {
        "kind": found.kind,
        "title": found.title,
        "number": found.number,
        "holder_name": found.holder_name,
        "agency_name": found.agency_name,
        "issued_on": found.issued_on.isoformat(),
        "valid_to": found.valid_to.isoformat() if found.valid_to else None,
        "stage": EXPIRED if expired else found.stage,
        "cancelled_on": day_of(found.cancelled_at).isoformat() if found.cancelled_at else None,
        "suspended_on": _suspended_on(session, found),
        "replaced_by_number": _number_of(session, found.replaced_by),
        "shown": found.shown,
        "lines": words.lines(found.shown),
    }


def _suspended_on(session: Session, certificate: Certificate) -> str | None:
    """Since when it may not be used; None unless it is suspended. Its last act is the one that suspended it."""
    if certificate.stage != SUSPENDED:
        return None
    return day_of(session.get_one(CertificateAct, (certificate.id, certificate.version)).at).isoformat()


def _number_of(session: Session, certificate_id: str | None) -> str | None:
    other = session.get(Certificate, certificate_id) if certificate_id else None
    return other.number if other else None


def _act(each: CertificateAct) -> dict[str, Any]:
    return {"act": each.act, "at": each.at.isoformat(), "by": each.by, "reason": words.reason(each.reason)}


def _seen(principal: Principal) -> ColumnElement[bool]:
    """Its holder, the other parties of its project, and the agencies of its area see a certificate."""
    mine = principal.organisation_id
    if principal.is_agency and principal.area:
        return within(Certificate.area, principal.area)
    if principal.is_enterprise and mine:
        parties = or_(Project.owner_id == mine, Project.contractor_id == mine, Project.supervisor_id == mine)
        return or_(Certificate.holder_id == mine, Certificate.project_id.in_(select(Project.id).where(parties)))
    return false()
