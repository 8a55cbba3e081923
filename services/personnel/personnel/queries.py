"""Lists, search and detail as plain values; whom a principal may see is decided in SQL (`sight`)."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, exists, false, func, select, tuple_, union
from sqlalchemy.orm import Session, aliased, selectinload

from chassis import paging
from chassis.identifiers import mask_identity, mask_phone
from chassis.principal import Principal
from chassis.searching import SHORTEST, matches
from personnel.certificate_rules import Demand
from personnel.models import Certificate, Employment, Person, PersonArea, PersonLock
from personnel.permissions import may
from personnel.sight import in_sight, works_in
from personnel.terms import HoldStage

FEW = 5
MANY = 1000
IDENTITY = re.compile(r"\d{17}[\dX]")
PHONE_END = re.compile(r"\d{4}")
PHONE_WHOLE = re.compile(r"\d{4,11}")
Owner = aliased(Person)
ACTIVE = PersonLock.released_at.is_(None)
STANDING = Certificate.removed_at.is_(None)
WITH_CERTIFICATES = selectinload(Person.certificates)


def list_people(session: Session, principal: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the people whom the principal may see, the latest entered first, or `backwards`; of an enterprise, its own staff.

    The people of another organisation are listed to an enterprise as far as they are in its sight, if it names it.
    """
    paging.plan_by_values(session)
    people, limit, after = listed(principal, request), request["limit"], request["after"]
    q, found = request["q"], select(Person).where(_among(principal, request), *_filters(principal, request))
    words = paging.Words(partial(matches, query=q), found) if q and is_words(q) else None
    page, counted = paging.first(session, people, limit, after, words)
    shown, following = paging.page(session.scalars(page.options(WITH_CERTIFICATES)).all(), limit, "entered_at")
    locks = active_locks(session, [each.id for each in shown])
    return {"items": [item(each, locks.get(each.id, [])) for each in shown], "next": following} | counted


def listed(principal: Principal, request: dict[str, Any]) -> paging.Listed:
    """Those whom the list of a request shows; whatever words it looks for."""
    filters, backwards = _filters(principal, request), bool(request["backwards"])
    if not principal.is_agency or not principal.watches(area := request["area"] or principal.area):
        rows = select(Person).where(_among(principal, request), *filters)
        return paging.Listed(rows, Person.entered_at, Person.id, backwards)
    there = (PersonArea.person_id == Person.id) & (PersonArea.area == area)
    rows = select(Person).join(PersonArea, there).where(*filters)
    return paging.Listed(rows, PersonArea.entered_at, Person.id, backwards)


def _among(principal: Principal, request: dict[str, Any]) -> ColumnElement[bool]:
    if principal.is_agency:
        area = request["area"] or principal.area
        return works_in(area) if principal.watches(area) else false()
    names_other = request["organisation_id"] not in (None, principal.organisation_id)
    is_own = principal.is_enterprise and not names_other
    return Person.employer_id == principal.organisation_id if is_own else in_sight(principal)


def get_person(session: Session, principal: Principal, person_id: str) -> Person | None:
    """The person; None where there is none, or none that the principal may see."""
    query = select(Person).where(Person.id == person_id, in_sight(principal)).options(WITH_CERTIFICATES)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def active_locks(session: Session, person_ids: list[str]) -> dict[str, list[PersonLock]]:
    """By person, the oldest first."""
    found: dict[str, list[PersonLock]] = {}
    query = select(PersonLock).where(ACTIVE, PersonLock.person_id.in_(person_ids)).order_by(PersonLock.id)
    for lock in session.scalars(query):
        found.setdefault(lock.person_id, []).append(lock)
    return found


def list_locks(session: Session, person_id: str, limit: int, after: str | None) -> dict[str, Any]:
    """All locks that a person has or had, the latest granted first."""
    query = select(PersonLock).where(PersonLock.person_id == person_id)
    if after:
        query = query.where(tuple_(PersonLock.granted_at, PersonLock.id) < tuple_(*paging.place(after)))
    rows = list(session.scalars(query.order_by(PersonLock.granted_at.desc(), PersonLock.id.desc()).limit(limit + 1)))
    shown, following = paging.page(rows, limit, "granted_at")
    return {"items": [past_lock(each) for each in shown], "next": following}


def employments(session: Session, person_id: str) -> list[Employment]:
    """Where the person worked, the latest first."""
    query = select(Employment).where(Employment.person_id == person_id)
    return list(session.scalars(query.order_by(Employment.entered_at.desc(), Employment.id.desc())))


