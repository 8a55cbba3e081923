"""One value of a form as the text that a paper shows, by its field's description (pure)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chassis.clock import SHANGHAI

Described = Mapping[str, Any]
Labels = Mapping[str, str]
NOTHING = "—"
UNKNOWN_YET = "（已选定，上报后显示名称）"
REFERENCES_IN_WORDS = "divisions"


def text(shape: Described, value: Any, labels: Labels) -> str:
    """Whatever is in `value`: a draft, or a form of older days, may hold something else than its field asks for."""
    if value is None or value == "" or value == [] or value == {}:
        return NOTHING
    kind = shape["type"]
    if kind == "rows" and isinstance(value, list):
        return "；".join(text(shape["item"], each, labels) for each in value)
    if kind == "part" and isinstance(value, Mapping):
        return "；".join(_told(shape["fields"], value, labels)) or NOTHING
    if shape.get("reference") and isinstance(value, str):
        return labels.get(value, value if shape["reference"] == REFERENCES_IN_WORDS else UNKNOWN_YET)
    written = _scalar(kind, shape, value)
    unit = shape.get("unit")
    return f"{written} {unit}" if unit else written


def _told(fields: list[Described], value: Mapping[str, Any], labels: Labels) -> list[str]:
    """Label and text of what is filled in."""
    known = [each for each in fields if value.get(each["name"]) not in (None, "", [], {})]
    return [f"{each['label']}：{text(each, value[each['name']], labels)}" for each in known]


def _scalar(kind: str, shape: Described, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if kind == "choice":
        return next((str(each["label"]) for each in shape["choices"] if each["code"] == value), str(value))
    if isinstance(value, int | float):
        return number(value)
    return moment(value) if kind == "moment" else str(value)


def number(value: float) -> str:
    """1,234,567.5: grouped, without places that say nothing."""
    return f"{int(value):,}" if value == int(value) else f"{value:,.6f}".rstrip("0")


def moment(value: Any) -> str:
    """2026-11-22 08:00, in Shanghai."""
    try:
        return datetime.fromisoformat(str(value)).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return str(value)


def day(value: Any) -> str:
    """2026年11月22日, as a certificate writes it."""
    try:
        on = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return f"{on.year}年{on.month}月{on.day}日"
