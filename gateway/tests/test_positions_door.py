"""The door for positions: who gets in, what is passed on, and that success means it is safe with the broker."""

import base64
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from chassis import topology
from chassis.clock import now
from chassis.database import transaction
from chassis.errors import Unavailable
from chassis.identifiers import new_id
from chassis.testing.broker import Broker
from chassis.testing.databases import Database
from chassis.wire import Outgoing
from gateway.positions import keys as device_keys
from gateway.positions.door import EXCHANGE, LARGEST, Door
from gateway.positions.keys import Keys, Owner
from gateway.positions.pace import Pace
from gateway.positions.publishing import Publisher

TOPOLOGY = Path(__file__).parents[2] / "services/attendance/attendance/topology.toml"
ROOM = 20
UNHURRIED = "100000 per minute"
BODY = json.dumps({"rows": [[1772409540000, 114.515, 38.045, 12.5, 1]]}).encode()


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class Phone:
    """Sends to a door; `key` is that of its device, known to the database."""

    door: Door
    database: Database
    key: str
    device_id: str

    def send(
        self, path: str = "/positions", body: bytes = BODY, query: str = "", method: str = "POST", **headers: str
    ) -> Answer:
        environ: dict[str, Any] = {"PATH_INFO": path, "REQUEST_METHOD": method, "QUERY_STRING": query, **headers}
        environ |= {"CONTENT_LENGTH": headers.get("CONTENT_LENGTH", str(len(body))), "wsgi.input": io.BytesIO(body)}
        setup_testing_defaults(environ)
        told: list[Any] = []
        content = b"".join(self.door(environ, lambda status, headers: told.extend((status, headers))))
        return Answer(int(told[0].split()[0]), dict(told[1]), content)

    def native(self, body: bytes = BODY, key: str = "", **headers: str) -> Answer:
        return self.send(body=body, HTTP_AUTHORIZATION=f"Bearer {key or self.key}", **headers)

    def revoke(self) -> None:
        with transaction(self.database.sessions) as session:
            device_keys.revoke(session, self.device_id, now())


@pytest.fixture
def phone(broker: Broker, database: Database) -> Iterator[Phone]:
    topology.declare_all(broker.uri, [replace(topology.read(TOPOLOGY), batches=(topology.Batch(EXCHANGE, ROOM),))])
    keys, publisher = Keys(database.sessions, database.uri), Publisher(broker.uri_of("gateway"))
    threads = [threading.Thread(target=run) for run in (keys.listen, publisher.run)]
    for thread in threads:
        thread.start()
    device_id = new_id()
    with transaction(database.sessions) as session:
        key = device_keys.make(session, device_id, Owner(7, 11), now())
    yield Phone(Door(keys.find, publisher.publish, Pace(UNHURRIED)), database, key, device_id)
    keys.stop()
    publisher.stop()
    for thread in threads:
        thread.join()


def taken(broker: Broker) -> Any:
    """The next message in ingest's queue."""
    return broker.take(EXCHANGE)


def test_what_a_phone_sends_waits_for_ingest_unchanged_with_its_owner(phone: Phone, broker: Broker) -> None:
    answer = phone.native(HTTP_CONTENT_ENCODING="identity", CONTENT_TYPE="application/json")

    assert (answer.status, answer.body) == (202, b"{}")
    message = taken(broker)
    assert message.body.encode() == BODY
    headers = message.properties["application_headers"]
    assert {name: headers[name] for name in ("protocol", "device", "person", "content_type", "content_encoding")} == {
        "protocol": "native", "device": 7, "person": 11, "content_type": "application/json",
        "content_encoding": "identity",
    }  # fmt: skip
    assert message.properties["delivery_mode"] == 2


@pytest.mark.parametrize(
    ("send", "protocol", "status"),
    [
        (lambda p: p.send("/", b"", f"id={p.key}&lat=38.045&lon=114.515&timestamp=1772409600", "GET"), "osmand", 200),
        (lambda p: p.send("/osmand", f"id={p.key}&lat=38.045&lon=114.515".encode()), "osmand", 200),
        (lambda p: p.send("/osmand", json.dumps({"location": {}, "device_id": p.key}).encode()), "osmand", 200),
        (lambda p: p.send("/owntracks", BODY, HTTP_AUTHORIZATION=basic("wang", p.key)), "owntracks", 200),
    ],
)
def test_the_apps_that_people_have_get_in_with_address_and_key_only(
    phone: Phone, broker: Broker, send: Callable[[Phone], Answer], protocol: str, status: int
) -> None:
    assert send(phone).status == status
    message = taken(broker)
    assert message.properties["application_headers"]["protocol"] == protocol
    assert message.body


