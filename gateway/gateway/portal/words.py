"""The Chinese word for every code: from the contract of the service that uses it, where each choice has its words."""

from functools import cache
from pathlib import Path
from typing import Any

from gateway.api.contracts import Contracts
from gateway.bus import Rpc
from gateway.parts import parts
from gateway.portal.locale import say

SUFFIX = "_word"
TITLE = "matter_title"  # a text already, and one of few
Words = dict[
    str, Any
]  # {"stage": {"draft": "草稿"}, "items": {"stage": …}}: the shape of a reply, its codes at the leaves


def beside_codes(rpc: Rpc, reply: Any) -> Any:
    """The reply with `<name>_word` beside each `<name>` for whose codes the contract has words."""
    return _worded(reply, _of_reply(rpc, parts().settings.contracts))


def choices(rpc: Rpc, field: str) -> dict[str, str]:
    """The codes that a request's field (`certificate.kind`: of a part) takes, with their words: for a list to choose from."""
    described: dict[str, Any] = Contracts(parts().settings.contracts).request(rpc)
    for name in field.split("."):
        described = described.get("items", described)["properties"][name]
    described = described.get("items", described)
    return {code: say(word) for code, word in described.get("x-words", {}).items()}


def _worded(value: Any, words: Words) -> Any:
    if isinstance(value, list):
        return [_worded(each, words) for each in value]
    if not isinstance(value, dict):
        return value
    shown: dict[str, Any] = {}
    for name, inner in value.items():
        known = words.get(name)
        if name == TITLE and isinstance(inner, str):
            inner = say(inner)
        shown[name] = inner if known is None else _worded(inner, known)
        if known is not None and isinstance(inner, str):
            shown[f"{name}{SUFFIX}"] = say(str(known.get(inner, inner)))
        elif known is not None and _is_list_of_codes(inner):
            shown[f"{name}{SUFFIX}s"] = [say(str(known.get(each, each))) for each in inner]
    return shown


def _is_list_of_codes(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, str) for each in value)


@cache
def _of_reply(rpc: Rpc, contracts: Path) -> Words:
    return _collect(Contracts(contracts).reply(rpc))


def _collect(schema: dict[str, Any]) -> Words:
    if "x-words" in schema:
        return dict(schema["x-words"])
    if isinstance(schema.get("items"), dict):
        return _collect(schema["items"])
    return {name: found for name, each in schema.get("properties", {}).items() if (found := _collect(each))}
