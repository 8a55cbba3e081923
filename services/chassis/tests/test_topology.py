"""What is declared before any process starts, and that nothing told on it can vanish."""

from pathlib import Path

import amqp
import pytest

from chassis import topology
from chassis.testing.broker import Broker
from chassis.topology import Batch, Heard, Topology

SENDER = Topology("sender", answers=True, publishes=("thing_made.v1", "thing_lost.v1"))
READER = Topology(
    "reader",
    answers=True,
    hears=(Heard("sender", "thing_made", 1),),
    batches=(Batch("reader.heaps.v1", 2),),
)
BOTH = [SENDER, READER]


@pytest.fixture(scope="module")
def declared(broker: Broker) -> Broker:
    topology.declare_all(broker.uri, BOTH)
    return broker


def test_a_package_says_in_a_file_what_it_does(tmp_path: Path) -> None:
    file = tmp_path / "reader" / "topology.toml"
    file.parent.mkdir()
    file.write_text(
        "answers = true\n"
        'hears = [{ source = "sender", type = "thing_made", version = 1 }]\n'
        '[[batches]]\nqueue = "reader.heaps.v1"\nlimit = 2\n'
    )

    assert topology.read(file) == READER


def test_queues_are_named_by_the_fact_not_by_code() -> None:
    """N19: with Nameko's own names, renaming a method leaves a queue that fills for ever."""
    assert topology.reader_queue("reader", "thing_made", 1) == "reader.thing_made.v1"
    assert topology.queue_names(READER) == [
        "rpc-reader",
        "reader.delay.5s",
        "reader.delay.1min",
        "reader.delay.10min",
        "reader.thing_made.v1",
        "reader.heaps.v1",
        "reader.parked",
    ]


def test_declaring_twice_changes_nothing(declared: Broker) -> None:
    topology.declare_all(declared.uri, BOTH)
    topology.declare_all(declared.uri, [READER])


def test_an_event_reaches_the_queue_of_its_reader(declared: Broker) -> None:
    declared.publish(b"{}", exchange="sender.events", key="thing_made.v1", delivery_mode=2)

    assert declared.take("reader.thing_made.v1").body == b"{}"


def test_an_event_that_nobody_hears_is_kept_among_the_last_thousand(declared: Broker) -> None:
    declared.publish(b"nobody's", exchange="sender.events", key="thing_lost.v1", delivery_mode=2)

    assert declared.take(topology.UNHEARD).body == b"nobody's"
    assert declared.depth("sender.unrouted") == 0


def test_an_event_that_no_topology_knows_does_not_vanish(declared: Broker) -> None:
    """N5: without a queue, RabbitMQ drops it in silence."""
    declared.publish(b"unknown", exchange="sender.events", key="thing_invented.v1", delivery_mode=2)

    assert declared.take("sender.unrouted").body == b"unknown"


def test_a_delayed_message_comes_back_to_the_queue_it_was_meant_for(declared: Broker) -> None:
    declared.publish(b"again", exchange="reader.delay.5s", key="reader.thing_made.v1", delivery_mode=2)

    assert declared.depth("reader.thing_made.v1") == 0
    assert declared.take("reader.thing_made.v1", seconds=8).body == b"again"


@pytest.mark.parametrize("queue", ["reader.thing_made.v1", "reader.heaps.v1"])
def test_a_rejected_message_is_parked(declared: Broker, queue: str) -> None:
    declared.publish(b"bad", key=queue, delivery_mode=2)
    with declared.channel() as channel:
        message = channel.basic_get(queue)
        channel.basic_reject(message.delivery_tag, requeue=False)

    parked = declared.take("reader.parked")

    assert parked.body == b"bad"
    assert parked.headers["x-death"][0]["queue"] == queue


def test_a_message_that_kills_its_reader_is_parked_in_the_end(declared: Broker) -> None:
    """N3: a message given back is not handed out for ever."""
    declared.publish(b"poison", key="reader.thing_made.v1", delivery_mode=2)

    handed_out = 0
    while declared.depth("reader.parked") == 0 and handed_out < 50:
        with declared.channel() as channel:
            if (message := channel.basic_get("reader.thing_made.v1")) is not None:
                handed_out += 1
                channel.basic_reject(message.delivery_tag, requeue=True)

    assert handed_out == topology.DELIVERY_LIMIT + 1
    assert declared.take("reader.parked").body == b"poison"


def test_a_full_queue_refuses_its_publisher(declared: Broker) -> None:
    for _ in range(2):
        declared.publish(b"x", key="reader.heaps.v1", delivery_mode=2)

    with pytest.raises(amqp.exceptions.MessageNacked):
        for _ in range(5):  # a quorum queue counts a moment later
            declared.publish(b"x", key="reader.heaps.v1", delivery_mode=2)


def test_orphans_are_found_and_removed_when_nobody_needs_them(broker: Broker) -> None:
    """N19: a queue that no topology names any more fills unseen."""
    former = Topology("former", hears=(Heard("sender", "thing_made", 1),))
    topology.declare_all(broker.uri, [*BOTH, former])
    assert topology.orphans(broker.uri, [*BOTH, former]) == {}

    broker.publish(b"for nobody", exchange="sender.events", key="thing_made.v1", delivery_mode=2)
    found = topology.orphans(broker.uri, BOTH)

    assert found["former.thing_made.v1"] == 1 and "reader.thing_made.v1" not in found
    with pytest.raises(topology.StillNeeded):
        topology.remove(broker.uri, "former.thing_made.v1")
    broker.take("former.thing_made.v1")
    topology.remove(broker.uri, "former.thing_made.v1")
    assert "former.thing_made.v1" not in topology.orphans(broker.uri, BOTH)


def test_from_the_command_line(broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: object) -> None:
    file = tmp_path / "services" / "reader" / "reader" / "topology.toml"
    file.parent.mkdir(parents=True)
    file.write_text("answers = true\n")
    monkeypatch.setenv("AMQP_URI", broker.uri)
    monkeypatch.chdir(tmp_path)

    assert topology.main(["declare"]) == 0
    assert topology.main(["orphans"]) == 0
    assert topology.main(["orphans", str(file)]) == 0
    assert topology.main([]) == 2
    assert topology.depth(broker.uri, "rpc-reader") == 0
