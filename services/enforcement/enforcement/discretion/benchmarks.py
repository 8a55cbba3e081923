"""Discretion benchmarks: the tier of a case and its part of the range of the law (pure; data/benchmarks.toml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from enforcement.discretion import conditions
from enforcement.discretion.offences import Range
from enforcement.editions import edition


@dataclass(frozen=True)
class Tier:
    """`used`: the facts that decided it. `has_row` False: no table speaks of this offence, the generic split stands in."""

    code: str
    text: str
    low: int
    high: int
    used: tuple[str, ...]
    source: str
    document: str
    edition: date
    is_sample: bool
    has_row: bool


def tier_of(offence_key: str, law: Range, facts: Mapping[str, Any], on: date, *, own_table: bool = True) -> Tier:
    """The tier that the facts of a case meet, within the range of the law.

    `own_table` False leaves the table of the offence aside: its sums are for the firm's first fine, not for another range.
    """
    book = edition("benchmarks", on)
    table = _table(book, offence_key) if own_table else None
    rows = (table or book["generic"])["row"]
    row = next(each for each in rows if conditions.holds(each, facts))
    low, high = tuple(row["range"]) if "range" in row else part_of(law, row["part"])
    return Tier(
        code=row["tier"],
        text=book["tiers"][row["tier"]],
        low=max(low, law[0]),
        high=min(high, law[1]),
        used=conditions.met(row, facts),
        source=(table or book["generic"])["source"],
        document=book["document"],
        edition=book["in_force"],
        is_sample=bool(table and table.get("sample", False)),
        has_row=table is not None,
    )


def facts_named(offence_key: str, on: date) -> frozenset[str]:
    """The facts that the rows of an offence ask about."""
    book = edition("benchmarks", on)
    rows = (_table(book, offence_key) or book["generic"])["row"]
    return frozenset(str(test["fact"]) for row in rows for test in conditions.tests(row))


def part_of(law: Range, percent: tuple[int, int] | list[int]) -> Range:
    """From so many to so many percent of the way through a range, in whole yuan (the parts meet without a gap)."""
    low, high = law
    return low + (high - low) * percent[0] // 100, low + (high - low) * percent[1] // 100


def _table(book: Mapping[str, Any], offence_key: str) -> dict[str, Any] | None:
    return next((each for each in book.get("table", ()) if offence_key in each["offences"]), None)
