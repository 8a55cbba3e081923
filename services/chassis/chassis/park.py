"""Parked messages: what could not be handled waits here for an operator, who sees, mends and replays it.

A reader puts a message that it gave up into the parking queue of its service; the broker puts dead letters there, and
into the queue for the unrouted what no queue took. The scheduler moves both into the table `parked` every few seconds
(`collect`). A replayed message goes back into the queue it came from, and so through the same handler.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import amqp
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import DateTime

from chassis import envelope, telemetry, topology
from chassis.database import Base, Sessions, transaction
from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from chassis.identifiers import derived_id
from chassis.wire import ConfirmedLine, Outcome, Outgoing

QUEUE, TRIES, FIRST_AT, REASON = "queue", "tries", "first-at", "reason"
REASON_LIMIT = 500
SECONDS = 5.0


class ParkedRow(Base):
    __tablename__ = "parked"
    id: Mapped[str] = mapped_column(primary_key=True)
    queue: Mapped[str] = mapped_column(index=True)
    event_id: Mapped[str | None]
    reason: Mapped[str]
    tries: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    parked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    replayed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    body: Mapped[bytes]


def headers(queue: str, tries: int, first_at: str, reason: str) -> dict[str, Any]:
    """What travels with a message that has failed; no personal data in the reason."""
    return {QUEUE: queue, TRIES: tries, FIRST_AT: first_at, REASON: _plain(telemetry.struck_out(reason))}


# -- broker → table ----------------------------------------------------------------------------------------------------


def collect(sessions: Sessions, amqp_uri: str, service: str) -> int:
    """Move everything parked or unrouted at the broker into the table; how many. Loses nothing if it is killed."""
    moved = 0
    for queue in (topology.parked_queue(service), topology.unrouted_queue(service)):
        # A service that hears nothing, or tells nothing, has only one of the two.
        with suppress(amqp.NotFound), _line(amqp_uri, service) as line:
            moved += _collect_from(line, queue, sessions)
    with transaction(sessions) as session:
        _measure(session)
    return moved


def _collect_from(line: ConfirmedLine, queue: str, sessions: Sessions) -> int:
    moved = 0
    while (message := line.channel.basic_get(queue)) is not None:
        with transaction(sessions) as session:
            _keep(session, message, queue)
        line.channel.basic_ack(message.delivery_tag)
        moved += 1
    return moved


def _keep(session: Session, message: amqp.Message, found_in: str) -> None:
    """One row for a message and its queue: who comes again, after a replay, is parked anew in the same row."""
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    row = _row(body, message.headers or {}, found_in)
    again = {name: row[name] for name in ("reason", "tries", "body")} | {"parked_at": func.now(), "replayed_at": None}
    session.execute(insert(ParkedRow).values(row).on_conflict_do_update(index_elements=["id"], set_=again))
    telemetry.logger().error("message_parked", id=row["id"], queue=row["queue"], event_id=row["event_id"])


def _row(body: bytes, headers: dict[str, Any], found_in: str) -> dict[str, Any]:
    event_id = _event_id(body)
    death = (headers.get("x-death") or [{}])[0]
    queue = _plain(headers.get(QUEUE) or death.get("queue") or found_in)
    return {
        "id": derived_id(queue, event_id or hashlib.sha256(body).hexdigest()),
        "queue": queue,
        "event_id": event_id,
        "reason": _plain(headers.get(REASON) or death.get("reason") or "no queue takes events of this type"),
        "tries": number(headers.get(TRIES), 1),
        "first_at": _moment(headers.get(FIRST_AT)),
        "body": body,
    }


def _event_id(body: bytes) -> str | None:
    try:
        return _plain(envelope.from_bytes(body).id)
    except envelope.Undecodable:
        return None


def _plain(text: Any) -> str:
    """What the broker can carry and a database can keep, whatever somebody has sent."""
    return str(text).encode("utf-8", "replace").decode().replace("\x00", "")[:REASON_LIMIT]


def number(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else otherwise


def _moment(text: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.now(UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _measure(session: Session) -> None:
    waiting = select(ParkedRow.queue, func.count(ParkedRow.id).filter(ParkedRow.replayed_at.is_(None)))
    for queue, count in session.execute(waiting.group_by(ParkedRow.queue)):
        telemetry.parked_messages.labels(queue).set(count)


# -- what an operator does ---------------------------------------------------------------------------------------------


def listed(session: Session) -> list[dict[str, Any]]:
    """What waits, the oldest first; without bodies."""
    rows = session.scalars(select(ParkedRow).where(ParkedRow.replayed_at.is_(None)).order_by(ParkedRow.first_at))
    return [_summary(row) for row in rows]


def shown(session: Session, id: str) -> dict[str, Any]:
    """One message with its body as text."""
    row = _found(session, id)
    return _summary(row) | {"body": row.body.decode(errors="replace")}


def mend(session: Session, id: str, body: bytes) -> None:
    """Put another body in its place; refuses `Invalid` if that is no event, `Conflict` if it has been replayed."""
    row = _found(session, id)
    if row.replayed_at is not None:
        raise Conflict("already_replayed", replayed_at=row.replayed_at.isoformat())
    try:
        event = envelope.from_bytes(body)
    except envelope.Undecodable as error:
        raise Invalid.field("body", "not_an_event") from error
    row.body, row.event_id = body, event.id


def replay(sessions: Sessions, amqp_uri: str, service: str, ids: Sequence[str]) -> None:
    """Send messages back to the queues they came from; each is marked when the broker has it for certain.

    Refuses `NotFound`, and `Unavailable("not_taken")` if the queue is gone or full; what came before stays replayed.
    """
    with _line(amqp_uri, service) as line:
        for id in ids:
            with transaction(sessions) as session:
                row = _found(session, id)
                if line.publish([_outgoing(row, service)], SECONDS) != [Outcome.CONFIRMED]:
                    raise Unavailable("not_taken", queue=row.queue)
                row.replayed_at = datetime.now(UTC)


def _outgoing(row: ParkedRow, service: str) -> Outgoing:
    exchange, key = topology.readers_exchange(service), row.queue
    if row.queue == topology.unrouted_queue(service):
        event = envelope.from_bytes(row.body)
        exchange, key = topology.events_exchange(service), topology.event_key(event.type, event.version)
    return Outgoing(exchange=exchange, key=key, body=row.body, id=row.event_id or row.id)


def _found(session: Session, id: str) -> ParkedRow:
    row = session.get(ParkedRow, id, with_for_update=True)
    if row is None:
        raise NotFound("parked_message_not_found", id=id)
    return row


def _summary(row: ParkedRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "queue": row.queue,
        "event_id": row.event_id,
        "reason": row.reason,
        "tries": row.tries,
        "first_at": row.first_at.isoformat(),
        "parked_at": row.parked_at.isoformat(),
        "replayed_at": row.replayed_at.isoformat() if row.replayed_at else None,
    }


@contextmanager
def _line(uri: str, service: str) -> Iterator[ConfirmedLine]:
    line = ConfirmedLine(uri, seconds=SECONDS, name=f"{service} parked")
    try:
        yield line
    finally:
        line.close()
