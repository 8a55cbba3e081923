"""Certificates: lists and detail for those concerned, and what anybody learns who checks one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select, tuple_
from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import day_of
from chassis.errors import NotFound
from chassis.principal import Principal
from chassis.searching import matches
from filing import words
from filing.certificate_acts import possible, whose
from filing.certificates import SUSPENDED, VALID
from filing.models import Application, Certificate, CertificateAct, Project
from filing.permissions import acts_permitted
from filing.queries.application_detail import certificate_item
from filing.queries.sight import within

EXPIRED = "expired"


def list_certificates(session: Session, principal: Principal, filters: Mapping[str, Any]) -> dict[str, Any]:
    """A page of certificates in his sight, the newest first. Filters: kind, stage, number, holder_id, project_id,
    machine_id, application_id, runs_out_before (a day), area, q."""
    paging.plan_by_values(session)
    wanted = select(Certificate).where(_seen(principal))
    for name in ("kind", "stage", "number", "holder_id", "project_id", "machine_id", "application_id"):
        if filters.get(name):
            wanted = wanted.where(getattr(Certificate, name) == filters[name])
    if filters.get("runs_out_before"):
        wanted = wanted.where(Certificate.valid_to < filters["runs_out_before"], Certificate.stage == "valid")
    if filters.get("area"):
        wanted = wanted.where(within(Certificate.area, filters["area"]))
    if filters.get("q"):
        # An application is found by all that its certificate bears; one reissued since by its own number alone.
        found = select(Application.id).where(matches(Application.search, filters["q"]))
        wanted = wanted.where(or_(Certificate.application_id.in_(found), Certificate.number == filters["q"].strip()))
    counted = paging.total(session, wanted, filters.get("after"))
    if filters.get("after"):
        wanted = wanted.where(tuple_(Certificate.issued_at, Certificate.id) < paging.place(filters["after"]))
    limit = filters.get("limit", paging.DEFAULT_LIMIT)
    order = (Certificate.issued_at.desc(), Certificate.id.desc())
    rows, following = paging.page(session.scalars(wanted.order_by(*order).limit(limit + 1)).all(), limit, "issued_at")
    return {"items": [certificate_item(each) for each in rows], "next": following} | counted


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
