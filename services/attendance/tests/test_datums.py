"""The three datums of Chinese positions: back and forth, and what it costs to mistake one for another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance import datums
from attendance.boundaries import Outline, metres_per_degree

SHIJIAZHUANG = (114.515, 38.045)
HEBEI = st.tuples(st.floats(113.5, 119.8), st.floats(36.1, 42.6))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east, north = metres_per_degree(one[1])
    return float(np.hypot((one[0] - other[0]) * east, (one[1] - other[1]) * north))


def shifted(point: tuple[float, float], datum: str) -> tuple[float, float]:
    """A WGS-84 point as a map of that datum shows it."""
    there = {"GCJ-02": datums.to_gcj02, "BD-09": datums.to_bd09}[datum]
    x, y = there(np.array([point[0]]), np.array([point[1]]))
    return float(x[0]), float(y[0])


def back(point: tuple[float, float], datum: str) -> tuple[float, float]:
    x, y = datums.to_wgs84(np.array([point[0]]), np.array([point[1]]), datum)
    return float(x[0]), float(y[0])


@pytest.mark.parametrize("datum", ["GCJ-02", "BD-09"])
@given(point=HEBEI)
def test_there_and_back_is_where_it_was(datum: str, point: tuple[float, float]) -> None:
    assert metres(back(shifted(point, datum), datum), point) < 0.01


@pytest.mark.parametrize(
    ("place", "shift"),
    [
        ((114.515, 38.045), 528),
        ((118.18, 39.63), 557),
        ((114.49, 36.61), 511),
        ((119.6, 39.93), 507),
    ],
    ids=["石家庄", "唐山", "邯郸", "秦皇岛"],
)
def test_the_shift_is_that_of_the_domain_facts(place: tuple[float, float], shift: float) -> None:
    assert metres(shifted(place, "GCJ-02"), place) == pytest.approx(shift, abs=25)


def test_T20_a_fix_of_a_domestic_map_lies_on_the_site_only_when_its_datum_is_known() -> None:
    east, north = metres_per_degree(SHIJIAZHUANG[1])
    x, y = 50 / east, 50 / north
    corners = [(-x, -y), (x, -y), (x, y), (-x, y), (-x, -y)]
    ring = [[SHIJIAZHUANG[0] + dx, SHIJIAZHUANG[1] + dy] for dx, dy in corners]
    site = Outline({"type": "Polygon", "coordinates": [ring]})
    told = shifted(SHIJIAZHUANG, "GCJ-02")

    def judged(point: tuple[float, float]) -> tuple[bool, bool]:
        inside, outside = site.judge(*(np.array([each]) for each in (*point, 10.0)), 200.0, 1.0)
        return bool(inside[0]), bool(outside[0])

    assert judged(back(told, "GCJ-02")) == (True, False)
    assert judged(told) == (False, True)
    assert metres(back(told, "GCJ-02"), SHIJIAZHUANG) < 5


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(ValueError, match="CGCS"):
        datums.to_wgs84(np.array([114.0]), np.array([38.0]), "CGCS")


def test_nothing_converts_to_nothing() -> None:
    x, y = datums.to_wgs84(np.array([]), np.array([]), "BD-09")
    assert len(x) == len(y) == 0
