"""Rules held as dated data: hazardous works, staffing (T15), installers' grades."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from filing import hazardous_works, installer_grades, staffing
from filing.editions import edition

TODAY = date(2026, 11, 22)
KINDS = sorted(hazardous_works.kinds(TODAY))
QUANTITIES = sorted(hazardous_works.quantities(TODAY))


def tier(kind, measured=None, ticked=()):
    return hazardous_works.judge(kind, measured or {}, ticked, TODAY).tier


@pytest.mark.parametrize(
    ("kind", "quantity", "first", "second"),
    [
        ("pit", "depth", 3, 5),
        ("formwork_support", "height", 5, 8),
        ("formwork_support", "span", 10, 18),
        ("formwork_support", "total_load", 10, 15),
        ("formwork_support", "line_load", 15, 20),
        ("unusual_lifting", "single_lift", 10, 100),
        ("floor_scaffold", "height", 24, 50),
    ],
)
def test_a_quantity_reaches_its_tier_at_the_figure_itself(kind, quantity, first, second):
    assert tier(kind, {quantity: first - 0.01}) == 0
    assert tier(kind, {quantity: first}) == 1
    assert tier(kind, {quantity: second - 0.01}) == 1
    assert tier(kind, {quantity: second}) == 2


@pytest.mark.parametrize(
    ("kind", "quantity", "second"),
    [
        ("bearing_support", "point_load", 7),
        ("machine_installation", "capacity", 300),
        ("machine_installation", "height", 200),
        ("machine_installation", "base_elevation", 200),
        ("climbing_scaffold", "lift_height", 150),
        ("cantilever_scaffold", "section_height", 20),
        ("curtain_wall", "height", 50),
        ("steel_structure", "span", 36),
        ("grid_structure", "span", 60),
        ("hand_dug_pile", "depth", 16),
    ],
)
def test_what_is_always_dangerous_reaches_the_second_tier_at_its_figure(kind, quantity, second):
    assert tier(kind) == 1
    assert tier(kind, {quantity: second - 0.01}) == 1
    assert tier(kind, {quantity: second}) == 2


@pytest.mark.parametrize("kind", ["tool_formwork", "tunnelling", "underwater", "new_technique"])
def test_some_works_always_need_the_experts(kind):
    assert tier(kind) == 2


def test_ticked_conditions_count_like_figures():
    assert tier("pit", {"depth": 2}, ["complex_surroundings"]) == 1
    assert tier("demolition") == 0
    assert tier("demolition", ticked=["affects_others"]) == 1
    assert tier("demolition", ticked=["heritage"]) == 2
    assert tier("formwork_support", {"height": 1}, ["free_standing"]) == 1


def test_a_kind_that_goes_by_figures_says_which_when_none_is_given():
    assert hazardous_works.judge("pit", {}, (), TODAY).missing == ("depth",)
    assert hazardous_works.judge("pit", {}, ["complex_surroundings"], TODAY).missing == ()
    assert hazardous_works.judge("demolition", {}, (), TODAY).missing == ()
    assert hazardous_works.judge("pit", {"depth": 1}, (), TODAY).missing == ()
    assert hazardous_works.judge("crane_erection", {}, (), TODAY).missing == ()


@given(
    some.sampled_from(KINDS),
    some.dictionaries(some.sampled_from(QUANTITIES), some.floats(0, 2000)),
    some.sampled_from(QUANTITIES),
    some.floats(0, 2000),
)
def test_more_of_anything_never_lowers_the_tier(kind, measured, quantity, more):
    before = tier(kind, measured)

    after = tier(kind, {**measured, quantity: measured.get(quantity, 0) + more})

    assert after >= before


def test_every_condition_of_the_data_is_a_known_quantity_or_condition():
    rules = edition("hazardous_works", TODAY)
    for kind in rules["kind"]:
        for condition in (*kind["tier_1"], *kind["tier_2"]):
            assert condition.get("quantity", "depth") in rules["quantities"]
            assert condition.get("condition", "heritage") in rules["conditions"]


@pytest.mark.parametrize(
    ("floor_area", "officers"),
    [(0, 1), (9_999, 1), (9_999.99, 1), (10_000, 2), (49_999, 2), (50_000, 3), (500_000, 3)],
)
@pytest.mark.parametrize("works_kind", ["building", "decoration"])
def test_t15_building_and_decoration_go_by_floor_area(works_kind, floor_area, officers):
    minimum = staffing.minimum_safety_officers(works_kind, floor_area, 9e9, TODAY)

    assert (minimum.officers, minimum.measure) == (officers, "floor_area")
    assert "91" in minimum.document


@pytest.mark.parametrize(
    ("price", "officers"),
    [(0, 1), (49_990_000, 1), (50_000_000, 2), (99_990_000, 2), (100_000_000, 3), (5e9, 3)],
)
@pytest.mark.parametrize("works_kind", ["civil", "municipal", "pipeline", "equipment"])
def test_t15_all_other_works_go_by_contract_price(works_kind, price, officers):
    minimum = staffing.minimum_safety_officers(works_kind, 1e6, price, TODAY)

    assert (minimum.officers, minimum.measure) == (officers, "contract_price")


def test_every_kind_of_works_has_its_measure():
    assert set(edition("staffing", TODAY)["measures"]) == set(staffing.WORKS_KINDS)


@pytest.mark.parametrize(
    ("grade", "moment", "allowed"),
    [
        ("1", 5000, True),
        ("2", 3150, True),
        ("2", 3151, False),
        ("3", 800, True),
        ("3", 801, False),
        ("3", None, False),
        ("9", 100, False),
    ],
)
def test_the_grade_of_an_installer_reaches_to_a_rated_moment(grade, moment, allowed):
    assert installer_grades.may_install(grade, "T", moment, TODAY) is allowed


def test_hoists_and_gantries_are_open_to_every_grade():
    assert all(installer_grades.may_install(grade, kind, None, TODAY) for grade in "123" for kind in "SWLQM")
    assert installer_grades.largest_moment("3", "T", TODAY) == 800
    assert installer_grades.largest_moment("1", "T", TODAY) is None


def test_the_edition_in_force_on_the_day_decides():
    assert edition("hazardous_works", date(2017, 1, 1)) is edition("hazardous_works", TODAY)
