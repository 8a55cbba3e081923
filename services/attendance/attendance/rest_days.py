"""Days of rest by an agency's notice (pure; dated data, data/rest_days.toml)."""

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from attendance import month_days

DATA = Path(__file__).parent / "data" / "rest_days.toml"


def of_area(area: str, first: date, last: date) -> Mapping[date, str]:
    """The days between these two, both included, on which an area (its path) rests, each with its notice."""
    return {
        day: each["document"]
        for each in _notices(DATA)
        if _covers(each["place"], area)
        for day in month_days.days(max(first, each["first"]), min(last, each["last"]))
    }


def places_on(day: date) -> list[str]:
    """The places that rest on a day; "" is everywhere."""
    return sorted({each["place"] for each in _notices(DATA) if each["first"] <= day <= each["last"]})


def _covers(place: str, area: str) -> bool:
    return not place or f"{area}.".startswith(f"{place}.")


@cache
def _notices(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(path.read_text(encoding="utf-8")).get("rest", ()))
