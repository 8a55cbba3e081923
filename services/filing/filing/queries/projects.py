"""Projects: lists, search, and the page of one, as plain values."""

from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.errors import Forbidden, Invalid, NotFound
from chassis.principal import Principal
from chassis.searching import SHORTEST, matches
from filing import divisions, matters, stops
from filing.models import Application, Certificate, Organisation, Project
from filing.permissions import acts_permitted
from filing.project_acts import whose
from filing.projects import FILED, SUSPENDED, UNFILED
from filing.queries.sight import watched, within

FEW = 50
LOOKING_UP = ("installer", "contractor", "lessor")
# Acts on a project by the stages in which they make sense.
POSSIBLE = {
    FILED: ("record_stoppage", "record_works_acceptance", "close_project"),
    SUSPENDED: ("record_resumption", "record_works_acceptance", "close_project"),
    UNFILED: ("merge_projects", "close_project"),
}


def list_projects(
    session: Session, principal: Principal, request: dict[str, Any], most: int | None = None
) -> dict[str, Any]:
    """A page of projects, the last changed first, or `backwards`, counted up to `most`.

    `scope` "mine": those in sight. "filed": filed ones of the whole province by name or number, for an enterprise that
    has to name one in a notice; they are told briefly.
    """
    paging.plan_by_values(session)
    page, counted = paging.first(session, listed(principal, request), request["limit"], request["after"], most=most)
    shown, following = paging.page(session.scalars(page).all(), request["limit"], "changed_at")
    return {"items": [item(row) for row in shown], "next": following} | counted


def listed(principal: Principal, request: dict[str, Any]) -> paging.Listed:
    """Those that the list of a request shows."""
    rows = select(Project).where(_scope(principal, request), *narrowing(request))
    return paging.Listed(rows, Project.changed_at, Project.id, rising=bool(request.get("backwards")))


def get_project(session: Session, principal: Principal, project_id: str) -> dict[str, Any]:
    """The project's page. Whoever only has an application on it sees the brief part and his own applications."""
    row = session.scalars(select(Project).where(Project.id == project_id, in_sight(principal))).one_or_none()
    if row is None:
        raise NotFound("not_found")
    full = principal.is_agency or principal.organisation_id in whose(row).owners
    page = item(row) | {"applications": _applications(session, principal, row, full)}
    return page | (_full(session, principal, row) if full else {"acts": []})


def in_sight(principal: Principal) -> ColumnElement[bool]:
    if principal.is_agency:
        return watched(principal, Project.area)
    mine = principal.organisation_id
    if not mine:
        return false()
    named_in_mine = select(Application.id).where(
        Application.project_id == Project.id, Application.applicant_id == mine, Application.stage != "draft"
    )
    return or_(_party(mine), named_in_mine.exists())


def item(row: Project) -> dict[str, Any]:
    """What a list shows."""
    return {
        "project_id": row.id,
        "version": row.version,
        "number": row.number,
        "name": row.name,
        "stage": row.stage,
        "division": row.division,
        "area": row.area,
        "place": divisions.full_name(row.area),
        "address": row.address,
        "agency_id": row.agency_id,
        "owner_id": row.owner_id,
        "owner_name": row.owner_name,
        "contractor_id": row.contractor_id,
        "contractor_name": row.contractor_name,
        "supervisor_id": row.supervisor_id,
        "supervisor_name": row.supervisor_name,
        "works_kind": row.works_kind,
        "civilised_standard": row.civilised_standard,
        "starts_on": _iso(row.starts_on),
        "finishes_on": _iso(row.finishes_on),
        "changed_at": row.changed_at.isoformat(),
    }


def _full(session: Session, principal: Principal, row: Project) -> dict[str, Any]:
    agency = session.get(Organisation, row.agency_id) if row.agency_id else None
    return {
        "application_id": row.application_id,
        "agency_name": agency.name if agency else "",
        "works_code": row.works_code,
        "floor_area": row.floor_area,
        "contract_price": row.contract_price,
        "boundary": row.boundary,
        "key_people": row.key_people,
        "hazardous_works": row.hazardous_works,
        "details": row.details,
        "suspended": row.suspended,
        "works_accepted_on": _iso(row.works_accepted_on),
        "merged_into": row.merged_into,
        "certificates": _certificates(session, row),
        "stopped_by": stops.standing(session, row.id),
        "acts": acts_permitted(principal, whose(row), POSSIBLE.get(row.stage, ())),
    }


def _applications(session: Session, principal: Principal, row: Project, full: bool) -> list[dict[str, Any]]:
    """The newest applications about the project; agencies see none before its first arrival."""
    query = select(Application).where(Application.project_id == row.id, Application.stage != "draft")
    if principal.is_agency:
        query = query.where(Application.submitted_at.is_not(None))
    elif not full:
        query = query.where(Application.applicant_id == principal.organisation_id)
    newest = query.order_by(Application.changed_at.desc(), Application.id.desc()).limit(FEW)
    return [
        {
            "application_id": each.id,
            "matter": each.matter,
            "title": matters.ALL[each.matter].title,
            "applicant_name": each.applicant_name,
            "stage": each.stage,
            "outcome": each.outcome,
            "machine_id": each.machine_id,
            "changed_at": each.changed_at.isoformat(),
        }
        for each in session.scalars(newest)
    ]


def _certificates(session: Session, row: Project) -> list[dict[str, Any]]:
    query = select(Certificate).where(Certificate.project_id == row.id)
    newest = query.order_by(Certificate.issued_on.desc(), Certificate.id.desc()).limit(FEW)
    return [
        {
            "certificate_id": each.id,
            "kind": each.kind,
            "title": each.title,
            "number": each.number,
            "stage": each.stage,
            "machine_id": each.machine_id,
            "issued_on": each.issued_on.isoformat(),
        }
        for each in session.scalars(newest)
    ]


def _scope(principal: Principal, request: dict[str, Any]) -> ColumnElement[bool]:
    if request["scope"] == "mine":
        return in_sight(principal)
    if not principal.is_enterprise or not set(principal.kinds) & set(LOOKING_UP):
        raise Forbidden("not_permitted", act="look_up_projects")
    if len(request["q"] or "") < SHORTEST:
        raise Invalid.field("q", "required")
    return Project.stage == FILED


def narrowing(request: dict[str, Any]) -> list[ColumnElement[bool]]:
    """What a list of projects is narrowed by; each filter that is not named lets everything through."""
    same = ("stage", "works_kind", "civilised_standard", "agency_id")
    filters: list[ColumnElement[bool]] = [getattr(Project, name) == request[name] for name in same if request.get(name)]
    if request["area"]:
        filters.append(within(Project.area, request["area"]))
    if request["q"]:
        filters.append(matches(Project.search, request["q"]))
    return filters


def _party(mine: str) -> ColumnElement[bool]:
    return or_(Project.owner_id == mine, Project.contractor_id == mine, Project.supervisor_id == mine)


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
