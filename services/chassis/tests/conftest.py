"""The service `echo` (packages/echo), on the broker and the database of the tests."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chassis import envelope, topology
from chassis.call import Caller
from chassis.envelope import Event
from chassis.localservers import ports
from chassis.localservers.keys import Keys
from chassis.principal import Principal, sign
from chassis.testing.broker import BreakableBroker, Broker
from chassis.testing.databases import Databases
from chassis.testing.processes import ServiceProcess, ServiceProcesses

PACKAGES = Path(__file__).parent / "packages"
QUEUE = "echo.thing_happened.v1"


@dataclass
class Echo:
    """`start("rpc")` starts a process of the service; `did()` tells what all of them have really done."""

    broker: Broker
    environment: dict[str, str]
    processes: ServiceProcesses
    evidence: Path

    def start(self, role: str, *, wait: bool = True, **environment: str) -> ServiceProcess:
        return self.processes("echo", role, environment=self.environment | environment, wait=wait)

    def did(self) -> list[str]:
        return self.evidence.read_text().splitlines() if self.evidence.exists() else []

    def wait_for(self, line: str, *, times: int = 1, seconds: float = 15) -> None:
        until(lambda: self.did().count(line) >= times, seconds, f"{times} × {line!r}")

    def tell(self, text: str = "hello", *, tries: int = 0, **data: object) -> Event:
        """Publish an event that the service hears."""
        event = Event(type="thing_happened", version=1, subject="s", data={"text": text, **data})
        headers = {"tries": tries} if tries else {}
        body = envelope.dump(event)
        exchange, key = ("echo.readers", QUEUE) if tries else ("source.events", "thing_happened.v1")
        self.broker.publish(
            body, exchange=exchange, key=key, delivery_mode=2, message_id=event.id, application_headers=headers
        )
        return event


def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll; raises `TimeoutError` naming what did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


def topologies() -> list[topology.Topology]:
    source = topology.Topology("source", publishes=("thing_happened.v1",))
    return [topology.read(PACKAGES / "echo" / "topology.toml"), source]


def echo_on(broker: Broker, databases: Databases, keys: Keys, folder: Path) -> Echo:
    topology.declare_all(broker.uri, topologies())
    with broker.channel() as channel:
        for queue in (name for each in topologies() for name in topology.queue_names(each)):
            channel.queue_purge(queue)
    evidence = folder / "evidence"
    environment = {
        "DATABASE_URI": databases("chassis").uri,
        "AMQP_URI": broker.uri,
        "PRINCIPAL_PUBLIC_KEYS": json.dumps({name: keys.public(name) for name in ("gateway", "echo")}),
        "PRINCIPAL_PRIVATE_KEY": keys.private("echo"),
        "BLOB_URI": str(folder / "blobs"),
        "EVIDENCE": str(evidence),
        "PYTHONPATH": str(PACKAGES),
    }
    return Echo(broker, environment, ServiceProcesses(folder, ports.free_port), evidence)


@pytest.fixture
def echo(broker: Broker, all_databases: Databases, keys: Keys, tmp_path: Path) -> Iterator[Echo]:
    """The service with nothing running yet; its queues are empty."""
    made = echo_on(broker, all_databases, keys, tmp_path)
    yield made
    made.processes.close()


@pytest.fixture
def breakable_echo(
    breakable_broker: BreakableBroker, all_databases: Databases, keys: Keys, tmp_path: Path
) -> Iterator[Echo]:
    """The same on a broker that may be broken; it is whole again afterwards."""
    made = echo_on(breakable_broker, all_databases, keys, tmp_path)
    yield made
    made.processes.close()


@pytest.fixture(scope="module")
def running_echo(
    broker: Broker, all_databases: Databases, keys: Keys, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Echo]:
    """The service answering requests, for a whole module that does it no harm."""
    made = echo_on(broker, all_databases, keys, tmp_path_factory.mktemp("echo"))
    made.start("rpc")
    yield made
    made.processes.close()


@pytest.fixture
def token(keys: Keys) -> str:
    """A clerk's signed principal."""
    return sign(Principal(user_id="clerk"), keys.private("gateway"), "gateway")


@pytest.fixture
def caller(broker: Broker) -> Iterator[Caller]:
    made = Caller(broker.uri, "gateway")
    yield made
    made.close()


@pytest.fixture
def echo_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service's package can be imported here too."""
    monkeypatch.syspath_prepend(str(PACKAGES))
