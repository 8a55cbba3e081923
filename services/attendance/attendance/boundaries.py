"""Where a site lies, and on which side of its boundary positions fall: all points at once (pure).

Judged in a plane laid on WGS-84 at the middle of the site: exact to far better than 1 % for a site of 20 km².
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

Metres = NDArray[np.float64]
Degrees = NDArray[np.float64]

# What a phone that tells no accuracy is taken to have: in the open it is better, between high-rises about this.
ACCURACY_OTHERWISE = 50.0
# A circle wider than this is of a mobile network's cell; its centre may be another town's.
ACCURACY_WORST = 3000.0
EQUATOR = 6_378_137.0  # metres: semi-axis of WGS-84
ECCENTRICITY_SQUARED = 6.694_379_990_14e-3
# Points × edges reckoned at once: some tens of megabytes.
CELLS = 500_000


@dataclass(frozen=True)
class Area:
    """One polygon with its holes, as edges in metres on the plane: each array one number per edge."""

    x: Metres
    y: Metres
    dx: Metres
    dy: Metres

    def distance(self, x: Metres, y: Metres) -> Metres:
        """Signed metres from the edge of points on the plane, negative inside."""
        px, py = x[:, None] - self.x, y[:, None] - self.y
        length = self.dx**2 + self.dy**2
        along = np.clip((px * self.dx + py * self.dy) / np.where(length > 0, length, 1), 0, 1)
        nearest = np.sqrt(((px - along * self.dx) ** 2 + (py - along * self.dy) ** 2).min(axis=1))
        # A ray to the east crosses the rings of an area an odd number of times exactly from within, holes included.
        spans = (py >= 0) != (py >= self.dy)
        east = px * self.dy < py * self.dx
        crossed = spans & (east == (self.dy > 0))
        within = crossed.sum(axis=1) % 2
        return np.asarray(np.where(within, -nearest, nearest), dtype=np.float64)


class Outline:
    """The boundary of a site: one area or several, each with holes.

    `geojson` is a Polygon or MultiPolygon in WGS-84 degrees, longitude first; ValueError for anything else. Areas may
    overlap: what lies in any of them is inside.
    """

    def __init__(self, geojson: Mapping[str, Any]) -> None:
        polygons = [[_ring(each) for each in polygon] for polygon in _polygons(geojson)]
        corners = np.concatenate([ring for polygon in polygons for ring in polygon])
        self.longitude, self.latitude = (corners.min(axis=0) + corners.max(axis=0)) / 2
        self.east, self.north = metres_per_degree(float(self.latitude))
        self.areas = [self._area(polygon) for polygon in polygons]

    def distance(self, longitude: Degrees, latitude: Degrees) -> Metres:
        """Metres from the boundary, negative inside, one per point; NaN where the point is."""
        x, y = (longitude - self.longitude) * self.east, (latitude - self.latitude) * self.north
        distance = np.full(len(x), np.inf)
        for area in self.areas:
            step = max(CELLS // len(area.x), 1)
            for first in range(0, len(x), step):
                part = slice(first, first + step)
                distance[part] = np.minimum(distance[part], area.distance(x[part], y[part]))
        return distance

    def judge(
        self, longitude: Degrees, latitude: Degrees, accuracy: Metres, tolerance: float, factor: float
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which points are surely inside the boundary widened by `tolerance` (metres), and which surely outside of it.

        Surely: with the whole circle of `accuracy` (metres; NaN, zero or less is none told) times `factor`, by which a
        figure that was told is widened. Neither is doubtful.
        """
        told = accuracy > 0
        radius = np.where(told, accuracy * factor, ACCURACY_OTHERWISE)
        proves = ~told | (accuracy <= ACCURACY_WORST)
        distance = self.distance(longitude, latitude)
        return proves & (distance + radius <= tolerance), proves & (distance - radius > tolerance)

    def _area(self, polygon: list[Degrees]) -> Area:
        plane = [(ring - (self.longitude, self.latitude)) * (self.east, self.north) for ring in polygon]
        start = np.concatenate([ring[:-1] for ring in plane])
        edge = np.concatenate([np.diff(ring, axis=0) for ring in plane])
        return Area(*(np.ascontiguousarray(each) for each in (*start.T, *edge.T)))


class Boundaries:
    """The boundaries of one site with the days from which they are true; a day is judged by that of the day."""

    def __init__(self, drawn: Iterable[tuple[date, Mapping[str, Any]]]) -> None:
        """`drawn`: first day and GeoJSON, in any order."""
        editions = sorted(drawn, key=lambda each: each[0])
        self.editions = [(since, Outline(outline)) for since, outline in editions]

    def on(self, day: date) -> Outline | None:
        """The boundary in effect on a day; None before the first."""
        in_effect = [outline for since, outline in self.editions if since <= day]
        return in_effect[-1] if in_effect else None


def metres_per_degree(latitude: float) -> tuple[float, float]:
    """East and north, at a latitude (degrees): radii of curvature of the ellipsoid of WGS-84."""
    sine, cosine = np.sin(np.radians(latitude)), np.cos(np.radians(latitude))
    flattened = 1 - ECCENTRICITY_SQUARED * sine**2
    across = EQUATOR / np.sqrt(flattened)
    along = across * (1 - ECCENTRICITY_SQUARED) / flattened
    return float(np.radians(across * cosine)), float(np.radians(along))


def _polygons(geojson: Mapping[str, Any]) -> list[Any]:
    kind, coordinates = geojson.get("type"), geojson.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon") or not coordinates:
        raise ValueError(f"a boundary is a Polygon or MultiPolygon, not {kind}")
    return [coordinates] if kind == "Polygon" else list(coordinates)


def _ring(coordinates: Any) -> Degrees:
    """Corners as rows of longitude and latitude, the first one repeated at the end."""
    ring = np.array([each[:2] for each in coordinates], dtype=np.float64)
    if len(ring) and not np.array_equal(ring[0], ring[-1]):
        ring = np.concatenate([ring, ring[:1]])
    if len(ring) < 4 or not np.isfinite(ring).all():
        raise ValueError("a ring of a boundary has at least three corners, each of longitude and latitude")
    return ring