def test_a_key_works_no_more_from_the_moment_it_is_revoked(phone: Phone, broker: Broker) -> None:
    assert phone.native().status == 202
    phone.revoke()
    until(lambda: phone.native().status == 401, "refused")

    answer = phone.native()
    assert json.loads(answer.body)["code"] == "key_unknown"
    assert "WWW-Authenticate" in answer.headers


def test_a_new_key_ends_the_one_before(phone: Phone) -> None:
    with transaction(phone.database.sessions) as session:
        second = device_keys.make(session, phone.device_id, Owner(7, 11), now())

    until(lambda: phone.native().status == 401, "the first is refused")
    assert phone.native(key=second).status == 202


def test_the_key_of_a_new_phone_ends_that_of_the_persons_phone_before(phone: Phone) -> None:
    with transaction(phone.database.sessions) as session:
        new_phones = device_keys.make(session, new_id(), Owner(8, 11), now())
        somebody_elses = device_keys.make(session, new_id(), Owner(9, 12), now())

    until(lambda: phone.native().status == 401, "the old phone's is refused")
    assert phone.native(key=new_phones).status == 202
    assert phone.native(key=somebody_elses).status == 202


def test_one_phone_cannot_fill_the_queue_that_all_share(phone: Phone) -> None:
    hasty = replace(phone, door=Door(phone.door.find, phone.door.publish, Pace("3 per hour")))

    answers = [hasty.native() for _ in range(4)]

    assert [each.status for each in answers] == [202, 202, 202, 429]
    assert answers[-1].headers["Retry-After"] == "10"


@pytest.mark.parametrize(
    ("send", "status", "code"),
    [
        (lambda p: p.native(key="d_guessed"), 401, "key_unknown"),
        (lambda p: p.send(), 401, "key_unknown"),
        (lambda p: p.send("/owntracks", HTTP_AUTHORIZATION="Basic !!"), 401, "key_unknown"),
        (lambda p: p.send("/osmand", b"{broken"), 401, "key_unknown"),
        (lambda p: p.send("/elsewhere"), 404, "no_such_address"),
        (lambda p: p.send(method="GET"), 405, "method_not_allowed"),
        (lambda p: p.native(CONTENT_LENGTH=str(LARGEST + 1)), 413, "too_large"),
        (lambda p: p.native(HTTP_CONTENT_ENCODING="br"), 415, "encoding_unknown"),
        (lambda p: p.native(CONTENT_LENGTH="99"), 400, "cut_off"),
        (lambda p: p.native(CONTENT_LENGTH="many"), 400, "bad_length"),
        (lambda p: p.native(b" " * (LARGEST + 1), CONTENT_LENGTH=""), 413, "too_large"),
        (lambda p: p.native(b""), 400, "empty"),
    ],
)
def test_what_does_not_get_in_is_told_why_in_chinese(
    phone: Phone, send: Callable[[Phone], Answer], status: int, code: str
) -> None:
    answer = send(phone)
    told = json.loads(answer.body)
    assert (answer.status, told["code"]) == (status, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert any("\u4e00" <= each <= "\u9fff" for each in told["title"])


def test_what_comes_in_pieces_without_a_length_is_passed_on_whole(phone: Phone, broker: Broker) -> None:
    answer = phone.native(CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")

    assert answer.status == 202
    assert taken(broker).body.encode() == BODY


def test_without_a_broker_the_phone_is_told_to_come_again(phone: Phone) -> None:
    nowhere = Publisher("amqp://guest:guest@127.0.0.1:9")
    thread = threading.Thread(target=nowhere.run)
    thread.start()
    door = replace(phone, door=Door(phone.door.find, nowhere.publish, phone.door.pace))

    answer = door.native()

    nowhere.stop()
    thread.join()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")


def test_what_nobody_foresaw_while_sending_leaves_the_door_open(phone: Phone) -> None:
    unsendable = Outgoing(exchange=EXCHANGE, key="", body=BODY, id=new_id(), headers={"what": object()})
    with pytest.raises(Unavailable):
        phone.door.publish(unsendable)

    assert phone.native().status == 202


def test_a_full_queue_gives_the_pressure_back_to_the_phone(phone: Phone, broker: Broker) -> None:
    answers = [phone.native().status for _ in range(3 * ROOM)]

    assert answers[0] == 202 and answers[-1] == 503
    for _ in range(answers.count(202)):  # each that was answered so is there
        taken(broker)


def until(holds: Callable[[], bool], what: str, seconds: float = 10) -> None:
    """Poll; raises `TimeoutError` naming what did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
