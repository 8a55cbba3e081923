"""A site's boundary (GeoJSON) as rings that fit into a frame, north up, true to scale (pure)."""

from math import cos, radians
from typing import Any

METRES_PER_DEGREE = 111_320.0
FRAME = 110 / 70  # width to height of the frame that the template draws it in
Point = tuple[float, float]


def drawing(boundary: Any) -> dict[str, Any] | None:
    """{"rings": [{"hole", "points"}], "words"} with points from (0, 0) upper left to (1, 1); None if it is no boundary."""
    try:
        rings = _rings(boundary)
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    points = [point for _, ring in rings for point in ring]
    if not points:
        return None
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shrink = cos(radians((south + north) / 2))  # a degree of longitude is shorter than one of latitude
    width, height = (east - west) * shrink, north - south
    if not (width > 0 and height > 0):
        return None
    scale = min(FRAME / width, 1 / height)
    left, top = (FRAME - width * scale) / 2, (1 - height * scale) / 2

    def placed(point: Point) -> list[float]:
        x, y = point
        return [(left + (x - west) * shrink * scale) / FRAME, top + (north - y) * scale]

    return {
        "kind": "drawing",
        "rings": [{"hole": hole, "points": [placed(point) for point in ring]} for hole, ring in rings],
        "words": f"东西约 {width * METRES_PER_DEGREE:,.0f} m，南北约 {height * METRES_PER_DEGREE:,.0f} m；"
        f"中心 东经 {(west + east) / 2:.5f}°，北纬 {(south + north) / 2:.5f}°",
    }


def _rings(boundary: Any) -> list[tuple[bool, list[Point]]]:
    """(is it a hole, its points) of every ring, each outline before its holes."""
    of_one = {"Polygon": True, "MultiPolygon": False}[boundary["type"]]
    polygons = [boundary["coordinates"]] if of_one else boundary["coordinates"]
    return [
        (number > 0, [(float(point[0]), float(point[1])) for point in ring])
        for polygon in polygons
        for number, ring in enumerate(polygon)
    ]
