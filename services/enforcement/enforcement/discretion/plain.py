"""A weighing as JSON-ready data: what is stored with a case and told to pages (pure)."""

from dataclasses import asdict
from datetime import date
from typing import Any

from enforcement.discretion.weighing import Weighing


def plain(weighing: Weighing) -> dict[str, Any]:
    """Every field by its name, days as ISO text, and the whole trace as `text`."""
    told: dict[str, Any] = _plain(asdict(weighing))
    return {**told, "text": weighing.text}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
