"""Our own app's batches: JSON, rows or columns, up to five thousand positions and sightings of beacons together.

    {"datum": "WGS-84", "sent_at": 1772409600000,
     "rows": [[1772409540000, 114.515, 38.045, 12.5, 871, 0], …]}      time, longitude, latitude, accuracy, sequence, mock
    {"columns": {"time": […], "longitude": […], "latitude": […], "accuracy": […], "sequence": […], "mock": […]}}

Times are milliseconds since 1970 by the device's clock. Accuracy and sequence may be null, and they and mock left out.
Beacons that it heard stand beside them (protocols.beacons), or alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance import datums
from attendance.points import NO_SEQUENCE, Points, SetAside
from attendance.protocols import beacons, reading
from attendance.protocols.reading import NoPosition, Told, Undecodable

MOST = 5_000
COLUMNS = ("time", "longitude", "latitude", "accuracy", "sequence", "mock")
NEEDED = 3
UNTOLD = {"accuracy": None, "sequence": None, "mock": 0}
DATUMS = (datums.WGS84, datums.GCJ02, datums.BD09)
Columns = list[Sequence[Any]]


def read(body: bytes, content_type: str, received_at: int) -> Points:
    message = reading.load(body)
    if not isinstance(message, dict):
        raise Undecodable("not an object")
    datum = message.get("datum", datums.WGS84)
    if datum not in DATUMS:
        raise Undecodable("unknown datum")
    columns = _columns(message)
    sent_at = _sent_at(message.get("sent_at"))
    found = _in_wgs84(_all_at_once(columns, sent_at) or _one_by_one(columns, sent_at), datum)
    heard = message.get("beacons")
    return found if heard is None else _with_beacons(found, heard, len(columns[0]))


def _columns(message: dict[str, Any]) -> Columns:
    """Six columns of one length, what was left out filled in."""
    rows, told = message.get("rows"), message.get("columns")
    if rows is None and told is None and message.get("beacons") is not None:
        rows = []
    if isinstance(rows, list) and told is None:
        columns = _of_rows(rows)
    elif isinstance(told, dict) and rows is None:
        columns = [told.get(name) for name in COLUMNS]
    else:
        raise Undecodable("neither rows nor columns")
    length = len(columns[0]) if isinstance(columns[0], list | tuple) else -1
    filled = [
        [UNTOLD[name]] * length if column is None and name in UNTOLD else column
        for name, column in zip(COLUMNS, columns, strict=True)
    ]
    if not all(isinstance(each, list | tuple) and len(each) == length for each in filled):
        raise Undecodable("columns of different lengths")
    if length > MOST:
        raise Undecodable(f"more than {MOST} positions")
    return filled


def _of_rows(rows: list[Any]) -> list[Any]:
    if not rows:
        return [()] * len(COLUMNS)
    widths = {len(row) if isinstance(row, list) else -1 for row in rows}
    if not widths <= set(range(NEEDED, len(COLUMNS) + 1)):
        raise Undecodable("rows are lists of three to six values")
    if len(widths) > 1:
        rows = [row + [None] * (len(COLUMNS) - len(row)) for row in rows]
    columns: list[Any] = list(zip(*rows, strict=True))
    return columns + [None] * (len(COLUMNS) - len(columns))


def _all_at_once(columns: Columns, sent_at: int | None) -> Points | None:
    """Whole arrays; None where anything in them is not as it should be, and has to be looked at one by one."""
    try:
        time, longitude, latitude = (np.array(each, dtype=np.float64) for each in columns[:NEEDED])
        accuracy = np.array(columns[3], dtype=np.float64)  # null becomes NaN
        sequence = np.array(columns[4], dtype=np.float64)
        mock = np.array(columns[5], dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    good = _is_good(time, longitude, latitude) and all(
        set(map(type, each)) <= {int, float} for each in columns[:NEEDED]
    )
    good = good and set(map(type, columns[5])) <= {int, bool, type(None)}
    if not good or np.isinf(accuracy).any() or (accuracy < 0).any() or (sequence < 0).any() or (sequence > 2**53).any():
        return None
    numbered = np.where(np.isnan(sequence), NO_SEQUENCE, sequence).astype(np.int64)
    return Points(time.astype(np.int64), longitude, latitude, accuracy, np.nan_to_num(mock) != 0, numbered, sent_at)


def _is_good(time: NDArray[np.float64], longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> bool:
    if time.ndim != 1 or longitude.ndim != 1 or latitude.ndim != 1:
        return False
    on_earth = (np.abs(longitude) <= 180) & (np.abs(latitude) <= 90) & ((longitude != 0) | (latitude != 0))
    return bool((on_earth & (time >= reading.EARLIEST) & (time < reading.LATEST)).all())


def _one_by_one(columns: Columns, sent_at: int | None) -> Points:
    told, aside = [], []
    for row in zip(*columns, strict=True):
        try:
            told.append(_told(row))
        except NoPosition as none:
            aside.append(SetAside(str(none), {"row": [reading.brief(each) for each in row]}))
    return reading.points(told, aside, sent_at)


def _told(row: Sequence[Any]) -> Told:
    time, longitude, latitude, accuracy, sequence, mock = row
    return Told(
        reading.moment(time),
        *reading.place(longitude, latitude),
        reading.accuracy(accuracy),
        sequence if isinstance(sequence, int) and 0 <= sequence < reading.LARGEST_SEQUENCE else NO_SEQUENCE,
        reading.is_yes(mock),
    )


def _with_beacons(found: Points, told: Any, positions: int) -> Points:
    sightings = beacons.read(told, found.sent_at)
    if positions + len(sightings) + len(sightings.set_aside) > MOST:
        raise Undecodable(f"more than {MOST} positions and sightings")
    return replace(found, sightings=sightings)


def _sent_at(value: Any) -> int | None:
    try:
        return None if value is None else reading.moment(value)
    except NoPosition:
        return None


def _in_wgs84(found: Points, datum: str) -> Points:
    if datum == datums.WGS84:
        return found
    longitude, latitude = datums.to_wgs84(found.longitude, found.latitude, datum)
    return replace(found, longitude=longitude, latitude=latitude)
