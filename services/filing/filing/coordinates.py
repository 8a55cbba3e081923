"""GCJ-02, the shifted datum of Chinese maps, back to WGS-84 (pure).

In Hebei the two differ by some 500 m: a boundary read in the wrong one is a wrong verdict about who was on site. The
forward formula is the published approximation on the Krasovsky ellipsoid; the way back is found by iteration.
"""

from math import cos, pi, radians, sin, sqrt

SEMI_MAJOR_AXIS = 6378245.0  # metres, Krasovsky 1940
ECCENTRICITY_SQUARED = 0.00669342162296594323
GOOD_ENOUGH = 1e-9  # degrees: a tenth of a millimetre
MOST_ROUNDS = 20


def to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """A WGS-84 point in China as GCJ-02, in degrees."""
    east, north = longitude - 105.0, latitude - 35.0
    along = _metres_north(east, north)
    across = _metres_east(east, north)
    slope = sin(radians(latitude))
    bulge = 1 - ECCENTRICITY_SQUARED * slope * slope
    meridian = SEMI_MAJOR_AXIS * (1 - ECCENTRICITY_SQUARED) / (bulge * sqrt(bulge)) * pi / 180
    parallel = SEMI_MAJOR_AXIS / sqrt(bulge) * cos(radians(latitude)) * pi / 180
    return longitude + across / parallel, latitude + along / meridian


def to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """A GCJ-02 point in China as WGS-84, in degrees; good to a millimetre against `to_gcj02`."""
    x, y = longitude, latitude
    for _ in range(MOST_ROUNDS):
        shifted_x, shifted_y = to_gcj02(x, y)
        error_x, error_y = shifted_x - longitude, shifted_y - latitude
        x, y = x - error_x, y - error_y
        if abs(error_x) < GOOD_ENOUGH and abs(error_y) < GOOD_ENOUGH:
            break
    return x, y


def _metres_north(east: float, north: float) -> float:
    base = -100 + 2 * east + 3 * north + 0.2 * north * north + 0.1 * east * north + 0.2 * sqrt(abs(east))
    return base + 2 / 3 * (
        20 * sin(6 * east * pi)
        + 20 * sin(2 * east * pi)
        + 20 * sin(north * pi)
        + 40 * sin(north / 3 * pi)
        + 160 * sin(north / 12 * pi)
        + 320 * sin(north * pi / 30)
    )


def _metres_east(east: float, north: float) -> float:
    base = 300 + east + 2 * north + 0.1 * east * east + 0.1 * east * north + 0.1 * sqrt(abs(east))
    return base + 2 / 3 * (
        20 * sin(6 * east * pi)
        + 20 * sin(2 * east * pi)
        + 20 * sin(east * pi)
        + 40 * sin(east / 3 * pi)
        + 150 * sin(east / 12 * pi)
        + 300 * sin(east / 30 * pi)
    )