def find_people(
    session: Session, principal: Principal, request: dict[str, Any], demands: list[Demand], *, by_name: bool
) -> tuple[Sequence[Person], str | None]:
    """A page of an organisation's people who have, or had, every certificate that the role demands; an agency's, of
    those in its sight. `by_name`: the search word is a name, and no number."""
    paging.plan_by_values(session)
    filters = [Person.employer_id == request["organisation_id"], *(_has(each) for each in demands)]
    if principal.is_agency:
        filters.append(in_sight(principal))
    if q := (request["q"] or "").strip():
        filters.append(_is_named(q) if by_name else _matches(q, phone_from=None))
    people = paging.Listed(select(Person).where(*filters), Person.entered_at, Person.id)
    page = people.sorted(people.after(request["after"])).options(WITH_CERTIFICATES).limit(request["limit"] + 1)
    return paging.page(session.scalars(page).all(), request["limit"], "entered_at")


def names(session: Session, person_ids: list[str]) -> list[dict[str, Any]]:
    named = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)
    return [
        {"person_id": each.id, "name": each.name, "employer_name": each.employer_name}
        for each in session.scalars(named)
    ]


def count(session: Session, principal: Principal) -> dict[str, int]:
    """How many people the principal lists, and how many of them are locked."""
    people = _listed_ids(principal)
    locked = exists().where(PersonLock.person_id == people.c.id, ACTIVE)
    return {
        "people": session.scalar(select(func.count()).select_from(people)) or 0,
        "locked": session.scalar(select(func.count()).select_from(people).where(locked)) or 0,
    }


def expiring(session: Session, principal: Principal, after: date | None, before: date) -> tuple[int, list[Certificate]]:
    """How many certificates of the people whom the principal lists end in that time and have no longer lasting one of
    their kind beside them (counted up to `MANY`), and the few that end first."""
    people = _listed_ids(principal)
    mine = [_ends(before), *([Certificate.valid_to >= after] if after else [])]
    found = select(Certificate).join(people, people.c.id == Certificate.person_id).where(*mine)
    first = list(session.scalars(found.order_by(Certificate.valid_to, Certificate.id).limit(MANY)))
    return len(first), first[:FEW]


def _listed_ids(principal: Principal) -> Subquery:
    if principal.is_agency:
        return select(PersonArea.person_id.label("id")).where(PersonArea.area == principal.area).subquery()
    if principal.is_enterprise:
        return select(Person.id).where(Person.employer_id == principal.organisation_id).subquery()
    return select(Person.id).where(in_sight(principal)).subquery()


def item(person: Person, locks: list[PersonLock]) -> dict[str, Any]:
    """A line of a list: the person, masked, his certificates, and where he is locked."""
    return {
        "person_id": person.id,
        "version": person.version,
        "name": person.name,
        "identity_number": mask_identity(person.identity_number),
        "phone": mask_phone(person.phone),
        "posts": person.posts,
        "employer_id": person.employer_id,
        "employer_name": person.employer_name,
        "area": person.area,
        "certificates": [certificate(each) for each in person.certificates],
        "locks": [lock(each) for each in locks],
        "entered_at": person.entered_at,
    }


def detail(person: Person, locks: list[PersonLock], worked: list[Employment]) -> dict[str, Any]:
    """The person's page."""
    return item(person, locks) | {
        "photo": person.photo,
        "changed_at": person.changed_at,
        "employments": [_employment(each) for each in worked],
    }


def certificate(row: Certificate) -> dict[str, Any]:
    return {
        "certificate_id": row.id,
        "kind": row.kind,
        "trade": row.trade,
        "number": row.number,
        "grade": row.grade,
        "issuer": row.issuer,
        "issued_on": row.issued_on,
        "valid_to": row.valid_to,
    }


def lock(row: PersonLock) -> dict[str, Any]:
    return {
        "lock_id": row.id,
        "role": row.role,
        "project_id": row.project_id,
        "project_name": row.project.name,
        "project_area": row.project.area,
        "machine_id": row.machine_id,
        "application_id": row.application_id,
        "matter": row.matter,
        "stage": row.stage,
        "since": row.held_at or row.granted_at,
        "exemption": row.exemption,
    }


def past_lock(row: PersonLock) -> dict[str, Any]:
    return lock(row) | {
        "granted_at": row.granted_at,
        "released_at": row.released_at,
        "cause": row.cause,
        "reason": row.reason,
        "released_by": row.released_by,
    }


def _employment(row: Employment) -> dict[str, Any]:
    return {
        "employer_id": row.employer_id,
        "employer_name": row.employer_name,
        "entered_at": row.entered_at,
        "released_at": row.released_at,
        "reason": row.reason,
    }


