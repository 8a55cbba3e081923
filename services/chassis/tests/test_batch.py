"""Many small messages by the hundred: each handled at least once, a bad one parked alone, an outage waited out."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import amqp
import pytest

from chassis.batch import BadMessage, BatchConsumer, Message, TooManyBad
from chassis.testing.broker import Broker
from services.chassis.tests.conftest import Echo, until

QUEUE = "echo.batches.v1"


def fill(broker: Broker, bodies: Sequence[bytes]) -> None:
    with broker.channel() as channel:
        channel.confirm_select()
        for body in bodies[:-1]:
            channel.basic_publish(amqp.Message(body, delivery_mode=2), "", QUEUE)
        channel.basic_publish_confirm(amqp.Message(bodies[-1], delivery_mode=2), "", QUEUE)


def numbered(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


@contextmanager
def consuming(consumer: BatchConsumer) -> Iterator[threading.Thread]:
    thread = threading.Thread(target=consumer.run)
    thread.start()
    try:
        yield thread
    finally:
        consumer.stop()
        thread.join(15)
        assert not thread.is_alive()


class Batches:
    """A handler that keeps what it was given; `fails` may raise first."""

    def __init__(self, fails: Callable[[Sequence[bytes]], None] = lambda bodies: None) -> None:
        self.fails = fails
        self.headers: list[Mapping[str, Any]] = []
        self.seen: list[list[bytes]] = []

    def __call__(self, messages: Sequence[Message]) -> None:
        bodies = [each.body for each in messages]
        self.fails(bodies)
        self.seen.append(bodies)
        self.headers += [each.headers for each in messages]

    @property
    def all(self) -> list[bytes]:
        return [body for batch in self.seen for body in batch]


def consumer(echo: Echo, handle: Batches, **options: int) -> BatchConsumer:
    return BatchConsumer(echo.broker.uri, QUEUE, handle, **({"size": 100, "age_ms": 200} | options))


def test_a_full_queue_comes_in_full_batches_in_order(echo: Echo) -> None:
    fill(echo.broker, numbered(1000))
    handle = Batches()

    with consuming(consumer(echo, handle)):
        until(lambda: len(handle.all) == 1000, 15, "all handled")

    assert handle.all == numbered(1000)
    assert max(len(batch) for batch in handle.seen) == 100 and len(handle.seen) < 30
    assert echo.broker.depth(QUEUE) == 0


def test_what_a_message_was_sent_with_comes_along(echo: Echo) -> None:
    with echo.broker.channel() as channel:
        message = amqp.Message(b"{}", delivery_mode=2, application_headers={"device": 7})
        channel.basic_publish(message, "", QUEUE)
    handle = Batches()

    with consuming(consumer(echo, handle)):
        until(lambda: handle.headers == [{"device": 7}], 10, "handled")


def test_a_single_message_does_not_wait_for_others(echo: Echo) -> None:
    handle = Batches()
    with consuming(consumer(echo, handle)):
        began = time.monotonic()
        fill(echo.broker, [b"alone"])
        until(lambda: handle.seen == [[b"alone"]], 10, "handled")

    assert time.monotonic() - began < 2


def test_a_bad_message_is_parked_alone(echo: Echo) -> None:
    def fails(bodies: Sequence[bytes]) -> None:
        if b"7" in bodies:
            raise BadMessage(list(bodies).index(b"7"), "not a position")

    fill(echo.broker, numbered(100))
    handle = Batches(fails)

    with consuming(consumer(echo, handle)):
        until(lambda: len(handle.all) == 99, 15, "the others are handled")

    assert b"7" not in handle.all
    parked = echo.broker.take("echo.parked")
    assert parked.body in (b"7", "7") and echo.broker.depth(QUEUE) == 0


def test_too_many_bad_ones_stop_the_consumer_before_the_queue_is_empty(echo: Echo) -> None:
    def fails(bodies: Sequence[bytes]) -> None:
        raise BadMessage(0, "a bad release")

    fill(echo.broker, numbered(300))

    with pytest.raises(TooManyBad):
        consumer(echo, Batches(fails), park_limit=20).run()

    until(lambda: echo.broker.depth(QUEUE) == 279, 10, "the rest waits for a better release")
    assert echo.broker.depth("echo.parked") == 21


def test_an_outage_is_waited_out_with_the_batch_in_hand(echo: Echo) -> None:
    tries: list[float] = []

    def fails(bodies: Sequence[bytes]) -> None:
        tries.append(time.monotonic())
        if len(tries) < 4:
            raise ConnectionError("the database is away")

    fill(echo.broker, numbered(50))
    handle = Batches(fails)

    with consuming(consumer(echo, handle)):
        until(lambda: len(handle.all) == 50, 15, "handled in the end")

    assert len(tries) == 4 and tries[3] - tries[0] > 0.2 + 0.4 + 0.8, "the pauses grow"
    assert echo.broker.depth(QUEUE) == 0 and echo.broker.depth("echo.parked") == 0


def test_stopped_in_an_outage_it_gives_its_batch_back(echo: Echo) -> None:
    def fails(bodies: Sequence[bytes]) -> None:
        raise ConnectionError

    fill(echo.broker, numbered(50))
    stuck = consumer(echo, Batches(fails))
    with consuming(stuck):
        until(stuck.is_connected, 10, "connected")

    until(lambda: echo.broker.depth(QUEUE) == 50, 10, "all back")


def test_at_the_end_what_is_in_hand_is_finished(echo: Echo) -> None:
    fill(echo.broker, numbered(40))
    handle = Batches()
    ending = consumer(echo, handle, age_ms=60_000)
    with consuming(ending):
        until(lambda: len(ending.batch) == 40, 10, "in hand")
        assert handle.seen == []

    assert handle.all == numbered(40) and echo.broker.depth(QUEUE) == 0


def test_it_outlives_the_loss_of_its_connection(echo: Echo) -> None:
    handle = Batches()
    working = consumer(echo, handle)
    with consuming(working):
        until(working.is_connected, 10, "connected")
        assert working.line is not None
        working.line.connection.sock.shutdown(2)
        fill(echo.broker, numbered(5))
        until(lambda: set(handle.all) == set(numbered(5)), 10, "handled on a new one")
