"""The broker's fixtures: what the tests of every entry point stand on."""

import amqp
import pytest

from chassis.testing.broker import BreakableBroker, Broker


def declare(broker: Broker, queue: str) -> None:
    with broker.channel() as channel:
        channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})


def test_what_is_published_can_be_taken(broker: Broker) -> None:
    declare(broker, "letters")

    broker.publish({"a": 1}, key="letters", delivery_mode=2)

    assert broker.depth("letters") == 1
    assert broker.take("letters").body == b'{"a": 1}'
    assert broker.depth("letters") == 0


def test_a_listener_hears_what_an_exchange_is_told(broker: Broker) -> None:
    with broker.channel() as channel:
        channel.exchange_declare("news", "topic", durable=True, auto_delete=False)
    heard = broker.listen("news", "weather.*")

    broker.publish(b"rain", exchange="news", key="weather.today")
    broker.publish(b"goal", exchange="news", key="sport.today")

    assert broker.take(heard).body == b"rain"
    assert broker.depth(heard) == 0


def test_persistent_messages_outlive_a_restart(breakable_broker: BreakableBroker) -> None:
    declare(breakable_broker, "letters")
    breakable_broker.publish(b"kept", key="letters", delivery_mode=2)

    breakable_broker.restart()

    assert breakable_broker.take("letters").body == b"kept"


def test_under_a_memory_alarm_nothing_is_accepted(breakable_broker: BreakableBroker) -> None:
    declare(breakable_broker, "starved")
    breakable_broker.raise_memory_alarm()

    with breakable_broker.channel() as channel:
        channel.confirm_select()
        with pytest.raises(TimeoutError):
            channel.basic_publish_confirm(amqp.Message(b"waits"), "", "starved", confirm_timeout=1)

    breakable_broker.clear_memory_alarm()
    breakable_broker.publish(b"passes", key="starved")
