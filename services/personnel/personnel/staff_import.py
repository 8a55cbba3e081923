"""Entering staff from an Excel sheet: a report by row and cell first, then the same again for good.

A row with an error is left out whole; the others are taken. The same sheet a second time changes nothing.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from chassis import journal
from chassis.blobs import BlobStore
from chassis.call import Call
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal
from personnel import certificates, locks, sheet, sight, staff, staff_sheet
from personnel.models import Certificate, Person
from personnel.permissions import permit
from personnel.sheet import Row
from personnel.staff_sheet import COLUMNS, Entry

PAUSE_EVERY = 50
OUTCOMES = NEW, CHANGED, UNCHANGED, ERROR = "new", "changed", "unchanged", "error"
WARNING, CHANGE = "warning", "change"  # beside "error": how much a cell's remark weighs

ItemT = TypeVar("ItemT")


@dataclass
class Known:
    """A person of the sheet as he stands, and his certificates by kind and number."""

    row: Person
    certificates: dict[tuple[str, str], Certificate]
    is_touched: bool = False

    def touch(self, now: datetime) -> None:
        """One more version of him, however many rows of the sheet change him."""
        if not self.is_touched:
            staff.touch(self.row, now)
            self.is_touched = True


def template(principal: Principal) -> dict[str, Any]:
    """The columns of the sheet, from which the gateway draws the file."""
    permit("find_people", principal)
    columns = [
        {
            "code": each.code,
            "title": each.title,
            "required": each.required,
            "help": each.help,
            "example": each.example,
            "words": list(each.words.values()),
        }
        for each in COLUMNS
    ]
    return {"columns": columns, "most_rows": sheet.MOST_ROWS, "most_bytes": sheet.MOST_BYTES}


def run(sessions: Sessions, blobs: BlobStore, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """What the sheet kept under `sha256` says, row by row, and (unless `dry_run`) its good rows entered.

    A dry run does all that an import does and takes it back, so its report is what the import will do. Refuses
    `NotFound("blob_unknown")` and `Invalid` of "file" (personnel.sheet, personnel.staff_sheet).
    """
    permit("import_staff", call.principal)
    try:
        content = blobs.get(request["sha256"])
    except FileNotFoundError as error:
        raise NotFound("blob_unknown") from error
    found = _entries(sheet.read(content))
    now = clock()
    with transaction(sessions) as session:
        if request["dry_run"]:
            with session.begin_nested() as trial:
                report = _enter_all(session, call.principal, found, now)
                trial.rollback()
            return report
        if (reply := repeated(session, call.key, "import_staff", request)) is not None:
            return reply
        report = _enter_all(session, call.principal, found, now)
        remember(session, call.key, "import_staff", request, report)
        detail = {"sha256": request["sha256"], "counts": report["counts"]}
        journal.write(session, call.principal, "import_staff", call.principal.organisation_id, detail, clock=clock)
        return report


def _entries(rows: Sequence[Row]) -> list[Entry]:
    heads, data = staff_sheet.below_heads(rows)
    found = [staff_sheet.entry(row, heads) for row in _with_pauses(data)]
    staff_sheet.tell_contradictions(found)
    return found


def _enter_all(session: Session, principal: Principal, found: Sequence[Entry], now: datetime) -> dict[str, Any]:
    good = [each for each in found if each.is_good]
    staff_sheet.share_phones(good)
    _make_rows(session, principal, good, now)
    people = _people(session, good)
    shared = _numbers_of_others(session, good, people)
    outcomes = {}
    for entry in _with_pauses(good):
        outcomes[entry.number] = _enter(session, principal, entry, people[entry.identity_number], shared, now)
    session.flush()
    session.execute(delete(Person).where(Person.version == 0, Person.id.in_([each.row.id for each in people.values()])))
    sight.refresh(session, [each.row.id for each in people.values()])
    rows = [{"row": each.number, "outcome": outcomes.get(each.number, ERROR), "cells": each.cells} for each in found]
    counts = Counter(row["outcome"] for row in rows)
    return {"rows": rows, "counts": {outcome: counts[outcome] for outcome in OUTCOMES}}


def _enter(
    session: Session,
    principal: Principal,
    entry: Entry,
    person: Known,
    shared: set[tuple[str, str, str]],
    now: datetime,
) -> str:
    """Put one good row into effect, or tell in its cells why it cannot be."""
    row = person.row
    if row.employer_id not in (None, principal.organisation_id):
        entry.tell("identity_number", "employed_elsewhere", employer=row.employer_name)
    elif not (row.phone or entry.person["phone"]):
        entry.tell("phone", "required")
    if not entry.is_good:
        return ERROR
    is_new = row.employer_id is None
    if is_new:
        staff.enter(session, row, principal, now)
        person.is_touched = True
    changed = _change_person(entry, row)
    added = entry.certificate is not None and _put_certificate(session, entry, person, changed)
    if entry.certificate is not None:
        _tell_doubts(entry, person, shared, now)
    if changed or added:
        person.touch(now)
    if not is_new:
        for column in changed:
            entry.tell(column, "changed", CHANGE)
    if is_new or added:
        return NEW
    return CHANGED if changed else UNCHANGED


def _change_person(entry: Entry, row: Person) -> list[str]:
    """The columns by which the person changes; an empty cell changes nothing."""
    changed = [
        name for name in ("name", "phone", "posts") if entry.person[name] and entry.person[name] != getattr(row, name)
    ]
    for name in changed:
        setattr(row, name, entry.person[name])
    return changed


def _put_certificate(session: Session, entry: Entry, person: Known, changed: list[str]) -> bool:
    """Whether it is a new one; otherwise `changed` gets the columns by which the one on file changes."""
    given = entry.certificate or {}
    row = person.certificates.get((given["kind"], given["number"]))
    if row is None:
        row = Certificate(id=new_id(), person_id=person.row.id)
        certificates.write(row, given)
        session.add(row)
        person.certificates[given["kind"], given["number"]] = row
        return True
    for name in certificates.FIELDS:
        if given[name] is not None and given[name] != getattr(row, name):
            setattr(row, name, given[name])
            changed.append(name)
    return False


def _tell_doubts(entry: Entry, person: Known, shared: set[tuple[str, str, str]], now: datetime) -> None:
    given = entry.certificate or {}
    row = person.certificates[given["kind"], given["number"]]
    is_shared = (person.row.id, given["kind"], given["number"]) in shared
    for column, rule in certificates.unusual(row, day_of(now), is_shared=is_shared):
        entry.tell(column, rule, WARNING)


def _make_rows(session: Session, principal: Principal, good: Sequence[Entry], now: datetime) -> None:
    """A row, of version 0, for each identity number that has none yet; what is not entered in the end is taken away."""
    numbers = {each.identity_number for each in good}
    on_file = set(session.scalars(select(Person.identity_number).where(Person.identity_number.in_(numbers))))
    rows = {each.identity_number: staff.new_row(principal, each.person | {"phone": ""}, now) for each in good}
    if missing := [row for number, row in rows.items() if number not in on_file]:
        wanted = insert(Person).on_conflict_do_nothing(index_elements=["identity_number"])
        session.execute(wanted, missing)


def _people(session: Session, good: Sequence[Entry]) -> dict[str, Known]:
    """All people of the sheet by identity number, their rows held."""
    numbers = sorted({each.identity_number for each in good})
    ids = session.scalars(select(Person.id).where(Person.identity_number.in_(numbers)))
    locks.hold_people(session, list(ids))
    query = select(Person).where(Person.identity_number.in_(numbers)).options(selectinload(Person.certificates))
    return {
        row.identity_number: Known(row, {(each.kind, each.number): each for each in row.certificates})
        for row in session.scalars(query.execution_options(populate_existing=True))
    }


def _numbers_of_others(session: Session, good: Sequence[Entry], people: dict[str, Known]) -> set[tuple[str, str, str]]:
    """(person, kind, number) of what the sheet gives to one person and stands under another's name."""
    given = {
        (people[each.identity_number].row.id, each.certificate["kind"], each.certificate["number"])
        for each in good
        if each.certificate
    }
    query = select(Certificate.person_id, Certificate.kind, Certificate.number).where(
        Certificate.removed_at.is_(None), Certificate.number.in_({number for _, _, number in given})
    )
    on_file = {tuple(row) for row in session.execute(query)} | given
    holders: dict[tuple[str, str], set[str]] = {}
    for person_id, kind, number in on_file:
        holders.setdefault((kind, number), set()).add(person_id)
    return {each for each in given if len(holders[each[1], each[2]]) > 1}


def _with_pauses(items: Sequence[ItemT]) -> Iterator[ItemT]:
    """Lets other green threads go on now and then: a sheet is seconds of work."""
    for place, item in enumerate(items):
        if place % PAUSE_EVERY == 0:
            time.sleep(0)
        yield item
