"""Scores by JGJ 59-2011, with the numbers of T22 and T23; and the library that they stand on."""

import copy
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.editions import edition
from enforcement.library import library
from enforcement.scoring import Item, Table, TableScore, score_table, summarise

LIBRARY = library(date(2026, 3, 2))
TOWER_CRANE = LIBRARY.tables["B.17"]
GUARANTEE = [each.key for each in TOWER_CRANE.items if each.is_guarantee]
GENERAL = [each.key for each in TOWER_CRANE.items if not each.is_guarantee]


def test_every_table_has_a_hundred_points_of_which_sixty_are_of_guarantee_items() -> None:
    assert len(LIBRARY.tables) == 19
    for table in LIBRARY.tables.values():
        points = [sum(each.points for each in table.items if each.is_guarantee is kind) for kind in (True, False)]
        assert points == ([0, 100] if table.key in ("B.13", "B.19") else [60, 40]), table.name
    assert sum(each.weight for each in LIBRARY.groups) == 100
    assert sorted(key for each in LIBRARY.groups for key in each.tables) == sorted(LIBRARY.tables)


def test_a_check_keeps_the_standard_of_its_day() -> None:
    before, after = library(date(2024, 9, 25)), library(date(2024, 9, 26))
    assert before.version != after.version
    assert "2022版" in before.clauses["mh-pit"].reference and "2024版" in after.clauses["mh-pit"].reference


def test_a_word_or_a_point_that_changes_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the edition keeps its date: the data of a provisional one are corrected."""

    def version(change: Callable[[dict[str, Any]], None]) -> str:
        def corrected(name: str, on: date) -> dict[str, Any]:
            told = copy.deepcopy(edition(name, on))
            if name == "check_tables":
                change(told)
            return told

        monkeypatch.setattr("enforcement.library.edition", corrected)
        return library.__wrapped__(date(2026, 3, 2)).version

    same = version(lambda told: None)
    assert same == LIBRARY.version
    assert version(lambda told: told["tables"][0]["general"][0].update(name="分包")) != same
    assert version(lambda told: told["groups"][0].update(weight=15)) != same


def test_T22_a_guarantee_subtotal_of_39_makes_the_table_0_and_40_does_not() -> None:
    off = {GUARANTEE[0]: 9, GUARANTEE[1]: 9, GUARANTEE[2]: 3}
    assert score_table(TOWER_CRANE, off) == TableScore(Fraction(0), "guarantee_subtotal")
    assert score_table(TOWER_CRANE, off | {GUARANTEE[2]: 2}) == TableScore(Fraction(80), None)


def test_T22_one_guarantee_item_at_0_makes_the_table_0_and_the_site_fails() -> None:
    score = score_table(TOWER_CRANE, {GUARANTEE[0]: 10})
    assert score == TableScore(Fraction(0), "guarantee_item")
    tables = {key: TableScore(Fraction(100), None) for key in LIBRARY.tables} | {"B.17": score}
    summary = summarise(LIBRARY.groups, tables)
    assert (summary.total, summary.grade) == (Fraction(95), "failed")


def test_T23_two_scaffold_tables_of_80_and_90_are_85_and_contribute_8_5() -> None:
    tables = {key: TableScore(Fraction(100), None) for key in ("B.1", "B.2")}
    tables |= {"B.3": TableScore(Fraction(80), None), "B.8": TableScore(Fraction(90), None)}
    summary = summarise(LIBRARY.groups, tables)
    assert summary.by_group["脚手架"] == 8.5
    # 33.5 of 35 obtainable: what the site does not have is left out.
    assert summary.total == pytest.approx(100 * 33.5 / 35)


def test_missing_items_are_left_out_and_the_rest_counts_for_the_whole() -> None:
    score = score_table(TOWER_CRANE, {GENERAL[0]: 5}, frozenset({GUARANTEE[4]}))
    assert score.score == pytest.approx(100 * 85 / 90)


def test_no_item_loses_more_than_it_has() -> None:
    assert score_table(TOWER_CRANE, {GENERAL[0]: 25}) == TableScore(Fraction(90), None)


@pytest.mark.parametrize(
    ("total", "grade"), [(80, "excellent"), ("79.9", "passed"), (70, "passed"), ("69.9", "failed")]
)
def test_grades(total: int | str, grade: str) -> None:
    assert summarise(LIBRARY.groups, {"B.1": TableScore(Fraction(total), None)}).grade == grade


def test_seventy_points_pass_whatever_the_quotients_are() -> None:
    """51 of 90 and 75 of 90: neither quotient is a binary number, together they are 70."""
    power = {f"B.14-0{n}": 3 for n in (1, 2, 3, 4)} | {"B.14-05": 15, "B.14-06": 12}
    height = {"B.13-01": 10, "B.13-02": 5}
    tables = {
        "B.14": score_table(LIBRARY.tables["B.14"], power, frozenset({"B.14-07"})),
        "B.13": score_table(LIBRARY.tables["B.13"], height, frozenset({"B.13-05"})),
    }
    summary = summarise(LIBRARY.groups, tables)
    assert (summary.total, summary.grade) == (Fraction(70), "passed")


def test_tenths_of_a_point_add_up() -> None:
    off = {each.key: 0.1 for each in TOWER_CRANE.items}
    assert score_table(TOWER_CRANE, off).score == 99


@st.composite
def checked(draw: st.DrawFn) -> tuple[Table, dict[str, int], frozenset[str]]:
    table = draw(st.sampled_from(list(LIBRARY.tables.values())))
    keys = [each.key for each in table.items]
    off = draw(st.dictionaries(st.sampled_from(keys), st.integers(0, 25)))
    missing = draw(st.sets(st.sampled_from(keys), max_size=len(keys) - 1))
    return table, off, frozenset(missing)


@given(checked())
def test_scores_agree_with_a_reckoning_by_the_sentences_of_the_standard(
    of: tuple[Table, dict[str, int], frozenset[str]],
) -> None:
    table, off, missing = of
    assert score_table(table, off, missing).score == pytest.approx(float(by_hand(table.items, off, missing)))


def by_hand(items: tuple[Item, ...], off: dict[str, int], missing: frozenset[str]) -> Fraction:
    """Item after item, in fractions."""
    obtained = obtainable = guarantee = guarantee_of = Fraction(0)
    for item in items:
        if item.key in missing:
            continue
        left = Fraction(item.points - min(item.points, off.get(item.key, 0)))
        obtained, obtainable = obtained + left, obtainable + item.points
        if item.is_guarantee:
            if left == 0:
                return Fraction(0)
            guarantee, guarantee_of = guarantee + left, guarantee_of + item.points
    if guarantee_of and guarantee / guarantee_of < Fraction(40, 60):
        return Fraction(0)
    return 100 * obtained / obtainable
