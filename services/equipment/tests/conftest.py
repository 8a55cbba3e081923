"""The yard: filing's side of every test of a use case. The bus: equipment's own processes on a real broker."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chassis import envelope, topology
from chassis.call import Caller
from chassis.database import Sessions
from chassis.envelope import Event
from chassis.localservers.keys import Keys
from chassis.principal import Principal, service_principal, sign
from chassis.testing.broker import Broker
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database
from chassis.testing.processes import ServiceProcess, ServiceProcesses
from services.equipment.tests.factories import Yard

SERVICES = Path(__file__).parents[2]
Environment = Callable[[str, Broker], dict[str, str]]


@pytest.fixture
def yard(sessions: Sessions, clock: FrozenClock) -> Yard:
    return Yard(sessions, clock)


def until(holds: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Poll; raises `TimeoutError` naming what did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


@dataclass
class Bus:
    """`start("rpc")` starts a process of equipment; `ask` asks it as filing or as a user; `tell` speaks as filing."""

    broker: Broker
    database: Database
    keys: Keys
    environment: dict[str, str]
    processes: ServiceProcesses
    caller: Caller

    def start(self, role: str) -> ServiceProcess:
        return self.processes("equipment", role, environment=self.environment)

    def ask(
        self,
        method: str,
        request: dict[str, Any],
        principal: Principal | None = None,
        key: str | None = None,
        deadline: float = 10,
    ) -> dict[str, Any]:
        issuer = "gateway" if principal else "filing"
        token = sign(principal or service_principal("filing"), self.keys.private(issuer), issuer)
        return self.caller.call("equipment", method, request, token, deadline=deadline, key=key)

    def tell(self, event: Event, data: dict[str, Any]) -> None:
        """Publish an event of filing's with this data, as it stands on the wire."""
        body = envelope.dump(event) | {"data": data}
        self.publish(body, event.type, event.id)

    def publish(self, body: bytes | dict[str, Any], kind: str, message_id: str) -> None:
        self.broker.publish(body, exchange="filing.events", key=f"{kind}.v1", delivery_mode=2, message_id=message_id)


@pytest.fixture
def bus(
    broker: Broker, database: Database, keys: Keys, settings_of: Environment, service_process: ServiceProcesses
) -> Iterator[Bus]:
    files = sorted(SERVICES.glob("*/*/topology.toml"))
    topology.declare_all(broker.uri, [topology.read(file) for file in files])
    caller = Caller(broker.uri_of("filing"), "filing")
    yield Bus(broker, database, keys, settings_of("equipment", broker), service_process, caller)
    caller.close()
