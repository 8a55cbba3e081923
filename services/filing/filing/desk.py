"""What every use case stands on, made once a process: the database, the working days, the clock, a look at files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of, now
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from chassis.workdays import Calendar
from filing.files import Look, nothing_kept

Reply = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    sessions: Sessions
    calendar: Calendar = field(default_factory=Calendar)
    clock: Clock = now
    look: Look = nothing_kept

    def today(self) -> date:
        return day_of(self.clock())


@dataclass(frozen=True)
class Command:
    """Who wants a change, and the key under which repeating it gives the same answer (None: not repeatable)."""

    principal: Principal
    key: str | None = None

    @property
    def own_key(self) -> str | None:
        """The key within what is this user's own: nobody can guess another's key and read his answer."""
        return f"{self.principal.user_id}/{self.key}" if self.key else None


def once(desk: Desk, command: Command, act: str, request: Mapping[str, Any], do: Callable[[Session], Reply]) -> Reply:
    """Run a command in one transaction, or give the answer that the same key got before."""
    with transaction(desk.sessions) as session:
        return once_in(session, command, act, request, do)


def once_in(
    session: Session, command: Command, act: str, request: Mapping[str, Any], do: Callable[[Session], Reply]
) -> Reply:
    """`once` within a transaction that is open already."""
    if (reply := repeated(session, command.own_key, act, dict(request))) is not None:
        return reply
    return remember(session, command.own_key, act, dict(request), do(session))
