"""Organisations: lists, search, the card of one, and what the gateway asks at sign-in, as plain values."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, true, tuple_
from sqlalchemy.orm import Session

from chassis import paging
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.principal import Principal
from chassis.searching import SHORTEST, matches
from filing import divisions, forms, matters, phones
from filing.models import Application, Organisation, Project
from filing.organisations import ENTERPRISE, OPEN
from filing.permissions import PLATFORM, permit
from filing.queries.sight import within


def list_organisations(
    session: Session, principal: Principal, request: dict[str, Any], most: int | None = None
) -> dict[str, Any]:
    """A page of organisations, the newest first, counted up to `most`.

    An agency sees those of its area, the operator all. An enterprise looks open ones up by name or credit code, to name
    them in a form; it sees what anybody may read in the public register of enterprises.
    """
    paging.plan_by_values(session)
    query = select(Organisation).where(_scope(principal, request), *_filters(request))
    counted = paging.total(session, query, request["after"], most)
    if request["after"]:
        query = query.where(tuple_(Organisation.created_at, Organisation.id) < tuple_(*paging.place(request["after"])))
    newest = query.order_by(Organisation.created_at.desc(), Organisation.id.desc()).limit(request["limit"] + 1)
    shown, following = paging.page(session.scalars(newest).all(), request["limit"], "created_at")
    return {"items": [item(row) for row in shown], "next": following} | counted


def get_organisation(session: Session, principal: Principal, organisation_id: str) -> dict[str, Any]:
    """The card: with the whole registration for itself and its agencies, with the public part for other enterprises."""
    row = session.get(Organisation, organisation_id)
    if row is None or not principal.organisation_kind:
        raise NotFound("not_found")
    if _sees_all(session, principal, row):
        return item(row) | _rest(row) | ({"details": _masked(row.details)} if principal.is_agency else {})
    if principal.is_enterprise and row.stage == OPEN:
        return item(row)
    raise NotFound("not_found")


def name_organisations(session: Session, principal: Principal, organisation_ids: list[str]) -> dict[str, Any]:
    """What open organisations are called: anybody may read it in the public register. An id that none has is left out."""
    if not principal.organisation_kind:
        raise Forbidden("not_permitted", act="name_organisations")
    wanted = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(organisation_ids), Organisation.stage == OPEN
    )
    rows = session.execute(wanted.order_by(Organisation.id))
    return {"items": [{"organisation_id": own, "name": name} for own, name in rows]}


def sign_in_profile(session: Session, principal: Principal, organisation_id: str) -> dict[str, Any]:
    """What goes into the principal of the organisation's users, and whether they may act yet (decision 0013)."""
    permit("sign_in_profile", principal)
    row = session.get(Organisation, organisation_id)
    if row is None:
        raise NotFound("not_found")
    registration = session.get(Application, row.application_id) if row.application_id else None
    return {
        "organisation_id": row.id,
        "name": row.name,
        "kind": row.kind,
        "kinds": list(row.kinds),
        "level": row.level,
        "area": row.area,
        "division": row.division,
        "stage": row.stage,
        "registration": {"application_id": registration.id, "stage": registration.stage} if registration else None,
    }


def item(row: Organisation) -> dict[str, Any]:
    """What a list shows, and any enterprise may read."""
    return {
        "organisation_id": row.id,
        "version": row.version,
        "kind": row.kind,
        "name": row.name,
        "credit_code": row.credit_code,
        "kinds": list(row.kinds),
        "level": row.level,
        "division": row.division,
        "area": row.area,
        "place": divisions.full_name(row.area),
        "stage": row.stage,
        "created_at": row.created_at.isoformat(),
    }


def _rest(row: Organisation) -> dict[str, Any]:
    return {
        "address": row.address,
        "contact": row.contact,
        "phone": row.phone,
        "details": row.details,
        "application_id": row.application_id,
        "opened_at": row.opened_at.isoformat() if row.opened_at else None,
    }


def _masked(details: Mapping[str, Any]) -> dict[str, Any]:
    """What forms said of people's phones; the firm's own telephone is another field, and anybody's who has to call it."""
    told: dict[str, Any] = phones.masked(forms.describe(matters.ALL["enterprise_registration"].form), details)
    kept = {code: each for code, each in details.items() if code in matters.ALL}
    return told | {code: phones.masked(forms.describe(matters.ALL[code].form), each) for code, each in kept.items()}


def _sees_all(session: Session, principal: Principal, row: Organisation) -> bool:
    if principal.organisation_kind == PLATFORM or principal.organisation_id == row.id or row.kind != ENTERPRISE:
        return True
    if not principal.is_agency:
        return False
    return principal.watches(row.area) or _works_here(session, principal, row)


def _works_here(session: Session, principal: Principal, row: Organisation) -> bool:
    """Whether an enterprise seated elsewhere has applied to, or builds on a project of, the agency's area."""
    applied = select(Application.id).where(
        Application.applicant_id == row.id,
        Application.submitted_at.is_not(None),
        within(Application.area, principal.area),
    )
    parties = or_(Project.owner_id == row.id, Project.contractor_id == row.id, Project.supervisor_id == row.id)
    builds = select(Project.id).where(parties, within(Project.area, principal.area))
    return session.scalar(select(or_(applied.exists(), builds.exists()))) or False


def _scope(principal: Principal, request: dict[str, Any]) -> ColumnElement[bool]:
    if principal.organisation_kind == PLATFORM:
        return true()
    if principal.is_agency:
        return within(Organisation.area, principal.area)
    if not principal.is_enterprise:
        raise Forbidden("not_permitted", act="list_organisations")
    if len(request["q"] or "") < SHORTEST:
        raise Invalid.field("q", "required")
    return and_(Organisation.kind == ENTERPRISE, Organisation.stage == OPEN)


def _filters(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if request["kind"]:
        filters.append(Organisation.kind == request["kind"])
    if request["enterprise_kind"]:
        filters.append(Organisation.kinds.contains([request["enterprise_kind"]]))
    if request["stage"]:
        filters.append(Organisation.stage == request["stage"])
    if request["area"]:
        filters.append(within(Organisation.area, request["area"]))
    if request["q"]:
        filters.append(matches(Organisation.search, request["q"]))
    return filters
