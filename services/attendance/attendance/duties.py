"""Who has to be where: personnel's locks, told of by events that may come in any order."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from attendance import sites, stale
from attendance.models import Duty, Person
from attendance.terms import Contradiction

KEY = ["application_id", "person", "role"]


def person_number(session: Session, person_id: str) -> int:
    """The number of a person; he gets one when he is first named."""
    found = session.scalar(select(Person.number).where(Person.id == person_id))
    if found is not None:
        return found
    session.execute(insert(Person).values(id=person_id).on_conflict_do_nothing())
    return session.scalars(select(Person.number).where(Person.id == person_id)).one()


def begin(session: Session, told: dict[str, Any]) -> None:
    duty = _told(session, told)
    row = insert(Duty).values(**duty, since=told["since"])
    known = {"since": row.excluded.since, "site": row.excluded.site}
    session.execute(row.on_conflict_do_update(index_elements=KEY, set_=known))
    stale.of_duty(session, duty["person"], told["since"])


def end(session: Session, told: dict[str, Any]) -> None:
    duty = _told(session, told)
    row = insert(Duty).values(**duty, until=told["since"])
    known = {"until": func.coalesce(func.least(Duty.until, row.excluded.until), row.excluded.until)}
    session.execute(row.on_conflict_do_update(index_elements=KEY, set_=known))
    stale.of_duty(session, duty["person"], told["since"])


def pass_on(session: Session, told: dict[str, Any]) -> None:
    """The successor's duty begins, and that of him whom he replaces ends, at the same moment."""
    replaced = person_number(session, told["replaced_person_id"])
    place = Duty.site == sites.number_of(session, told["project_id"]), Duty.role == told["role"]
    ended = session.execute(
        update(Duty)
        .where(Duty.person == replaced, *place, Duty.until.is_(None) | (Duty.until >= told["since"]))
        .values(until=told["since"])
        .returning(Duty.person)
    ).all()
    if not ended:
        raise Contradiction("duty_unknown", person_id=told["replaced_person_id"], project_id=told["project_id"])
    stale.of_duty(session, replaced, told["since"])
    begin(session, told)


def _named(session: Session, told: dict[str, Any]) -> int:
    """His number; what he is called is kept as it was told last, for files (a page asks personnel)."""
    number = person_number(session, told["person_id"])
    if told.get("name"):
        session.execute(update(Person).where(Person.number == number).values(name=told["name"]))
    return number


def _told(session: Session, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "application_id": told["application_id"],
        "person": _named(session, told),
        "role": told["role"],
        "site": sites.number_of(session, told["project_id"]),
    }
