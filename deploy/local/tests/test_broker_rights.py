"""The rights in deploy/broker/users.json on a real broker: enough for a service's work, nothing more."""

from collections.abc import Iterator

import amqp
import pytest

from chassis import topology
from chassis.testing.broker import Broker
from chassis.topology import Heard, Topology
from chassis.wire import ConfirmedLine, Outcome, Outgoing

HEARS = Heard("filing", "application_submitted", 1)
TOPOLOGIES = [
    Topology("filing", answers=True, publishes=("application_submitted.v1",)),
    Topology("equipment", answers=True, hears=(HEARS,)),
]
QUEUE = topology.reader_queue("equipment", HEARS.type, HEARS.version)


@pytest.fixture(scope="module")
def declared(broker: Broker) -> Broker:
    topology.declare_all(broker.uri, TOPOLOGIES)
    return broker


@pytest.fixture
def filing(declared: Broker) -> Iterator[ConfirmedLine]:
    line = ConfirmedLine(declared.uri_of("filing"), seconds=5, name="filing")
    yield line
    line.close()


@pytest.fixture
def equipment(declared: Broker) -> Iterator[ConfirmedLine]:
    line = ConfirmedLine(declared.uri_of("equipment"), seconds=5, name="equipment")
    yield line
    line.close()


def send(line: ConfirmedLine, exchange: str, key: str) -> Outcome:
    [outcome] = line.publish([Outgoing(exchange=exchange, key=key, body=b"{}", id=f"{exchange} {key}")], 5)
    return outcome


def test_a_service_tells_its_events_and_another_reads_them(filing: ConfirmedLine, equipment: ConfirmedLine) -> None:
    assert send(filing, "filing.events", HEARS.key) is Outcome.CONFIRMED

    message = equipment.channel.basic_get(QUEUE)

    assert message is not None and message.body == "{}"


def test_a_reader_may_delay_park_and_hand_back(equipment: ConfirmedLine) -> None:
    assert send(equipment, topology.delay_exchange("equipment", "5s"), QUEUE) is Outcome.CONFIRMED
    assert send(equipment, topology.parked_queue("equipment"), QUEUE) is Outcome.CONFIRMED
    assert send(equipment, topology.readers_exchange("equipment"), QUEUE) is Outcome.CONFIRMED


def test_a_caller_asks_and_has_a_reply_queue_of_its_own(filing: ConfirmedLine) -> None:
    filing.channel.queue_declare("rpc.reply-filing-1", exclusive=True, auto_delete=True)
    filing.channel.queue_bind("rpc.reply-filing-1", topology.RPC_EXCHANGE, "rpc.reply-filing-1")

    assert filing.channel.queue_declare("rpc-equipment", passive=True).consumer_count == 0
    assert send(filing, topology.RPC_EXCHANGE, "equipment.reserve") is Outcome.CONFIRMED


def test_nobody_speaks_in_another_s_name(equipment: ConfirmedLine) -> None:
    with pytest.raises(amqp.AccessRefused):
        send(equipment, "filing.events", HEARS.key)


def test_nobody_answers_for_another(equipment: ConfirmedLine) -> None:
    with pytest.raises(amqp.AccessRefused):
        equipment.channel.basic_consume("rpc-filing")


@pytest.mark.parametrize("queue", [QUEUE, "equipment.parked", "rpc-equipment"])
def test_nobody_reads_another_s_queue(filing: ConfirmedLine, queue: str) -> None:
    with pytest.raises(amqp.AccessRefused):
        filing.channel.basic_get(queue)


@pytest.mark.parametrize("queue", ["filing.mine", "rpc.reply-equipment-1", "anything"])
def test_no_service_declares_queues(filing: ConfirmedLine, queue: str) -> None:
    with pytest.raises(amqp.AccessRefused):
        filing.channel.queue_declare(queue, durable=True, auto_delete=False)


def test_nobody_goes_round_the_exchanges(filing: ConfirmedLine) -> None:
    with pytest.raises(amqp.AccessRefused):
        send(filing, "", "rpc-equipment")
