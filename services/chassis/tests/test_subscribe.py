"""Events under Nameko: handled once, tried again, parked in the end, never lost (traps of style.md §8)."""

import json
import time

import amqp
import pytest

from chassis import envelope, park
from chassis.call import Caller
from chassis.errors import Unavailable
from chassis.nameko.subscribe import TRIES_IN_AN_OUTAGE, declared_by, next_stop
from chassis.testing.broker import BreakableBroker, Broker
from chassis.topology import Heard
from services.chassis.tests.conftest import QUEUE, Echo, topologies, until


def handed_over(broker: Broker, queue: str) -> amqp.Message:
    return broker.take(queue, seconds=15)


# -- a handler that works ----------------------------------------------------------------------------------------------


def test_an_event_is_handled_and_gone(echo: Echo, broker: Broker) -> None:
    process = echo.start("subscriptions")

    echo.tell("hello", unknown_field="is not our business")

    echo.wait_for("handled hello")
    until(lambda: f'outcome="handled",queue="{QUEUE}"}} 1.0' in process.get("/metrics"), 5, "counted")
    assert broker.depth(QUEUE) == 0


def test_an_event_that_comes_twice_is_handled_once(echo: Echo, broker: Broker) -> None:
    echo.start("subscriptions")

    event = echo.tell("once")
    echo.wait_for("handled once")
    broker.publish(envelope.dump(event), exchange="source.events", key="thing_happened.v1", delivery_mode=2)

    echo.wait_for("began once", times=2)
    echo.tell("next")
    echo.wait_for("handled next")
    assert echo.did().count("handled once") == 1


def test_events_in_hand_at_the_end_are_handled_once(echo: Echo) -> None:
    """N1: with Nameko, the running handlers ran a second time in another process."""
    ending = echo.start("subscriptions")
    for number in range(3):
        echo.tell(f"slow{number}", seconds=2)
    for number in range(3):
        echo.wait_for(f"began slow{number}")

    ending.terminate()
    echo.start("subscriptions")

    assert ending.wait() == 0
    echo.tell("last")
    echo.wait_for("handled last")
    for number in range(3):
        assert echo.did().count(f"began slow{number}") == 1
        assert echo.did().count(f"handled slow{number}") == 1


def test_a_process_holds_few_messages_and_leaves_the_rest_to_others(echo: Echo, broker: Broker) -> None:
    """N11: Nameko takes as many as it has workers, for every handler."""
    for number in range(30):
        echo.tell(f"slow{number}", seconds=1)

    process = echo.start("subscriptions")
    echo.wait_for("began slow0")

    assert broker.depth(QUEUE) >= 20
    in_hand = [line for line in process.get("/metrics").splitlines() if line.startswith("messages_in_hand{")]
    assert in_hand == ['messages_in_hand{service="echo-subscriptions"} 5.0']


def test_a_killed_process_leaves_its_event_to_the_next(echo: Echo) -> None:
    killed = echo.start("subscriptions")
    echo.tell("kept", seconds=1)
    echo.wait_for("began kept")

    killed.kill()
    echo.start("subscriptions")

    echo.wait_for("handled kept")
    assert echo.did() == ["began kept", "began kept", "handled kept"]


# -- a handler that fails ----------------------------------------------------------------------------------------------


def test_a_failed_event_is_tried_again_later_not_at_once(echo: Echo, broker: Broker) -> None:
    """N2: Nameko acknowledges and forgets it. N3: asked to requeue, it tries 700 times a second."""
    echo.start("subscriptions")

    echo.tell("fails", how="fail")

    began = time.monotonic()
    echo.wait_for("began fails", times=2)
    assert 4 < time.monotonic() - began < 12
    delayed = handed_over(broker, "echo.delay.1min")
    assert delayed.headers["tries"] == 2 and delayed.headers["queue"] == QUEUE


def test_after_the_last_try_it_is_parked_with_the_reason_and_nobodys_data(echo: Echo, broker: Broker) -> None:
    echo.start("subscriptions")

    event = echo.tell("fails", how="fail", tries=3)

    parked = handed_over(broker, "echo.parked")
    assert json.loads(parked.body)["id"] == event.id
    assert parked.headers["queue"] == QUEUE and parked.headers["tries"] == 4
    assert parked.headers["reason"] == "RuntimeError: identity 130102********0014"
    assert echo.did() == ["began fails"] and broker.depth(QUEUE) == 0


@pytest.mark.parametrize("body", [b"\xff\x00", b"{", b'"text"', b'{"id": "1"}'])
def test_what_is_no_event_is_parked_at_once_and_the_others_go_on(echo: Echo, broker: Broker, body: bytes) -> None:
    """N4: Nameko acknowledges what it cannot decode, with one log line."""
    echo.start("subscriptions")

    broker.publish(body, exchange="source.events", key="thing_happened.v1", delivery_mode=2)
    echo.tell("good")

    echo.wait_for("handled good")
    parked = handed_over(broker, "echo.parked")
    assert parked.body in (body, body.decode(errors="ignore"))
    assert parked.headers["reason"].startswith("Undecodable")


