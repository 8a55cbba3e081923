"""The relay: sends what the outbox holds, for ever, and forgets nothing.

It takes *unsent* rows in the order of their recording, publishes them persistent and mandatory, waits for the broker's
confirms, and marks them sent in the transaction that has locked them. Whatever dies in between leaves rows unsent: they
go out again, and a reader may get an event twice, never not at all. Several relays may run: each takes rows that no
other has locked, so readers bear events out of order.

It is woken by the commit of whoever records an event (NOTIFY), and looks every second anyway.
"""

import json
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from chassis import telemetry, topology
from chassis.database import OUTAGES, Sessions, is_answering, session_factory, transaction
from chassis.outbox import CHANNEL, OutboxRow
from chassis.wire import FAILURES, ConfirmedLine, Outcome, Outgoing

BATCH = 500
CONFIRM_SECONDS = 5.0
LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 20
KEPT = timedelta(days=7)
CLEANED_EVERY_SECONDS = 600.0
CLEANED_AT_ONCE = 5000
MEASURED_EVERY_SECONDS = 2.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
OBSTACLES: tuple[type[Exception], ...] = (*FAILURES, *OUTAGES, psycopg.Error)


class NotRouted(ConnectionError):
    """The broker gave events back: there is no exchange or no queue for them. They stay in the outbox."""


class Relay:
    """`run` goes on until `stop` is called, from another thread or a signal handler."""

    def __init__(self, engine: Engine, database_uri: str, amqp_uri: str, service: str) -> None:
        self.engine = engine
        self.sessions = session_factory(engine)
        self.database_uri = database_uri
        self.amqp_uri = amqp_uri
        self.service = service
        self.stopping = threading.Event()
        self.pause = FIRST_PAUSE
        self.line: ConfirmedLine | None = None
        self.measured_at = self.cleaned_at = 0.0

    def run(self) -> None:
        while not self.stopping.is_set():
            try:
                self._work()
            except OBSTACLES as error:
                telemetry.logger().warning("relay_waits", error=repr(error), retry_in=self.pause)
                self._drop_line()
                self.stopping.wait(self.pause)
                self.pause = min(2 * self.pause, LONGEST_PAUSE)
        if self.line is not None:
            self.line.close()

    def stop(self, *_: Any) -> None:
        self.stopping.set()

    def is_connected(self) -> bool:
        return self.line is not None

    def has_database(self) -> bool:
        return is_answering(self.engine)

    def _work(self) -> None:
        """Until told to stop; raises one of `OBSTACLES`."""
        self.line = ConfirmedLine(
            self.amqp_uri, seconds=CONFIRM_SECONDS, name=f"{self.service} relay", heartbeat=HEARTBEAT_SECONDS
        )
        with psycopg.connect(self.database_uri, autocommit=True, connect_timeout=5) as listener:
            listener.execute(f"listen {CHANNEL}")
            while not self.stopping.is_set():
                sent = send_batch(self.sessions, self.line, self.service)
                self.pause = FIRST_PAUSE
                self.line.breathe()
                self._measure_and_clean()
                if sent < BATCH:
                    _wait_for_news(listener)

    def _measure_and_clean(self) -> None:
        now = time.monotonic()
        if now - self.measured_at > MEASURED_EVERY_SECONDS:
            self.measured_at = now
            measure(self.sessions, self.service)
        if now - self.cleaned_at > CLEANED_EVERY_SECONDS:
            self.cleaned_at = now
            forget_sent(self.sessions)

    def _drop_line(self) -> None:
        if self.line is not None:
            self.line.drop()
        self.line = None


def send_batch(sessions: Sessions, line: ConfirmedLine, service: str) -> int:
    """Send the oldest unsent events that no other relay is at; how many were sent.

    Raises `NotRouted` when the broker gave some back (the others are marked), one of `FAILURES` when it did not confirm
    in time: then nothing is marked, and all go out again.
    """
    with transaction(sessions) as session:
        rows = _locked(session)
        outcomes = line.publish([_outgoing(row, service) for row in rows], CONFIRM_SECONDS) if rows else []
        sent = [row for row, outcome in zip(rows, outcomes, strict=True) if outcome is Outcome.CONFIRMED]
        _mark(session, sent)
    for row in sent:
        telemetry.events_relayed.labels(service, row.type).inc()
    if len(sent) < len(rows):
        telemetry.events_not_relayed.labels(service).inc(len(rows) - len(sent))
        kept = sorted({row.type for row, outcome in zip(rows, outcomes, strict=True) if outcome != Outcome.CONFIRMED})
        raise NotRouted(f"the broker took none of: {', '.join(kept)}")
    return len(sent)


def _locked(session: Session) -> Sequence[OutboxRow]:
    unsent = select(OutboxRow).where(OutboxRow.sent_at.is_(None)).order_by(OutboxRow.position).limit(BATCH)
    return session.scalars(unsent.with_for_update(skip_locked=True)).all()


def _mark(session: Session, rows: Sequence[OutboxRow]) -> None:
    if rows:
        positions = [row.position for row in rows]
        marked = update(OutboxRow).where(OutboxRow.position.in_(positions)).values(sent_at=func.now())
        session.execute(marked.execution_options(synchronize_session=False))


def _outgoing(row: OutboxRow, service: str) -> Outgoing:
    return Outgoing(
        exchange=topology.events_exchange(service),
        key=topology.event_key(row.type, row.version),
        body=json.dumps(row.body, ensure_ascii=False, separators=(",", ":")).encode(),
        id=row.id,
        type=row.type,
    )


def _wait_for_news(listener: psycopg.Connection[Any]) -> None:
    # One after the other: a generator of notifications holds the connection's lock, and a second inside it waits for ever.
    for _ in listener.notifies(timeout=LOOK_SECONDS, stop_after=1):
        pass
    for _ in listener.notifies(timeout=0):
        pass  # many commits, one look


def measure(sessions: Sessions, service: str) -> None:
    """How many events wait, and how long the oldest has."""
    age = func.coalesce(func.extract("epoch", func.now() - func.min(OutboxRow.recorded_at)), 0)
    with transaction(sessions) as session:
        count, oldest = session.execute(select(func.count(), age).where(OutboxRow.sent_at.is_(None))).one()
    telemetry.outbox_unsent.labels(service).set(count)
    telemetry.outbox_oldest_seconds.labels(service).set(max(0.0, float(oldest)))


def forget_sent(sessions: Sessions) -> int:
    """Delete what was sent more than `KEPT` ago, a portion at a time; how many."""
    old = select(OutboxRow.position).where(OutboxRow.sent_at < func.now() - KEPT).limit(CLEANED_AT_ONCE)
    with transaction(sessions) as session:
        return len(session.scalars(delete(OutboxRow).where(OutboxRow.position.in_(old)).returning(OutboxRow.id)).all())
