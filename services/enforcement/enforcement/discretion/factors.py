"""Reasons to fine less, more or not at all, and the level they make together (pure; data/penalty_rules.toml, 行政处罚法 30–33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from enforcement.discretion import conditions
from enforcement.discretion.offences import Range
from enforcement.editions import edition

EXEMPT, REDUCED, LIGHTER, NORMAL, HEAVIER = "exempt", "reduced", "lighter", "normal", "heavier"
MAY_EXEMPT, MAY_LIGHTER = "may_exempt", "may_lighter"
LESS = {LIGHTER, MAY_LIGHTER, MAY_EXEMPT}


@dataclass(frozen=True)
class Factor:
    effect: str
    text: str
    clause: str
    reduces: bool
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Level:
    """`code`: exempt, reduced, lighter, normal or heavier. `may_reduce`: an amount below the range of the law is open."""

    code: str
    text: str
    may_reduce: bool
    may_exempt: bool


def factors_of(facts: Mapping[str, Any], used: tuple[str, ...], on: date) -> tuple[list[Factor], list[Factor]]:
    """Those that hold, and those left aside: aggravating ones whose facts have already decided the tier (一事不再评价)."""
    rows = [each for each in edition("penalty_rules", on)["factor"] if conditions.holds(each, facts)]
    found = [_factor(each, facts) for each in rows]
    aside = [each for each in found if each.effect == HEAVIER and set(each.facts) <= set(used)]
    return [each for each in found if each not in aside], aside


def level_of(factors: list[Factor], law: Range, on: date) -> Level:
    """What the factors make together. Reasons for less and for more leave it in the middle; 32 still opens what lies below.

    Below the range there is nothing where the range begins at nought.
    """
    effects = [each.effect for each in factors]
    reasons = [each for each in factors if each.reduces]
    may_reduce = bool(reasons) and law[0] > 1
    may_exempt = MAY_EXEMPT in effects
    rules = edition("penalty_rules", on)["levels"]
    code = _code(effects, len(reasons) >= rules[REDUCED]["from_reasons"] and may_reduce)
    return Level(code, rules[code]["text"], may_reduce, may_exempt)


def part_of_tier(code: str, on: date) -> Range:
    """From so many to so many percent of the way through the tier."""
    low, high = edition("penalty_rules", on)["levels"][code]["part"]
    return low, high


def reduced_range(law: Range, on: date) -> Range:
    """What lies below the range of the law: from a share of its floor to just under it."""
    percent = edition("penalty_rules", on)["levels"][REDUCED]["floor_percent"]
    return max(law[0] * percent // 100, 1), law[0] - 1


def _code(effects: list[str], is_reduced: bool) -> str:
    if EXEMPT in effects:
        return EXEMPT
    less, more = not LESS.isdisjoint(effects), HEAVIER in effects
    if (less and more) or not (less or more):
        return NORMAL
    if more:
        return HEAVIER
    return REDUCED if is_reduced else LIGHTER


def _factor(row: Mapping[str, Any], facts: Mapping[str, Any]) -> Factor:
    return Factor(row["effect"], row["text"], row["clause"], row.get("reduces", False), conditions.met(row, facts))
