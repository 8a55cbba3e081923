"""Rules that the ministry changes are data with a date and a document: the edition in force on a day decides (pure)."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


def edition(name: str, on: date) -> dict[str, Any]:
    """The edition of data/<name>.toml that is in force on a day; before the first one, the first one."""
    editions = _editions(name)
    in_force = [each for each in editions if each["in_force"] <= on]
    return in_force[-1] if in_force else editions[0]


@cache
def _editions(name: str) -> list[dict[str, Any]]:
    data = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    return sorted(data["edition"], key=lambda each: each["in_force"])
