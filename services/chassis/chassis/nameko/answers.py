"""`@answers`: a service method that answers requests.

    class EquipmentService:
        name = "equipment"
        sessions = Sessions()

        @answers(ReserveRequest, ReserveReply)
        def reserve(self, request: dict[str, Any], call: Call) -> dict[str, Any]:
            return locks.reserve(self.sessions, call, request)

The method is asked for by its own name. Before it runs, what nobody waits for any longer is dropped, the principal is
verified (else `Forbidden`) and the request read by the first schema (else `Invalid`). `call` is a `chassis.call.Call`:
`principal`, `key` (idempotency key or None), `token`, `trace`, `left()`. What the method returns is dumped by the second
schema; a `Refusal` that it raises is an answer like any other; a database that is away or overloaded is `Unavailable`.
Anything else is a bug: logged here with its trace, of which the caller is told the trace alone.

A request may come twice (the broker hands out again what a dead process held): commands are idempotent by their key.
"""

import inspect
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from marshmallow import Schema
from nameko.exceptions import ContainerBeingKilled
from nameko.extensions import register_entrypoint
from nameko.rpc import Rpc, RpcConsumer

from chassis import principal, telemetry
from chassis.call import EXPIRES, KEY, PRINCIPAL, TRACE, Call
from chassis.database import OUTAGES
from chassis.errors import Invalid, Refusal, Unavailable
from chassis.nameko.consumer import DrainingConsumer, make_queue, settings_of
from chassis.schemas import read
from chassis.topology import RPC_EXCHANGE, rpc_queue
from chassis.wire import FAILURES, Line, Outgoing, SharedLine

REPLY_SECONDS = 3.0

MethodT = TypeVar("MethodT", bound=Callable[..., dict[str, Any]])
Reply = dict[str, Any]


def answers(request: type[Schema], reply: type[Schema]) -> Callable[[MethodT], MethodT]:
    """Offer a method `(self, request: dict, call: Call) -> dict` to callers; in a test it can be called as it stands."""

    def offer(method: MethodT) -> MethodT:
        register_entrypoint(method, Answers(request, reply))
        return method

    return offer


def declared_by(service: type) -> dict[str, tuple[type[Schema], type[Schema]]]:
    """The schemas of request and reply of each method that a service class offers."""
    found: dict[str, tuple[type[Schema], type[Schema]]] = {}
    for name, method in inspect.getmembers(service):  # those of its parts too, by name
        for entrypoint in getattr(method, "nameko_entrypoints", ()):
            if isinstance(entrypoint, Answers):
                found[name] = (entrypoint.request_schema, entrypoint.reply_schema)
    return found


