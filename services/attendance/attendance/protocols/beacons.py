"""Beacons that a device heard, in a message of our own app's: rows or columns beside its positions.

    "beacons": [[1772409540000, "fda50693-a4e2-4fb1-afcf-c6eb07647825", 10011, 3, -71, 872], …]
    "beacons": {"time": […], "uuid": […], "major": […], "minor": […], "rssi": […], "sequence": […]}

An iBeacon is known by its UUID, major and minor. `rssi` (dBm) and `sequence`, from the numbers of the positions, may be
null or left out.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from attendance.points import NO_RSSI, NO_SEQUENCE, Beacon, SetAside, Sightings
from attendance.protocols import reading
from attendance.protocols.reading import NoPosition, Undecodable

COLUMNS = ("time", "uuid", "major", "minor", "rssi", "sequence")
NEEDED = 4
UUID = re.compile(r"([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})")
LARGEST_NUMBER = 65_535  # of major and minor: two bytes of the advertisement
WEAKEST, STRONGEST = -127, 20  # dBm, as Bluetooth tells them; 127 there means: not available
Row = tuple[int, Beacon, int, int]


def read(told: Any, sent_at: int | None) -> Sightings:
    """Raises `Undecodable` where they are neither rows nor columns; one that is no sighting is set aside."""
    rows, aside = [], []
    for row in _rows(told):
        try:
            rows.append(_sighting(row))
        except NoPosition as none:
            aside.append(SetAside(str(none), {"beacon": [reading.brief(each) for each in row]}))
    return Sightings(
        time=np.array([row[0] for row in rows], dtype=np.int64),
        beacon=tuple(row[1] for row in rows),
        rssi=np.array([row[2] for row in rows], dtype=np.int64),
        sequence=np.array([row[3] for row in rows], dtype=np.int64),
        sent_at=sent_at,
        set_aside=reading.storable(aside),
    )


def uuid_of(text: Any) -> str | None:
    """As it is kept: in small letters, with hyphens; None for what is no UUID."""
    found = UUID.fullmatch(text.strip().lower()) if isinstance(text, str) else None
    return "-".join(found.groups()) if found else None


def _rows(told: Any) -> list[Sequence[Any]]:
    """Each with six values, what was left out null."""
    if isinstance(told, list):
        if not all(isinstance(row, list) and NEEDED <= len(row) <= len(COLUMNS) for row in told):
            raise Undecodable("beacons are rows of four to six values")
        return [row + [None] * (len(COLUMNS) - len(row)) for row in told]
    if not isinstance(told, dict):
        raise Undecodable("beacons are neither rows nor columns")
    columns = [told.get(name) for name in COLUMNS]
    length = len(columns[0]) if isinstance(columns[0], list) else -1
    filled = [
        [None] * length if each is None and place >= NEEDED else each for place, each in enumerate(columns)
    ]  # fmt: skip
    if not all(isinstance(each, list) and len(each) == length for each in filled):
        raise Undecodable("columns of beacons of different lengths")
    return list(zip(*filled, strict=True))


def _sighting(row: Sequence[Any]) -> Row:
    time, uuid, major, minor, rssi, sequence = row
    name = uuid_of(uuid)
    if name is None or not all(type(each) is int and 0 <= each <= LARGEST_NUMBER for each in (major, minor)):
        raise NoPosition("not_a_beacon")
    heard = rssi if type(rssi) is int and WEAKEST <= rssi <= STRONGEST else NO_RSSI
    numbered = sequence if type(sequence) is int and 0 <= sequence < reading.LARGEST_SEQUENCE else NO_SEQUENCE
    return reading.moment(time), (name, major, minor), heard, numbered
