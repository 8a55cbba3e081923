"""Rooms on the bus: each reads its RPC queue and says what the test has told it to say."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import amqp
import jwt

from chassis.call import KEY, PRINCIPAL, TRACE
from chassis.errors import NotFound, Refusal
from chassis.topology import RPC_EXCHANGE, Topology, declare_all, rpc_queue
from chassis.wire import Line

SERVICES = ("filing", "equipment", "personnel", "attendance", "enforcement")
Body = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    name: str
    request: Body
    principal: Body
    key: str | None
    trace: str


Says = Body | Refusal | Callable[[Asked], Body | Refusal]


class Silence(Exception):
    """Raised by what a room says: it gives no answer at all."""


class Rooms:
    def __init__(self, amqp_uri: str) -> None:
        self.asked: list[Asked] = []
        self.sayings: dict[str, Says] = {}
        declare_all(amqp_uri, [Topology(name, answers=True) for name in SERVICES])
        self._rooms = {name: _Room(amqp_uri, name, self._answer) for name in SERVICES}

    def say(self, name: str, saying: Says) -> None:
        """From now on `name` ("filing.get_matter") answers so."""
        self.sayings[name] = saying

    def shut(self, service: str) -> None:
        """The service is down: nobody reads its queue."""
        self._rooms.pop(service).close()

    def asked_of(self, name: str) -> list[Asked]:
        return [each for each in self.asked if each.name == name]

    def close(self) -> None:
        for service in list(self._rooms):
            self.shut(service)

    def _answer(self, asked: Asked) -> Body | Refusal:
        self.asked.append(asked)
        saying = self.sayings.get(asked.name, NotFound("nothing_to_say"))
        return saying(asked) if callable(saying) else saying


@dataclass
class _Room:
    amqp_uri: str
    service: str
    answer: Callable[[Asked], Body | Refusal]
    closing: threading.Event = field(default_factory=threading.Event)
    standing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._run, name=f"room {self.service}", daemon=True)
        self.thread.start()
        if not self.standing.wait(10):
            raise TimeoutError(f"{self.service} does not stand")

    def close(self) -> None:
        self.closing.set()
        self.thread.join(10)

    def _run(self) -> None:
        line = Line(self.amqp_uri, seconds=5, name=f"room {self.service}")
        line.channel.queue_purge(rpc_queue(self.service))
        line.channel.basic_consume(rpc_queue(self.service), no_ack=True, callback=lambda each: self._reply(line, each))
        self.standing.set()
        while not self.closing.is_set():
            line.drain(0.05)
        line.close()

    def _reply(self, line: Line, message: amqp.Message) -> None:
        """From a thread and a line of its own, so that a slow answer keeps nobody waiting."""
        threading.Thread(target=self._reply_to, args=(message,), daemon=True).start()

    def _reply_to(self, message: amqp.Message) -> None:
        try:
            answer = self.answer(_asked(message))
        except Silence:
            return
        result = answer.to_reply() if isinstance(answer, Refusal) else {"ok": answer}
        body = json.dumps({"result": result, "error": None})
        reply = amqp.Message(body, content_type="application/json", correlation_id=message.properties["correlation_id"])
        line = Line(self.amqp_uri, seconds=5, name=f"room {self.service} replies")
        line.channel.basic_publish(reply, RPC_EXCHANGE, message.properties["reply_to"])
        line.close()


def _asked(message: amqp.Message) -> Asked:
    claims = jwt.decode(message.headers[PRINCIPAL], options={"verify_signature": False})
    return Asked(
        name=message.delivery_info["routing_key"],
        request=json.loads(message.body)["args"][0],
        principal=claims["principal"],
        key=message.headers.get(KEY),
        trace=message.headers[TRACE],
    )
