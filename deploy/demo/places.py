"""The divisions of Hebei with the coordinates of their seats (WGS-84, to 0.01°: about a kilometre)."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "places.csv"
PROVINCE = "130000"
DIRECT = ("130181", "130682", "133100")  # 辛集, 定州, 雄安: directly below the province
XIONGAN_COUNTIES = ("130629", "130632", "130638")
CITY_LETTERS = dict(zip(("1301", "1302", "1303", "1304", "1305", "1306", "1307", "1308", "1309", "1310", "1311"),
                        "ABCDEFGHJRT", strict=True))  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A division. Its `level` is province, city (the eleven and the three direct units) or county.

    A `busy` county has two officers: a review and an approval take two people.
    """

    code: str
    name: str
    longitude: float
    latitude: float
    busy: bool

    @property
    def level(self) -> str:
        if self.code == PROVINCE:
            return "province"
        return "city" if self.code.endswith("00") or self.code in DIRECT else "county"

    @property
    def city(self) -> str:
        """The code of the city that this place is or lies in."""
        if self.level != "county":
            return self.code
        return "133100" if self.code in XIONGAN_COUNTIES else self.code[:4] + "00"

    @property
    def letter(self) -> str:
        """The letter of its number plates, which stands in certificate numbers."""
        return "X" if self.city == "133100" else CITY_LETTERS[self.code[:4]]


@cache
def all_places() -> dict[str, Place]:
    """Province, cities and counties by code."""
    with DATA.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: _place(row) for row in csv.DictReader(lines)}


def place(code: str) -> Place:
    return all_places()[code]


def busy_counties() -> tuple[str, ...]:
    """The codes of the counties where most of the building goes on."""
    return tuple(code for code, each in all_places().items() if each.busy)


def full_name(code: str) -> str:
    """河北省石家庄市长安区"""
    here = place(code)
    codes = [PROVINCE] + ([here.city] if here.city != PROVINCE else []) + ([code] if code != here.city else [])
    return "".join(place(each).name for each in codes)


def _place(row: dict[str, str]) -> Place:
    return Place(row["code"], row["name"], float(row["longitude"]), float(row["latitude"]), bool(row["busy"]))
