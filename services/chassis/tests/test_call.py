"""A call ends: with the reply, with a refusal, or with `Unavailable` by its deadline."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import amqp
import pytest

from chassis import telemetry, topology
from chassis.breaker import FAILURES_TO_OPEN
from chassis.call import Call, Caller, Question
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from chassis.principal import Principal
from chassis.testing.broker import Broker
from services.chassis.tests.conftest import Echo

SLACK = 0.5  # what a busy machine may take longer than the deadline


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began <= seconds + SLACK


def metric(name: str, **labels: str) -> float:
    return telemetry.REGISTRY.get_sample_value(name, labels) or 0.0


# -- answered ----------------------------------------------------------------------------------------------------------


def test_a_reply_comes_back_with_what_went_along(running_echo: Echo, caller: Caller, token: str) -> None:
    telemetry.trace.set("trace-7")

    reply = caller.call("echo", "echo", {"text": "你好"}, token, deadline=2.0, key="k1")

    assert reply["text"] == "你好"
    assert (reply["user_id"], reply["key"], reply["trace"]) == ("clerk", "k1", "trace-7")
    assert 1.0 < reply["left"] <= 2.0


def test_a_refusal_comes_back_as_what_it_was(running_echo: Echo, caller: Caller, token: str) -> None:
    with pytest.raises(Conflict) as refused:
        caller.call("echo", "behave", {"how": "conflict"}, token)

    assert refused.value.code == "machine_locked"
    assert refused.value.detail == {"held_by": "甲项目", "since": "2026-03-02"}


def test_several_calls_are_made_at_the_same_time(running_echo: Echo, caller: Caller, token: str) -> None:
    questions = [Question("echo", "echo", {"text": str(each), "seconds": 0.5}) for each in range(4)]

    with at_most(0.5):
        answers = caller.call_many([*questions, ("echo", "behave", {"how": "conflict"})], token, deadline=2.0)

    assert [answer["text"] for answer in answers[:4] if isinstance(answer, dict)] == ["0", "1", "2", "3"]
    assert isinstance(answers[4], Conflict)


def test_one_that_is_silent_does_not_spoil_the_others(running_echo: Echo, caller: Caller, token: str) -> None:
    slow, quick = (
        Question("echo", "echo", {"text": "slow", "seconds": 1.5}),
        Question("echo", "echo", {"text": "quick"}),
    )

    with at_most(0.6):
        silent, answered = caller.call_many([slow, quick], token, deadline=0.6)

    assert isinstance(silent, Unavailable) and silent.code == "no_answer"
    assert isinstance(answered, dict) and answered["text"] == "quick"


def test_many_threads_share_one_caller(running_echo: Echo, broker: Broker, token: str) -> None:
    """N20: Nameko's own client is for one thread, and takes 27 ms a call if it is made anew each time."""
    caller = Caller(broker.uri, "gateway", size=8)

    def ask(number: int) -> str:
        return str(caller.call("echo", "echo", {"text": f"n{number}"}, token, deadline=10.0)["text"])

    with ThreadPoolExecutor(32) as threads:
        assert list(threads.map(ask, range(300))) == [f"n{number}" for number in range(300)]
    assert len(caller.idle) <= 8
    caller.close()


def test_the_limit_of_connections_is_waited_for_no_longer_than_the_deadline(
    running_echo: Echo, broker: Broker, token: str
) -> None:
    caller = Caller(broker.uri, "gateway", size=1)
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(caller.call, "echo", "echo", {"text": "a", "seconds": 1.5}, token, deadline=3.0)
        time.sleep(0.3)  # the first has the only connection by now
        with at_most(0.3), pytest.raises(Unavailable):
            caller.call("echo", "echo", {"text": "b"}, token, deadline=0.3)
        assert first.result()["text"] == "a"


def test_calls_are_counted_by_outcome(running_echo: Echo, caller: Caller, token: str) -> None:
    before = {o: metric("rpc_calls_total", service="echo", method="behave", outcome=o) for o in ("refused", "bug")}

    for how in ("conflict", "bug"):
        with pytest.raises((Conflict, Unavailable)):
            caller.call("echo", "behave", {"how": how}, token)

    for outcome, count in before.items():
        assert metric("rpc_calls_total", service="echo", method="behave", outcome=outcome) == count + 1


# -- not answered ------------------------------------------------------------------------------------------------------


def test_a_service_without_a_queue_is_unavailable_at_once(running_echo: Echo, caller: Caller, token: str) -> None:
    with at_most(0.2), pytest.raises(Unavailable) as refused:
        caller.call("nobody", "anything", {}, token, deadline=10.0)

    assert refused.value.code == "service_down"


def test_a_service_that_does_not_run_is_unavailable_at_once(running_echo: Echo, caller: Caller, token: str) -> None:
    """Its queue is there, but nobody reads it: no need to wait for the deadline."""
    topology.declare_all(caller.uri, [topology.Topology("sleeper", answers=True)])

    with at_most(0.2), pytest.raises(Unavailable) as refused:
        caller.call("sleeper", "anything", {}, token, deadline=10.0)

    assert refused.value.code == "service_down"


def test_a_slow_service_is_waited_for_until_the_deadline(running_echo: Echo, caller: Caller, token: str) -> None:
    """N7: a call from service to service has no end in Nameko."""
    with at_most(0.5), pytest.raises(Unavailable) as refused:
        caller.call("echo", "echo", {"text": "slow", "seconds": 1.5}, token, deadline=0.5)

    assert refused.value.code == "no_answer"


