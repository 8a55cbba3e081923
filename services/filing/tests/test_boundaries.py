"""Site boundaries: what can be a site of Hebei, and in which datum (R-F1, design §10)."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as some

from filing import boundaries, coordinates


def square(longitude: float, latitude: float, side: float = 0.002) -> dict:
    x, y = longitude, latitude
    return {"type": "Polygon", "coordinates": [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]}


def rule_broken_by(boundary) -> str:
    with pytest.raises(boundaries.WrongBoundary) as caught:
        boundaries.check(boundary)
    return caught.value.rule


def test_a_block_of_shijiazhuang_can_be_a_site_in_one_or_several_parts():
    boundaries.check(square(114.51, 38.04))
    boundaries.check(
        {
            "type": "MultiPolygon",
            "coordinates": [square(114.51, 38.04)["coordinates"], square(114.52, 38.04)["coordinates"]],
        }
    )


@pytest.mark.parametrize(
    ("boundary", "rule"),
    [
        (None, "boundary_not_a_polygon"),
        ([], "boundary_not_a_polygon"),
        ({"type": "Point", "coordinates": [114.5, 38.0]}, "boundary_not_a_polygon"),
        ({"type": "Polygon", "coordinates": []}, "boundary_not_a_polygon"),
        ({"type": "Polygon", "coordinates": [[]]}, "boundary_not_a_polygon"),
        ({"type": "Polygon", "coordinates": [[["114", "38"]] * 4]}, "boundary_not_a_polygon"),
        ({"type": "Polygon", "coordinates": [[[True, 38]] * 4]}, "boundary_not_a_polygon"),
        ({"type": "Polygon", "coordinates": [[[float("nan"), 38]] * 4]}, "boundary_not_a_polygon"),
        ({**square(114.5, 38.0), "crs": "x"}, "boundary_not_a_polygon"),
        (
            {"type": "Polygon", "coordinates": [[[114.5, 38], [114.6, 38], [114.6, 38.1], [114.5, 38.1]]]},
            "boundary_not_closed",
        ),
        (square(121.47, 31.23), "boundary_outside_province"),
        (square(38.04, 114.51), "boundary_outside_province"),
        (square(114.5, 38.0, side=0.1), "boundary_wrong_size"),
        (square(114.5, 38.0, side=0.00001), "boundary_wrong_size"),
        (
            {
                "type": "Polygon",
                "coordinates": [[[114.5, 38], [114.51, 38.01], [114.51, 38], [114.5, 38.01], [114.5, 38]]],
            },
            "boundary_not_valid",
        ),
        ({"type": "Polygon", "coordinates": [[[114.5, 38.0]] * 2001]}, "boundary_too_many_points"),
    ],
)
def test_what_cannot_be_a_site_is_named(boundary, rule):
    assert rule_broken_by(boundary) == rule


def test_twenty_square_kilometres_are_the_most():
    side = 4470 / boundaries.METRES_PER_DEGREE / cos(radians(38.0)) ** 0.5

    boundaries.check(square(114.5, 38.0, side))

    assert rule_broken_by(square(114.5, 38.0, side * 1.003)) == "boundary_wrong_size"


@given(some.floats(113.4, 119.9), some.floats(36.0, 42.7))
def test_the_way_to_gcj02_and_back_ends_where_it_began_everywhere_in_hebei(longitude, latitude):
    shifted = coordinates.to_gcj02(longitude, latitude)
    back = coordinates.to_wgs84(*shifted)

    apart = hypot((shifted[0] - longitude) * cos(radians(latitude)), shifted[1] - latitude) * 111_320
    assert 100 < apart < 1000
    assert hypot(back[0] - longitude, back[1] - latitude) * 111_320 < 0.01


def test_a_known_point_is_shifted_as_the_maps_do():
    # Tian'anmen in both datums, as published by map providers; they agree within a metre.
    longitude, latitude = coordinates.to_gcj02(116.391264, 39.907180)

    assert longitude == pytest.approx(116.397506, abs=2e-5)
    assert latitude == pytest.approx(39.908583, abs=2e-5)


def test_a_boundary_declared_in_gcj02_is_kept_as_wgs84():
    drawn = square(114.51, 38.04)

    kept = boundaries.in_wgs84(drawn, "GCJ-02")

    assert kept["type"] == "Polygon"
    for (x, y), (drawn_x, drawn_y) in zip(kept["coordinates"][0], drawn["coordinates"][0], strict=True):
        assert coordinates.to_gcj02(x, y) == pytest.approx((drawn_x, drawn_y), abs=1e-6)
    assert boundaries.in_wgs84(drawn, "WGS-84")["coordinates"] == [
        [[round(x, 7), round(y, 7)] for x, y in drawn["coordinates"][0]]
    ]
