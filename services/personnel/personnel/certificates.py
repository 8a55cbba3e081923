"""The certificates of an enterprise's people: entered, corrected, renewed, removed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.call import Call
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, NotFound
from chassis.identifiers import new_id
from personnel import certificate_rules, queries, staff
from personnel.checks import held
from personnel.models import Certificate, Person

FIELDS = ("kind", "trade", "number", "grade", "issuer", "issued_on", "valid_to")


def add(sessions: Sessions, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """One more certificate. Refuses `Conflict("certificate_exists")`; returns what looks unusual (`warnings`)."""

    def change(session: Session, person: Person) -> Certificate:
        given = request["certificate"]
        if standing(session, person, given["kind"], given["number"]) is not None:
            raise Conflict("certificate_exists", kind=given["kind"], number=given["number"])
        return put(session, person, given)

    return _act(sessions, call, "add_certificate", request, change, clock)


def correct(sessions: Sessions, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """Other particulars of a certificate: a slip mended, or its validity renewed."""

    def change(session: Session, person: Person) -> Certificate:
        row = _of(session, person, request["certificate_id"])
        given = request["certificate"]
        same = standing(session, person, given["kind"], given["number"])
        if same is not None and same.id != row.id:
            raise Conflict("certificate_exists", kind=given["kind"], number=given["number"])
        write(row, given)
        return row

    return _act(sessions, call, "change_certificate", request, change, clock)


def remove(sessions: Sessions, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """It counts no longer; the row stays for the record."""

    def change(session: Session, person: Person) -> Certificate:
        row = _of(session, person, request["certificate_id"])
        row.removed_at = clock()
        return row

    return _act(sessions, call, "remove_certificate", request, change, clock)


def put(session: Session, person: Person, given: Mapping[str, Any]) -> Certificate:
    """A new certificate of the person."""
    row = Certificate(id=new_id(), person_id=person.id)
    write(row, given)
    session.add(row)
    session.flush()
    return row


def put_all(
    session: Session, person: Person, given: Sequence[Mapping[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Each of them, new or in the place of what stands under its kind and number; returns what looks unusual."""
    warnings = []
    for place, each in enumerate(given):
        row = standing(session, person, each["kind"], each["number"])
        if row is None:
            row = put(session, person, each)
        else:
            write(row, each)
        warnings += _warnings(session, row, day_of(now), f"certificates.{place}.")
    return warnings


def standing(session: Session, person: Person, kind: str, number: str) -> Certificate | None:
    """The person's certificate of this kind and number."""
    found = select(Certificate).where(
        Certificate.person_id == person.id,
        Certificate.kind == kind,
        Certificate.number == number,
        Certificate.removed_at.is_(None),
    )
    return session.scalars(found).one_or_none()


def write(row: Certificate, given: Mapping[str, Any]) -> None:
    for name in FIELDS:
        setattr(row, name, given[name])


def unusual(row: Certificate, today: date, *, is_shared: bool) -> list[tuple[str, str]]:
    """What is told of a certificate, never refused, as (field, rule); `is_shared`: its number stands under two names."""
    (plain,) = held([row])
    found = certificate_rules.doubts(plain, today)
    if is_shared:
        found.append(("number", "number_of_another_person"))
    if row.valid_to < today:
        found.append(("valid_to", "expired"))
    return found


def _warnings(session: Session, row: Certificate, today: date, path: str) -> list[dict[str, Any]]:
    found = unusual(row, today, is_shared=queries.shares_number(session, row))
    return [{"path": path + name, "rule": rule} for name, rule in found]


def _of(session: Session, person: Person, certificate_id: str) -> Certificate:
    row = session.get(Certificate, certificate_id)
    if row is None or row.person_id != person.id or row.removed_at is not None:
        raise NotFound("certificate_unknown")
    return row


def _act(
    sessions: Sessions, call: Call, act: str, request: dict[str, Any], change: Any, clock: Clock
) -> dict[str, Any]:
    with transaction(sessions) as session:
        if (reply := repeated(session, call.key, act, request)) is not None:
            return reply
        person = staff.held(session, call.principal, "change_person", request)
        row = change(session, person)
        now = clock()
        staff.touch(person, now)
        session.flush()
        warnings = _warnings(session, row, day_of(now), "certificate.") if row.removed_at is None else []
        reply = {"person_id": person.id, "version": person.version, "certificate_id": row.id, "warnings": warnings}
        remember(session, call.key, act, request, reply)
        journal.write(session, call.principal, act, person.id, {"certificate_id": row.id}, clock=clock)
        return reply