class AnsweringConsumer(RpcConsumer):  # type: ignore[misc]
    """The one queue of a service's requests, and the line on which it replies."""

    queue_consumer = DrainingConsumer()
    queue: Any
    line: SharedLine[Line]

    def setup(self) -> None:
        if self.queue is None:
            service, uri = self.container.service_name, settings_of(self.container).amqp_uri
            self.queue = make_queue(rpc_queue(service), no_declare=True)
            self.line = SharedLine(lambda: Line(uri, seconds=REPLY_SECONDS, name=f"{service} replies"))
            self.queue_consumer.register_provider(self)

    def handle_result(self, message: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        """Nameko's way out for what reaches no method: an unknown name, or a bug before the method."""
        telemetry.logger().error("request_failed", key=message.delivery_info["routing_key"], exc_info=exc_info)
        self.reply(message, encoded(bug()))
        return result, exc_info

    def reply(self, message: Any, body: bytes) -> None:
        """Send the reply, then let the request go: what happens between is a request that comes twice."""
        if message.properties.get("reply_to"):
            try:
                self._send(message, body)
            except FAILURES as error:  # the caller gives up at his deadline, and asks again with the same key
                telemetry.logger().warning("reply_lost", error=repr(error))
        self.queue_consumer.ack_message(message)

    def _send(self, message: Any, body: bytes) -> None:
        outgoing = Outgoing(
            exchange=RPC_EXCHANGE,
            key=message.properties["reply_to"],
            id=message.properties.get("correlation_id", ""),
            body=body,
            persistent=False,
            mandatory=False,  # who has given up has taken his queue with him
        )
        with self.line.use() as line:
            line.send(outgoing)


class Answers(Rpc):  # type: ignore[misc]
    rpc_consumer = AnsweringConsumer()

    def __init__(self, request_schema: type[Schema], reply_schema: type[Schema], **options: Any) -> None:
        super().__init__(**options)
        self.request_schema = request_schema
        self.reply_schema = reply_schema
        self.reader = request_schema()  # made once: making one costs more than reading with it
        self.writer = reply_schema()

    def handle_message(self, body: bytes | str, message: Any) -> None:
        began, trace = time.monotonic(), telemetry.follow(message.headers.get(TRACE))
        if _is_late(message.headers):
            self._count("late", began)
            self.rpc_consumer.queue_consumer.ack_message(message)
            return
        try:
            call = self._call(message.headers)
            request = read(self.reader, _request_in(body))
        except Refusal as refusal:
            self._finish(message, began, self._refused(refusal))
            return
        finish = partial(self.handle_result, message, began)
        try:
            self.container.spawn_worker(self, (request, call), {}, context_data={"trace": trace}, handle_result=finish)
        except ContainerBeingKilled:
            self.rpc_consumer.requeue_message(message)

    def handle_result(self, message: Any, began: float, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._finish(message, began, self._reply(result, exc_info))
        return result, None

    def _call(self, headers: dict[str, Any]) -> Call:
        token = str(headers.get(PRINCIPAL, ""))
        who = principal.verify(token, settings_of(self.container).principal_public_keys)
        key = headers.get(KEY)
        return Call(
            principal=who,
            token=token,
            key=None if key is None else str(key),
            trace=telemetry.current_trace(),
            expires=headers.get(EXPIRES, (time.time() + 60) * 1000) / 1000,
        )

    def _reply(self, result: Any, exc_info: Any) -> tuple[str, Reply]:
        if exc_info is None:
            try:
                return "ok", {"result": {"ok": self.writer.dump(result)}, "error": None}
            except Exception as error:
                return self._bug(error)
        raised = exc_info[1]
        if isinstance(raised, Refusal):
            return self._refused(raised)
        if isinstance(raised, OUTAGES):
            telemetry.logger().warning("database_unavailable", method=self.method_name, error=str(raised))
            return self._refused(Unavailable("database_unavailable"))
        return self._bug(raised)

    def _refused(self, refusal: Refusal) -> tuple[str, Reply]:
        service, method = self.container.service_name, self.method_name
        telemetry.rpc_refusals.labels(service, method, refusal.code).inc()
        outcome = "unavailable" if isinstance(refusal, Unavailable) else "refused"
        return outcome, {"result": refusal.to_reply(), "error": None}

    def _bug(self, error: BaseException) -> tuple[str, Reply]:
        telemetry.logger().error("method_failed", method=self.method_name, exc_info=error)
        return "bug", bug()

    def _finish(self, message: Any, began: float, outcome_and_reply: tuple[str, Reply]) -> None:
        outcome, reply = outcome_and_reply
        try:
            body = encoded(reply)
        except (TypeError, ValueError) as error:  # a date in the detail of a refusal, say
            outcome, reply = self._bug(error)
            body = encoded(reply)
        self._count(outcome, began)
        self.rpc_consumer.reply(message, body)

    def _count(self, outcome: str, began: float) -> None:
        service, method = self.container.service_name, self.method_name
        telemetry.rpc_answers.labels(service, method, outcome).inc()
        telemetry.rpc_answer_seconds.labels(service, method).observe(time.monotonic() - began)


def encoded(reply: Reply) -> bytes:
    return json.dumps(reply).encode()


def bug() -> Reply:
    """What a caller is told of a bug: where to find it in our logs, and nothing of what it was about."""
    error = {"exc_type": "Bug", "exc_path": "chassis.Bug", "exc_args": [], "value": telemetry.current_trace()}
    return {"result": None, "error": error}


def _is_late(headers: dict[str, Any]) -> bool:
    expires = headers.get(EXPIRES)
    return expires is not None and time.time() * 1000 > expires


def _request_in(body: bytes | str) -> Any:
    """The request in Nameko's body, given by position or by name."""
    try:
        content = json.loads(body)
        return content["args"][0] if content["args"] else content["kwargs"]["request"]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise Invalid.field("", "not_a_request") from error
