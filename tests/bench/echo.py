"""The baseline of the lock benchmark: a bare kombu request and reply through the same broker, nothing else.

One process answers, `callers` threads ask one after the other for `seconds`. What comes out is what this machine's broker and
Python can do at most; every figure of ours is read against it.
"""

import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context

from amqp import NotFound
from kombu import Connection, Consumer, Exchange, Producer, Queue

BODY = {"application_id": "0" * 36, "matter": "install_notice", "machine": {"machine_id": "0" * 36}}
IO_SECONDS = 5.0
START_SECONDS, POLL_SECONDS = 20.0, 0.1


def answer(amqp_uri: str, queue_name: str) -> None:
    """Answer every request with its own body, until killed."""
    with Connection(amqp_uri) as connection, connection.channel() as channel:
        producer = Producer(channel, serializer="json")

        def reply(body: object, message: object) -> None:
            properties = message.properties  # type: ignore[attr-defined]
            producer.publish(body, routing_key=properties["reply_to"], correlation_id=properties["correlation_id"])
            message.ack()  # type: ignore[attr-defined]

        with Consumer(channel, [Queue(queue_name, durable=False)], callbacks=[reply], prefetch_count=20):
            while True:
                connection.drain_events()


@dataclass
class Asker:
    """One thread's connection; `asked` counts the answers that came."""

    amqp_uri: str
    queue_name: str
    asked: int = 0

    def run(self, until: float) -> None:
        with Connection(self.amqp_uri) as connection, connection.channel() as channel:
            replies = Queue(f"bench.reply.{uuid.uuid4()}", Exchange(""), durable=False, exclusive=True)(channel)
            replies.declare()
            producer = Producer(channel, serializer="json")
            came = threading.Event()

            def arrived(_body: object, _message: object) -> None:
                came.set()

            with Consumer(channel, [replies], callbacks=[arrived], no_ack=True):
                while time.monotonic() < until:
                    came.clear()
                    producer.publish(
                        BODY, routing_key=self.queue_name, reply_to=replies.name, correlation_id=str(uuid.uuid4())
                    )
                    while not came.is_set():
                        connection.drain_events(timeout=IO_SECONDS)
                    self.asked += 1


def echoes_per_second(amqp_uri: str, callers: int, seconds: float) -> float:
    """How many bare requests are answered a second by one process on this broker; raises `socket.timeout` if none is."""
    queue_name = f"bench.echo.{uuid.uuid4()}"
    process = get_context("spawn").Process(target=answer, args=(amqp_uri, queue_name), daemon=True)
    process.start()
    try:
        _wait_for(amqp_uri, queue_name)
        return _ask(amqp_uri, queue_name, callers, seconds)
    finally:
        process.kill()
        process.join()


def _wait_for(amqp_uri: str, queue_name: str) -> None:
    """Until the process reads its queue: what is asked before that is lost."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with Connection(amqp_uri) as connection, suppress(NotFound):
            if connection.channel().queue_declare(queue_name, passive=True).consumer_count:
                return
        time.sleep(POLL_SECONDS)
    raise TimeoutError("the echo process does not answer")


def _ask(amqp_uri: str, queue_name: str, callers: int, seconds: float) -> float:
    until = time.monotonic() + seconds
    askers = [Asker(amqp_uri, queue_name) for _ in range(callers)]
    threads = [threading.Thread(target=asker.run, args=(until,)) for asker in askers]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(asker.asked for asker in askers) / (time.monotonic() - started)
