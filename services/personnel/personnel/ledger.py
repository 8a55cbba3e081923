"""The ledger of person locks: append-only, with two times, so that "what was he locked to then, and what did we know
then" has an answer.

Each entry tells the whole state of its lock. `effective_at` is when it happened, put between the lock's entry before
and the moment of recording; so a lock's entries stand in the same order by either time.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from personnel.models import LedgerEntry, PersonLock
from personnel.terms import HoldStage, Occasion


def append(session: Session, lock: PersonLock, act: str, occasion: Occasion) -> datetime:
    """Enter what has become of `lock`, which the caller holds.

    Returns the effective time, which may be later than the occasion's (see above).
    """
    last = session.execute(
        select(LedgerEntry.effective_at, LedgerEntry.recorded_at)
        .where(LedgerEntry.lock_id == lock.id)
        .order_by(LedgerEntry.number.desc())
        .limit(1)
    ).first()
    recorded_at = max(occasion.now, last.recorded_at) if last else occasion.now
    effective_at = min(max(occasion.at, last.effective_at) if last else occasion.at, recorded_at)
    session.add(
        LedgerEntry(
            person_id=lock.person_id,
            lock_id=lock.id,
            act=act,
            stage=lock.stage,
            role=lock.role,
            application_id=lock.application_id,
            project_id=lock.project_id,
            project_name=lock.project.name,
            machine_id=lock.machine_id,
            since=effective_at if act == "granted" else lock.granted_at,
            effective_at=effective_at,
            recorded_at=recorded_at,
            cause=lock.cause,
            reason=lock.reason,
            by=occasion.by,
        )
    )
    session.flush()
    return effective_at


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
