"""A connection to the broker on which nothing waits for ever: every read and write has an end.

py-amqp (kombu's transport) used directly. A `Line` is one connection with one channel, for one thread at a time. What
goes wrong on it is one of `FAILURES`; after any of them the line is thrown away (`drop`), never mended.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Generic, TypeVar
from urllib.parse import unquote, urlsplit

import amqp

FAILURES: tuple[type[Exception], ...] = (OSError, amqp.AMQPError)
SHORTEST = 0.001
JSON = "application/json"


class Deadline:
    """A moment by which something has to be over."""

    def __init__(self, seconds: float) -> None:
        self.at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; raises `TimeoutError` when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return max(left, SHORTEST)


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message to publish. `expires` in seconds; `persistent` ones outlive a restart of the broker."""

    exchange: str
    key: str
    body: bytes
    id: str
    type: str = ""
    headers: dict[str, Any] = field(default_factory=dict)
    persistent: bool = True
    mandatory: bool = True
    expires: float | None = None
    reply_to: str | None = None

    def message(self) -> amqp.Message:
        properties: dict[str, Any] = {
            "content_type": JSON,
            "content_encoding": "utf-8",
            "delivery_mode": 2 if self.persistent else 1,
            "message_id": self.id,
            "correlation_id": self.id,
            "application_headers": self.headers,
        }
        if self.type:
            properties["type"] = self.type
        if self.reply_to is not None:
            properties["reply_to"] = self.reply_to
        if self.expires is not None:
            properties["expiration"] = str(max(1, int(self.expires * 1000)))  # the wire has milliseconds, as text
        return amqp.Message(self.body, **properties)


class Outcome(Enum):
    CONFIRMED = "confirmed"  # on disk of the broker, in at least one queue
    RETURNED = "returned"  # no queue takes it
    REFUSED = "refused"  # a queue is full, or the broker could not store it


class Line:
    """Opens at once; raises one of `FAILURES` when that takes longer than about `seconds`."""

    def __init__(self, uri: str, *, seconds: float, name: str, heartbeat: int = 0) -> None:
        self.blocked = False  # the broker is short of memory or disk and reads nothing from us
        self.returned: set[str] = set()
        self.connection = _connection(uri, seconds, name, heartbeat)
        self.connection.on_blocked = self._on_blocked
        self.connection.on_unblocked = self._on_unblocked
        try:
            self.connection.connect()
            self.limit(seconds)
            self.channel: amqp.Channel = self.connection.channel()
        except BaseException:
            self.drop()
            raise
        self.channel.events["basic_return"].add(self._on_return)

    def limit(self, seconds: float) -> None:
        """No single read or write from now on lasts longer."""
        self.connection.sock.settimeout(seconds)

    def send(self, message: Outgoing) -> None:
        self.channel.basic_publish(message.message(), message.exchange, message.key, mandatory=message.mandatory)

    def drain(self, seconds: float) -> bool:
        """Take in what comes first within `seconds`; False if nothing came."""
        try:
            self.connection.drain_events(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def is_alive(self) -> bool:
        """Whether the broker has not hung up, as far as one can tell without asking it."""
        try:
            self.drain(0)
        except FAILURES:
            return False
        return not self.blocked

    def breathe(self) -> None:
        """Send and check heartbeats; to be called every few seconds by whoever has asked for them."""
        self.drain(0)
        self.connection.heartbeat_tick()

    def drop(self) -> None:
        """Close without a good-bye: never waits, never raises."""
        try:
            self.connection.collect()
        except FAILURES:
            return

    def close(self, seconds: float = 1.0) -> None:
        """Close with a good-bye, if the broker answers it within `seconds`."""
        try:
            if self.connection.connected:
                self.limit(seconds)
                self.connection.close()
        except FAILURES:
            self.drop()

    def _on_return(self, error: Exception, exchange: str, key: str, message: amqp.Message) -> None:
        self.returned.add(message.properties["message_id"])

    def _on_blocked(self, reason: str) -> None:
        self.blocked = True

    def _on_unblocked(self) -> None:
        self.blocked = False


class ConfirmedLine(Line):
    """A line whose messages the broker confirms: when `publish` returns, they are safe or known not to be."""

    def __init__(self, uri: str, *, seconds: float, name: str, heartbeat: int = 0) -> None:
        super().__init__(uri, seconds=seconds, name=name, heartbeat=heartbeat)
        self.number = 0
        self.waiting: dict[int, Outgoing] = {}
        self.outcomes: dict[str, Outcome] = {}
        self.channel.confirm_select()
        self.channel.events["basic_ack"].add(self._on_ack)
        self.channel.events["basic_nack"].add(self._on_nack)

    def publish(self, messages: Sequence[Outgoing], seconds: float) -> list[Outcome]:
        """Send all, then wait for all confirms; the outcomes in the same order.

        Raises one of `FAILURES` (`TimeoutError` among them) when not all are confirmed within `seconds`: then it is not
        known which of them arrived, and the line has to be dropped.
        """
        deadline = Deadline(seconds)
        self.outcomes.clear()
        for message in messages:
            self.limit(deadline.left())
            self.send(message)
            self.number += 1
            self.waiting[self.number] = message
        while self.waiting:
            self.drain(deadline.left())
        return [self.outcomes[message.id] for message in messages]

    def _on_ack(self, number: int, multiple: bool) -> None:
        for message in self._settled(number, multiple):
            returned = message.id in self.returned
            self.returned.discard(message.id)
            self.outcomes[message.id] = Outcome.RETURNED if returned else Outcome.CONFIRMED

    def _on_nack(self, number: int, multiple: bool) -> None:
        for message in self._settled(number, multiple):
            self.outcomes[message.id] = Outcome.REFUSED

    def _settled(self, number: int, multiple: bool) -> list[Outgoing]:
        numbers = [each for each in self.waiting if each <= number] if multiple else [number]
        return [self.waiting.pop(each) for each in numbers]


LineT = TypeVar("LineT", bound=Line)


class SharedLine(Generic[LineT]):
    """One line for several threads in turn: opened when first used, and anew after it has failed."""

    def __init__(self, open_line: Callable[[], LineT]) -> None:
        self.open_line = open_line
        self.lock = threading.Lock()
        self.line: LineT | None = None

    @contextmanager
    def use(self) -> Iterator[LineT]:
        """The line, for this thread alone; whatever is raised meanwhile ends the line."""
        with self.lock:
            if self.line is not None and not self.line.is_alive():
                self.drop()
            line = self.line = self.line or self.open_line()
            try:
                yield line
            except BaseException:
                self.drop()
                raise

    def drop(self) -> None:
        if self.line is not None:
            self.line.drop()
        self.line = None


def _connection(uri: str, seconds: float, name: str, heartbeat: int) -> amqp.Connection:
    parts = urlsplit(uri)
    secure = parts.scheme == "amqps"
    return amqp.Connection(
        f"{parts.hostname}:{parts.port or (5671 if secure else 5672)}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        ssl=secure,
        connect_timeout=seconds,
        heartbeat=heartbeat,
        client_properties={"connection_name": name},
    )
