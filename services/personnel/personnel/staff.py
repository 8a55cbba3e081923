"""The row of a person as commands need it: found or made, held, entered at an employer, its version counted up."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from chassis.errors import Conflict
from chassis.identifiers import new_id
from chassis.principal import Principal
from personnel import locks, permissions, queries
from personnel.models import Employment, Person
from personnel.permissions import permit, permit_on_person


def held(session: Session, principal: Principal, act: str, request: dict[str, Any]) -> Person:
    """The person of a command, his row held, if the principal may see and change him and saw him as he is.

    Refuses `NotFound`, `Forbidden`, or `Conflict("stale_version")`.
    """
    permit(act, principal)
    locks.hold_people(session, [request["person_id"]])
    person = queries.get_person(session, principal, request["person_id"])
    if person is None:
        raise permissions.unseen()
    permit_on_person(act, principal, person, [])
    if person.version != request["version"]:
        raise Conflict("stale_version", version=person.version)
    return person


def new_row(principal: Principal, said: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The values of a person who is on no file yet; version 0 until he is entered."""
    return {
        "id": new_id(),
        "identity_number": said["identity_number"],
        "name": said["name"],
        "phone": said["phone"],
        "posts": [],
        "area": principal.area,
        "version": 0,
        "entered_at": now,
        "changed_at": now,
    }


def row_of(session: Session, principal: Principal, said: Mapping[str, Any], now: datetime) -> Person:
    """The one row of this identity number, held; made if there is none. Of two who make it at once one waits."""
    values = new_row(principal, said, now)
    session.execute(insert(Person).values(values).on_conflict_do_nothing(index_elements=["identity_number"]))
    row = select(Person).where(Person.identity_number == said["identity_number"]).with_for_update(key_share=True)
    return session.scalars(row).one()


def refuse_if_employed(person: Person, principal: Principal) -> None:
    if person.employer_id == principal.organisation_id:
        raise Conflict("person_exists", person_id=person.id)
    if person.employer_id is not None:
        raise Conflict("employed_elsewhere", employer=person.employer_name)


def enter(session: Session, person: Person, principal: Principal, now: datetime) -> None:
    """The person belongs to the principal's enterprise from now on."""
    person.employer_id, person.employer_name = principal.organisation_id, principal.organisation_name
    person.area, person.entered_at = principal.area, now
    touch(person, now)
    session.add(
        Employment(
            id=new_id(),
            person_id=person.id,
            employer_id=principal.organisation_id,
            employer_name=principal.organisation_name,
            entered_at=now,
        )
    )


def touch(person: Person, now: datetime) -> None:
    person.version += 1
    person.changed_at = now
