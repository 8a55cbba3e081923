"""A broker for tests: each test module gets a virtual host of its own, so nothing is left over from another."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import amqp

from chassis.localservers.definitions import OPERATOR
from chassis.localservers.rabbitmq import FAILURES, MEMORY_WATERMARK, Node, RabbitMQ, connect

POLL_SECONDS = 0.02


@dataclass(frozen=True)
class Broker:
    """`uri` is the operator's, who may do all; `uri_of(service)` has that service's rights only."""

    server: RabbitMQ = field(repr=False)
    virtual_host: str

    @property
    def uri(self) -> str:
        return self.uri_of(OPERATOR)

    def uri_of(self, user: str) -> str:
        return self.server.uri_of(user, self.virtual_host)

    @contextmanager
    def channel(self) -> Iterator[amqp.Channel]:
        connection = connect(self.uri)
        try:
            yield connection.channel()
        finally:
            with suppress(*FAILURES):  # a broker under alarm does not even say good-bye
                connection.close()

    def depth(self, queue: str) -> int:
        """Messages that wait in a queue (those in a consumer's hands are not counted)."""
        with self.channel() as channel:
            return int(channel.queue_declare(queue, passive=True).message_count)

    def publish(self, body: bytes | dict[str, Any], *, exchange: str = "", key: str, **properties: Any) -> None:
        """Publish as anybody might, badly formed too; a dict goes as JSON."""
        content = json.dumps(body).encode() if isinstance(body, dict) else body
        properties.setdefault("content_type", "application/json")
        with self.channel() as channel:
            channel.confirm_select()
            channel.basic_publish_confirm(amqp.Message(content, **properties), exchange, key)

    def take(self, queue: str, *, seconds: float = 10) -> amqp.Message:
        """The next message of a queue, removed from it; raises `TimeoutError`."""
        deadline = time.monotonic() + seconds
        with self.channel() as channel:
            while (message := channel.basic_get(queue, no_ack=True)) is None:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"nothing came to {queue} within {seconds} s")
                time.sleep(POLL_SECONDS)
            return message

    def listen(self, exchange: str, key: str = "#") -> str:
        """A queue that collects from now on what is published to `exchange`; `take` reads it."""
        with self.channel() as channel:
            queue = str(channel.queue_declare("", exclusive=False, auto_delete=False).queue)
            channel.queue_bind(queue, exchange, key)
            return queue


@dataclass(frozen=True)
class BreakableBroker(Broker):
    """A broker on a node of the tests' own, which may be stopped, restarted and starved."""

    node: Node = field(repr=False)

    def stop(self) -> None:
        self.node.stop()

    def start(self) -> None:
        assert self.node.ports is not None
        self.node.start(self.node.ports)

    def restart(self) -> None:
        self.node.restart()

    def raise_memory_alarm(self) -> None:
        """From now on the broker reads nothing from who has published."""
        self.node.ctl("set_vm_memory_high_watermark", "0")

    def clear_memory_alarm(self) -> None:
        self.node.ctl("set_vm_memory_high_watermark", MEMORY_WATERMARK)
