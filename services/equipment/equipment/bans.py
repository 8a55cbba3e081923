"""Which machines are eliminated or forbidden (domain facts §1.3, R1): dated data (pure)."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from equipment.terms import Specification

DATA = Path(__file__).parent / "data" / "bans.toml"


@dataclass(frozen=True)
class Ban:
    """What is forbidden, by which document, from which day on; `model` and `name` are patterns."""

    document: str
    valid_from: date
    reason: str
    kinds: tuple[str, ...]
    model: str | None = None
    name: str | None = None

    def strikes(self, machine: Specification) -> bool:
        if machine.kind not in self.kinds:
            return False
        pairs = ((self.model, machine.model), (self.name, machine.name))
        return any(pattern and re.search(pattern, bare(text)) for pattern, text in pairs)


def ban_on(machine: Specification, on: date) -> Ban | None:
    """The ban that strikes this machine on a day, or None."""
    return next((ban for ban in _bans() if ban.valid_from <= on and ban.strikes(machine)), None)


def bare(text: str) -> str:
    """`ＱＴＧ－25` and `qtg 25` as `QTG25`: upper case, half width, no blanks, no dashes."""
    return re.sub(r"[\s\-‐-―−_]", "", unicodedata.normalize("NFKC", text)).upper()


@cache
def _bans() -> tuple[Ban, ...]:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return tuple(Ban(**{**each, "kinds": tuple(each["kinds"])}) for each in data["ban"])
