"""The bus: personnel's own processes on a real broker, asked as filing or as a user, told what others tell."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chassis import envelope, topology
from chassis.call import Caller
from chassis.envelope import Event
from chassis.localservers.keys import Keys
from chassis.principal import Principal, service_principal, sign
from chassis.testing.broker import Broker
from chassis.testing.databases import Database
from chassis.testing.processes import ServiceProcess, ServiceProcesses

SERVICES = Path(__file__).parents[2]
Environment = Callable[[str, Broker], dict[str, str]]


def until(holds: Callable[[], bool], what: str, seconds: float = 20) -> None:
    """Poll; raises `TimeoutError` naming what did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


@dataclass
class Bus:
    """`start("rpc")` starts a process of personnel."""

    broker: Broker
    database: Database
    keys: Keys
    environment: dict[str, str]
    processes: ServiceProcesses
    caller: Caller

    def start(self, role: str) -> ServiceProcess:
        return self.processes("personnel", role, environment=self.environment)

    def ask(
        self,
        method: str,
        request: dict[str, Any],
        principal: Principal | None = None,
        *,
        key: str | None = None,
        deadline: float = 10,
    ) -> dict[str, Any]:
        """As this user through the gateway, or as filing."""
        issuer = "gateway" if principal else "filing"
        token = sign(principal or service_principal("filing"), self.keys.private(issuer), issuer)
        return self.caller.call("personnel", method, request, token, deadline=deadline, key=key)

    def tell(self, event: Event, source: str = "filing") -> None:
        self.publish(envelope.to_bytes(event), event.type, event.id, source)

    def publish(self, body: bytes, type_: str, message_id: str, source: str = "filing") -> None:
        exchange = topology.events_exchange(source)
        self.broker.publish(body, exchange=exchange, key=f"{type_}.v1", delivery_mode=2, message_id=message_id)


@pytest.fixture
def bus(
    broker: Broker, database: Database, keys: Keys, settings_of: Environment, service_process: ServiceProcesses
) -> Iterator[Bus]:
    files = sorted(SERVICES.glob("*/*/topology.toml"))
    topology.declare_all(broker.uri, [topology.read(file) for file in files])
    caller = Caller(broker.uri_of("filing"), "filing")
    yield Bus(broker, database, keys, settings_of("personnel", broker), service_process, caller)
    caller.close()
