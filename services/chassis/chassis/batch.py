"""A consumer of many small messages: it takes them by the hundred, settles them by one acknowledgement.

    BatchConsumer(uri, "attendance.positions.v1", handle=ingest.handle_batch, size=400, age_ms=200).run()

`handle` gets the messages of a batch, body and headers, and makes their effect durable before it returns (it must bear a
repeat: what dies before the acknowledgement gets the same messages again). If one is bad it raises `BadMessage(index)`:
that one is parked, the others are handled again without it. Whatever else it raises is taken for an outage: the same
batch is tried again after growing pauses, and while it waits nothing more is taken, so pressure stays in the queue.
Plain threads, no eventlet.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import amqp

from chassis import telemetry
from chassis.wire import FAILURES, Line

SECONDS = 5.0
HEARTBEAT_SECONDS = 30
LOOK_SECONDS = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
# More bad ones than this among the last thousand messages is not bad messages but a bad release.
PARK_LIMIT = 50
PARK_WINDOW = 1000


@dataclass(frozen=True, slots=True)
class Message:
    body: bytes
    headers: Mapping[str, Any] = field(default_factory=dict)


Handle = Callable[[Sequence[Message]], None]


class BadMessage(Exception):
    """The message at `index` of the batch can never be handled."""

    def __init__(self, index: int, reason: str = "") -> None:
        super().__init__(f"message {index} of the batch: {reason}")
        self.index = index


class TooManyBad(Exception):
    """The consumer stops rather than empty its queue into the parking queue."""


class BatchConsumer:
    """`run` goes on until `stop` is called, from another thread or a signal handler.

    A batch is handled when it has `size` messages or when its first one is `age_ms` old.
    """

    def __init__(
        self, amqp_uri: str, queue: str, handle: Handle, *, size: int, age_ms: int, park_limit: int = PARK_LIMIT
    ) -> None:
        self.uri = amqp_uri
        self.queue = queue
        self.handle = handle
        self.size = size
        self.age = age_ms / 1000
        self.park_limit = park_limit
        self.recent: deque[bool] = deque(maxlen=PARK_WINDOW)  # True for each bad one
        self.stopping = threading.Event()
        self.line: Line | None = None
        self.batch: list[amqp.Message] = []
        self.first_at = 0.0

    def run(self) -> None:
        """Raises `TooManyBad` at the limit of bad messages; survives all else, and finishes what it holds at the end."""
        pause = FIRST_PAUSE
        while not self.stopping.is_set():
            try:
                self._consume()
            except FAILURES as error:
                telemetry.logger().warning("broker_away", error=repr(error), retry_in=pause)
                self.stopping.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
            finally:
                if self.line is not None:
                    self.line.close()
                self.line = None

    def stop(self, *_: Any) -> None:
        self.stopping.set()

    def is_connected(self) -> bool:
        return self.line is not None

    def _consume(self) -> None:
        self.batch.clear()
        line = self.line = Line(self.uri, seconds=SECONDS, name=self.queue, heartbeat=HEARTBEAT_SECONDS)
        line.channel.basic_qos(0, 2 * self.size, False)
        tag = line.channel.basic_consume(self.queue, callback=self._take)
        while not self.stopping.is_set():
            line.drain(LOOK_SECONDS)
            line.connection.heartbeat_tick()
            if self._is_due():
                self._flush(line)
        line.channel.basic_cancel(tag)
        while self.batch:
            self._flush(line)

    def _take(self, message: amqp.Message) -> None:
        if not self.batch:
            self.first_at = time.monotonic()
        self.batch.append(message)

    def _is_due(self) -> bool:
        full = len(self.batch) >= self.size
        return full or (bool(self.batch) and time.monotonic() - self.first_at >= self.age)

    def _flush(self, line: Line) -> None:
        """Handle up to `size` messages and acknowledge them, all at once."""
        batch, self.batch = self.batch[: self.size], self.batch[self.size :]
        self.first_at = time.monotonic()
        last = batch[-1].delivery_tag
        began = time.monotonic()
        handled = self._handle_what_is_good(line, batch)
        if handled is None:
            return  # told to stop during an outage: unacknowledged, they come again
        telemetry.batch_seconds.labels(self.queue).observe(time.monotonic() - began)
        telemetry.batch_messages.labels(self.queue, "handled").inc(handled)
        self.recent.extend([False] * handled)
        if handled:
            line.channel.basic_ack(last, multiple=True)

    def _handle_what_is_good(self, line: Line, batch: list[amqp.Message]) -> int | None:
        pause = FIRST_PAUSE
        while batch:
            try:
                self.handle([_read(message) for message in batch])
                return len(batch)
            except BadMessage as bad:
                telemetry.logger().error("message_parked", queue=self.queue, error=str(bad))
                self._park(line, batch.pop(bad.index))
            except Exception as error:
                telemetry.logger().error("batch_failed", queue=self.queue, retry_in=pause, exc_info=error)
                if self._wait(line, pause):
                    return None
                pause = min(2 * pause, LONGEST_PAUSE)
        return 0

    def _park(self, line: Line, message: amqp.Message) -> None:
        line.channel.basic_reject(message.delivery_tag, requeue=False)  # the queue's dead letters: the parking queue
        telemetry.batch_messages.labels(self.queue, "parked").inc()
        self.recent.append(True)
        if sum(self.recent) > self.park_limit:
            raise TooManyBad(f"more than {self.park_limit} of the last {len(self.recent)} messages of {self.queue}")

    def _wait(self, line: Line, seconds: float) -> bool:
        """Wait out an outage with the connection alive; True if told to stop meanwhile."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping.is_set():
            line.breathe()
            self.stopping.wait(LOOK_SECONDS)
        return self.stopping.is_set()


def _read(message: amqp.Message) -> Message:
    body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
    return Message(body, message.properties.get("application_headers") or {})
