"""A gateway to ask over HTTP, on a real database and a real broker; rooms to answer it that say what a test has them say."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.call import Caller
from chassis.clock import now
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.identifiers import new_id
from chassis.localservers.keys import Keys
from chassis.testing.broker import Broker
from gateway import bus, operators
from gateway.app import create_app
from gateway.bus import Bus
from gateway.parts import Parts, assemble
from gateway.settings import GatewaySettings
from gateway.testing.rooms import Asked, Rooms
from gateway.testing.visits import Visit

OPERATOR_PASSWORD = "Platform-2026"
PASSWORD = "Sitework-2026"
PATIENCE = 4


class MovableClock:
    """The real time, moved on by what the test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead

    def advance(self, by: timedelta) -> None:
        self.ahead += by


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other suites run beside this one: a room that is late for a person is no failure here."""
    within = bus._within
    monkeypatch.setattr(bus, "_within", lambda deadline: within(deadline * PATIENCE))


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def rooms(broker: Broker) -> Iterator[Rooms]:
    """filing, equipment and personnel, answering on the bus."""
    rooms = Rooms(broker.uri)
    yield rooms
    rooms.close()


@pytest.fixture
def settings(broker: Broker, keys: Keys, tmp_path: Path) -> GatewaySettings:
    return GatewaySettings(
        database_uri="",
        amqp_uri=broker.uri_of("gateway"),
        principal_public_keys={"gateway": keys.public("gateway")},
        principal_private_key=keys.private("gateway"),
        document_keys={"1": "the key of the tests"},
        public_address="https://anjian.example",
        blob_uri=str(tmp_path / "blobs"),
    )


@pytest.fixture
def parts(settings: GatewaySettings, sessions: Sessions, clock: MovableClock) -> Iterator[Parts]:
    caller = Caller(settings.amqp_uri, "gateway")
    yield assemble(settings, sessions, Bus(caller, settings.principal_private_key, clock), clock)
    caller.close()


@pytest.fixture
def visit(parts: Parts) -> Callable[..., Visit]:
    """Somebody who comes to the gateway; `visit(limit_per_key="2 per minute")` comes to one with other settings."""
    made: dict[str, Any] = {}

    def anybody(**changed: Any) -> Visit:
        name = repr(changed)
        if name not in made:
            made[name] = create_app(replace(parts, settings=replace(parts.settings, **changed)))
        return Visit(made[name].test_client())

    return anybody


@pytest.fixture
def operator(visit: Callable[..., Visit], parts: Parts) -> Visit:
    """The platform's operator, signed in."""
    with transaction(parts.sessions) as session:
        operators.create(session, parts.clock, "operator", OPERATOR_PASSWORD)
    return visit().sign_in("operator", OPERATOR_PASSWORD)


@dataclass
class Town:
    """Organisations as filing tells of them, and people who have accounts there."""

    rooms: Rooms
    operator: Visit
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rooms.say("filing.sign_in_profile", self._profile)

    def enterprise(self, name: str = "河北某建筑公司", stage: str = "open", **told: Any) -> str:
        return self._organisation(name, "enterprise", stage, {"kinds": ["contractor"], **told})

    def agency(self, name: str = "桥西区安监站", area: str = "13.1301.130104", level: str = "county") -> str:
        return self._organisation(name, "agency", "open", {"area": area, "level": level})

    def administrator(self, organisation_id: str, username: str) -> Visit:
        """Made by the operator; has changed the one-time password."""
        return self.account(self.operator, username, ["administrator"], organisation_id)

    def account(self, maker: Visit, username: str, roles: list[str], organisation_id: str = "") -> Visit:
        asked = {"username": username, "name": f"姓名{username}", "roles": roles}
        asked |= {"organisation_id": organisation_id} if organisation_id else {}
        made = maker.post("/accounts", asked)
        assert made.status_code == 201, made.text
        return self.first_use(username, made.json["one_time_password"])

    def first_use(self, username: str, one_time: str, password: str = PASSWORD) -> Visit:
        here = self.operator.sign_in(username, one_time)
        changed = here.post("/account/password", {"current_password": one_time, "new_password": password})
        assert changed.status_code == 200, changed.text
        return here

    @staticmethod
    def in_days(days: int) -> str:
        return (now() + timedelta(days=days)).isoformat()

    def _organisation(self, name: str, kind: str, stage: str, told: dict[str, Any]) -> str:
        organisation_id = new_id()
        self.profiles[organisation_id] = {
            "organisation_id": organisation_id,
            "name": name,
            "kind": kind,
            "kinds": [],
            "level": "",
            "area": "13.1301.130104",
            "division": "130104",
            "stage": stage,
            "registration": None,
            **told,
        }
        return organisation_id

    def _profile(self, asked: Asked) -> dict[str, Any] | NotFound:
        return self.profiles.get(asked.request["organisation_id"]) or NotFound("not_found")


@pytest.fixture
def town(rooms: Rooms, operator: Visit) -> Town:
    return Town(rooms, operator)
