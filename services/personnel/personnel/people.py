"""An enterprise's staff (单位人员录入): entry, change, release. A person is one row in the province, at one employer at a time."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from chassis import journal
from chassis.call import Call
from chassis.clock import Clock
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Invalid
from chassis.media import JPEG, PNG, Kept, Wanted, objection
from personnel import certificates, locks, queries, sight, staff
from personnel.models import Person, PersonLock
from personnel.permissions import permit

CHANGEABLE = ("name", "phone", "posts", "photo")
PHOTO = Wanted((JPEG, PNG), 614_400, "attachment_too_large")
# Of a file by its SHA-256, what it is; None where there is none.
Look = Callable[[str], Kept | None]


def add(sessions: Sessions, look: Look, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """Enter somebody, new to the province or released by his last employer, with his certificates.

    Refuses `Conflict` "employed_elsewhere" or "person_exists", `Invalid` for a photo that is none. Returns what looks
    unusual in `warnings`.
    """
    permit("add_person", call.principal)
    _refuse_wrong_photo(look, request)
    with transaction(sessions) as session:
        if (reply := repeated(session, call.key, "add_person", request)) is not None:
            return reply
        now = clock()
        person = staff.row_of(session, call.principal, request, now)
        staff.refuse_if_employed(person, call.principal)
        staff.enter(session, person, call.principal, now)
        for name in CHANGEABLE:
            setattr(person, name, request[name])
        warnings = certificates.put_all(session, person, request["certificates"], now)
        return _done(session, call, "add_person", person, request, warnings, clock)


def change(sessions: Sessions, look: Look, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """New name, phone, posts or photo; what the request leaves out stays. The identity number never changes."""
    permit("change_person", call.principal)
    _refuse_wrong_photo(look, request)
    with transaction(sessions) as session:
        if (reply := repeated(session, call.key, "change_person", request)) is not None:
            return reply
        person = staff.held(session, call.principal, "change_person", request)
        for name in CHANGEABLE:
            if request.get(name) is not None:
                setattr(person, name, request[name])
        staff.touch(person, clock())
        return _done(session, call, "change_person", person, request, [], clock)


def release(sessions: Sessions, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """The person leaves his employer, and another may enter him (R-P6). Refuses `Conflict("person_locked")` while he is."""
    with transaction(sessions) as session:
        if (reply := repeated(session, call.key, "release_person", request)) is not None:
            return reply
        person = staff.held(session, call.principal, "release_person", request)
        _refuse_if_locked(locks.active(session, [person.id]))
        now = clock()
        for employment in queries.employments(session, person.id):
            if employment.released_at is None:
                employment.released_at, employment.reason = now, request["reason"]
        person.employer_id = person.employer_name = None
        staff.touch(person, now)
        session.flush()
        reply = {"person_id": person.id, "version": person.version}
        remember(session, call.key, "release_person", request, reply)
        journal.write(session, call.principal, "release_person", person.id, {"reason": request["reason"]}, clock=clock)
        return reply


def _refuse_wrong_photo(look: Look, request: Mapping[str, Any]) -> None:
    """Before a transaction begins: the store may be across a network."""
    photo = request.get("photo")
    if photo and (fault := objection(look(photo), PHOTO)) is not None:
        raise Invalid({"photo": [fault]})


def _refuse_if_locked(active: list[PersonLock]) -> None:
    if active:
        lock = active[0]
        since = (lock.held_at or lock.granted_at).isoformat()
        raise Conflict("person_locked", held_by=lock.project.name, since=since, role=lock.role)


def _done(
    session: Session,
    call: Call,
    act: str,
    person: Person,
    request: dict[str, Any],
    warnings: list[dict[str, Any]],
    clock: Clock,
) -> dict[str, Any]:
    sight.refresh(session, [person.id])
    reply = {"person_id": person.id, "version": person.version, "warnings": warnings}
    remember(session, call.key, act, request, reply)
    journal.write(session, call.principal, act, person.id, clock=clock)
    return reply
