"""What is asked about machines: lists, one machine, its history, who held it then, and the figures of the home page."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from equipment import ledger, permissions, queries, stops
from equipment.models import Machine, MachineEvent, MachineLock
from equipment.permissions import permit


def list_machines(sessions: Sessions, principal: Principal, request: dict[str, Any]) -> dict[str, Any]:
    """A page of the machines in the principal's sight."""
    permit("read", principal)
    with transaction(sessions) as session:
        return queries.list_machines(session, principal, request)


def get_machine(sessions: Sessions, principal: Principal, machine_id: str) -> dict[str, Any]:
    """Everything about one machine: what it is, where, since when, what is open, what comes next, what may be done."""
    with transaction(sessions) as session:
        machine, lock = _seen(session, principal, machine_id)
        return queries.detail(machine, lock, queries.open_claims(session, machine.id)) | {
            "acts": permissions.acts_on(principal, machine, lock),
            "stopped_by": stops.standing(session, lock.project_id) if lock else [],
        }


def get_machine_history(
    sessions: Sessions, principal: Principal, machine_id: str, limit: int, after: str | None
) -> dict[str, Any]:
    """What was done to it, by whom and when, the newest first."""
    with transaction(sessions) as session:
        _seen(session, principal, machine_id)
        rows = queries.history(session, machine_id, limit + 1, int(after) if after else None)
        page = rows[:limit]
        return {"items": [_entry(row) for row in page], "next": str(page[-1].number) if len(rows) > limit else None}


def get_machine_holder(
    sessions: Sessions, principal: Principal, machine_id: str, at: datetime, known_at: datetime | None, *, clock: Clock
) -> dict[str, Any]:
    """Who held it at `at`, by what was known at `known_at` (now, if none is given)."""
    with transaction(sessions) as session:
        _seen(session, principal, machine_id)
        holder = ledger.holder(session, machine_id, at, known_at or clock())
        return {"holder": asdict(holder) if holder else None}


def name_machines(sessions: Sessions, principal: Principal, machine_ids: list[str]) -> dict[str, Any]:
    """The plates of machines whose ids a form holds, as a pick-list gave them; an id that none has is left out."""
    permit("read", principal)
    with transaction(sessions) as session:
        return {"items": queries.names(session, machine_ids)}


def summarise(sessions: Sessions, principal: Principal, clock: Clock) -> dict[str, Any]:
    """How many machines stand where, and which run out within 90 days (R-E5)."""
    permit("read", principal)
    today = day_of(clock())
    with transaction(sessions) as session:
        paging.plan_by_values(session)  # a plan made for any stage knows nothing of the index of those in use
        by_stage, count = queries.counts(session, principal, today)
        first = queries.first_to_run_out(session, principal, today) if count else []
        return {"by_stage": by_stage, "runs_out_soon": {"count": count, "items": first}}


def _seen(session: Session, principal: Principal, machine_id: str) -> tuple[Machine, MachineLock | None]:
    permit("read", principal)
    row = queries.get_machine(session, principal, machine_id)
    if row is None:
        raise NotFound("machine_unknown")
    return row


def _entry(row: MachineEvent) -> dict[str, Any]:
    return {
        "number": row.number,
        "act": row.act,
        "at": row.at,
        "recorded_at": row.recorded_at,
        "by": row.by,
        "detail": row.detail,
    }
