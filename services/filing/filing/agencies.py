"""Agencies (监督机构): how they come into the system, and which of them a matter offers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid
from chassis.identifiers import new_id
from chassis.outbox import record
from chassis.principal import Principal
from chassis.searching import search_words
from filing import divisions, offering, organisations
from filing.applications.drafts import known_matter
from filing.desk import Command, Desk, Reply, once
from filing.divisions import Division
from filing.models import Organisation
from filing.permissions import permit

ZONE_LEVEL = "county"


def create_agency(
    desk: Desk,
    command: Command,
    *,
    name: str,
    division: str,
    organisation_id: str | None = None,
    zone_code: str | None = None,
    address: str = "",
    contact: str = "",
    phone: str = "",
) -> Reply:
    """Enter the agency of a division, or a zone office in it under a six-digit code of its own.

    Zones have no code in GB/T 2260, but offices of their own (domain.md §8.1). The platform's operator may create any, an
    agency those below itself. Refuses `Invalid`, `Conflict("agency_exists")`, `Forbidden("area_not_below_own")`.
    """
    request = {
        "name": name,
        "division": division,
        "organisation_id": organisation_id,
        "zone_code": zone_code,
        "address": address,
        "contact": contact,
        "phone": phone,
    }

    def do(session: Session) -> Reply:
        permit("create_agency", command.principal)
        place = _known_division(division)
        area = _area(place, zone_code)
        _refuse_not_below(command.principal, area)
        _refuse_second(session, area, zone_code or place.code)
        row = Organisation(
            id=organisation_id or new_id(),
            kind=organisations.AGENCY,
            name=name,
            credit_code=None,
            kinds=[],
            level=place.level if zone_code is None else ZONE_LEVEL,
            code=zone_code or place.code,
            division=place.code,
            area=area,
            address=address,
            contact=contact,
            phone=phone,
            details={},
            stage=organisations.OPEN,
            search=search_words([name]),
            created_at=desk.clock(),
            opened_at=desk.clock(),
        )
        return _open(session, desk, command, row)

    return once(desk, command, "create_agency", request, do)


def list_agencies(desk: Desk, *, area: str | None = None, level: str | None = None) -> Reply:
    """All agencies (of an area, of a level), the province's first: anybody may know them."""
    wanted = select(Organisation).where(
        Organisation.kind == organisations.AGENCY, Organisation.stage == organisations.OPEN
    )
    if level is not None:
        wanted = wanted.where(Organisation.level == level)
    with transaction(desk.sessions) as session:
        rows = session.scalars(wanted.order_by(Organisation.area, Organisation.id)).all()
        return {"items": [brief(row) for row in rows if area is None or divisions.is_within(row.area, area)]}


def offer_agencies(desk: Desk, principal: Principal, *, matter: str, form: Mapping[str, Any]) -> Reply:
    """Who may handle such an application, the first proposed; none while the form does not yet say where.

    Route in words, for the form's page: `route`.
    """
    chosen = known_matter(matter)
    with transaction(desk.sessions) as session:
        items = offering.offered(session, principal, chosen, form)
        return {"route": chosen.route.value, "items": items}


def brief(row: Organisation) -> dict[str, Any]:
    return {
        "organisation_id": row.id,
        "name": row.name,
        "level": row.level,
        "division": row.division,
        "area": row.area,
        "code": row.code,
        "address": row.address,
        "phone": row.phone,
    }


def _open(session: Session, desk: Desk, command: Command, row: Organisation) -> Reply:
    session.add(row)
    session.flush()
    record(session, organisations.opened(row, command.principal, desk.clock()))
    detail = {"area": row.area, "code": row.code}
    journal.write(session, command.principal, "create_agency", row.id, detail, clock=desk.clock)
    return brief(row)


def _known_division(code: str) -> Division:
    place = divisions.division(code)
    if place is None:
        raise Invalid.field("division", "unknown_division")
    return place


def _area(place: Division, zone_code: str | None) -> str:
    if zone_code is None:
        return place.area
    if place.level == "province" or divisions.division(zone_code) is not None:
        raise Invalid.field("zone_code", "not_a_zone_code")
    return place.area + divisions.SEPARATOR + zone_code


def _refuse_not_below(principal: Principal, area: str) -> None:
    if principal.is_agency and (area == principal.area or not principal.watches(area)):
        raise Forbidden("area_not_below_own", area=area)


def _refuse_second(session: Session, area: str, code: str) -> None:
    living = (Organisation.kind == organisations.AGENCY) & (Organisation.stage != organisations.CLOSED)
    same = (Organisation.area == area) | (Organisation.code == code)
    there = session.scalars(select(Organisation).where(living & same).limit(1)).first()
    if there is not None:
        raise Conflict("agency_exists", organisation_id=there.id, name=there.name)
