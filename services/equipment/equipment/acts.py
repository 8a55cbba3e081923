"""What an agency does to a machine by its own act: unlock, freeze, thaw, retire. Each with a reason, each on record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, NotFound
from chassis.principal import Principal
from equipment import history, locks, machines, queries
from equipment.models import Machine, MachineLock
from equipment.permissions import permit, permit_on_machine, permit_unlocking
from equipment.terms import Cause, HoldStage, MachineStage, Occasion


@dataclass(frozen=True)
class Command:
    """One act on one machine as its officer saw it at `version`; `key` makes a repeat harmless."""

    act: str
    principal: Principal
    machine_id: str
    version: int
    reason: str
    key: str | None


Change = Callable[[Session, Machine, MachineLock | None, Command, Occasion], None]


def unlock(sessions: Sessions, command: Command, clock: Clock) -> dict[str, Any]:
    """R-E4: frees an installed machine from its project, and voids its registration of use.

    Refuses `Conflict` "machine_not_locked", or "application_undecided": who has not decided on the notice yet rejects
    or returns it instead.
    """
    return _act(sessions, command, _unlock, clock)


def freeze(sessions: Sessions, command: Command, clock: Clock) -> dict[str, Any]:
    """Stops every claim on the machine until it is thawed (domain facts §2.5-14)."""
    return _act(sessions, command, _freeze, clock)


def thaw(sessions: Sessions, command: Command, clock: Clock) -> dict[str, Any]:
    return _act(sessions, command, _thaw, clock)


def retire(sessions: Sessions, command: Command, clock: Clock) -> dict[str, Any]:
    """注销: the machine is scrapped or sold. Refuses `Conflict("machine_locked")` while a project has it (§2.5-8)."""
    return _act(sessions, command, _retire, clock)


def _act(sessions: Sessions, command: Command, change: Change, clock: Clock) -> dict[str, Any]:
    permit(command.act, command.principal)
    request = {"machine_id": command.machine_id, "version": command.version, "reason": command.reason}
    with transaction(sessions) as session:
        if (reply := repeated(session, command.key, command.act, request)) is not None:
            return reply
        machine, lock = _seen(session, command)
        _permit(command, machine, lock)
        if machine.version != command.version:
            raise Conflict("stale_version", version=machine.version)
        now = clock()
        change(session, machine, lock, command, Occasion(now, now, dict(command.principal.brief())))
        detail = {"reason": command.reason, "project_id": lock.project_id if lock else None}
        reply = {"machine_id": machine.id, "version": machine.version, "stage": machine.stage}
        remember(session, command.key, command.act, request, reply)
        journal.write(session, command.principal, command.act, machine.id, detail, clock=clock)
        return reply


def _seen(session: Session, command: Command) -> tuple[Machine, MachineLock | None]:
    """The machine, held, if the officer may see it."""
    machine = machines.for_update(session, command.machine_id)
    if machine is None or queries.get_machine(session, command.principal, command.machine_id) is None:
        raise NotFound("machine_unknown")
    return machine, locks.active_lock(session, machine.id)


def _permit(command: Command, machine: Machine, lock: MachineLock | None) -> None:
    if command.act != "unlock_machine":
        permit_on_machine(command.act, command.principal, machine, lock)
    elif lock is not None:
        permit_unlocking(command.principal, lock)


def _unlock(session: Session, machine: Machine, lock: MachineLock | None, command: Command, occasion: Occasion) -> None:
    if lock is None:
        raise Conflict("machine_not_locked")
    if lock.stage != HoldStage.HELD:
        raise Conflict("application_undecided", application_id=lock.application_id)
    locks.release(session, machine, lock, Cause.UNLOCKED, occasion, command.reason)


def _freeze(session: Session, machine: Machine, lock: MachineLock | None, command: Command, occasion: Occasion) -> None:
    if machine.frozen_since is not None:
        raise Conflict("machine_frozen", since=machine.frozen_since.isoformat(), reason=machine.frozen_reason)
    machine.frozen_since, machine.frozen_reason = occasion.now, command.reason
    history.change(session, machine, "machine_frozen", occasion, reason=command.reason)


def _thaw(session: Session, machine: Machine, lock: MachineLock | None, command: Command, occasion: Occasion) -> None:
    if machine.frozen_since is None:
        raise Conflict("machine_not_frozen")
    machine.frozen_since = machine.frozen_reason = None
    history.change(session, machine, "machine_thawed", occasion, reason=command.reason)


def _retire(session: Session, machine: Machine, lock: MachineLock | None, command: Command, occasion: Occasion) -> None:
    if lock is not None:
        raise Conflict("machine_locked", held_by=lock.project.name, since=lock.granted_at.isoformat())
    if machine.stage != MachineStage.FILED:
        raise Conflict("machine_not_filed", stage=machine.stage)
    machines.retire(session, machine, occasion, command.reason)
