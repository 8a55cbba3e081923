"""The ledger of locks: append-only, with two times. It answers "who held it then, and what did we know then".

Each entry tells the whole state that it leaves behind. An entry's `effective_at` is when it happened, put between the
machine's entry before and the moment of recording; so a machine's entries stand in the same order by either time, and
the answer for any two moments is one entry.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from equipment.models import LedgerEntry, MachineLock
from equipment.terms import HoldStage, Occasion


@dataclass(frozen=True)
class Holder:
    """Who held a machine, and since when, at the moment and by the knowledge that were asked for."""

    application_id: str
    organisation_id: str
    organisation_name: str
    project_id: str
    project_name: str
    stage: str
    since: datetime
    recorded_at: datetime


def append(session: Session, lock: MachineLock, act: str, occasion: Occasion) -> datetime:
    """Enter what has become of `lock`, whose machine's row (or whose place in the index) the caller holds.

    Returns the effective time, which may be later than the occasion's (see above).
    """
    last = session.execute(
        select(LedgerEntry.effective_at, LedgerEntry.recorded_at)
        .where(LedgerEntry.machine_id == lock.machine_id)
        .order_by(LedgerEntry.number.desc())
        .limit(1)
    ).first()
    recorded_at = max(occasion.now, last.recorded_at) if last else occasion.now
    effective_at = min(max(occasion.at, last.effective_at) if last else occasion.at, recorded_at)
    session.add(
        LedgerEntry(
            machine_id=lock.machine_id,
            lock_id=lock.id,
            act=act,
            stage=lock.stage,
            application_id=lock.application_id,
            holder_id=lock.applicant_id,
            holder_name=lock.applicant_name,
            project_id=lock.project_id,
            project_name=lock.project.name,
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


def holder(session: Session, machine_id: str, at: datetime, known_at: datetime) -> Holder | None:
    """Who held the machine at `at`, by what had been recorded until `known_at` (both included); None if it was free."""
    entry = session.scalars(
        select(LedgerEntry)
        .where(
            LedgerEntry.machine_id == machine_id,
            LedgerEntry.effective_at <= at,
            LedgerEntry.recorded_at <= known_at,
        )
        .order_by(LedgerEntry.number.desc())
        .limit(1)
    ).first()
    if entry is None or entry.stage == HoldStage.RELEASED:
        return None
    return Holder(
        application_id=entry.application_id,
        organisation_id=entry.holder_id,
        organisation_name=entry.holder_name,
        project_id=entry.project_id,
        project_name=entry.project_name,
        stage=entry.stage,
        since=entry.since,
        recorded_at=entry.recorded_at,
    )
