"""What an agency does by its own act: unlock somebody, with a reason, on record (R-P5)."""

from typing import Any

from chassis import journal
from chassis.call import Call
from chassis.clock import Clock
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, NotFound
from personnel import locks, queries, sight
from personnel.models import PersonLock
from personnel.permissions import permit, permit_unlocking
from personnel.terms import Cause, HoldStage, Occasion


def unlock(sessions: Sessions, call: Call, request: dict[str, Any], clock: Clock) -> dict[str, Any]:
    """Frees one person from one lock. Refuses `Conflict` "lock_released", or "application_undecided": who has not
    decided on the application yet rejects or returns it instead."""
    permit("unlock_person", call.principal)
    with transaction(sessions) as session:
        if (reply := repeated(session, call.key, "unlock_person", request)) is not None:
            return reply
        lock = session.get(PersonLock, request["lock_id"])
        if lock is None or queries.get_person(session, call.principal, lock.person_id) is None:
            raise NotFound("lock_unknown")
        locks.hold_people(session, [lock.person_id])
        session.refresh(lock)
        permit_unlocking(call.principal, lock)
        if lock.stage == HoldStage.RELEASED:
            raise Conflict("lock_released", cause=lock.cause)
        if lock.stage != HoldStage.HELD:
            raise Conflict("application_undecided", application_id=lock.application_id)
        now = clock()
        locks.release(session, lock, Cause.UNLOCKED, Occasion(now, now, call.principal.brief()), request["reason"])
        sight.refresh(session, [lock.person_id])
        reply = {"lock_id": lock.id, "person_id": lock.person_id}
        remember(session, call.key, "unlock_person", request, reply)
        detail = {"lock_id": lock.id, "project_id": lock.project_id, "reason": request["reason"]}
        journal.write(session, call.principal, "unlock_person", lock.person_id, detail, clock=clock)
        return reply
