"""Asking another service over the bus, with an end in sight.

    caller = Caller(settings.amqp_uri, "gateway")
    page = caller.call("filing", "get_application", {"id": id}, token, deadline=1.0)

A call returns the reply, or raises the refusal the service gave, or raises `Unavailable`; nothing else, and never later
than its deadline. Codes of `Unavailable` made here: `service_down` (nobody reads its queue, or the breaker is open),
`no_answer` (the deadline passed), `broker_down`, and `internal_error` (the service has a bug; `trace` finds it).

The wire is Nameko's: exchange `nameko-rpc`, key `<service>.<method>`, body {"args": [request], "kwargs": {}}; the
reply's `result` is {"ok": {…}} or {"refused": {…}}. What goes with it stands in headers: see `Call`.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import amqp

from chassis import telemetry
from chassis.breaker import Breaker
from chassis.errors import Refusal, Unavailable, from_reply
from chassis.identifiers import new_id
from chassis.principal import Principal
from chassis.topology import RPC_EXCHANGE, rpc_queue
from chassis.wire import FAILURES, Deadline, Line, Outgoing

PRINCIPAL = "principal"
TRACE = "trace"
KEY = "idempotency-key"
EXPIRES = "expires"  # milliseconds since 1970; hosts keep their clocks by NTP

# Who has answered within this time is not asked whether he is there.
ASSUMED_THERE_SECONDS = 1.0
LONGEST_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Call:
    """What comes along with a request: the second argument of every method under `@answers`.

    `key` is the idempotency key of a command (for `chassis.commands`); `token` is the signed principal, to hand on to
    a service asked in turn; `expires` is the moment (seconds since 1970) at which the caller stops waiting.
    """

    principal: Principal
    token: str = ""
    key: str | None = None
    trace: str = ""
    expires: float = field(default_factory=lambda: time.time() + LONGEST_SECONDS)

    def left(self, at_most: float = LONGEST_SECONDS) -> float:
        """Seconds until the caller stops waiting, `at_most` so many: the deadline of a call made on his behalf."""
        return max(0.0, min(at_most, self.expires - time.time()))


class Question(NamedTuple):
    """One of the calls made at the same time."""

    service: str
    method: str
    request: dict[str, Any]
    key: str | None = None


Answer = dict[str, Any] | Refusal


class NotReached(Unavailable):
    """No answer was had: the service, or the broker between, is away or too slow."""


class Caller:
    """Asks services; for any number of threads (or green ones). One a process.

    `name` is who asks: his user at the broker owns queues named `rpc.reply-<name>-…`. `size` is how many calls may be
    under way at once; each has a connection of its own meanwhile, opened when first needed, thrown away on any error.
    """

    def __init__(self, amqp_uri: str, name: str, *, size: int = 64) -> None:
        self.uri = amqp_uri
        self.name = name
        self.free = threading.Semaphore(size)
        self.lock = threading.Lock()
        self.idle: list[_ReplyLine] = []
        self.breakers: dict[str, Breaker] = {}
        self.answered_at: dict[str, float] = {}

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        principal_token: str,
        *,
        deadline: float = 1.0,
        key: str | None = None,
    ) -> dict[str, Any]:
        """The reply; raises the service's refusal, or `Unavailable` at the latest when `deadline` seconds are over."""
        question = Question(service, method, request, key)
        (answer,) = self.call_many([question], principal_token, deadline=deadline)
        if isinstance(answer, Refusal):
            raise answer
        return answer

    def call_many(
        self,
        questions: Sequence[Question | tuple[str, str, dict[str, Any]]],
        principal_token: str,
        *,
        deadline: float = 1.0,
    ) -> list[Answer]:
        """Ask all at the same time; in the same order, each reply, or the refusal in its place. Raises nothing."""
        asked = {new_id(): Question(*each) for each in questions}
        began = time.monotonic()
        passing = {id: each for id, each in asked.items() if self._breaker(each.service).allows()}
        answers = self._ask(passing, principal_token, Deadline(deadline)) if passing else {}
        for id, question in passing.items():
            self._count(question, answers[id], time.monotonic() - began)
        return [answers.get(id) or NotReached("service_down", service=each.service) for id, each in asked.items()]

    def close(self) -> None:
        """Close the connections that nobody uses at the moment."""
        with self.lock:
            idle, self.idle = self.idle, []
        for line in idle:
            line.close()

    def _ask(self, questions: Mapping[str, Question], token: str, deadline: Deadline) -> dict[str, Answer]:
        answers: dict[str, Answer] = {}
        code = "broker_down"
        try:
            with self._line(deadline) as line:
                away = self._away(line, questions, deadline)
                answers |= {id: NotReached("service_down", service=questions[id].service) for id in away}
                waiting = {id: each for id, each in questions.items() if id not in away}
                line.send_all(waiting, token, deadline)
                code = "no_answer"
                for id, answer in line.collect(waiting, deadline):
                    answers[id] = answer
        except amqp.NotFound:
            code = "service_down"
        except FAILURES as error:
            telemetry.logger().warning("call_failed", code=code, error=repr(error))
        lost = {id: NotReached(code, service=each.service) for id, each in questions.items() if id not in answers}
        return answers | lost

    def _away(self, line: "_ReplyLine", questions: Mapping[str, Question], deadline: Deadline) -> set[str]:
        """The questions to services that have not been heard of lately and whose queue nobody reads.

        Before a call that may take longer than that every service is asked for: who is away is told so at once.
        """
        recently = time.monotonic() - (ASSUMED_THERE_SECONDS if deadline.left() <= ASSUMED_THERE_SECONDS else 0)
        silent = {each.service for each in questions.values() if self.answered_at.get(each.service, 0) < recently}
        gone = {service for service in silent if line.readers_of(service, deadline) == 0}
        return {id for id, each in questions.items() if each.service in gone}

    @contextmanager
    def _line(self, deadline: Deadline) -> "Iterator[_ReplyLine]":
        """A line for one caller; afterwards it waits for the next, or is thrown away if anything was raised."""
        if not self.free.acquire(timeout=deadline.left()):
            raise TimeoutError
        try:
            line = self._idle_line() or _ReplyLine(self.uri, self.name, deadline)
            try:
                yield line
            except BaseException:
                line.drop()
                raise
            with self.lock:
                self.idle.append(line)
        finally:
            self.free.release()

    def _idle_line(self) -> "_ReplyLine | None":
        while True:
            with self.lock:
                if not self.idle:
                    return None
                line = self.idle.pop()
            if line.is_alive():
                return line
            line.drop()

    def _breaker(self, service: str) -> Breaker:
        return self.breakers.setdefault(service, Breaker())

    def _count(self, question: Question, answer: Answer, seconds: float) -> None:
        service, method = question.service, question.method
        breaker, outcome = self._breaker(service), _outcome(answer)
        if outcome == "unavailable":
            breaker.failed()
        else:
            breaker.succeeded()
            self.answered_at[service] = time.monotonic()
        telemetry.rpc_breaker_open.labels(service).set(breaker.is_open)
        telemetry.rpc_calls.labels(service, method, outcome).inc()
        telemetry.rpc_call_seconds.labels(service, method).observe(seconds)


