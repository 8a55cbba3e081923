"""What is asked about people: lists, one person, his locks, what held him then, pick-lists, and figures of the home page."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Invalid
from chassis.identifiers import mask_identity
from chassis.principal import Principal
from chassis.searching import SHORTEST
from personnel import capacity, certificate_rules, checks, ledger, permissions, queries
from personnel.certificate_rules import Demand
from personnel.models import Certificate, LedgerEntry, Person, PersonLock
from personnel.permissions import permit
from personnel.terms import GROUPS, Role


def find_used_files(sessions: Sessions, principal: Principal, names: list[str]) -> dict[str, Any]:
    """Which of the files are in use: the gateway asks before it removes any."""
    permit("find_used_files", principal)
    with transaction(sessions) as session:
        return {"used": queries.used_photos(session, names)}


def list_people(sessions: Sessions, principal: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the people in the principal's sight, masked."""
    permit("read", principal)
    with transaction(sessions) as session:
        return queries.list_people(session, principal, request)


def get_person(sessions: Sessions, principal: Principal, person_id: str) -> dict[str, Any]:
    """Everything about one person, masked: certificates, locks, where he worked, and what may be done."""
    with transaction(sessions) as session:
        return page(session, principal, _seen(session, principal, person_id))


def page(session: Session, principal: Principal, person: Person) -> dict[str, Any]:
    """The person's page for a principal who may see it."""
    locks = queries.active_locks(session, [person.id]).get(person.id, [])
    worked = queries.employments(session, person.id)
    told = {
        "acts": permissions.acts_on(principal, person, locks),
        "unlockable": permissions.unlockable(principal, locks),
    }
    return queries.detail(person, locks, worked) | told


def unmask_person(
    sessions: Sessions, principal: Principal, person_id: str, reason: str, clock: Clock
) -> dict[str, Any]:
    """The identity number and phone in full, for whoever needs them for his work; on record with the reason (T35)."""
    permit("unmask_person", principal)
    with transaction(sessions) as session:
        person = _seen(session, principal, person_id)
        locks = queries.active_locks(session, [person.id]).get(person.id, [])
        permissions.permit_on_person("unmask_person", principal, person, locks)
        shown = {"person_id": person.id, "identity_number": person.identity_number, "phone": person.phone}
        journal.write(session, principal, "unmask_person", person.id, {"reason": reason}, clock=clock)
        return shown


def list_locks(
    sessions: Sessions, principal: Principal, person_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """All locks that the person has or had, the latest first."""
    with transaction(sessions) as session:
        _seen(session, principal, person_id)
        return queries.list_locks(session, person_id, limit, after)


def get_person_holder(
    sessions: Sessions, principal: Principal, person_id: str, at: datetime, known_at: datetime | None, clock: Clock
) -> dict[str, Any]:
    """What the person was locked to at `at`, by what was known at `known_at` (now, if none is given)."""
    with transaction(sessions) as session:
        _seen(session, principal, person_id)
        return {"holders": [_holder(each) for each in ledger.holders(session, person_id, at, known_at or clock())]}


def find_people(sessions: Sessions, principal: Principal, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """A pick-list for a form: an organisation's people with the certificates of the role, and whether each can be named.

    Of another enterprise's people one learns only what picking needs, of those whose name one knows. Refuses `Invalid`
    where none is given.
    """
    permit("find_people", principal)
    role, today = Role(request["role"]), day_of(clock())
    demands = certificate_rules.demands(role, request["machine_kind"], today)
    is_stranger = principal.is_enterprise and principal.organisation_id != request["organisation_id"]
    if is_stranger and len((request["q"] or "").strip()) < SHORTEST:
        raise Invalid.field("q", "name_needed", min=SHORTEST)
    with transaction(sessions) as session:
        people, after = queries.find_people(session, principal, request, demands, by_name=is_stranger)
        locks = queries.active_locks(session, [each.id for each in people])
        picks = [_pick(each, role, locks.get(each.id, []), demands, today) for each in people]
    return {"items": [_for_a_stranger(each, demands) for each in picks] if is_stranger else picks, "next": after}


def name_people(sessions: Sessions, principal: Principal, person_ids: list[str]) -> dict[str, Any]:
    """The names of people whose ids a form holds, as a pick-list gave them; an id that nobody has is left out."""
    permit("find_people", principal)
    with transaction(sessions) as session:
        return {"items": queries.names(session, person_ids)}


def summarise(sessions: Sessions, principal: Principal, clock: Clock) -> dict[str, Any]:
    """How many people there are, how many are locked, and whose certificates end within three months (R-P2)."""
    permit("read", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        number, first = queries.expiring(session, principal, today, certificate_rules.renewal_due(today))
        expired, _ = queries.expiring(session, principal, None, today)
        names = _names(session, first)
        return queries.count(session, principal) | {
            "expired": expired,
            "expires_soon": {"count": number, "items": [_ending(each, names[each.person_id]) for each in first]},
        }


def _seen(session: Session, principal: Principal, person_id: str) -> Person:
    permit("read", principal)
    person = queries.get_person(session, principal, person_id)
    if person is None:
        raise permissions.unseen()
    return person


def _pick(
    person: Person, role: Role, locks: list[PersonLock], demands: Sequence[Demand], today: date
) -> dict[str, Any]:
    held = checks.held(person.certificates)
    same = [each for each in locks if each.capacity_group == GROUPS[role]]
    most = capacity.limit(GROUPS[role], today)
    lacks = [each for each in (certificate_rules.lack(demand, held, today) for demand in demands) if each]
    return {
        "person_id": person.id,
        "name": person.name,
        "identity_number": mask_identity(person.identity_number),
        "posts": person.posts,
        "employer_id": person.employer_id,
        "employer_name": person.employer_name,
        "certificates": [queries.certificate(each) for each in person.certificates],
        "is_locked": most is not None and len(same) >= most,
        "locks": [queries.lock(each) for each in same],
        "lacks": [each.code for each in lacks],
    }


def _for_a_stranger(pick: dict[str, Any], demands: Sequence[Demand]) -> dict[str, Any]:
    """Name, posts, the certificates that the role asks for, and whether he can be named: not where else he works."""
    fitting = [each for each in pick["certificates"] if any(demand.names(each) for demand in demands)]
    return pick | {"identity_number": None, "certificates": fitting, "locks": []}


def _holder(entry: LedgerEntry) -> dict[str, Any]:
    return {
        "lock_id": entry.lock_id,
        "role": entry.role,
        "application_id": entry.application_id,
        "project_id": entry.project_id,
        "project_name": entry.project_name,
        "machine_id": entry.machine_id,
        "stage": entry.stage,
        "since": entry.since,
        "recorded_at": entry.recorded_at,
    }


def _names(session: Session, rows: list[Certificate]) -> dict[str, Person]:
    return {each.person_id: session.get_one(Person, each.person_id) for each in rows}


def _ending(row: Certificate, person: Person) -> dict[str, Any]:
    return {"person_id": person.id, "name": person.name, "employer_name": person.employer_name} | queries.certificate(
        row
    )
