"""Rules that the ministry changes are data with a date and a document: the edition in force on a day decides (pure).

edition = Editions(Path(__file__).parent / "data")
edition("numbering", date(2026, 3, 2))["patterns"]
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Editions:
    """The TOML files of a folder, each a list of `[[edition]]` with `in_force`."""

    folder: Path

    def __call__(self, name: str, on: date) -> dict[str, Any]:
        """The edition of <name>.toml that is in force on a day; before the first one, the first one."""
        editions = _read(self.folder / f"{name}.toml")
        in_force = [each for each in editions if each["in_force"] <= on]
        return in_force[-1] if in_force else editions[0]


@cache
def _read(file: Path) -> list[dict[str, Any]]:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return sorted(data["edition"], key=lambda each: each["in_force"])
