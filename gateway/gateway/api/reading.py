"""Reading a request: JSON that is JSON, texts that are texts, and query words turned into what the contract asks for."""

import json
from math import isfinite
from typing import Any, NoReturn

from flask import Request

from chassis.errors import Invalid
from gateway.refusals import TooLarge, Unreadable, WrongType

JSON_LIMIT = 1024 * 1024
DEPTH_LIMIT = 50
Body = dict[str, Any]


def json_body(request: Request) -> Body:
    """The object in the body, {} for none. Refuses `TooLarge`, `WrongType`, `Unreadable`."""
    refuse_longer(request, JSON_LIMIT)
    # One byte more than allowed is enough to know: a body without a length is never read to its end.
    raw = request.stream.read(JSON_LIMIT + 1)
    if len(raw) > JSON_LIMIT:
        raise TooLarge("body_too_large", limit=JSON_LIMIT)
    if not raw:
        return {}
    if not request.is_json:
        raise WrongType("json_expected")
    return _object(raw)


def refuse_body(request: Request) -> None:
    """Where words are read from the query only: what stood in a body would be passed over in silence."""
    if request.stream.read(1):
        raise Unreadable("body_not_expected")


def refuse_longer(request: Request, limit: int, code: str = "body_too_large") -> None:
    """By the length that the request tells, before a byte of it is read."""
    if (request.content_length or 0) > limit:
        raise TooLarge(code, limit=limit)


def query(request: Request, schema: Body) -> Body:
    """The query's words, each as the type that `schema` names; a word given twice makes a list, or is refused."""
    read: Body = {}
    for name, words in request.args.lists():
        refuse_unspeakable([name, *words])
        wanted = _property(schema, name)
        if "array" in _types(wanted):
            item = wanted.get("items") or {}
            read[name] = [_typed(word, item) for word in words]
        elif len(words) > 1:
            raise Invalid.field(name, "given_twice")
        else:
            read[name] = _typed(words[0], wanted)
    return read


def refuse_unspeakable(value: Any, depth: int = 0) -> None:
    """Refuses what no text may hold (half characters, NUL) and what is nested beyond sense."""
    if depth > DEPTH_LIMIT:
        raise Unreadable("json_too_deep", limit=DEPTH_LIMIT)
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= each <= "\udfff" for each in value):
            raise Unreadable("text_unreadable")
    elif isinstance(value, dict):
        for name, inner in value.items():
            refuse_unspeakable(name)
            refuse_unspeakable(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            refuse_unspeakable(inner, depth + 1)


def _object(raw: bytes) -> Body:
    try:
        value = json.loads(raw, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Unreadable("json_broken") from error
    if not isinstance(value, dict):
        raise Unreadable("json_no_object")
    refuse_unspeakable(value)
    return value


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON number")


def _finite(word: str) -> float:
    number = float(word)
    return number if isfinite(number) else _no_number(word)


def _property(schema: Body, name: str) -> Body:
    found: Body = (schema.get("properties") or {}).get(name) or {}
    return found


def _types(schema: Body) -> set[str]:
    kinds = schema.get("type") or []
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _typed(word: str, schema: Body) -> Any:
    """A word that does not read as its type stays a word: the schema then names the broken rule."""
    kinds = _types(schema)
    if "boolean" in kinds and word in ("true", "false"):
        return word == "true"
    try:
        if "integer" in kinds:
            return int(word)
        return float(word) if "number" in kinds else word
    except ValueError:
        return word
