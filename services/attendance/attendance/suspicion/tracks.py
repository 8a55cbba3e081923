"""A person's day of positions, laid on the plane of a site, and its path in slots of one minute (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance.accuracy import factor_on
from attendance.boundaries import Outline, metres_per_degree
from attendance.points import PER_DEGREE
from attendance.terms import DUTY_HOURS, TOLERANCE_METRES

SHANGHAI = 8 * 3_600_000
DAY = 24 * 3_600_000
HOUR = 3_600_000
SLOT = 60_000  # ms: two positions of a phone that tells one every thirty seconds
SLOTS = (DUTY_HOURS[1] - DUTY_HOURS[0]) * HOUR // SLOT
FINE = 100.0  # metres: a circle wider than this says nothing about a path
HALF_METRES = 2  # of these a path is kept, in sixteen bits: sixteen kilometres around the site
FARTHEST = 32_767 / HALF_METRES
UNKNOWN = -32_768
DRAWN = 64
Metres = NDArray[np.complex128]  # east + north·i
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Track:
    """Positions as kept: times in milliseconds of the device's own clock and of our receipt, degrees in WGS-84, metres
    of accuracy (NaN or less than nought: none told). All arrays have one length."""

    time: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    mock: NDArray[np.bool_]
    device: NDArray[np.int64]
    received_at: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.time)

    def where(self, chosen: Any) -> "Track":
        return Track(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @property
    def coordinates(self) -> NDArray[np.int64]:
        """One number for each coordinate, as exact as it is kept."""
        east = np.rint(self.longitude * PER_DEGREE).astype(np.int64)
        north = np.rint(self.latitude * PER_DEGREE).astype(np.int64)
        return (east << 32) ^ north

    @property
    def devices(self) -> list[int]:
        return [int(each) for each in np.unique(self.device)]


class Ground:
    """The plane on which everybody's path at a site is drawn: anchored to whole tenths of a degree, so that it stays
    where it is when the boundary is drawn anew."""

    def __init__(self, outline: Outline, day: date) -> None:
        self.outline = outline
        self.factor = factor_on(day)
        self.anchor = round(outline.longitude, 1), round(outline.latitude, 1)
        self.east, self.north = metres_per_degree(self.anchor[1])

    def plane(self, track: Track) -> Metres:
        east = (track.longitude - self.anchor[0]) * self.east
        return np.asarray(east + 1j * (track.latitude - self.anchor[1]) * self.north)

    def inside(self, track: Track) -> Mask:
        """What counts for his presence: the whole circle of accuracy within the boundary and its tolerance."""
        return self.outline.judge(track.longitude, track.latitude, track.accuracy, TOLERANCE_METRES, self.factor)[0]

    def outside(self, track: Track) -> Mask:
        return self.outline.judge(track.longitude, track.latitude, track.accuracy, TOLERANCE_METRES, self.factor)[1]


@dataclass(frozen=True)
class Kept:
    """What remains of a checked day to compare others with: 4.5 KB a person-day, dropped with the raw positions.

    `path`: metres on the ground's plane by slot, NaN where unknown; `sketch`: the smallest `DRAWN` scrambled coordinates,
    which another day has too as far as it has the same coordinates; `spot`: where the phone lay all day, if it did;
    `stayed`: on site from the first to the last hour; `together`: with whom it went all day.
    """

    person: int
    day: date
    path: Metres
    sketch: NDArray[np.int64]
    spot: complex | None
    stayed: bool
    together: frozenset[int]


@dataclass(frozen=True)
class Day:
    """One person's day, ready to be looked at: only what is `inside` counts for him, so only there lying would pay."""

    person: int
    track: Track
    plane: Metres
    inside: Mask
    path: Metres

    @property
    def fine(self) -> Mask:
        return is_fine(self.track)

    @property
    def span_minutes(self) -> int:
        """From the first to the last position on site."""
        time = self.track.time[self.inside]
        return int((time[-1] - time[0]) // 60_000) if len(time) else 0


def prepare(person: int, track: Track, ground: Ground) -> Day:
    track = track.where(np.argsort(track.time, kind="stable"))
    plane = ground.plane(track)
    return Day(person, track, plane, ground.inside(track), path_of(track, plane))


def is_fine(track: Track) -> Mask:
    return np.asarray(~(track.accuracy > FINE))


def path_of(track: Track, plane: Metres) -> Metres:
    """The middle of the fine positions of each slot of the duty hours; NaN where there is none, or too far away."""
    path = np.full(SLOTS, np.nan + 0j)
    slot = ((track.time + SHANGHAI) % DAY - DUTY_HOURS[0] * HOUR) // SLOT
    near = np.maximum(np.abs(plane.real), np.abs(plane.imag)) < FARTHEST
    usable = is_fine(track) & near & (slot >= 0) & (slot < SLOTS)
    at, where = slot[usable], plane[usable]
    count = np.bincount(at, minlength=SLOTS)
    sums = np.bincount(at, where.real, SLOTS) + 1j * np.bincount(at, where.imag, SLOTS)
    known = count > 0
    path[known] = sums[known] / count[known]
    return path


def known(path: Metres) -> Mask:
    return np.asarray(~np.isnan(path.real))


def moves(path: Metres, metres: float) -> Mask:
    """Slots at whose end he is at least so far from where he was in the slot before."""
    steps = np.abs(np.diff(path, prepend=path[:1]))
    return np.asarray(np.nan_to_num(steps) >= metres)


def sketch_of(coordinates: NDArray[np.int64]) -> NDArray[np.int64]:
    """The smallest of the scrambled coordinates, each once: days that share coordinates share these in the same share."""
    scrambled = coordinates.astype(np.uint64)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        scrambled = (scrambled ^ (scrambled >> np.uint64(shift))) * np.uint64(factor)
    return np.unique((scrambled >> np.uint64(1)).astype(np.int64))[:DRAWN]


def pack(path: Metres) -> bytes:
    """A path in 3,840 bytes."""
    pair = np.stack([path.real, path.imag])
    halves = np.where(np.isnan(pair), UNKNOWN, np.rint(np.nan_to_num(pair) * HALF_METRES))
    return halves.astype("<i2").tobytes()


def unpack(packed: bytes) -> Metres:
    east, north = np.frombuffer(packed, dtype="<i2").astype(np.float64).reshape(2, SLOTS) / HALF_METRES
    path = east + 1j * north
    path[east == UNKNOWN / HALF_METRES] = np.nan
    return np.asarray(path)


def before(kept: Sequence[Kept], person: int, day: date) -> list[Kept]:
    """The person's own earlier days, the newest first."""
    own = [each for each in kept if each.person == person and each.day < day]
    return sorted(own, key=lambda each: each.day, reverse=True)
