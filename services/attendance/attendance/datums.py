"""The three datums of Chinese positions, whole arrays at a time, in degrees (pure).

WGS-84 is what satellites give (CGCS2000 differs from it by less than a metre); GCJ-02 is the shifted datum of domestic
maps, BD-09 Baidu's further shift of it. The forward formulas are the published approximations; the ways back are found by
iteration. In Hebei the shift is some 500 m: more than any site is wide.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

WGS84, GCJ02, BD09 = "WGS-84", "GCJ-02", "BD-09"
SEMI_MAJOR_AXIS = 6378245.0  # metres, Krasovsky 1940
ECCENTRICITY_SQUARED = 0.00669342162296594323
BD_TURN = np.pi * 3000 / 180
BD_EAST, BD_NORTH = 0.0065, 0.006
GOOD_ENOUGH = 1e-9  # degrees: a tenth of a millimetre
MOST_ROUNDS = 20
# Outside it domestic maps shift nothing, and near the poles the way back has no end: west, south, east, north.
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]


def to_wgs84(longitude: Floats, latitude: Floats, datum: str) -> Pair:
    """Points of a datum in WGS-84, good to a millimetre. Raises `ValueError` for a datum that is none of the three."""
    if datum == WGS84:
        return longitude, latitude
    if datum not in (GCJ02, BD09):
        raise ValueError(datum)
    west, south, east, north = CHINA
    inside = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
    x, y = np.where(inside, longitude, 105.0), np.where(inside, latitude, 35.0)
    if datum == BD09:
        x, y = _back(_gcj02_to_bd09, x, y)
    x, y = _back(to_gcj02, x, y)
    return np.where(inside, x, longitude), np.where(inside, y, latitude)


def to_gcj02(longitude: Floats, latitude: Floats) -> Pair:
    """Points in China, WGS-84, as domestic maps show them."""
    east, north = longitude - 105.0, latitude - 35.0
    slope = np.sin(np.radians(latitude))
    bulge = 1 - ECCENTRICITY_SQUARED * slope * slope
    meridian = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / (bulge * np.sqrt(bulge)) * np.pi / 180
    parallel = SEMI_MAJOR_AXIS / np.sqrt(bulge) * np.cos(np.radians(latitude)) * np.pi / 180
    return longitude + _metres_east(east, north) / parallel, latitude + _metres_north(east, north) / meridian


def to_bd09(longitude: Floats, latitude: Floats) -> Pair:
    """Points in China, WGS-84, as Baidu's maps show them."""
    return _gcj02_to_bd09(*to_gcj02(longitude, latitude))


def _gcj02_to_bd09(longitude: Floats, latitude: Floats) -> Pair:
    radius = np.hypot(longitude, latitude) + 0.00002 * np.sin(latitude * BD_TURN)
    angle = np.arctan2(latitude, longitude) + 0.000003 * np.cos(longitude * BD_TURN)
    return radius * np.cos(angle) + BD_EAST, radius * np.sin(angle) + BD_NORTH


def _back(forward: Callable[[Floats, Floats], Pair], longitude: Floats, latitude: Floats) -> Pair:
    x, y = longitude, latitude
    for _ in range(MOST_ROUNDS):
        there_x, there_y = forward(x, y)
        off_x, off_y = there_x - longitude, there_y - latitude
        x, y = x - off_x, y - off_y
        if not len(x) or max(np.abs(off_x).max(), np.abs(off_y).max()) < GOOD_ENOUGH:
            break
    return x, y


def _metres_north(east: Floats, north: Floats) -> Floats:
    base = -100 + 2 * east + 3 * north + 0.2 * north**2 + 0.1 * east * north + 0.2 * np.sqrt(np.abs(east))
    waves = 20 * np.sin(6 * east * np.pi) + 20 * np.sin(2 * east * np.pi)
    waves += 20 * np.sin(north * np.pi) + 40 * np.sin(north / 3 * np.pi)
    waves += 160 * np.sin(north / 12 * np.pi) + 320 * np.sin(north * np.pi / 30)
    metres: Floats = base + 2 / 3 * waves
    return metres


def _metres_east(east: Floats, north: Floats) -> Floats:
    base = 300 + east + 2 * north + 0.1 * east**2 + 0.1 * east * north + 0.1 * np.sqrt(np.abs(east))
    waves = 20 * np.sin(6 * east * np.pi) + 20 * np.sin(2 * east * np.pi)
    waves += 20 * np.sin(east * np.pi) + 40 * np.sin(east / 3 * np.pi)
    waves += 150 * np.sin(east / 12 * np.pi) + 300 * np.sin(east / 30 * np.pi)
    metres: Floats = base + 2 / 3 * waves
    return metres
