"""Filing as it runs: its processes on the broker of the tests, with equipment and personnel answered for."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import amqp

from chassis import topology
from chassis.blobs import BlobStore
from chassis.call import Caller, Question
from chassis.errors import Refusal
from chassis.localservers.keys import Keys
from chassis.principal import Principal, service_principal, sign
from chassis.testing.broker import Broker
from services.filing.tests.factories import LockOwners

SERVICES = Path(__file__).parents[2]
OTHERS = ("equipment", "personnel")


@dataclass
class OwnersOnTheBus:
    """Answers `equipment.reserve` and `personnel.reserve` as `LockOwners` does, from a thread of its own."""

    broker: Broker
    owners: LockOwners = field(default_factory=LockOwners)
    stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self.thread = threading.Thread(target=self._answer, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(5)

    def _answer(self) -> None:
        with self.broker.channel() as channel:
            for service in OTHERS:
                channel.basic_consume(topology.rpc_queue(service), callback=self._reply, no_ack=True)
            while not self.stopping.is_set():
                try:
                    channel.connection.drain_events(timeout=0.1)
                except TimeoutError:
                    continue

    def _reply(self, message: amqp.Message) -> None:
        service, _, method = message.delivery_info["routing_key"].partition(".")
        (request,) = json.loads(message.body)["args"]
        (answer,) = self.owners([Question(service, method, request)], 1.0)
        result = answer.to_reply() if isinstance(answer, Refusal) else {"ok": answer}
        body = json.dumps({"result": result, "error": None})
        reply = amqp.Message(body, correlation_id=message.properties["correlation_id"], content_type="application/json")
        message.channel.basic_publish(reply, topology.RPC_EXCHANGE, message.properties["reply_to"])


@dataclass
class FilingOnTheBus:
    """`ask` calls filing as the gateway does."""

    broker: Broker
    keys: Keys
    caller: Caller
    others: OwnersOnTheBus
    blobs: BlobStore

    def ask(
        self, method: str, request: dict[str, Any], by: Principal, key: str | None = None, seconds: float = 5.0
    ) -> dict[str, Any]:
        token = sign(by, self.keys.private("gateway"), "gateway")
        return self.caller.call("filing", method, request, token, deadline=seconds, key=key)

    def ask_as_service(self, service: str, method: str, request: dict[str, Any]) -> dict[str, Any]:
        token = sign(service_principal(service), self.keys.private(service), service)
        return self.caller.call("filing", method, request, token, deadline=5.0)


def declare(broker: Broker) -> None:
    """All topologies of the house; queues of an earlier test are emptied."""
    known = [topology.read(file) for file in topology.find(SERVICES.parent)]
    topology.declare_all(broker.uri, known)
    with broker.channel() as channel:
        for name in (name for each in known for name in topology.queue_names(each)):
            channel.queue_purge(name)


def until(holds: Callable[[], bool], seconds: float, what: str) -> None:
    """Poll; raises `TimeoutError` naming what did not come true."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
