"""How long a month stays open (pure; dated data, data/month_rules.toml)."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from attendance import month_days

DATA = Path(__file__).parent / "data" / "month_rules.toml"


@dataclass(frozen=True)
class ClosingRule:
    """In calendar days: `grace` after the month's end, `reopened` after the day of a reopening. Where it stands written:
    `document`, `clause`."""

    in_force: date
    grace: int
    reopened: int
    document: str
    clause: str


def rule_of(month: date) -> ClosingRule:
    """The rule in force on the first day of a month; before the first edition, that one."""
    editions = _editions()
    return next((each for each in reversed(editions) if each.in_force <= month), editions[0])


def last_open_day(month: date) -> date:
    """The last one on which what arrives still counts."""
    return month_days.last_of(month) + timedelta(days=rule_of(month).grace)


def last_open_day_again(month: date, reopened_on: date) -> date:
    return reopened_on + timedelta(days=rule_of(month).reopened)


@cache
def _editions() -> tuple[ClosingRule, ...]:
    editions = tomllib.loads(DATA.read_text(encoding="utf-8"))["edition"]
    return tuple(sorted((ClosingRule(**each) for each in editions), key=lambda each: each.in_force))
