"""The one view of the API: who asks, what for, was it asked before; then the call, then the reply."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, request

from chassis.database import transaction
from chassis.errors import Invalid
from chassis.identifiers import derived_id
from chassis.schemas import read
from gateway import texts
from gateway.api import admission, reading, uploads
from gateway.api.contracts import Contracts
from gateway.api.openapi import request_schema
from gateway.api.routes import Body, Call, Change, Local, Route
from gateway.bus import DEADLINE, Rpc
from gateway.idempotency import Kept, Try
from gateway.parts import parts
from gateway.refusals import Unreadable
from gateway.visitors import Visitor

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotent-Replayed"
KEY_PATTERN = re.compile(r"[\x21-\x7e]{1,200}")
# Those who have not signed in share one drawer of keys: theirs must not be guessed, nor met by accident.
NEWCOMERS = "newcomer"
NEWCOMERS_KEY_LENGTH = 16
JSON_TYPE = "application/json"


def view_of(route: Route, contracts: Contracts) -> Callable[..., Response]:
    """The Flask view of a route."""
    schema = request_schema(route, contracts)

    def view(**path: str) -> Response:
        visitor = admission.visitor()
        admission.admit(route, visitor)
        key = _key(route, visitor)
        command = derived_id("command", _drawer(visitor), key) if key else None
        asked = _read(route, schema, path)
        if route.derived and command:
            asked.setdefault(route.derived, command)
        call = Call(visitor, asked, command)
        if key is None:
            return _answer(_act(route, call), route.status)
        return _once(route, call, key)

    return view


def _once(route: Route, call: Call, key: str) -> Response:
    """The answer of the first try under this key."""
    answers = parts().answers
    fingerprint = parts().seal.fingerprint(route.method, request.path, json.dumps(call.request, sort_keys=True))
    begun = answers.begin(_drawer(call.visitor), key, fingerprint, _lasts(route))
    if isinstance(begun, Kept):
        response = _answer(begun.body, begun.status)
        response.headers[REPLAYED_HEADER] = "true"
        return response
    if isinstance(route.act, Change):
        return _answer(_change_once(route, route.act, call, begun), route.status)
    kept = answers.run(begun, lambda: Kept(route.status, _body(_act(route, call))))
    return _answer(kept.body, kept.status)


def _change_once(route: Route, change: Change, call: Call, mine: Try) -> Body:
    """The change and its kept answer, in one transaction: both are there or none is."""
    try:
        completed = change.first(call)
        with transaction(parts().sessions) as session:
            body = change.handler(completed, session)
            parts().answers.keep(session, mine, route.status, body)
    except BaseException:
        parts().answers.forget(mine)
        raise
    return body


def _act(route: Route, call: Call) -> Body | Response:
    if isinstance(route.act, Local):
        return route.act.handler(call)
    if isinstance(route.act, Change):
        completed = route.act.first(call)
        with transaction(parts().sessions) as session:
            return route.act.handler(completed, session)
    reply = parts().bus.call(route.act, call.request, admission.as_whom(call.visitor), key=call.key)
    body: Body = texts.explain(reply)
    return body


def _read(route: Route, schema: Body, path: dict[str, str]) -> Body:
    """Path, query and body together; what the path says cannot be said again otherwise."""
    reading.refuse_unspeakable(list(path.values()))
    if route.asks_by_query:
        reading.refuse_body(request)
    if route.upload:
        told = uploads.receive(request, reading.query(request, schema), admission.visitor())
    else:
        told = reading.query(request, schema) if route.asks_by_query else reading.json_body(request) | _no_query()
    if again := path.keys() & told.keys():
        raise Invalid({name: [{"rule": "unknown_field"}] for name in sorted(again)})
    whole = {**told, **path}
    if isinstance(route.act, Rpc) or route.upload:
        return whole
    return _checked(route.act, whole)


def _checked(act: Local | Change, told: Body) -> Body:
    """By the gateway's own schema; kept as JSON has it, so that it can be compared with a repeat."""
    if act.request is None:
        if told:
            raise Invalid({name: [{"rule": "unknown_field"}] for name in sorted(told)})
        return told
    schema = act.request()
    dumped: Body = schema.dump(read(schema, told))
    return dumped


def _no_query() -> Body:
    if request.args:
        raise Invalid({name: [{"rule": "unknown_field"}] for name in sorted(request.args)})
    return {}


def _key(route: Route, visitor: Visitor) -> str | None:
    """The request's Idempotency-Key. Refuses `Unreadable` when one is missing that must be there, or is no good."""
    key = request.headers.get(KEY_HEADER)
    if route.is_safe or route.once is False:
        return None
    if key is None:
        if route.demands_key:
            raise Unreadable("idempotency_key_missing")
        return None
    if not KEY_PATTERN.fullmatch(key):
        raise Unreadable("idempotency_key_malformed")
    if visitor.account is None and len(key) < NEWCOMERS_KEY_LENGTH:
        raise Unreadable("idempotency_key_weak", min=NEWCOMERS_KEY_LENGTH)
    return key


def _drawer(visitor: Visitor) -> str:
    return visitor.account.id if visitor.account is not None else NEWCOMERS


def _lasts(route: Route) -> timedelta:
    return timedelta(seconds=route.act.deadline if isinstance(route.act, Rpc) else DEADLINE)


def _body(acted: Body | Response) -> Body:
    if isinstance(acted, Response):
        raise TypeError("an answer that is kept for a repeat must be JSON")
    return acted


def _answer(acted: Body | Response, status: int) -> Response:
    if isinstance(acted, Response):
        return acted
    return Response(dump(acted), status=status, content_type=JSON_TYPE)


def dump(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
