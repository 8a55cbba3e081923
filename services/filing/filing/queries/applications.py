"""Applications under way (在办) and closed (办结): the list, and one of them with all that is on record."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from chassis import paging
from chassis.principal import Principal
from chassis.searching import matches
from chassis.workdays import Calendar
from filing import deadlines, legal_clock, matters
from filing.models import Application, Certificate, Countersignature, Organisation
from filing.queries.application_filters import ORDERS, Now, narrowed, order_of
from filing.queries.sight import APPLICATION_MONTH, applications_found, applications_listed
from filing.workflow import EDITABLE, Stage, next_roles

Item = dict[str, Any]


def list_applications(
    session: Session,
    principal: Principal,
    calendar: Calendar,
    now: datetime,
    filters: Mapping[str, Any],
    most: int | None = None,
) -> Item:
    """A page of applications in his sight, with their number, counted up to `most` (see `paging.first`); filters and
    orders as in `application_filters`."""
    paging.plan_by_values(session)
    q, after, limit = filters.get("q"), filters.get("after"), filters.get("limit") or paging.DEFAULT_LIMIT
    others = {**filters, "q": None}
    order, moment = order_of(filters), Now.of(now, calendar)
    rows = order.of(narrowed(listed(session, principal, filters), principal, moment, others))
    found = narrowed(by_words(principal, filters), principal, moment, others)
    months = APPLICATION_MONTH if order is ORDERS["changed"] else None
    words = paging.Words(partial(matches, query=q), found, months) if q else None
    page, counted = paging.first(session, rows, limit, after, words, most)
    shown, following = paging.page(session.scalars(page).all(), limit, order.moment.key)
    return {"items": items(session, shown, calendar, now), "next": following} | counted


def listed(session: Session, principal: Principal, filters: Mapping[str, Any]) -> Select[Any]:
    return select(Application).where(applications_listed(session, principal, filters.get("area")))


def by_words(principal: Principal, filters: Mapping[str, Any]) -> Select[Any]:
    """The same rows, said for those that come out of the index of words."""
    return select(Application).where(applications_found(principal, filters.get("area")))


def items(session: Session, rows: Iterable[Application], calendar: Calendar, now: datetime) -> list[Item]:
    """Each row with the names and the deadline that a list shows."""
    found = list(rows)
    names = _agency_names(session, found)
    waiting = _awaited_signatures(session, found)
    numbers = _certificate_numbers(session, found)
    return [
        _head(row)
        | deadline(row, calendar, now)
        | {
            "agency_name": names.get(row.agency_id or ""),
            "certificate_number": numbers.get(row.id),
            "next_to_act": _next_to_act(row, names, waiting.get(row.id, [])),
        }
        for row in found
    ]


def deadline(row: Application, calendar: Calendar, now: datetime) -> Item:
    """The legal deadline: when, how much is left (working days; hours for 24 h matters), and whether it has passed.

    While returned nothing is due, and what was left is kept. A closed one was late if it was closed past its day.
    """
    clock = legal_clock.clock_of(row)
    at = row.closed_at or now
    left = deadlines.left(clock, at, calendar) if clock else None
    return {
        "due_at": row.due_at.isoformat() if row.due_at else None,
        "due_provisional": row.due_provisional,
        "deadline_unit": row.clock_unit,
        "deadline_limit": row.clock_limit,
        "workdays_left": left if row.clock_unit == deadlines.Unit.WORKDAYS else None,
        "hours_left": left if row.clock_unit == deadlines.Unit.HOURS else None,
        "overdue": row.due_at is not None and at > row.due_at,
        "suspended": clock is not None and clock.since is None,
    }


def _head(row: Application) -> Item:
    machine = row.machine or {}
    return {
        "application_id": row.id,
        "matter": row.matter,
        "matter_title": matters.ALL[row.matter].title,
        "stage": row.stage,
        "outcome": row.outcome,
        "version": row.version,
        "round": row.round,
        "applicant_id": row.applicant_id,
        "applicant_name": row.applicant_name,
        "agency_id": row.agency_id,
        "project_id": row.project_id,
        "project_name": row.project_name,
        "machine_id": row.machine_id,
        "machine_words": {name: machine.get(name) for name in ("kind", "model", "serial_number", "filing_number")},
        "acceptance_number": row.acceptance_number,
        "created_at": row.created_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "submitted_at": row.submitted_at.isoformat() if row.submitted_at else None,
        "closed_at": row.closed_at.isoformat() if row.closed_at else None,
    }


def _next_to_act(row: Application, names: Mapping[str, str], unsigned: list[Countersignature]) -> list[Item]:
    """Who acts next: organisation and role. Nobody once it is closed."""
    if row.stage in EDITABLE:
        return [_actor(row.applicant_id, row.applicant_name, "applicant")]
    if row.stage == Stage.COUNTERSIGNING:
        return [_actor(each.organisation_id, each.organisation_name, each.role) for each in unsigned]
    levels = matters.ALL[row.matter].review_levels
    return [
        _actor(row.agency_id, names.get(row.agency_id or "", ""), role) for role in next_roles(Stage(row.stage), levels)
    ]


def _actor(organisation_id: str | None, name: str, role: str) -> Item:
    return {"organisation_id": organisation_id, "organisation_name": name, "role": role}


def _agency_names(session: Session, rows: list[Application]) -> dict[str, str]:
    ids = {row.agency_id for row in rows if row.agency_id}
    found = session.execute(select(Organisation.id, Organisation.name).where(Organisation.id.in_(ids)))
    return {row.id: row.name for row in found}


def _awaited_signatures(session: Session, rows: list[Application]) -> dict[str, list[Countersignature]]:
    places = [(row.id, row.round) for row in rows if row.stage == Stage.COUNTERSIGNING]
    if not places:
        return {}
    key = tuple_(Countersignature.application_id, Countersignature.round)
    found = select(Countersignature).where(key.in_(places), Countersignature.agrees.is_(None))
    awaited: dict[str, list[Countersignature]] = {}
    for each in session.scalars(found.order_by(Countersignature.role)):
        awaited.setdefault(each.application_id, []).append(each)
    return awaited


def _certificate_numbers(session: Session, rows: list[Application]) -> dict[str, str]:
    ids = [row.id for row in rows if row.stage == Stage.CLOSED]
    if not ids:
        return {}
    found = session.execute(
        select(Certificate.application_id, Certificate.number).where(
            Certificate.application_id.in_(ids), Certificate.replaced_by.is_(None)
        )
    )
    return {row.application_id: row.number for row in found}
