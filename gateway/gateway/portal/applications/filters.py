"""What the list of applications is narrowed by: every filter that filing's list knows, as the address says it.

The list shows what is under way unless the address says otherwise; a figure's link names exactly what it counts, and then
both what is under way and what is closed is shown.
"""

from collections.abc import Mapping
from typing import Any

from gateway.api.contracts import Contracts
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.locale import say

LIST = Rpc("filing", "list_applications")
PAGING = ("limit", "after")
OPEN, SEARCHED = "open", "q"
FLAGS = {"1": True, "0": False}
ORDER = ("sort", "backwards")  # what the table's head says (registers/tables.py)
# What has a field of its own in the bar above the list; all else is told beside it.
IN_THE_BAR = (OPEN, SEARCHED, "matter", "stage", "overdue")
# Those of figures; a search, a matter or a stage still means what is under way.
COUNTING = ("outcome", "decided", "late", "round", "submitted_from", "submitted_to", "closed_from", "closed_to")
SHORTEST = 2


def read(query: Mapping[str, str]) -> Body:
    """As filing is asked; what is empty, unknown or no value of its kind counts for nothing."""
    asked = {name: _value(described, query.get(name, "").strip()) for name, described in _known().items()}
    wanted = {name: value for name, value in asked.items() if value is not None}
    if len(wanted.get(SEARCHED, "")) < SHORTEST:
        wanted.pop(SEARCHED, None)
    if OPEN not in wanted and not any(name in wanted for name in COUNTING):
        wanted[OPEN] = True
    return wanted


def beside_the_bar(wanted: Body) -> list[Body]:
    """The filters that have no field of their own, for people: [{"name", "value", "text"}]."""
    known = _known()
    return [
        {"name": name, "value": _written(value), "text": _said(known[name], value)}
        for name, value in wanted.items()
        if name not in IN_THE_BAR
    ]


def _known() -> dict[str, Body]:
    described: dict[str, Body] = Contracts(parts().settings.contracts).request(LIST)["properties"]
    return {name: each for name, each in described.items() if name not in (*PAGING, *ORDER)}


def _value(described: Body, text: str) -> Any:
    if not text:
        return None
    if "boolean" in described["type"]:
        return FLAGS.get(text)
    if "integer" in described["type"]:
        return int(text) if text.isdecimal() and len(text) < 10 else None
    return text


def _written(value: Any) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def _said(described: Body, value: Any) -> str:
    """上报自 2026-01-01; of what is named by its id only that it is named."""
    title = say(described["title"])
    if described.get("format") == "uuid":
        return title
    if isinstance(value, bool):
        return f"{title} {say('是') if value else say('否')}"
    if described["title"] == "辖区":
        places = {each["area"]: each["name"] for each in parts().catalogue.divisions()}
        return f"{title} {places.get(value, value)}"
    return f"{title} {say(str(described.get('x-words', {}).get(value, value)))}"
