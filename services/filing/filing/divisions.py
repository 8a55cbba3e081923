"""Divisions (行政区划) of Hebei and the area paths that agencies watch (pure; the list is dated data).

A path names every level from the province down: "13", "13.1301", "13.1301.130102". 定州, 辛集 and 雄安 stand directly
under the province, whatever their code looks like: "13.130682", "13.133100.130629". A zone office has a path of its own
below a division's ("13.1301.z-…"): zones have no code in GB/T 2260.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "divisions.toml"
SEPARATOR = "."


@dataclass(frozen=True)
class Division:
    """A province, city or county. `letters` stand in machine filing numbers (备案编号), "" for the province."""

    code: str
    name: str
    level: str
    area: str
    letters: str

    @property
    def parent_area(self) -> str:
        return self.area.rpartition(SEPARATOR)[0]


@dataclass(frozen=True)
class Source:
    """Where the list comes from, and of which day it is."""

    document: str
    as_of: date


def all_divisions() -> tuple[Division, ...]:
    """The province first, each city followed by its counties, in the order of the list."""
    return tuple(_by_code().values())


def division(code: str) -> Division | None:
    return _by_code().get(code)


def of_area(area: str) -> Division:
    """The smallest division that holds an area path: a zone's county or city, or the division itself.

    Raises KeyError for a path outside the province.
    """
    by_area = _by_area()
    while area not in by_area:
        area = area.rpartition(SEPARATOR)[0]
        if not area:
            raise KeyError("area")
    return by_area[area]


def is_within(area: str, territory: str) -> bool:
    """Whether `area` is `territory` or lies in it."""
    return area == territory or area.startswith(territory + SEPARATOR)


def area_served(place: str, agency_area: str) -> str:
    """The area under which a thing at a place is kept once an agency has it: a zone office's own area, else the place.

    So that a zone office sees what it has filed, and a county what its city filed for it.
    """
    is_zone = of_area(agency_area).area != agency_area
    return agency_area if is_zone else place


def filing_letters(area: str) -> str:
    """City letter and county letter of a machine filing number; a zone office writes its division's."""
    return of_area(area).letters


def short_name() -> str:
    """The province's one-character name (冀), first in its numbers."""
    return str(_data()["province"]["short_name"])


def source() -> Source:
    entry = _data()["source"]
    return Source(document=entry["document"], as_of=entry["as_of"])


def full_name(area: str) -> str:
    """河北省石家庄市长安区"""
    here = of_area(area)
    names = [here.name]
    while here.parent_area:
        here = _by_area()[here.parent_area]
        names.insert(0, here.name)
    return "".join(names)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


@cache
def _by_code() -> dict[str, Division]:
    data = _data()
    province = data["province"]
    root = Division(province["code"], province["name"], "province", province["code"][:2], "")
    divisions = [root]
    for city in data["city"]:
        divisions += _city(root, city, data["letters"]["own"])
    return {each.code: each for each in divisions}


def _city(root: Division, city: dict[str, Any], own_letter: str) -> list[Division]:
    code = city["code"]
    step = code[:4] if code.endswith("00") and code != XIONGAN else code
    area = f"{root.area}{SEPARATOR}{step}"
    letter = city["letter"]
    itself = Division(code, city["name"], "city", area, letter + city.get("own_letter", own_letter))
    counties = [
        Division(each["code"], each["name"], "county", f"{area}{SEPARATOR}{each['code']}", letter + each["letter"])
        for each in city["counties"]
    ]
    return [itself, *counties]


@cache
def _by_area() -> dict[str, Division]:
    return {each.area: each for each in _by_code().values()}


# A pseudo-code that ends like a city's; its path is written in full to tell it from the cities of the list.
XIONGAN = "133100"
