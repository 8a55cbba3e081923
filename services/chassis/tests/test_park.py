"""What could not be handled is seen, mended and replayed by an operator; nothing of it is lost on the way."""

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from chassis import envelope, park, park_command, topology
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.errors import Conflict, Invalid, NotFound, Unavailable
from chassis.park import ParkedRow
from chassis.process import Tools
from chassis.settings import Common, load
from chassis.testing.broker import Broker
from services.chassis.tests.conftest import QUEUE, Echo

EVENT = Event(type="thing_happened", version=1, subject="s", data={"text": 7})


def park_one(broker: Broker, event: Event = EVENT, reason: str = "Invalid: …") -> None:
    """As a reader does that gives a message up."""
    headers = park.headers(QUEUE, 4, "2026-03-02T01:00:00+00:00", reason)
    broker.publish(
        envelope.dump(event), exchange="echo.parked", key=QUEUE, delivery_mode=2, application_headers=headers
    )


def listed(sessions: Sessions) -> list[dict[str, object]]:
    with transaction(sessions) as session:
        return park.listed(session)


def collected(sessions: Sessions, broker: Broker) -> dict[str, object]:
    """The one message that is parked, now in the table."""
    assert park.collect(sessions, broker.uri, "echo") == 1
    (row,) = listed(sessions)
    return row


def test_a_parked_message_comes_into_the_table_with_all_that_is_known(
    echo: Echo, broker: Broker, sessions: Sessions
) -> None:
    park_one(broker)

    row = collected(sessions, broker)

    assert (row["queue"], row["event_id"], row["reason"], row["tries"]) == (QUEUE, EVENT.id, "Invalid: …", 4)
    assert row["first_at"] == "2026-03-02T01:00:00+00:00" and row["replayed_at"] is None
    with transaction(sessions) as session:
        assert json.loads(park.shown(session, str(row["id"]))["body"]) == envelope.dump(EVENT)
    assert broker.depth("echo.parked") == 0


