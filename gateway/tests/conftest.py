"""A gateway to ask over HTTP, on a real database and a real broker; rooms to answer it that say what a test has them say."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis.call import Caller
from chassis.clock import now
from chassis.database import Sessions, transaction
from chassis.localservers.keys import Keys
from chassis.testing.broker import Broker
from gateway import operators
from gateway.app import create_app
from gateway.bus import Bus
from gateway.parts import Parts, assemble
from gateway.settings import GatewaySettings
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit

OPERATOR_PASSWORD = "Platform-2026"


class MovableClock:
    """The real time, moved on by what the test says."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead

    def advance(self, by: timedelta) -> None:
        self.ahead += by


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
