"""The data of the calculator hold together: known facts, tables without a gap, and nothing claimed surer than it is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from enforcement import discretion
from enforcement.discretion import conditions
from enforcement.discretion.offences import offence
from enforcement.editions import edition

ON = date(2026, 3, 2)
OFFENCES = discretion.offences(ON)
BENCHMARKS, RULES = edition("benchmarks", ON), edition("penalty_rules", ON)
FACTS = {row["name"]: row for row in edition("case_facts", ON)["fact"]}
TABLES = BENCHMARKS["table"]


def all_tests() -> Iterator[dict[str, Any]]:
    for rule in [*RULES["factor"], *BENCHMARKS["generic"]["row"], *(row for table in TABLES for row in table["row"])]:
        yield from conditions.tests(rule)


def test_conditions_compare_known_facts_with_values_of_their_kind() -> None:
    for test in all_tests():
        fact, value = FACTS[test["fact"]], test["value"]
        assert test["is"] in conditions.COMPARISONS
        if fact["kind"] == "choice":
            assert value in fact["choices"]
        else:
            assert type(value) is {"flag": bool, "number": int}[fact["kind"]]


@pytest.mark.parametrize("table", [*TABLES, BENCHMARKS["generic"]], ids=lambda table: table["source"])
def test_a_table_decides_every_case_and_goes_from_grave_to_light(table: dict[str, Any]) -> None:
    assert [row["tier"] for row in table["row"]] == ["grave", "general", "light"]
    assert not list(conditions.tests(table["row"][-1])), "the last row holds always"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table["source"])
def test_the_tiers_of_a_table_fill_the_range_of_the_law_without_a_gap(table: dict[str, Any]) -> None:
    grave, general, light = (row["range"] for row in table["row"])
    for key in table["offences"]:
        assert (light[0], grave[1]) == offence(key, ON).fine
    assert (light[1], general[1]) == (general[0], grave[0])


def test_the_generic_split_has_no_gap() -> None:
    assert [row["part"] for row in reversed(BENCHMARKS["generic"]["row"])] == [[0, 30], [30, 70], [70, 100]]


def test_what_no_text_confirmed_is_marked() -> None:
    """The domain facts call these probable (7.3, 12), and item 5 of Art. 62 has no article that names it."""
    marked = {each.key for each in OFFENCES if not each.confirmed}
    rules = {"166-29", "166-32", "166-33", "37-29", "37-37", "37-38", "17-30", "17-33", "393-62-5"}
    assert marked == rules | {f"37-35-{n}" for n in range(1, 6)} | {f"37-36-{n}" for n in range(1, 4)}


def test_every_offence_says_who_and_has_a_fine_or_a_measure() -> None:
    for each in OFFENCES:
        assert each.subject in discretion.SUBJECTS
        money = each.fine or each.after or each.share or each.by_accident
        assert money or each.measures or each.measures_after, each.key


def test_ranges_rise_and_shares_name_their_base() -> None:
    for each in OFFENCES:
        ranges = [each.fine, each.after, each.person, each.person_after, each.share, *each.by_accident.values()]
        assert all(found[0] < found[1] for found in ranges if found), each.key
        assert bool(each.base) == bool(each.share or each.accident_share), each.key


def test_a_rectify_first_offence_has_no_fine_with_the_order() -> None:
    assert [each.key for each in OFFENCES if each.shape == "R" and (each.fine or each.share)] == []


def test_the_amounts_of_393_62_are_those_of_the_safety_law_for_what_is_not_corrected() -> None:
    by_act = {number: offence(f"393-62-{number}", ON) for number in range(1, 7)}
    assert {each.after for each in (by_act[1], by_act[2])} == {(100_000, 200_000)}
    assert {by_act[number].after for number in (3, 4, 5, 6)} == {(50_000, 200_000)}
    assert by_act[1].amount_of == "《中华人民共和国安全生产法》第九十七条"


def test_who_takes_the_amount_of_another_law_finds_one_there() -> None:
    taken = [each for each in OFFENCES if each.amount_of]
    assert len(taken) == 6 + 1 + 3
    assert all(each.after and each.amount_since for each in taken)


def test_keys_are_unique_on_a_day() -> None:
    assert len({each.key for each in OFFENCES}) == len(OFFENCES) == 74


def test_items_are_counted_as_the_law_counts() -> None:
    assert offence("393-65-2", ON).clause() == "《建设工程安全生产管理条例》第六十五条第（二）项"
    assert offence("safety-law-97", ON).clause(7) == "《中华人民共和国安全生产法》第九十七条第（七）项"
