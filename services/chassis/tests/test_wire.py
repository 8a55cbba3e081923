"""A line never waits for ever, and knows what became of each message."""

import socket
import time

import amqp
import pytest

from chassis.identifiers import new_id
from chassis.testing.broker import BreakableBroker, Broker
from chassis.wire import ConfirmedLine, Deadline, Line, Outcome, Outgoing, SharedLine


def letter(key: str, **options: object) -> Outgoing:
    return Outgoing(exchange="", key=key, body=b"{}", id=new_id(), **options)  # type: ignore[arg-type]


@pytest.fixture
def line(broker: Broker) -> ConfirmedLine:
    line = ConfirmedLine(broker.uri, seconds=5, name="test")
    line.channel.queue_declare("open", durable=True, auto_delete=False)
    line.channel.queue_declare(
        "full", durable=True, auto_delete=False, arguments={"x-max-length": 0, "x-overflow": "reject-publish"}
    )
    return line


def test_each_message_is_confirmed_returned_or_refused(line: ConfirmedLine) -> None:
    outcomes = line.publish([letter("open"), letter("nowhere"), letter("full"), letter("open")], 5)

    assert outcomes == [Outcome.CONFIRMED, Outcome.RETURNED, Outcome.REFUSED, Outcome.CONFIRMED]


def test_hundreds_are_confirmed_together(line: ConfirmedLine) -> None:
    assert line.publish([letter("open") for _ in range(1000)], 20) == [Outcome.CONFIRMED] * 1000
    assert line.publish([letter("open")], 5) == [Outcome.CONFIRMED]


def test_a_message_expires_after_seconds_not_milliseconds() -> None:
    """N8: kombu takes seconds, Nameko's docstring says milliseconds, the wire has milliseconds as text."""
    assert letter("open", expires=2.5).message().properties["expiration"] == "2500"
    assert letter("open", expires=0.0001).message().properties["expiration"] == "1"


def test_a_silent_peer_is_noticed_by_the_kernel(line: ConfirmedLine) -> None:
    """N13: publishers have no heartbeat of their own."""
    assert line.connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
    assert 0 < line.connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) <= 120


def test_a_deadline_counts_down_and_then_raises() -> None:
    deadline = Deadline(0.05)
    assert 0 < deadline.left() <= 0.05
    time.sleep(0.06)
    with pytest.raises(TimeoutError):
        deadline.left()


def test_a_confirm_that_does_not_come_is_given_up(breakable_broker: BreakableBroker) -> None:
    """N14: under an alarm the broker reads nothing, and a plain publisher hangs."""
    line = ConfirmedLine(breakable_broker.uri, seconds=5, name="test")
    line.channel.queue_declare("starved", durable=True, auto_delete=False)
    breakable_broker.raise_memory_alarm()
    try:
        began = time.monotonic()
        with pytest.raises((OSError, amqp.AMQPError)):
            while True:
                line.publish([letter("starved")], 1.0)
        assert time.monotonic() - began < 4
        assert line.blocked, "the broker has told why"
        line.close()
        assert time.monotonic() - began < 6
    finally:
        breakable_broker.clear_memory_alarm()


def test_a_shared_line_is_opened_anew_after_it_has_failed(broker: Broker) -> None:
    shared = SharedLine(lambda: Line(broker.uri, seconds=5, name="test"))
    with shared.use() as first:
        pass
    with shared.use() as again:
        assert again is first
    first.connection.sock.shutdown(socket.SHUT_RDWR)

    with shared.use() as second:
        assert second is not first
    with pytest.raises(RuntimeError), shared.use():
        raise RuntimeError
    with shared.use() as third:
        assert third is not second
