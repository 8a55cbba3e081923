"""Every change of a machine: a row of its history, a higher version, and (where others must know) an event out."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.outbox import record
from chassis.telemetry import current_trace
from equipment import sight
from equipment.models import Machine, MachineEvent, MachineLock
from equipment.terms import Occasion


def note(session: Session, machine: Machine, act: str, occasion: Occasion, **detail: Any) -> None:
    """Write one row of the machine's history; who sees the machine may have changed with it."""
    session.add(
        MachineEvent(
            machine_id=machine.id,
            act=act,
            at=min(occasion.at, occasion.now),
            recorded_at=occasion.now,
            by=occasion.by,
            detail={name: value for name, value in detail.items() if value is not None},
        )
    )
    sight.refresh(session, [machine.id])


def change(session: Session, machine: Machine, act: str, occasion: Occasion, **detail: Any) -> None:
    """The machine itself changed: its version goes up, and its history tells why. The caller holds its row."""
    machine.version += 1
    machine.changed_at = occasion.now
    note(session, machine, act, occasion, **detail)


def tell(
    session: Session,
    event_type: str,
    machine: Machine,
    occasion: Occasion,
    since: datetime,
    *,
    lock: MachineLock | None = None,
    application_id: str | None = None,
    cause: str | None = None,
    reason: str | None = None,
) -> None:
    """Record the event `event_type` of version 1 about the machine as it stands now."""
    data = {
        "machine_id": machine.id,
        "version": machine.version,
        "filing_number": machine.filing_number,
        "kind": machine.kind,
        "owner_id": machine.owner_id,
        "project_id": lock.project_id if lock else None,
        "application_id": lock.application_id if lock else application_id,
        "since": since.isoformat(),
        "cause": cause,
        "reason": reason,
        "by": occasion.by,
    }
    event = Event(
        type=event_type,
        version=1,
        subject=machine.id,
        data=data,
        principal=occasion.by,
        trace=current_trace(),
        occurred_at=occasion.now,
    )
    record(session, event)
