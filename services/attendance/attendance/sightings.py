"""Sightings of beacons → minutes inside, merged like those of positions and told apart from them (pure).

Whoever's phone hears a beacon of his site is there, as far as beacons can prove it: docs/decisions/0039.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attendance.assignments import Assignment, Standing
from attendance.marking import MINUTE, MINUTES, SHANGHAI, Hearing, Marks, distinct
from attendance.points import Beacon, SetAside, Sightings


class Beacons(Protocol):
    """What this asks of `Assignments`."""

    def of(self, person: int) -> tuple[Assignment, ...]: ...

    def standing(self, beacon: Beacon) -> Standing | None: ...


def known(sightings: Sightings, beacons: Beacons) -> tuple[Sightings, list[SetAside]]:
    """Those of beacons that were ever placed anywhere; the others are set aside."""
    strange = np.array([beacons.standing(each) is None for each in sightings.beacon], dtype=bool)
    aside = [SetAside("unknown_beacon", sightings.told(int(number))) for number in np.flatnonzero(strange)]
    return (sightings.where(~strange) if aside else sightings), aside


def hear(marks: Marks, hearings: Iterable[Hearing], beacons: Beacons) -> None:
    """Mark each minute in which somebody on duty heard a beacon that stood on his site at that moment."""
    for hearing in hearings:
        time = hearing.points.time + hearing.correction
        for duty in beacons.of(hearing.person):
            stood = _stood(hearing.points.beacon, time, duty, beacons)
            _mark(marks, hearing.person, duty.site, time[stood])


def _stood(names: Sequence[Beacon], time: NDArray[np.int64], duty: Assignment, beacons: Beacons) -> NDArray[np.bool_]:
    """Which sightings are of a beacon on the duty's site, at a moment at which both stood."""
    found = [
        duty.since <= at < duty.until
        and any(place.site == duty.site and place.since <= at < place.until for place in _placings(name, beacons))
        for name, at in zip(names, time.tolist(), strict=True)
    ]
    return np.array(found, dtype=bool)


def _placings(name: Beacon, beacons: Beacons) -> tuple[Assignment, ...]:
    standing = beacons.standing(name)
    return standing.placings if standing else ()


def _mark(marks: Marks, person: int, site: int, time: NDArray[np.int64]) -> None:
    days, minutes = np.divmod((time + SHANGHAI) // MINUTE, MINUTES)
    for day in distinct(days):
        here = days == day
        marks.hear((person, site, int(day)), minutes[here], time[here])
