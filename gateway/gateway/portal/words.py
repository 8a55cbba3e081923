"""What services say, in the reader's language: words for every code (from the contract of the service that uses it, where
each choice has its words), and the texts of the descriptions that they send. What has no English stays Chinese."""

from functools import cache
from pathlib import Path
from typing import Any

from gateway.api.contracts import Contracts
from gateway.bus import Rpc
from gateway.parts import parts
from gateway.portal.locale import CHINESE, language, say

SUFFIX = "_word"
# Where a reply holds a text of the service's own, by name, but in what people filled in or titled themselves.
SAID = {
    *("title", "label", "help", "unit", "matter_title", "route_title", "certificate_title"),
    *("basis", "document", "clause", "day_basis"),
}
FILLED_IN = {"form", "details"}
TITLED_BY_PEOPLE = {"bulletin_id", "download_id"}
Words = dict[
    str, Any
]  # {"stage": {"draft": "草稿"}, "items": {"stage": …}}: the shape of a reply, its codes at the leaves


def beside_codes(rpc: Rpc, reply: Any) -> Any:
    """The reply with `<name>_word` beside each `<name>` for whose codes the contract has words."""
    return in_language(_worded(reply, _of_reply(rpc, parts().settings.contracts)))


def in_language(told: Any) -> Any:
    """A description (or whatever else a service replies) with its texts in the reader's language."""
    return told if language() == CHINESE else _translated(told)


def _translated(told: Any) -> Any:
    if isinstance(told, list):
        return [_translated(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {name: _told(name, each, told) for name, each in told.items()}


def _told(name: str, value: Any, within: dict[str, Any]) -> Any:
    if name in FILLED_IN:
        return value
    if name == "labels" and isinstance(value, dict):
        return {id_: _label(each) for id_, each in value.items()}
    return say(value) if isinstance(value, str) and _is_said(name, within) else _translated(value)


def _label(text: Any) -> str:
    """The name of what a form names by its id; where it begins with a word of ours (塔式起重机 QTZ80), with that translated."""
    return " ".join(map(say, str(text).split(" ")))


def _is_said(name: str, within: dict[str, Any]) -> bool:
    """A document's `note` belongs to a description, a line's `text` beside its label to a certificate."""
    if name == "note":
        return "required" in within
    if name == "text":
        return "label" in within
    return name in SAID and not TITLED_BY_PEOPLE & within.keys()


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
