"""Messages to the broker, several at a time on one line: whoever waits for one is told when the broker has it safe.

A broker confirms a hundred messages as soon as one, so one thread sends whatever waits and then waits for all confirms.
"""

import contextlib
import queue
import threading
from concurrent.futures import Future

from chassis import telemetry
from chassis.errors import Unavailable
from chassis.wire import FAILURES, ConfirmedLine, Outcome, Outgoing, SharedLine

AT_ONCE = 200
WAITING = 2_000  # beyond it a phone is told at once to come again
CONFIRM_SECONDS = 3.0
PATIENCE_SECONDS = 5.0
LOOK_SECONDS = 0.5
SERVICE = "attendance"
NOT_SENT = (queue.Full, TimeoutError)


class Publisher:
    """`publish` from any thread; `run` in one of its own until `stop`."""

    def __init__(self, amqp_uri: str) -> None:
        self.line = SharedLine(lambda: ConfirmedLine(amqp_uri, seconds=CONFIRM_SECONDS, name="gateway-positions"))
        self.waiting: queue.Queue[tuple[Outgoing, Future[Outcome]]] = queue.Queue(WAITING)
        self.stopping = threading.Event()

    def publish(self, message: Outgoing) -> None:
        """Returns when the broker has it on disk; refuses `Unavailable` when it is full, silent, or takes too long."""
        settled: Future[Outcome] = Future()
        try:
            self.waiting.put_nowait((message, settled))
            outcome = settled.result(PATIENCE_SECONDS)
        except NOT_SENT as error:
            raise Unavailable(service=SERVICE) from error
        if outcome is not Outcome.CONFIRMED:
            raise Unavailable(service=SERVICE)

    def run(self) -> None:
        while not self.stopping.is_set():
            if batch := self._next():
                self._send_or_tell(batch)

    def stop(self) -> None:
        self.stopping.set()

    def is_connected(self) -> bool:
        """Whether a message could be sent now; asks the broker where nothing was sent yet."""
        try:
            with self.line.use():
                return True
        except FAILURES:
            return False

    def _next(self) -> list[tuple[Outgoing, Future[Outcome]]]:
        batch: list[tuple[Outgoing, Future[Outcome]]] = []
        with contextlib.suppress(queue.Empty):
            batch.append(self.waiting.get(timeout=LOOK_SECONDS))
            while len(batch) < AT_ONCE:
                batch.append(self.waiting.get_nowait())
        return batch

    def _send_or_tell(self, batch: list[tuple[Outgoing, Future[Outcome]]]) -> None:
        """Whatever goes wrong, those who wait are told, and this thread lives: without it nobody's positions come in."""
        try:
            self._send(batch)
        except Exception as error:
            telemetry.logger().warning("positions_not_published", messages=len(batch), error=repr(error))
            for _, settled in batch:
                if not settled.done():
                    settled.set_exception(Unavailable(service=SERVICE))

    def _send(self, batch: list[tuple[Outgoing, Future[Outcome]]]) -> None:
        with self.line.use() as line:
            outcomes = line.publish([message for message, _ in batch], CONFIRM_SECONDS)
        for (_, settled), outcome in zip(batch, outcomes, strict=True):
            settled.set_result(outcome)
