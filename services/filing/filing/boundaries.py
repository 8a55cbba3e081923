"""Site boundaries: polygons drawn by people on two kinds of maps (pure; shapely decides what is a valid shape)."""

from math import cos, radians
from typing import Any

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from filing.coordinates import to_wgs84

DATUMS = {"WGS-84": "WGS-84（GPS）", "GCJ-02": "GCJ-02（高德、腾讯等地图）"}
# Hebei with a margin of some 10 km: west, south, east, north, in degrees.
AROUND_HEBEI = (113.3, 35.9, 120.0, 42.8)
LARGEST_KM2 = 20.0
SMALLEST_M2 = 10.0
MOST_POINTS = 2000
MOST_PARTS = 20
METRES_PER_DEGREE = 111_320.0


class WrongBoundary(ValueError):
    """`rule` names what is wrong, `parameters` what the reader must know to mend it."""

    def __init__(self, rule: str, **parameters: Any) -> None:
        super().__init__(rule)
        self.rule, self.parameters = rule, parameters


def check(boundary: Any) -> None:
    """Raises `WrongBoundary` unless this is a GeoJSON Polygon or MultiPolygon that can be a building site of Hebei.

    Valid shape, inside or near the province, 10 m² to 20 km², at most 2,000 points in 20 parts. Longitude first.
    """
    outline = _outline(boundary)
    if not AROUND_HEBEI[0] <= outline.bounds[0] <= outline.bounds[2] <= AROUND_HEBEI[2]:
        raise WrongBoundary("boundary_outside_province")
    if not AROUND_HEBEI[1] <= outline.bounds[1] <= outline.bounds[3] <= AROUND_HEBEI[3]:
        raise WrongBoundary("boundary_outside_province")
    if not shapely.is_valid(outline):
        raise WrongBoundary("boundary_not_valid", reason=shapely.is_valid_reason(outline))
    size = area_m2(outline)
    if not SMALLEST_M2 <= size <= LARGEST_KM2 * 1e6:
        raise WrongBoundary("boundary_wrong_size", area_m2=round(size), min_m2=SMALLEST_M2, max_m2=LARGEST_KM2 * 1e6)


def in_wgs84(boundary: dict[str, Any], datum: str) -> dict[str, Any]:
    """A checked boundary as GeoJSON in WGS-84, whatever datum it was declared in; seven decimals, a centimetre."""
    outline = shape(boundary)
    if datum == "GCJ-02":
        outline = shapely.transform(outline, lambda points: [to_wgs84(x, y) for x, y in points])
    geometry = mapping(outline)
    return {"type": geometry["type"], "coordinates": _rounded(geometry["coordinates"])}


def point_inside(boundary: dict[str, Any]) -> list[float]:
    """A point that surely lies inside a checked boundary, longitude first: where a map marks the site."""
    point = shape(boundary).representative_point()
    return [round(point.x, 6), round(point.y, 6)]


def area_m2(outline: BaseGeometry) -> float:
    """The size of a shape in degrees as square metres, on a plane at its own latitude: good to 1 % for a site."""
    middle = radians((outline.bounds[1] + outline.bounds[3]) / 2)
    return float(outline.area) * METRES_PER_DEGREE * METRES_PER_DEGREE * cos(middle)


def _outline(boundary: Any) -> BaseGeometry:
    if not isinstance(boundary, dict) or boundary.get("type") not in ("Polygon", "MultiPolygon"):
        raise WrongBoundary("boundary_not_a_polygon")
    if set(boundary) != {"type", "coordinates"}:
        raise WrongBoundary("boundary_not_a_polygon")
    parts = [boundary["coordinates"]] if boundary["type"] == "Polygon" else boundary["coordinates"]
    if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_PARTS:
        raise WrongBoundary("boundary_not_a_polygon")
    points = sum(_points_of(part) for part in parts)
    if points > MOST_POINTS:
        raise WrongBoundary("boundary_too_many_points", max=MOST_POINTS)
    return shape(boundary)


def _points_of(part: Any) -> int:
    if not isinstance(part, list) or not part:
        raise WrongBoundary("boundary_not_a_polygon")
    for ring in part:
        if not isinstance(ring, list) or len(ring) < 4 or not all(_is_point(each) for each in ring):
            raise WrongBoundary("boundary_not_a_polygon")
        if ring[0] != ring[-1]:
            raise WrongBoundary("boundary_not_closed")
    return sum(len(ring) for ring in part)


def _is_point(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(isinstance(each, int | float) and not isinstance(each, bool) and abs(each) <= 180 for each in value)
    )


def _rounded(coordinates: Any) -> Any:
    if isinstance(coordinates, list | tuple):
        return [_rounded(each) for each in coordinates]
    return round(coordinates, 7)
