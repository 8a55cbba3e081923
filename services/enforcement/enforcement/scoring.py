"""Scores of a check by JGJ 59-2011, chapter 4 (domain facts 6.4): pure.

A table has 100 points, its guarantee items (保证项目) 60 of them. What is not on the site is left out and the rest counts for the
whole (缺项), in a table and in the summary. Reckoned in fractions: 70 points are 70, not 69.999 and a failed site.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

GUARANTEE_AT_LEAST = 40  # of 60, or the table is 0
EXCELLENT_FROM, PASSED_FROM = 80, 70


@dataclass(frozen=True)
class Item:
    key: str
    name: str
    points: int
    is_guarantee: bool


@dataclass(frozen=True)
class Table:
    key: str
    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Group:
    """An item of the summary (汇总表): its weight in points, and the tables whose mean it is."""

    name: str
    weight: int
    tables: tuple[str, ...]


@dataclass(frozen=True)
class TableScore:
    """0 … 100. `why_zero`: None, guarantee_item (one is at 0), or guarantee_subtotal (below 40 of 60)."""

    score: Fraction
    why_zero: str | None


@dataclass(frozen=True)
class Summary:
    """`total` of 100; `by_group`: what each group of which a table was checked contributes to its weight."""

    tables: Mapping[str, TableScore]
    by_group: Mapping[str, Fraction]
    total: Fraction
    grade: str


def score_table(table: Table, off: Mapping[str, float], missing: frozenset[str] = frozenset()) -> TableScore:
    """Of one table: `off` are points taken off by item, `missing` the items that the site does not have.

    Points off count up to those of the item. Raises ValueError for an item that the table does not have, or where all are
    missing.
    """
    unknown = ({*off} | missing) - {each.key for each in table.items}
    if unknown:
        raise ValueError(f"{table.key} has no item {', '.join(sorted(unknown))}")
    there = [each for each in table.items if each.key not in missing]
    if not there:
        raise ValueError(f"nothing of {table.key} was checked")
    left = {each.key: max(Fraction(0), each.points - _exactly(off.get(each.key, 0))) for each in there}
    if why := _why_zero([each for each in there if each.is_guarantee], left):
        return TableScore(Fraction(0), why)
    return TableScore(100 * sum(left.values(), Fraction(0)) / sum(each.points for each in there), None)


def summarise(groups: Sequence[Group], tables: Mapping[str, TableScore]) -> Summary:
    """The summary over the tables that were checked, one at least."""
    means = {
        group.name: (sum(found, Fraction(0)) / len(found), group.weight)
        for group in groups
        if (found := [tables[key].score for key in group.tables if key in tables])
    }
    by_group = {name: weight * mean / 100 for name, (mean, weight) in means.items()}
    obtainable = sum(weight for _, weight in means.values())
    total = 100 * sum(by_group.values(), Fraction(0)) / obtainable
    return Summary(tables, by_group, total, _grade(total, any(each.score == 0 for each in tables.values())))


def _exactly(points: float) -> Fraction:
    """As it was written: 0.1 is a tenth."""
    return Fraction(str(points))


def _why_zero(guarantee: Sequence[Item], left: Mapping[str, Fraction]) -> str | None:
    if any(left[each.key] == 0 for each in guarantee):
        return "guarantee_item"
    obtainable = sum(each.points for each in guarantee)
    # Of guarantee items that are missing the rest counts for the whole sixty, as everywhere.
    if obtainable and 60 * sum(left[each.key] for each in guarantee) < GUARANTEE_AT_LEAST * obtainable:
        return "guarantee_subtotal"
    return None


def _grade(total: Fraction, has_zero: bool) -> str:
    if has_zero or total < PASSED_FROM:
        return "failed"
    return "excellent" if total >= EXCELLENT_FROM else "passed"
