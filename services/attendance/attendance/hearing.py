"""What is done about each event heard: once, however often it comes."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from attendance import duties, sites
from attendance.assignments import HELD
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.inbox import first_time


def project(sessions: Sessions, event: Event) -> None:
    """A project was registered, changed, suspended, resumed, merged into another, or closed."""
    _once(sessions, event, lambda session, told: sites.hear(session, told, event.occurred_at))


def duty_began(sessions: Sessions, event: Event) -> None:
    _once(sessions, event, duties.begin)


def duty_ended(sessions: Sessions, event: Event) -> None:
    _once(sessions, event, duties.end)


def duty_passed_on(sessions: Sessions, event: Event) -> None:
    """Somebody takes the place of another. Raises `Contradiction` while the other's duty has not been heard of: the
    delivery is tried again, then parked."""
    _once(sessions, event, duties.pass_on)


def work_stopped(sessions: Sessions, event: Event) -> None:
    """An order of enforcement stopped works of a site."""
    _once(sessions, event, lambda session, told: sites.stop(session, told, event.occurred_at))


def work_resumed(sessions: Sessions, event: Event) -> None:
    """What an order had stopped may go on."""
    _once(sessions, event, lambda session, told: sites.resume(session, told, event.occurred_at))


def _once(sessions: Sessions, event: Event, do: Callable[[Session, dict[str, Any]], None]) -> None:
    with transaction(sessions) as session:
        if first_time(session, event.id, reader=f"attendance.{event.type}"):
            # Alone: no position is written by the old roster once this one is marked stale (attendance.assignments).
            session.execute(text("select pg_advisory_xact_lock(:held), nextval('roster_version')"), {"held": HELD})
            do(session, event.data)
