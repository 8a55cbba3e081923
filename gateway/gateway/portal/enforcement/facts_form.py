"""Forms drawn from what the calculator asks: typed texts become the facts that a service reads."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.bus import Body

PREFIX = "facts."


def read(asked: Sequence[Body], typed: Mapping[str, str]) -> Body:
    """The facts that were filled in; what is no number goes on as it was typed, and the service says so."""
    found = ((fact["name"], _value(fact, typed.get(PREFIX + fact["name"], "").strip())) for fact in asked)
    return {name: value for name, value in found if value is not None}


def typed_of(facts: Mapping[str, Any]) -> dict[str, str]:
    """The other way round: facts as the form holds them."""
    return {PREFIX + name: _text(value) for name, value in facts.items() if value is not None}


def shown(asked: Iterable[Body], proved: Mapping[str, Any]) -> list[Body]:
    """The facts to be filled in: without what the registers prove, and who is fined, which the party says."""
    return [
        fact for fact in asked if fact["name"] not in PROVED and fact["name"] not in proved and fact["name"] != "party"
    ]


PROVED = ("order_number", "ordered_on", "deadline", "rechecked_on", "recheck_failed")


def _value(fact: Body, text: str) -> Any:
    if fact["kind"] == "flag":
        return True if text == "yes" else None
    if not text:
        return None
    if fact["kind"] in ("number", "money"):
        return int(text) if text.isascii() and text.isdecimal() else text
    return text


def _text(value: Any) -> str:
    return {True: "yes", False: ""}[value] if isinstance(value, bool) else str(value)
