"""What a route is. Most routes are data: an address, who may come, and which RPC answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from flask import Response
from marshmallow import Schema
from sqlalchemy.orm import Session

from gateway.bus import Rpc
from gateway.visitors import Visitor

Body = dict[str, Any]


class Who(StrEnum):
    """Who may come to an address at all; what he may do there is for the services to say.

    `newcomer`: signed in, also while his organisation is not open yet. `member`: of an open organisation.
    """

    ANYBODY = "anybody"
    NEWCOMER = "newcomer"
    MEMBER = "member"


@dataclass(frozen=True)
class Call:
    """One request, read: `request` holds path, query and body together."""

    visitor: Visitor
    request: Body
    key: str | None


def _as_it_is(call: Call) -> Call:
    return call


@dataclass(frozen=True)
class Local:
    """Answered by the gateway itself. `handler` has transactions of its own, and may answer with a file.

    For the description: `fronts` is the RPC whose contract says the details of what is passed on and told;
    `gathers` names the parts of the reply that are replies of RPCs, each null where none came.
    """

    handler: Callable[[Call], Body | Response]
    request: type[Schema] | None = None
    reply: type[Schema] | None = None
    fronts: Rpc | None = None
    gathers: Mapping[str, Rpc] | None = None


@dataclass(frozen=True)
class Change:
    """A change of the gateway's own, made in one transaction with the answer that is kept for a repeat.

    `first` completes the call with what has to be asked of a service, before the transaction begins.
    """

    handler: Callable[[Call, Session], Body]
    request: type[Schema] | None = None
    reply: type[Schema] | None = None
    first: Callable[[Call], Call] = _as_it_is


@dataclass(frozen=True, kw_only=True)
class Route:
    """`scope` is the word by which an API key may come here (read for GET, write for all else); "" means no key may.
    `or_scopes`: other words that will do, where what the request says decides which; the handler looks at that.

    `once`: the method demands an Idempotency-Key
    (every POST does, but for signing in: its answer is a secret, and a repeat does no harm). `upload`: the body is a
    file. `media_type` is the reply's. `derived` names the field that holds the id of what is made: it comes from the
    Idempotency-Key where the request does not give it.
    """

    method: str
    path: str
    act: Rpc | Local | Change
    title: str
    scope: str = ""
    or_scopes: tuple[str, ...] = ()
    who: Who = Who.MEMBER
    status: int = 200
    once: bool | None = None
    upload: bool = False
    derived: str = ""
    before_password_change: bool = False
    media_type: str = "application/json"

    @property
    def demands_key(self) -> bool:
        return self.method == "POST" if self.once is None else self.once

    @property
    def is_safe(self) -> bool:
        return self.method == "GET"

    @property
    def asks_by_query(self) -> bool:
        """Whether the request's words stand in the query: these methods have no body."""
        return self.method in ("GET", "DELETE")

    @property
    def scopes_needed(self) -> tuple[str, ...]:
        """A key with any of them may come; none: no key may."""
        words = (self.scope, *self.or_scopes) if self.scope else ()
        return tuple(f"{word}:{'read' if self.is_safe else 'write'}" for word in words)

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.path)

    @property
    def name(self) -> str:
        """Unique among all routes: the operation's id."""
        return re.sub(r"\W+", "_", f"{self.method.lower()}{self.path}").strip("_")

    @property
    def rule(self) -> str:
        """The address as Flask writes it."""
        return re.sub(r"{(\w+)}", r"<\1>", self.path)


def get(path: str, act: Rpc | Local, title: str, **options: Any) -> Route:
    return Route(method="GET", path=path, act=act, title=title, **options)


def post(path: str, act: Rpc | Local | Change, title: str, **options: Any) -> Route:
    return Route(method="POST", path=path, act=act, title=title, **options)


def put(path: str, act: Rpc | Change, title: str, **options: Any) -> Route:
    return Route(method="PUT", path=path, act=act, title=title, **options)


def patch(path: str, act: Rpc | Change, title: str, **options: Any) -> Route:
    return Route(method="PATCH", path=path, act=act, title=title, **options)


def delete(path: str, act: Rpc | Change, title: str, **options: Any) -> Route:
    return Route(method="DELETE", path=path, act=act, title=title, **options)
