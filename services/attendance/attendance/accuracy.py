"""How far a phone's own figure of accuracy is trusted (pure; dated data, data/accuracy.toml, with the reasons)."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "accuracy.toml"


@cache
def factor_on(day: date) -> float:
    """By what a figure of that day is widened; before the first edition, by that of the first."""
    editions = _editions()
    in_force = [factor for since, factor in editions if since <= day]
    return in_force[-1] if in_force else editions[0][1]


@cache
def _editions() -> tuple[tuple[date, float], ...]:
    told = tomllib.loads(DATA.read_text(encoding="utf-8"))["edition"]
    return tuple(sorted((each["in_force"], float(each["factor"])) for each in told))
