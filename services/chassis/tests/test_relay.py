"""The relay sends everything that was committed, whatever is killed, and nothing that was not."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import amqp
import psycopg
import pytest
from sqlalchemy import func, select, text

from chassis import topology
from chassis.database import Sessions, transaction
from chassis.envelope import Event, from_bytes
from chassis.outbox import OutboxRow, record
from chassis.relay import NotRouted, Relay, forget_sent, send_batch
from chassis.testing.broker import BreakableBroker, Broker
from chassis.testing.databases import Database
from chassis.wire import ConfirmedLine
from services.chassis.tests.conftest import Echo, until

HEARD = "teller_reader.told.v1"
TOPOLOGY = [
    topology.Topology("teller", publishes=("told.v1",)),
    topology.Topology("echo", publishes=("told.v1",)),
    topology.Topology("teller_reader", hears=(topology.Heard("teller", "told", 1),)),
    topology.Topology("reader", hears=(topology.Heard("echo", "told", 1),)),
]


def tell(sessions: Sessions, *numbers: int) -> list[str]:
    """Record one event for each number, in one transaction; their ids."""
    events = [Event(type="told", version=1, subject=str(number), data={"number": number}) for number in numbers]
    with transaction(sessions) as session:
        for event in events:
            record(session, event)
    return [event.id for event in events]


def tell_many(sessions: Sessions, count: int, prefix: str = "e") -> list[str]:
    """The same for a great many, by one statement."""
    ids = [f"{prefix}{number:06d}" for number in range(count)]
    row = """select id, 'told', 1, id, now(), jsonb_build_object('id', id, 'type', 'told', 'version', 1,
             'occurred_at', now(), 'subject', id, 'data', jsonb_build_object())"""
    columns = "id, type, version, subject, recorded_at, body"
    with transaction(sessions) as session:
        session.execute(
            text(f"insert into outbox ({columns}) {row} from unnest(cast(:ids as text[])) as id"), {"ids": ids}
        )
    return ids


def heard(broker: Broker, queue: str = HEARD) -> list[str]:
    """The ids of all events in the queue, in their order; the queue is empty afterwards."""
    ids: list[str] = []
    with broker.channel() as channel:
        channel.basic_consume(queue, no_ack=True, callback=lambda message: ids.append(from_bytes(bytes_of(message)).id))
        while True:
            try:
                channel.connection.drain_events(timeout=0.3)
            except TimeoutError:
                return ids


def bytes_of(message: amqp.Message) -> bytes:
    return message.body.encode() if isinstance(message.body, str) else bytes(message.body)


def unsent(sessions: Sessions) -> int:
    with transaction(sessions) as session:
        return session.scalar(select(func.count()).where(OutboxRow.sent_at.is_(None))) or 0


@pytest.fixture
def declared(broker: Broker) -> Broker:
    topology.declare_all(broker.uri, TOPOLOGY)
    heard(broker)
    return broker


@contextmanager
def relaying(database: Database, broker: Broker, count: int = 1) -> Iterator[list[Relay]]:
    relays = [Relay(database.engine, database.uri, broker.uri, "teller") for _ in range(count)]
    threads = [threading.Thread(target=relay.run) for relay in relays]
    for thread in threads:
        thread.start()
    try:
        yield relays
    finally:
        for relay in relays:
            relay.stop()
        for thread in threads:
            thread.join(15)


def test_events_are_sent_in_the_order_in_which_they_were_recorded(
    sessions: Sessions, database: Database, declared: Broker
) -> None:
    told = [*tell_many(sessions, 1100), *tell(sessions, 1, 2, 3)]

    with relaying(database, declared):
        until(lambda: unsent(sessions) == 0, 20, "all sent")

    assert heard(declared) == told


def test_the_message_is_persistent_named_and_plain(sessions: Sessions, declared: Broker) -> None:
    (id,) = tell(sessions, 1)
    line = ConfirmedLine(declared.uri, seconds=5, name="test")

    assert send_batch(sessions, line, "teller") == 1

    message = declared.take(HEARD)
    assert message.properties["delivery_mode"] == 2 and message.properties["message_id"] == id
    assert message.properties["type"] == "told" and message.properties["content_type"] == "application/json"
    assert from_bytes(bytes_of(message)).data == {"number": 1}


def test_a_commit_wakes_it_at_once(sessions: Sessions, database: Database, declared: Broker) -> None:
    with relaying(database, declared) as (relay,):
        until(relay.is_connected, 10, "connected")
        time.sleep(1.2)  # it sleeps by now, until somebody commits
        took = []
        for number in range(5):
            began = time.monotonic()
            tell(sessions, number)
            declared.take(HEARD)
            took.append(time.monotonic() - began)

    assert sorted(took)[2] < 0.3


def test_a_late_commit_of_an_earlier_event_is_not_skipped(
    sessions: Sessions, database: Database, declared: Broker
) -> None:
    """Positions become visible in the order of commits: 'all above the last one sent' would lose this one."""
    late = Event(type="told", version=1, subject="late", data={})
    with relaying(database, declared), sessions.begin() as slow:
        record(slow, late)
        early = tell(sessions, 2)
        until(lambda: unsent(sessions) == 0, 10, "the later one is sent")
        slow.commit()
        until(lambda: (found := heard(declared)) == [*early, late.id] or found == [late.id], 10, "the late one too")


def test_what_was_rolled_back_is_never_told(sessions: Sessions, database: Database, declared: Broker) -> None:
    with relaying(database, declared):
        with pytest.raises(RuntimeError), transaction(sessions) as session:
            record(session, Event(type="told", version=1, subject="never", data={}))
            raise RuntimeError
        (told,) = tell(sessions, 1)
        until(lambda: unsent(sessions) == 0, 10, "sent")

    assert heard(declared) == [told]


def test_several_relays_share_the_work(sessions: Sessions, database: Database, declared: Broker) -> None:
    """Each takes rows that no other has locked: nothing is sent twice while nobody dies."""
    with relaying(database, declared, count=3):
        told = [id for portion in range(20) for id in tell_many(sessions, 200, f"p{portion:02d}-")]
        until(lambda: unsent(sessions) == 0, 30, "all sent")

    ids = heard(declared)
    assert sorted(ids) == sorted(told)


def test_what_nothing_routes_stays_in_the_outbox_and_the_rest_goes(sessions: Sessions, broker: Broker) -> None:
    """N5: without `mandatory` the broker would confirm it and drop it."""
    with broker.channel() as channel:  # an exchange as it should not be: no alternate, one queue
        channel.exchange_declare("careless.events", "topic", durable=True, auto_delete=False)
        channel.queue_declare("careless.told.v1", durable=True, auto_delete=False)
        channel.queue_bind("careless.told.v1", "careless.events", "told.v1")
    unknown = Event(type="invented", version=1, subject="s", data={})
    with transaction(sessions) as session:
        record(session, unknown)
    told = tell(sessions, 1)
    line = ConfirmedLine(broker.uri, seconds=5, name="test")

    with pytest.raises(NotRouted, match="invented"):
        send_batch(sessions, line, "careless")

    assert heard(broker, "careless.told.v1") == told
    with transaction(sessions) as session:
        assert session.scalars(select(OutboxRow.id).where(OutboxRow.sent_at.is_(None))).all() == [unknown.id]


def test_sent_events_are_forgotten_after_days_and_unsent_ones_never(sessions: Sessions, database: Database) -> None:
    for days, sent in ((8, True), (6, True), (30, False)):
        (id,) = tell(sessions, days)
        with transaction(sessions) as session:
            moment = f"now() - interval '{days} days'"
            session.execute(
                text(
                    f"update outbox set recorded_at = {moment}, sent_at = {moment if sent else 'null'} where id = :id"
                ),
                {"id": id},
            )

    assert forget_sent(sessions) == 1

    with transaction(sessions) as session:
        assert session.scalars(select(OutboxRow.subject).order_by(OutboxRow.subject)).all() == ["30", "6"]


# -- as a process, killed ----------------------------------------------------------------------------------------------


def test_killed_in_the_middle_of_a_batch_nothing_is_lost(
    echo: Echo, sessions: Sessions, declared: Broker, database: Database
) -> None:
    told: list[str] = []
    for portion in ("first-", "second-"):
        told += tell_many(sessions, 6_000, portion)
        before = unsent(sessions)
        relay = echo.start("relay", wait=False)
        until(lambda at_first=before: unsent(sessions) < at_first, 60, "it is at work")  # type: ignore[misc]
        relay.kill()
        assert unsent(sessions) > 0, "it was too quick to be killed at work"

    echo.start("relay")
    until(lambda: unsent(sessions) == 0, 60, "all sent")

    ids = heard(declared, "reader.told.v1")
    assert set(ids) == set(told)
    first_seen = list(dict.fromkeys(ids))
    assert first_seen == told, "repeats apart, the order is that of recording"


def test_it_ends_at_once_by_signal(echo: Echo, declared: Broker) -> None:
    relay = echo.start("relay")

    began = time.monotonic()
    relay.process.send_signal(signal.SIGTERM)

    assert relay.wait() == 0
    assert time.monotonic() - began < 3


# -- what it depends on goes away --------------------------------------------------------------------------------------


def test_it_outlives_a_restart_of_the_broker_and_an_alarm(
    sessions: Sessions, database: Database, breakable_broker: BreakableBroker
) -> None:
    """N14, N16. What the broker did not confirm goes out again."""
    topology.declare_all(breakable_broker.uri, TOPOLOGY)
    with relaying(database, breakable_broker) as (relay,):
        told = tell(sessions, 1)
        until(lambda: unsent(sessions) == 0, 10, "sent")

        breakable_broker.stop()
        told += tell(sessions, 2)
        breakable_broker.start()
        until(lambda: unsent(sessions) == 0, 20, "sent after the restart")

        breakable_broker.raise_memory_alarm()
        told += tell(sessions, 3)
        until(lambda: relay.pause > 0.2, 15, "it has given up waiting for the confirm, and pauses")
        breakable_broker.clear_memory_alarm()
        until(lambda: unsent(sessions) == 0, 20, "sent after the alarm")

    assert list(dict.fromkeys(heard(breakable_broker))) == told


def test_it_outlives_its_database_connections(sessions: Sessions, database: Database, declared: Broker) -> None:
    with relaying(database, declared) as (relay,):
        until(relay.is_connected, 10, "connected")
        with psycopg.connect(database.admin_uri, autocommit=True) as admin:
            admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%'")
        told = tell(sessions, 1)

        until(lambda: unsent(sessions) == 0, 10, "sent")

    assert heard(declared) == told
