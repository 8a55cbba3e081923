"""How a service takes messages from the broker: consumers that drain before they stop, and never lose a message.

What Nameko 2.14 does otherwise (style.md §8): on SIGTERM it closes the connection under running workers, so their
messages are handed out again (N1); a failure (N2) or an undecodable body (N4) is acknowledged; its prefetch grows with
the number of handlers (N11); an acknowledgement that comes too late kills the process (N12).
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.entity import Queue
from nameko.containers import ServiceContainer
from nameko.messaging import QueueConsumer

from chassis import telemetry
from chassis.settings import Common

HEARTBEAT_SECONDS = 20
CONNECT_SECONDS = 5
# How long to wait for a message before looking whether to stop (twice, when there is nothing to do).
LOOK_SECONDS = 0.2
# Kombu's own pauses grow by two seconds up to thirty: too slow a return after a restart of the broker.
RETRY = {"interval_start": 0.2, "interval_step": 0.3, "interval_max": 3}


# kombu tells no types.
make_connection: Callable[..., Connection] = Connection
make_queue: Callable[..., Queue] = Queue


class DrainingConsumer(QueueConsumer):  # type: ignore[misc]
    """All queues of one container, on one connection."""

    def __init__(self) -> None:
        super().__init__()
        self.in_hand = 0
        self.consuming = False

    @property
    def prefetch_count(self) -> int:
        """For each queue; see `chassis.nameko.runner`."""
        prefetch: int = self.container.config["prefetch"]
        return prefetch

    @property
    def connection(self) -> Connection:
        return make_connection(self.amqp_uri, heartbeat=HEARTBEAT_SECONDS, connect_timeout=CONNECT_SECONDS)

    @contextmanager
    def establish_connection(self) -> Iterator[Connection]:
        self.consuming = False
        with self.create_connection() as connection:
            connection.ensure_connection(self.on_connection_error, None, **RETRY)
            yield connection

    def consume(self, *arguments: Any, **options: Any) -> Iterator[None]:
        return super().consume(*arguments, **(options | {"safety_interval": LOOK_SECONDS}))  # type: ignore[no-any-return]

    def get_consumers(self, consumer_cls: Callable[..., Any], channel: Any) -> Collection[Any]:
        """Nothing is declared here (`chassis.topology` has), and nothing decoded: `message.body` is what came."""
        for provider in self._providers:
            consumer = consumer_cls(
                queues=[provider.queue], on_message=partial(self.take, provider), auto_declare=False
            )
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return list(self._consumers.values())

    def take(self, provider: Any, message: Any) -> None:
        self._count(+1)
        self.container.spawn_managed_thread(partial(provider.handle_message, message.body, message))

    def on_consume_ready(self, *arguments: Any, **options: Any) -> None:
        self.consuming = True
        super().on_consume_ready(*arguments, **options)

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        telemetry.logger().warning("broker_away", error=repr(exc), retry_in=interval)

    def on_iteration(self) -> None:
        """Stop only when all that is in hand is settled: until then the connection lives, heartbeats and all."""
        self._cancel_consumers_if_requested()
        if not self._consumers and self.in_hand == 0:
            self.should_stop = True

    def settle(self, message: Any, how: str) -> None:
        """`ack`, `reject` (dead letters) or `requeue`. On a connection that has gone the broker has settled it."""
        self._count(-1)
        if message.channel.connection:
            with suppress(AMQPError, OSError):  # Nameko expects only the first
                getattr(message, how)()

    def ack_message(self, message: Any) -> None:
        self.settle(message, "ack")

    def requeue_message(self, message: Any) -> None:
        self.settle(message, "requeue")

    def _count(self, change: int) -> None:
        self.in_hand += change
        telemetry.messages_in_hand.labels(self.container.service_name).set(self.in_hand)


class Container(ServiceContainer):  # type: ignore[misc]
    """Lets every log line and event of a worker carry the trace of what it works on."""

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        telemetry.follow(worker_ctx.data.get("trace"))
        super()._run_worker(worker_ctx, handle_result)


def settings_of(container: Any) -> Common:
    """The settings of this process, as the runner has given them to its containers."""
    settings: Common = container.config["settings"]
    return settings