class _ReplyLine(Line):
    """A line with a reply queue of its own, which goes when the line goes."""

    def __init__(self, uri: str, name: str, deadline: Deadline) -> None:
        super().__init__(uri, seconds=deadline.left(), name=f"{name} calls")
        self.queue = f"rpc.reply-{name}-{new_id()}"
        self.replies: dict[str, Any] = {}
        try:
            self.limit(deadline.left())
            self.channel.queue_declare(self.queue, exclusive=True, auto_delete=True)
            self.channel.queue_bind(self.queue, RPC_EXCHANGE, self.queue)
            self.channel.basic_consume(self.queue, no_ack=True, exclusive=True, callback=self._on_reply)
        except BaseException:
            self.drop()
            raise

    def readers_of(self, service: str, deadline: Deadline) -> int:
        self.limit(deadline.left())
        return int(self.channel.queue_declare(rpc_queue(service), passive=True).consumer_count)

    def send_all(self, questions: Mapping[str, Question], token: str, deadline: Deadline) -> None:
        self.replies.clear()
        self.returned.clear()
        for id, question in questions.items():
            left = deadline.left()
            self.limit(left)
            self.send(_request(id, question, token, self.queue, left))

    def collect(self, questions: Mapping[str, Question], deadline: Deadline) -> Iterator[tuple[str, Answer]]:
        """Each answer as it comes; raises one of `FAILURES` when some do not come in time."""
        waiting = set(questions)
        while True:
            for id in waiting & self.replies.keys():
                yield id, _answer(questions[id], self.replies.pop(id))
                waiting.discard(id)
            for id in waiting & self.returned:
                yield id, NotReached("service_down", service=questions[id].service)
                waiting.discard(id)
            if not waiting:
                return
            if self.blocked:
                raise ConnectionError("the broker is short of memory or disk")
            self.drain(deadline.left())

    def _on_reply(self, message: amqp.Message) -> None:
        self.replies[message.properties.get("correlation_id", "")] = message.body


def _request(id: str, question: Question, token: str, reply_to: str, seconds: float) -> Outgoing:
    headers = {
        PRINCIPAL: token,
        TRACE: telemetry.current_trace(),
        EXPIRES: int((time.time() + seconds) * 1000),
    }
    if question.key is not None:
        headers[KEY] = question.key
    body = {"args": [question.request], "kwargs": {}}
    return Outgoing(
        exchange=RPC_EXCHANGE,
        key=f"{question.service}.{question.method}",
        body=json.dumps(body).encode(),
        id=id,
        headers=headers,
        persistent=False,
        expires=seconds,
        reply_to=reply_to,
    )


def _answer(question: Question, body: bytes | str) -> Answer:
    try:
        reply = json.loads(body)
        if reply["error"] is None:
            result = reply["result"]
            return from_reply(result["refused"]) if "refused" in result else dict(result["ok"])
        error = str(reply["error"].get("exc_type"))
    except (ValueError, KeyError, TypeError, AttributeError):
        error = "not a reply"
    trace = telemetry.current_trace()
    telemetry.logger().error("service_failed", called=question.service, method=question.method, error=error)
    return Unavailable("internal_error", service=question.service, trace=trace)


def _outcome(answer: Answer) -> str:
    if isinstance(answer, NotReached):
        return "unavailable"
    if isinstance(answer, Refusal):
        return "bug" if answer.code == "internal_error" else "refused"
    return "ok"
