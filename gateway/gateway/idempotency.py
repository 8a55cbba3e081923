"""A repeated request gets the answer of its first try: the same key, account and body never act twice.

What was answered well is kept, sealed, for a day; a refusal changed nothing, so its key may be used again. While the
first try runs, a second one is told to wait; a try whose process died is taken over once its time is up. The services
know the key too (derived with the account's id): taking over an RPC that had been carried out gets its answer.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import DateTime

from chassis.clock import Clock
from chassis.database import Base, Sessions, transaction
from chassis.errors import Conflict
from chassis.identifiers import new_id
from gateway.seal import Seal, Unsealable

KEPT_FOR = timedelta(hours=24)
# How much longer than its own deadline a try may take before it counts as dead.
GRACE = timedelta(seconds=15)
RETRY_AFTER = 1

Body = dict[str, Any]


class AnswerRow(Base):
    """The answer to one key of one account; `status` is null while the first try runs."""

    __tablename__ = "answer"
    account: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    attempt: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    abandoned_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    status: Mapped[int | None]
    body: Mapped[bytes | None]


@dataclass(frozen=True)
class Try:
    """One try of a request: who asks under which key for what, and until when it may take."""

    account: str
    key: str
    fingerprint: str
    attempt: str
    abandoned_at: datetime


@dataclass(frozen=True)
class Kept:
    status: int
    body: Body


class Answers:
    def __init__(self, sessions: Sessions, seal: Seal, clock: Clock) -> None:
        self._sessions, self._seal, self._clock = sessions, seal, clock

    def begin(self, account: str, key: str, fingerprint: str, lasts: timedelta) -> Try | Kept:
        """A try of one's own, or the answer kept from an earlier one.

        Refuses `Conflict("idempotency_key_reused")` for another body under a known key and
        `Conflict("request_in_progress")` while an earlier try runs.
        """
        now = self._clock()
        mine = Try(account, self._seal.fingerprint("key", key), fingerprint, new_id(), now + lasts + GRACE)
        with transaction(self._sessions) as session:
            if _first(session, mine, now):
                return mine
            row = _locked(session, mine)
            if row is None:  # forgotten this moment: the earlier try was refused
                raise Conflict("request_in_progress", retry_after=RETRY_AFTER)
            if row.fingerprint != fingerprint:
                raise Conflict("idempotency_key_reused")
            if row.status is not None:
                return self._kept(row)
            if row.abandoned_at > now:
                raise Conflict("request_in_progress", retry_after=RETRY_AFTER)
            row.attempt, row.abandoned_at = mine.attempt, mine.abandoned_at
            return mine

    def keep(self, session: Session, mine: Try, status: int, body: Body) -> None:
        """Keep the answer, in the transaction of the change where there is one.

        Refuses `Conflict("request_in_progress")` when the try took so long that another one took over.
        """
        sealed = self._seal.close(json.dumps(body, ensure_ascii=False).encode())
        kept = session.execute(update(AnswerRow).where(*_is(mine)).values(status=status, body=sealed))
        if isinstance(kept, CursorResult) and kept.rowcount == 0:
            raise Conflict("request_in_progress", retry_after=RETRY_AFTER)

    def forget(self, mine: Try) -> None:
        """The try was refused: its key is free again."""
        with transaction(self._sessions) as session:
            session.execute(delete(AnswerRow).where(*_is(mine)))

    def forget_old(self) -> None:
        with transaction(self._sessions) as session:
            session.execute(delete(AnswerRow).where(AnswerRow.started_at < self._clock() - KEPT_FOR))

    def run(self, mine: Try, act: Callable[[], Kept]) -> Kept:
        """Act, then keep the answer; whatever `act` raises frees the key."""
        try:
            kept = act()
        except BaseException:
            self.forget(mine)
            raise
        with transaction(self._sessions) as session:
            self.keep(session, mine, kept.status, kept.body)
        return kept

    def _kept(self, row: AnswerRow) -> Kept:
        try:
            body: Body = json.loads(self._seal.open(row.body or b""))
        except Unsealable as error:  # the gateway's key was changed since
            raise Conflict("idempotency_answer_lost") from error
        return Kept(row.status or 200, body)


def _first(session: Session, mine: Try, now: datetime) -> bool:
    row = {
        "account": mine.account,
        "key": mine.key,
        "fingerprint": mine.fingerprint,
        "attempt": mine.attempt,
        "started_at": now,
        "abandoned_at": mine.abandoned_at,
    }
    inserted = session.execute(insert(AnswerRow).values(row).on_conflict_do_nothing().returning(AnswerRow.key))
    return inserted.first() is not None


def _locked(session: Session, mine: Try) -> AnswerRow | None:
    return session.scalar(
        select(AnswerRow).where(AnswerRow.account == mine.account, AnswerRow.key == mine.key).with_for_update()
    )


def _is(mine: Try) -> tuple[Any, ...]:
    return (AnswerRow.account == mine.account, AnswerRow.key == mine.key, AnswerRow.attempt == mine.attempt)
