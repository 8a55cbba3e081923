"""`@hears`: a method that handles the events of one type and version of another service.

    class EquipmentSubscriptions:
        name = "equipment-subscriptions"
        sessions = Sessions()

        @hears("filing", "application_submitted", version=1, as_=ApplicationSubmitted)
        def application_submitted(self, event: Event) -> None:
            locks.confirm(self.sessions, event)

`event` is a `chassis.envelope.Event` whose `data` has been loaded by the narrow schema `as_` (a `schemas.Heard`). The
queue, `equipment.application_submitted.v1`, is the topology's. The handler may run twice, late and out of order: its
transaction begins with `first_time(session, event.id, reader="…")`.

When it returns, the message is acknowledged. When it raises, the message comes again after 5 s, 1 min and 10 min, then
it is parked; while the database (or a service asked) is away it keeps coming every ten minutes, for that is not the
message's fault. What is no event, or what the schema cannot read, is parked at once. Nothing is dropped.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import eventlet
from marshmallow import Schema
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import Entrypoint, register_entrypoint

from chassis import envelope, park, telemetry, topology
from chassis.database import OUTAGES
from chassis.envelope import Event, Undecodable
from chassis.errors import Invalid, Unavailable
from chassis.identifiers import new_id
from chassis.nameko.consumer import DrainingConsumer, make_queue, settings_of
from chassis.schemas import read
from chassis.wire import FAILURES, ConfirmedLine, Outcome, Outgoing, SharedLine

PUBLISH_SECONDS = 5.0
PAUSE_SECONDS = 1.0
# An outage of the database is waited for some sixteen hours before its events are parked.
TRIES_IN_AN_OUTAGE = 100

MethodT = TypeVar("MethodT", bound=Callable[..., None])


def hears(source: str, type: str, *, version: int, as_: type[Schema]) -> Callable[[MethodT], MethodT]:
    """Let a method `(self, event: Event) -> None` handle these events; in a test it can be called as it stands."""

    def subscribe(method: MethodT) -> MethodT:
        register_entrypoint(method, Hears(topology.Heard(source, type, version), as_))
        return method

    return subscribe


def declared_by(subscriptions: type) -> dict[topology.Heard, type[Schema]]:
    """What a class hears, with the schema that reads it: `topology.toml` must say the same."""
    return {
        entrypoint.heard: entrypoint.schema
        for method in vars(subscriptions).values()
        for entrypoint in getattr(method, "nameko_entrypoints", ())
        if isinstance(entrypoint, Hears)
    }


class Hears(Entrypoint):  # type: ignore[misc]
    queue_consumer = DrainingConsumer()

    def __init__(self, heard: topology.Heard, schema: type[Schema], **options: Any) -> None:
        super().__init__(**options)
        self.heard = heard
        self.schema = schema

    def setup(self) -> None:
        self.reader = str(self.container.config["service"])
        self.queue = make_queue(
            topology.reader_queue(self.reader, self.heard.type, self.heard.version), no_declare=True
        )
        uri = settings_of(self.container).amqp_uri
        self.line = SharedLine(lambda: ConfirmedLine(uri, seconds=PUBLISH_SECONDS, name=f"{self.reader} retries"))
        self.queue_consumer.register_provider(self)

    def stop(self) -> None:
        self.queue_consumer.unregister_provider(self)

    def handle_message(self, body: bytes | str, message: Any) -> None:
        try:
            event = self._readable(body)
        except Exception as error:  # no second try makes these bytes readable
            self._pass_on(message, topology.parked_queue(self.reader), _tries(message) + 1, error)
            return
        finish = partial(self.handle_result, message, time.monotonic())
        try:
            context = {"trace": event.trace}
            self.container.spawn_worker(self, (event,), {}, context_data=context, handle_result=finish)
        except ContainerBeingKilled:
            self.queue_consumer.requeue_message(message)

    def handle_result(self, message: Any, began: float, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        telemetry.event_handling_seconds.labels(self.queue.name).observe(time.monotonic() - began)
        if exc_info is None:
            self._count("handled")
            self.queue_consumer.ack_message(message)
        else:
            tries = _tries(message) + 1
            self._pass_on(message, next_stop(self.reader, tries, exc_info[1]), tries, exc_info[1])
        return result, None

    def _readable(self, body: bytes | str) -> Event:
        event = envelope.from_bytes(_bytes(body))
        if (event.type, event.version) != (self.heard.type, self.heard.version):
            raise Undecodable(f"expected {self.heard.key}, found {topology.event_key(event.type, event.version)}")
        return replace(event, data=read(self.schema(), event.data))

    def _pass_on(self, message: Any, exchange: str, tries: int, error: BaseException) -> None:
        """To a delay or to the parking queue; the message is let go only when it is safe there."""
        parked = exchange == topology.parked_queue(self.reader)
        telemetry.logger().error("event_failed", queue=self.queue.name, tries=tries, parked=parked, exc_info=error)
        outgoing = Outgoing(
            exchange=exchange,
            key=self.queue.name,
            body=_bytes(message.body),
            id=message.properties.get("message_id") or new_id(),
            headers=park.headers(self.queue.name, tries, _first_at(message), reason_of(error)),
        )
        if self._publish(outgoing):
            self._count("parked" if parked else "delayed")
            self.queue_consumer.ack_message(message)
        else:  # back into its queue, whose delivery limit ends this in the parking queue too
            eventlet.sleep(PAUSE_SECONDS)
            self.queue_consumer.requeue_message(message)

    def _publish(self, outgoing: Outgoing) -> bool:
        try:
            with self.line.use() as line:
                return line.publish([outgoing], PUBLISH_SECONDS) == [Outcome.CONFIRMED]
        except FAILURES as error:
            telemetry.logger().warning("broker_away", error=repr(error))
            return False

    def _count(self, outcome: str) -> None:
        telemetry.events_handled.labels(self.queue.name, outcome).inc()


def next_stop(reader: str, tries: int, error: BaseException) -> str:
    """The exchange for a message that has failed `tries` times: a growing delay, in the end the parking queue."""
    delays = list(topology.DELAYS)
    if tries <= len(delays):
        return topology.delay_exchange(reader, delays[tries - 1])
    if isinstance(error, (*OUTAGES, Unavailable)) and tries < TRIES_IN_AN_OUTAGE:
        return topology.delay_exchange(reader, delays[-1])
    return topology.parked_queue(reader)


def reason_of(error: BaseException) -> str:
    what = error.fields if isinstance(error, Invalid) else error
    return f"{type(error).__name__}: {what}"


def _tries(message: Any) -> int:
    return park.number(message.headers.get(park.TRIES), 0)


def _first_at(message: Any) -> str:
    return str(message.headers.get(park.FIRST_AT) or datetime.now(UTC).isoformat())


def _bytes(body: bytes | str) -> bytes:
    return body.encode() if isinstance(body, str) else bytes(body)