def test_after_failures_in_a_row_nobody_waits_any_more(broker: Broker, token: str) -> None:
    topology.declare_all(broker.uri, [topology.Topology("mute", answers=True)])
    caller = Caller(broker.uri, "gateway")
    with reader_who_never_answers(broker, "rpc-mute"):
        for _ in range(FAILURES_TO_OPEN):
            with pytest.raises(Unavailable, match="no_answer"):
                caller.call("mute", "anything", {}, token, deadline=0.1)

        with at_most(0.05), pytest.raises(Unavailable, match="service_down"):
            caller.call("mute", "anything", {}, token, deadline=5.0)

    assert metric("rpc_breaker_open", service="mute") == 1.0


@contextmanager
def reader_who_never_answers(broker: Broker, queue: str) -> Iterator[None]:
    with broker.channel() as channel:
        channel.basic_consume(queue, callback=lambda message: None, no_ack=True)
        yield


def test_a_broker_that_is_not_there_is_told_at_once(token: str) -> None:
    caller = Caller("amqp://guest:guest@127.0.0.1:1/", "gateway")

    with at_most(0.1), pytest.raises(Unavailable, match="broker_down"):
        caller.call("echo", "echo", {"text": "a"}, token, deadline=5.0)


def test_a_broker_that_accepts_and_then_says_nothing_is_bounded_by_the_deadline(token: str) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        caller = Caller(f"amqp://guest:guest@127.0.0.1:{listener.getsockname()[1]}/", "gateway")

        with at_most(0.5), pytest.raises(Unavailable, match="broker_down"):
            caller.call("echo", "echo", {"text": "a"}, token, deadline=0.5)


def test_a_reply_that_is_none_is_a_bug_of_the_service(broker: Broker, caller: Caller, token: str) -> None:
    topology.declare_all(broker.uri, [topology.Topology("babbler", answers=True)])
    with broker.channel() as channel, ThreadPoolExecutor(1) as threads:

        def babble(message: amqp.Message) -> None:
            reply = amqp.Message(b"\xff", correlation_id=message.properties["correlation_id"])
            channel.basic_publish(reply, "nameko-rpc", message.properties["reply_to"])

        channel.basic_consume("rpc-babbler", callback=babble, no_ack=True)
        asked = threads.submit(caller.call, "babbler", "anything", {}, token, deadline=5.0)
        channel.connection.drain_events(timeout=5)

        with pytest.raises(Unavailable, match="internal_error"):
            asked.result()


# -- on the wire -------------------------------------------------------------------------------------------------------


def test_the_request_on_the_wire_is_namekos_plain_json_and_expires(broker: Broker, caller: Caller, token: str) -> None:
    """N8, N18: expiry in milliseconds on the wire; no tags, no pickle."""
    topology.declare_all(broker.uri, [topology.Topology("recorder", answers=True)])
    with broker.channel() as channel, ThreadPoolExecutor(1) as threads:
        taken: list[amqp.Message] = []
        channel.basic_consume("rpc-recorder", callback=taken.append, no_ack=True)
        asked = threads.submit(caller.call, "recorder", "note", {"text": "好"}, token, deadline=1.5, key="k")
        channel.connection.drain_events(timeout=5)
        with pytest.raises(Unavailable):
            asked.result()

    (message,) = taken
    assert message.delivery_info["routing_key"] == "recorder.note"
    assert json.loads(message.body) == {"args": [{"text": "好"}], "kwargs": {}}
    assert message.properties["content_type"] == "application/json"
    assert 1000 < int(message.properties["expiration"]) <= 1500
    assert message.headers["principal"] == token and message.headers["idempotency-key"] == "k"
    assert message.headers["trace"]
    assert abs(message.headers["expires"] / 1000 - time.time()) < 2


def test_who_is_asked_in_turn_gets_no_more_time_than_is_left() -> None:
    call = Call(principal=Principal(user_id="u"), expires=time.time() + 0.4)

    assert 0.3 < call.left() <= 0.4
    assert call.left(0.1) == 0.1
    assert Call(principal=Principal(user_id="u"), expires=time.time() - 1).left() == 0.0


def test_a_service_may_ask_another_from_under_eventlet(running_echo: Echo, caller: Caller, token: str) -> None:
    reply = caller.call("echo", "ask_again", {"text": "turn"}, token, deadline=3.0, key="k9")

    assert (reply["text"], reply["user_id"], reply["key"]) == ("turn", "clerk", "k9")


def test_calls_of_a_patched_process_are_bounded_too() -> None:
    """The socket's own time-outs do nothing under eventlet; the deadline must."""
    program = """
import eventlet
eventlet.monkey_patch()
import socket, time
from chassis.call import Caller
from chassis.errors import Unavailable
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen()
caller = Caller(f"amqp://guest:guest@127.0.0.1:{listener.getsockname()[1]}/", "gateway")
began = time.monotonic()
try:
    caller.call("echo", "echo", {}, "", deadline=0.5)
except Unavailable as refused:
    print(refused.code, time.monotonic() - began < 1.5)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=20)
    assert done.stdout.splitlines()[-1] == "broker_down True", done.stderr


def test_text_that_is_no_text_is_refused_by_the_service_and_does_not_break_the_caller(
    running_echo: Echo, caller: Caller, token: str
) -> None:
    with pytest.raises(Invalid):
        caller.call("echo", "echo", {"text": "\ud800"}, token)


def test_a_bad_request_or_principal_is_refused_before_the_method(
    running_echo: Echo, caller: Caller, token: str
) -> None:
    with pytest.raises(Forbidden, match="principal_invalid"):
        caller.call("echo", "echo", {"text": "a"}, "forged")
    with pytest.raises(Invalid) as refused:
        caller.call("echo", "echo", {"txt": "a"}, token)
    assert refused.value.fields == {"text": [{"rule": "required"}], "txt": [{"rule": "unknown_field"}]}
    assert not isinstance(refused.value, NotFound)
