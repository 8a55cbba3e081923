"""The gateway's side of the bus: one RPC a request, with a signed principal, a deadline and the request's trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chassis import principal as principals
from chassis.call import Answer, Caller, Question
from chassis.clock import Clock
from chassis.principal import GATEWAY, Principal, service_principal

Body = dict[str, Any]
DEADLINE = 1.0


@dataclass(frozen=True)
class Rpc:
    """One method of a service; `deadline` in seconds."""

    service: str
    method: str
    deadline: float = DEADLINE


class Bus:
    def __init__(self, caller: Caller, private_key: str, clock: Clock) -> None:
        self._caller, self._private_key, self._clock = caller, private_key, clock

    def call(self, rpc: Rpc, request: Body, principal: Principal, key: str | None = None) -> Body:
        """The service's reply; raises its refusal, or `Unavailable` when it does not answer in time."""
        token = self._token(principal)
        return self._caller.call(rpc.service, rpc.method, request, token, deadline=rpc.deadline, key=key)

    def call_many(self, asked: Sequence[tuple[Rpc, Body]], principal: Principal) -> list[Answer]:
        """Several services at the same time; each answer is a reply or a refusal."""
        questions = [Question(rpc.service, rpc.method, body) for rpc, body in asked]
        return self._caller.call_many(questions, self._token(principal))

    def ask_as_gateway(self, rpc: Rpc, request: Body) -> Body:
        """The gateway asking for itself, as a service."""
        return self.call(rpc, request, service_principal(GATEWAY))

    def _token(self, principal: Principal) -> str:
        return principals.sign(principal, self._private_key, GATEWAY, self._clock)
