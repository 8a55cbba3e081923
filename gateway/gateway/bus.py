"""The gateway's side of the bus: one RPC a request, with a signed principal, a deadline and the request's trace."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from chassis import principal as principals
from chassis.call import Answer, Caller, NotReached, Question
from chassis.clock import Clock
from chassis.principal import GATEWAY, Principal, service_principal

Body = dict[str, Any]
# Seconds that a request may wait for services, so that it is answered within one whatever is silent.
DEADLINE = 0.9
SHORTEST = 0.02
# What the request in hand has waited so far; None where nobody waits for an answer (the sweeper).
_waited: ContextVar[float | None] = ContextVar("waited", default=None)


def begin_request() -> None:
    """All calls from now on, until the request ends, share one deadline."""
    _waited.set(0.0)


def end_request() -> None:
    _waited.set(None)


@contextmanager
def _within(deadline: float) -> Iterator[float]:
    """The seconds that are left of `deadline` for a call; the body of a request may take its time to come in."""
    waited = _waited.get()
    began = time.monotonic()
    try:
        yield deadline - (waited or 0.0)
    finally:
        if waited is not None:
            _waited.set(waited + time.monotonic() - began)


@dataclass(frozen=True)
class Rpc:
    """One method of a service; `deadline` in seconds, what the request has waited before included."""

    service: str
    method: str
    deadline: float = DEADLINE


class Bus:
    def __init__(self, caller: Caller, private_key: str, clock: Clock) -> None:
        self._caller, self._private_key, self._clock = caller, private_key, clock

    def call(self, rpc: Rpc, request: Body, principal: Principal, key: str | None = None) -> Body:
        """The service's reply; raises its refusal, or `Unavailable` when it does not answer in time."""
        token = self._token(principal)
        with _within(rpc.deadline) as left:
            if left < SHORTEST:
                raise NotReached("no_answer", service=rpc.service)
            return self._caller.call(rpc.service, rpc.method, request, token, deadline=left, key=key)

    def call_many(self, asked: Sequence[tuple[Rpc, Body]], principal: Principal) -> list[Answer]:
        """Several services at the same time; each answer is a reply or a refusal."""
        questions = [Question(rpc.service, rpc.method, body) for rpc, body in asked]
        with _within(max((rpc.deadline for rpc, _ in asked), default=DEADLINE)) as left:
            if left < SHORTEST:
                return [NotReached("no_answer", service=each.service) for each in questions]
            return self._caller.call_many(questions, self._token(principal), deadline=left)

    def ask_as_gateway(self, rpc: Rpc, request: Body) -> Body:
        """The gateway asking for itself, as a service."""
        return self.call(rpc, request, service_principal(GATEWAY))

    def _token(self, principal: Principal) -> str:
        return principals.sign(principal, self._private_key, GATEWAY, self._clock)
