"""The ledger of person locks: append-only, with two times, so that "what was he locked to then, and what did we know
then" has an answer.

Each entry tells the whole state of its lock. `effective_at` is when it happened, put between the lock's entry before
and the moment of recording; so a lock's entries stand in the same order by either time.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from personnel.models import LedgerEntry, PersonLock
from personnel.terms import HoldStage, Occasion

GRANTED = "granted"


def append(session: Session, lock: PersonLock, act: str, occasion: Occasion) -> datetime:
    """Enter what has become of `lock`, which the caller holds.

    Returns the effective time, which may be later than the occasion's (see above).
    """
    return append_all(session, [lock], act, occasion)[0]


def append_all(session: Session, locks: Sequence[PersonLock], act: str, occasion: Occasion) -> list[datetime]:
    """The same for several locks to which the same has happened; their effective times in the same order."""
    last = {} if act == GRANTED else _last_entries(session, [each.id for each in locks])
    entries = [_entry(each, act, occasion, last.get(each.id)) for each in locks]
    session.add_all(entries)
    session.flush()
    return [each.effective_at for each in entries]


def _last_entries(session: Session, lock_ids: Sequence[str]) -> dict[str, LedgerEntry]:
    newest = (
        select(LedgerEntry)
        .ext(distinct_on(LedgerEntry.lock_id))
        .where(LedgerEntry.lock_id.in_(lock_ids))
        .order_by(LedgerEntry.lock_id, LedgerEntry.number.desc())
    )
    return {each.lock_id: each for each in session.scalars(newest)}


def _entry(lock: PersonLock, act: str, occasion: Occasion, last: LedgerEntry | None) -> LedgerEntry:
    recorded_at = max(occasion.now, last.recorded_at) if last else occasion.now
    effective_at = min(max(occasion.at, last.effective_at) if last else occasion.at, recorded_at)
    return LedgerEntry(
        person_id=lock.person_id,
        lock_id=lock.id,
        act=act,
        stage=lock.stage,
        role=lock.role,
        application_id=lock.application_id,
        project_id=lock.project_id,
        project_name=lock.project.name,
        machine_id=lock.machine_id,
        since=effective_at if act == GRANTED else lock.granted_at,
        effective_at=effective_at,
        recorded_at=recorded_at,
        cause=lock.cause,
        reason=lock.reason,
        by=occasion.by,
    )


def holders(session: Session, person_id: str, at: datetime, known_at: datetime) -> list[LedgerEntry]:
    """What the person was locked to at `at`, by what had been recorded until `known_at` (both included)."""
    newest = (
        select(LedgerEntry)
        .ext(distinct_on(LedgerEntry.lock_id))
        .where(
            LedgerEntry.person_id == person_id,
            LedgerEntry.effective_at <= at,
            LedgerEntry.recorded_at <= known_at,
        )
        .order_by(LedgerEntry.lock_id, LedgerEntry.number.desc())
    )
    return [each for each in session.scalars(newest) if each.stage != HoldStage.RELEASED]
