"""Site boundaries as GeoJSON: irregular plots of a city block's size, some with a hole, some in two parts.

Drawn in metres around the plot's middle and then laid on the globe; WGS-84, longitude first, outer rings
anticlockwise and holes clockwise (RFC 7946).
"""

from math import cos, radians, sin
from random import Random
from typing import Any

METRES_PER_DEGREE = 111_320.0
Point = tuple[float, float]
Ring = list[Point]


def boundary(draw: Random, longitude: float, latitude: float, land_m2: float, shape: str) -> dict[str, Any]:
    """A plot of about `land_m2` around a point. `shape`: plain, corner (one cut out), hole, or two (parts)."""
    width = (land_m2 * draw.uniform(1.0, 2.2)) ** 0.5
    depth = land_m2 / width
    parts = _parts(draw, width, depth, shape)
    turn = radians(draw.uniform(-20, 20))
    placed = [[_placed(ring, turn, longitude, latitude) for ring in part] for part in parts]
    if len(placed) == 1:
        return {"type": "Polygon", "coordinates": placed[0]}
    return {"type": "MultiPolygon", "coordinates": placed}


def _parts(draw: Random, width: float, depth: float, shape: str) -> list[list[Ring]]:
    if shape == "two":  # a road of 14 m between two fields
        half = (width - 14) / 2
        return [[_shifted(_quad(draw, half, depth), side * (half + 14) / 2, 0)] for side in (-1, 1)]
    if shape == "hole":  # an old building or a transformer station that stays
        return [[_quad(draw, width, depth), list(reversed(_quad(draw, width * 0.2, depth * 0.25)))]]
    if shape == "corner":
        return [[_angle(width, depth, draw.uniform(0.3, 0.5), draw.uniform(0.3, 0.5))]]
    return [[_quad(draw, width, depth)]]


def _quad(draw: Random, width: float, depth: float) -> Ring:
    """Four bent sides: the corners of a rectangle and a point on each side, all a little off. Anticlockwise."""
    x, y = width / 2, depth / 2
    corners = [(-x, -y), (0, -y), (x, -y), (x, 0), (x, y), (0, y), (-x, y), (-x, 0)]
    return [(px + draw.uniform(-0.04, 0.04) * width, py + draw.uniform(-0.04, 0.04) * depth) for px, py in corners]


def _angle(width: float, depth: float, cut_x: float, cut_y: float) -> Ring:
    """An L: a rectangle with its upper right corner missing."""
    x, y = width / 2, depth / 2
    inner_x, inner_y = x - width * cut_x, y - depth * cut_y
    return [(-x, -y), (x, -y), (x, inner_y), (inner_x, inner_y), (inner_x, y), (-x, y)]


def _shifted(ring: Ring, by_x: float, by_y: float) -> Ring:
    return [(x + by_x, y + by_y) for x, y in ring]


def _placed(ring: Ring, turn: float, longitude: float, latitude: float) -> list[list[float]]:
    """Metres turned and laid on the globe, closed, to six decimals (0.1 m)."""
    east = METRES_PER_DEGREE * cos(radians(latitude))
    points = [
        [
            round(longitude + (x * cos(turn) - y * sin(turn)) / east, 6),
            round(latitude + (x * sin(turn) + y * cos(turn)) / METRES_PER_DEGREE, 6),
        ]
        for x, y in ring
    ]
    return [*points, points[0]]