def test_an_event_that_the_narrow_schema_cannot_read_is_parked_with_the_fields(echo: Echo, broker: Broker) -> None:
    echo.start("subscriptions")

    echo.tell(text=7)  # type: ignore[arg-type]

    assert handed_over(broker, "echo.parked").headers["reason"] == "Invalid: {'text': [{'rule': 'not_text'}]}"


def test_no_event_however_strange_stops_the_process(echo: Echo, broker: Broker) -> None:
    process = echo.start("subscriptions")

    strange = event_body(0) | {"type": "\ud800\x00", "trace": "\ud800"}
    broker.publish(
        strange,
        exchange="source.events",
        key="thing_happened.v1",
        delivery_mode=2,
        application_headers={"tries": "many", "first-at": 7},
    )
    echo.tell("good")

    echo.wait_for("handled good")
    assert handed_over(broker, "echo.parked").headers["tries"] == 1
    assert process.process.poll() is None


def test_an_event_that_kills_its_process_ends_in_the_parking_queue(echo: Echo, broker: Broker) -> None:
    """N3, N12: handed out again and again, it would take every instance down for ever."""
    echo.tell("deadly", how="die")
    with broker.channel() as channel:  # nineteen processes have died of it already
        deaths = 0
        while deaths < 19:
            if (message := channel.basic_get(QUEUE)) is not None:
                channel.basic_reject(message.delivery_tag, requeue=True)
                deaths += 1

    for _ in range(2):
        process = echo.start("subscriptions", wait=False)
        assert process.wait() == 9
    process = echo.start("subscriptions")

    parked = handed_over(broker, "echo.parked")
    assert parked.headers["x-death"][0]["reason"] == "delivery_limit"
    assert process.process.poll() is None


def test_an_outage_is_waited_out_and_never_the_messages_fault() -> None:
    assert next_stop("echo", 1, RuntimeError()) == "echo.delay.5s"
    assert next_stop("echo", 3, RuntimeError()) == "echo.delay.10min"
    assert next_stop("echo", 4, RuntimeError()) == "echo.parked"
    assert next_stop("echo", 4, Unavailable()) == "echo.delay.10min"
    assert next_stop("echo", TRIES_IN_AN_OUTAGE, Unavailable()) == "echo.parked"


def test_under_a_broker_alarm_a_failed_event_is_kept(breakable_echo: Echo, breakable_broker: BreakableBroker) -> None:
    """N14: it cannot be passed on to its delay; it must not be acknowledged either."""
    process = breakable_echo.start("subscriptions")
    breakable_echo.tell("kept", how="fail", seconds=1)
    breakable_echo.wait_for("began kept")
    breakable_broker.raise_memory_alarm()
    until(lambda: "broker_away" in process.log.read_text(), 15, "it cannot be passed on")

    breakable_broker.clear_memory_alarm()

    assert handed_over(breakable_broker, "echo.delay.1min").headers["tries"] == 2


# -- beside requests ---------------------------------------------------------------------------------------------------


def test_a_flood_of_events_does_not_hold_up_requests(echo: Echo, caller: Caller, token: str) -> None:
    """N10: one worker pool for both, and 600 events take a request from 4 to 131 ms."""
    echo.start("rpc")
    echo.start("subscriptions")
    with echo.broker.channel() as channel:
        for number in range(300):
            body = json.dumps(event_body(number)).encode()
            channel.basic_publish(amqp.Message(body), "source.events", "thing_happened.v1")
    echo.wait_for("began flood0")

    took = []
    for _ in range(20):
        began = time.monotonic()
        caller.call("echo", "echo", {"text": "quick"}, token, deadline=5.0)
        took.append(time.monotonic() - began)

    assert echo.broker.depth(QUEUE) > 0, "the flood was over before the requests"
    assert sorted(took)[10] < 0.1


def event_body(number: int) -> dict[str, object]:
    data = {"text": f"flood{number}", "seconds": 0.2}
    return {
        "id": f"flood-{number}-{time.time()}",
        "type": "thing_happened",
        "version": 1,
        "occurred_at": "2026-03-02T01:00:00+00:00",
        "subject": "s",
        "data": data,
    }


def test_what_a_class_hears_can_be_compared_with_its_topology(echo_importable: None) -> None:
    from echo.subscriptions import EchoSubscriptions

    assert set(declared_by(EchoSubscriptions)) == set(topologies()[0].hears) == {Heard("source", "thing_happened", 1)}


def test_reasons_are_short() -> None:
    assert len(park.headers("q", 1, "", "x" * 5000)["reason"]) == park.REASON_LIMIT