def _filters(principal: Principal, request: dict[str, Any]) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if request["organisation_id"]:
        filters.append(Person.employer_id == request["organisation_id"])
    if request["q"] and not is_words(request["q"]):
        filters.append(_matches(request["q"], PHONE_WHOLE if may("unmask_person", principal) else PHONE_END))
    if request["post"]:
        filters.append(Person.posts.contains([request["post"]]))
    if request["certificate_kind"]:
        trades = (request["trade"],) if request["trade"] else None
        filters.append(_has(Demand((request["certificate_kind"],), trades)))
    if request["locked"] is not None:
        is_locked = exists().where(PersonLock.person_id == Person.id, ACTIVE)
        filters.append(is_locked if request["locked"] else ~is_locked)
    if request["expires_before"]:
        ends = exists().where(Certificate.person_id == Person.id, _ends(request["expires_before"]))
        filters.append(ends)
    return filters


def _matches(q: str, phone_from: re.Pattern[str] | None) -> ColumnElement[bool]:
    """A whole identity number, a whole certificate number, how a phone ends, a part of a name, its pinyin or initials;
    of a single character, how the name begins. Never another part of a number.

    `phone_from` says what is taken for the end of a phone. Everybody who sees a person is shown its last four places;
    by more of them only those find him who may see it whole: else the hidden ones could be guessed one after another.
    """
    whole = q.strip()
    if IDENTITY.fullmatch(whole.upper()):
        return Person.identity_number == whole.upper()
    if any(each.isdigit() for each in whole):
        found = select(Certificate.person_id).where(STANDING, Certificate.number == whole)
        if phone_from is not None and phone_from.fullmatch(whole):
            ends = select(Owner.id).where(func.reverse(Owner.phone).startswith(whole[::-1], autoescape=True))
            return Person.id.in_(union(found, ends))
        return Person.id.in_(found)
    return matches(Person.search, whole) if is_words(whole) else Person.name.startswith(whole, autoescape=True)


def is_words(q: str) -> bool:
    """A part of a name, its pinyin or initials: no number, and no single character."""
    whole = q.strip()
    return len(whole) >= SHORTEST and not any(each.isdigit() for each in whole)


def _is_named(q: str) -> ColumnElement[bool]:
    """A part of the name, its pinyin or initials."""
    return false() if any(each.isdigit() for each in q) else matches(Person.search, q)


def _has(demand: Demand) -> ColumnElement[bool]:
    """Has, or had, a certificate that the demand names."""
    fits = [Certificate.person_id == Person.id, STANDING, Certificate.kind.in_(demand.kinds)]
    if demand.trades is not None:
        fits.append(Certificate.trade.in_(demand.trades))
    return exists().where(*fits)


def _ends(before: date) -> ColumnElement[bool]:
    """Ends before the day, and no other of the same kind and trade lasts longer."""
    longer = aliased(Certificate)
    renewed = exists().where(
        longer.person_id == Certificate.person_id,
        longer.kind == Certificate.kind,
        longer.trade.is_not_distinct_from(Certificate.trade),
        longer.removed_at.is_(None),
        longer.valid_to > Certificate.valid_to,
    )
    return and_(STANDING, Certificate.valid_to < before, ~renewed)


def lapsing(session: Session, now: datetime, limit: int) -> list[str]:
    """The applications of provisional locks whose time is up."""
    due = (
        select(PersonLock.application_id)
        .where(ACTIVE, PersonLock.stage == HoldStage.PROVISIONAL, PersonLock.lapses_at <= now)
        .distinct()
        .limit(limit)
    )
    return sorted(session.scalars(due))


def submitted_locks(session: Session, after: str, limit: int) -> list[PersonLock]:
    """A page of the active locks that are not provisional, by id."""
    query = select(PersonLock).where(ACTIVE, PersonLock.stage != HoldStage.PROVISIONAL, PersonLock.id > after)
    return list(session.scalars(query.order_by(PersonLock.id).limit(limit)))


def locks_of(session: Session, application_ids: list[str]) -> list[PersonLock]:
    """All locks that these applications have or had."""
    return list(session.scalars(select(PersonLock).where(PersonLock.application_id.in_(application_ids))))


def used_photos(session: Session, names: list[str]) -> list[str]:
    """Those of the files that are somebody's photo."""
    return list(session.scalars(select(Person.photo).where(Person.photo.in_(names)).distinct()))


def shares_number(session: Session, row: Certificate) -> bool:
    """Whether another person has a certificate of the same kind and number."""
    same = select(Certificate.id).where(
        STANDING,
        Certificate.number == row.number,
        Certificate.kind == row.kind,
        Certificate.person_id != row.person_id,
    )
    return session.scalars(same.limit(1)).first() is not None
