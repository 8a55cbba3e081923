"""Sites with holes and several areas: inside, outside, how far; checked against shapely."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.accuracy import factor_on
from attendance.boundaries import Boundaries, Outline, metres_per_degree

WEST, SOUTH = 114.51, 38.04
EAST, NORTH = metres_per_degree(SOUTH)


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """A ring, in metres from the south-west corner of the place."""
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return [[WEST + x / EAST, SOUTH + y / NORTH] for x, y in corners]


YARD = {"type": "Polygon", "coordinates": [box(0, 0, 1000, 1000), box(400, 400, 600, 600)]}
TWO_YARDS = {"type": "MultiPolygon", "coordinates": [[box(0, 0, 400, 400)], [box(300, 300, 900, 900)]]}


def distance(outline: Outline, *places: tuple[float, float]) -> list[float]:
    x, y = np.array(places).T
    return [float(each) for each in outline.distance(WEST + x / EAST, SOUTH + y / NORTH)]


def judged(x: float, accuracy: float, tolerance: float = 50, factor: float = 1) -> tuple[bool, bool]:
    """Inside and outside, of a point on the east-west line through the lower half of the yard."""
    point = np.array([WEST + x / EAST]), np.array([SOUTH + 200 / NORTH])
    inside, outside = Outline(YARD).judge(*point, np.array([accuracy]), tolerance, factor)
    return bool(inside[0]), bool(outside[0])


def test_distance_is_in_metres_and_negative_inside() -> None:
    places = (100, 200), (-300, 200), (1300, 1400), (500, 500), (500, 350)

    assert distance(Outline(YARD), *places) == pytest.approx([-100, 300, 500, 100, -50], rel=0.01)


def test_what_lies_in_any_of_several_areas_is_inside_even_where_they_overlap() -> None:
    signs = [each < 0 for each in distance(Outline(TWO_YARDS), (100, 100), (350, 350), (800, 800), (100, 800))]

    assert signs == [True, True, True, False]


def test_only_the_whole_circle_of_accuracy_proves_a_side() -> None:
    assert judged(1030, accuracy=10) == (True, False)
    assert judged(1030, accuracy=30) == (False, False)
    assert judged(1100, accuracy=40) == (False, True)
    assert judged(1100, accuracy=60) == (False, False)


def test_a_figure_that_was_told_is_widened_by_the_factor_of_the_day_and_none_other() -> None:
    assert judged(1030, accuracy=15, factor=1.3) == (True, False)
    assert judged(1030, accuracy=15, factor=1.5) == (False, False)
    assert judged(1100, accuracy=40, factor=1.2) == (False, True)
    assert judged(1100, accuracy=40, factor=1.3) == (False, False)
    assert judged(1200, np.nan, factor=9) == (False, True)
    assert judged(-9000, accuracy=2999, factor=1.62) == (False, True)


def test_the_factor_is_that_of_a_circle_of_95_percent_for_one_of_68() -> None:
    for day in (date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)):
        assert factor_on(day) == pytest.approx(np.sqrt(np.log(0.05) / np.log(0.32)), abs=0.005)


def test_unknown_accuracy_counts_as_fifty_metres_and_a_huge_one_proves_nothing() -> None:
    for unknown in (np.nan, 0, -1):
        assert judged(100, unknown) == (True, False)
        assert judged(1030, unknown) == (False, False)
        assert judged(1200, unknown) == (False, True)
    assert judged(9000, accuracy=3001) == (False, False)
    assert judged(100, accuracy=np.inf) == (False, False)


def test_a_position_that_is_no_number_is_on_neither_side() -> None:
    assert judged(np.nan, accuracy=5) == (False, False)


def test_a_day_is_judged_by_the_boundary_of_that_day() -> None:
    boundaries = Boundaries([(date(2026, 5, 1), TWO_YARDS), (date(2026, 1, 1), YARD)])

    assert boundaries.on(date(2025, 12, 31)) is None
    first, second = boundaries.on(date(2026, 4, 30)), boundaries.on(date(2026, 5, 1))
    assert first is not None and len(first.areas) == 1
    assert second is not None and len(second.areas) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"type": "Point", "coordinates": [114.5, 38.0]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[114.5, 38.0], [114.6, 38.0]]]},
    ],
)
def test_what_is_no_area_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Outline(wrong)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 40))
def test_side_and_distance_agree_with_shapely(seed: int, corners: int) -> None:
    chance = np.random.default_rng(seed)
    angle = np.sort(chance.uniform(0, 2 * np.pi, corners))
    star = np.stack([np.cos(angle), np.sin(angle)], axis=1) * chance.uniform(200, 2000, (corners, 1))
    outline = Outline({"type": "Polygon", "coordinates": [(star / (EAST, NORTH) + (WEST, SOUTH)).tolist()]})
    x, y = chance.uniform(-2500, 2500, (2, 300))

    told = outline.distance(WEST + x / EAST, SOUTH + y / NORTH)

    true = shapely.Polygon(star)
    away = shapely.distance(true.exterior, shapely.points(x, y))
    clear = away > 1
    assert ((told < 0) == shapely.contains_xy(true, x, y))[clear].all()
    assert np.abs(told)[clear] == pytest.approx(away[clear], rel=0.01, abs=1)


def test_many_points_are_judged_as_each_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attendance.boundaries.CELLS", 64)
    x, y = np.random.default_rng(1).uniform(-200, 1200, (2, 100))

    together = distance(Outline(YARD), *zip(x, y, strict=True))

    assert together == [distance(Outline(YARD), place)[0] for place in zip(x, y, strict=True)]
