"""How far from a site a place lies (pure)."""

from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

METRES_A_DEGREE = 111_320.0  # of latitude; of longitude, times the cosine of the latitude


def metres_outside(boundary: dict[str, Any], longitude: float, latitude: float) -> float:
    """Metres from a place to the nearest point of a GeoJSON outline (WGS-84), 0 inside; good to 1 % within some kilometres."""
    scale = np.array([METRES_A_DEGREE * np.cos(np.radians(latitude)), METRES_A_DEGREE])
    here = np.array([longitude, latitude])
    outline = shapely.transform(shape(boundary), lambda points: (points - here) * scale)
    return float(shapely.distance(outline, shapely.Point(0, 0)))