def test_dead_letters_and_the_unrouted_come_there_too(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    with broker.channel() as channel:
        broker.publish(b"\xff no event", key=QUEUE, delivery_mode=2)
        channel.basic_reject(channel.basic_get(QUEUE).delivery_tag, requeue=False)
    invented = replace(EVENT, type="invented")
    broker.publish(envelope.dump(invented), exchange="echo.events", key="invented.v1", delivery_mode=2)

    moved = 0
    while moved < 2:
        moved += park.collect(sessions, broker.uri, "echo")

    rows = {row["queue"]: row for row in listed(sessions)}
    assert rows[QUEUE]["reason"] == "rejected" and rows[QUEUE]["event_id"] is None
    assert rows["echo.unrouted"]["reason"] == "no queue takes events of this type"


def test_a_service_that_has_no_such_queue_has_nothing_parked(broker: Broker, sessions: Sessions) -> None:
    topology.declare_all(broker.uri, [topology.Topology("teller_only", publishes=("told.v1",))])
    broker.publish(b"odd", exchange="teller_only.events", key="odd.v1", delivery_mode=2)

    assert park.collect(sessions, broker.uri, "teller_only") == 1


def test_what_no_database_keeps_is_parked_all_the_same(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    """One message that cannot be put into the table would hold up all behind it."""
    strange = envelope.dump(replace(EVENT, id="\x00\ud800")) | {"data": {"text": "\x00"}}
    headers = {"queue": QUEUE, "tries": "many", "first-at": "yesterday", "reason": "\x00 odd"}
    broker.publish(strange, exchange="echo.parked", key=QUEUE, delivery_mode=2, application_headers=headers)

    row = collected(sessions, broker)

    assert (row["queue"], row["tries"], row["reason"], row["event_id"]) == (QUEUE, 1, " odd", "?")


def test_killed_between_table_and_acknowledgement_it_is_there_once(
    echo: Echo, broker: Broker, sessions: Sessions
) -> None:
    for _ in range(2):
        park_one(broker)

    assert park.collect(sessions, broker.uri, "echo") == 2

    assert len(listed(sessions)) == 1


def test_a_mended_message_goes_through_the_same_handler(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    echo.start("subscriptions")
    park_one(broker)
    id = str(collected(sessions, broker)["id"])

    with transaction(sessions) as session:
        park.mend(session, id, envelope.to_bytes(replace(EVENT, data={"text": "mended"})))
    park.replay(sessions, broker.uri, "echo", [id])

    echo.wait_for("handled mended")
    assert listed(sessions) == []
    with transaction(sessions) as session, pytest.raises(Conflict, match="already_replayed"):
        park.mend(session, id, b"{}")


def test_who_fails_again_is_parked_again_in_the_same_row(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    park_one(broker)
    id = str(collected(sessions, broker)["id"])
    park.replay(sessions, broker.uri, "echo", [id])
    broker.take(QUEUE)
    assert listed(sessions) == []

    park_one(broker, reason="RuntimeError: again")

    assert collected(sessions, broker) | {"parked_at": ""} == {
        "id": id,
        "queue": QUEUE,
        "event_id": EVENT.id,
        "reason": "RuntimeError: again",
        "tries": 4,
        "first_at": "2026-03-02T01:00:00+00:00",
        "parked_at": "",
        "replayed_at": None,
    }


def test_an_unrouted_event_is_replayed_to_its_exchange(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    event = Event(type="echo_heard", version=1, subject="s", data={"text": "好"})
    broker.publish(envelope.dump(event), exchange="echo.unrouted", key="echo_heard.v1", delivery_mode=2)
    id = str(collected(sessions, broker)["id"])

    park.replay(sessions, broker.uri, "echo", [id])

    assert json.loads(broker.take("events.unheard").body)["id"] == event.id


def test_replay_refuses_what_is_not_there_and_what_no_queue_takes(
    echo: Echo, broker: Broker, sessions: Sessions
) -> None:
    with pytest.raises(NotFound):
        park.replay(sessions, broker.uri, "echo", ["no-such-id"])
    with transaction(sessions) as session:
        moment = datetime.now(UTC)
        session.add(
            ParkedRow(id="r", queue="echo.gone.v1", reason="", tries=1, first_at=moment, body=envelope.to_bytes(EVENT))
        )

    with pytest.raises(Unavailable, match="not_taken"):
        park.replay(sessions, broker.uri, "echo", ["r"])

    with transaction(sessions) as session:
        assert session.scalars(select(ParkedRow.replayed_at)).all() == [None]


def test_only_an_event_may_take_the_place_of_a_message(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    park_one(broker)
    id = str(collected(sessions, broker)["id"])

    with transaction(sessions) as session, pytest.raises(Invalid):
        park.mend(session, id, b'{"not": "an event"}')


def test_an_operator_does_it_from_the_command_line(
    echo: Echo, broker: Broker, sessions: Sessions, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    park_one(broker)
    row = collected(sessions, broker)
    tools = Tools("echo", load(Common, echo.environment))
    capsys.readouterr()

    def run(*arguments: str, input: str = "", code: int = 0) -> str:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(input.encode())))
        assert park_command.run(tools, list(arguments)) == code
        told = capsys.readouterr()
        return told.out + told.err

    assert json.loads(run("list"))["id"] == row["id"]
    assert json.loads(run("show", str(row["id"])))["body"]
    assert run("show", "unknown", code=1).startswith("parked_message_not_found")
    run("mend", str(row["id"]), input=json.dumps(envelope.dump(replace(EVENT, data={"text": "mended"}))))
    run("replay", "--all")
    assert run("list") == ""
    assert json.loads(broker.take(QUEUE).body)["data"] == {"text": "mended"}
    assert "parked list" in run(code=2)


def test_the_command_is_a_role_of_the_service(echo: Echo, broker: Broker, sessions: Sessions) -> None:
    park_one(broker)
    row = collected(sessions, broker)

    command = [sys.executable, "-m", "echo", "parked", "list"]
    done = subprocess.run(command, env=echo.environment, capture_output=True, text=True, timeout=60)

    assert json.loads(done.stdout)["id"] == row["id"], done.stderr
