"""A day's positions as a map can show them: one a minute, each with its side of the boundary; the day's minutes as a strip
(pure)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from attendance.boundaries import ACCURACY_OTHERWISE, Outline
from attendance.marking import DAY, EPOCH, MINUTE, MINUTES, SHANGHAI
from attendance.presence import Bits, minutes_of
from attendance.terms import DUTY_HOURS, TOLERANCE_METRES

# Decimals of a degree: a tenth of a metre for the agency whose site it is, about a hundred metres for everybody else
# (domain facts 9.1).
EXACT, COARSE = 6, 3
INSIDE, OUTSIDE, DOUBTFUL = "inside", "outside", "doubtful"


@dataclass(frozen=True)
class Fixes:
    """Positions of one person: `time` in milliseconds since 1970 by the corrected clock, degrees, metres."""

    time: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    mock: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Fixes":
        return Fixes(
            self.time[chosen], self.longitude[chosen], self.latitude[chosen], self.accuracy[chosen], self.mock[chosen]
        )


@dataclass(frozen=True)
class Point:
    """`time` in milliseconds since 1970; `accuracy` None where the phone told none."""

    time: int
    longitude: float
    latitude: float
    accuracy: float | None
    side: str
    mock: bool


def on_duty(fixes: Fixes, day: date, spells: list[tuple[int, int]]) -> Fixes:
    """Those of the day's hours of duty (Shanghai) that fall into one of the spells, from … until before, in milliseconds."""
    start = (day - EPOCH).days * DAY - SHANGHAI
    hour = MINUTES * MINUTE // 24
    first, last = start + DUTY_HOURS[0] * hour, start + DUTY_HOURS[1] * hour
    within = np.zeros(len(fixes.time), dtype=bool)
    for since, until in spells:
        within |= (fixes.time >= since) & (fixes.time < until)
    return fixes.where(within & (fixes.time >= first) & (fixes.time < last))


def thinned(fixes: Fixes) -> Fixes:
    """Of each minute the most exact one, in the order of time."""
    minute = fixes.time // MINUTE
    order = np.lexsort((fixes.time, _radius(fixes), minute))
    _, first = np.unique(minute[order], return_index=True)
    return fixes.where(order[first])


def points(fixes: Fixes, outline: Outline | None, factor: float, decimals: int) -> list[Point]:
    """Each with its side, judged where it was measured; told rounded to so many decimals of a degree."""
    sides = _sides(fixes, outline, factor)
    accuracies = _accuracies(fixes)
    return [
        Point(
            int(fixes.time[n]),
            round(float(fixes.longitude[n]), decimals),
            round(float(fixes.latitude[n]), decimals),
            accuracies[n],
            sides[n],
            bool(fixes.mock[n]),
        )
        for n in range(len(fixes.time))
    ]


def strip(seen: Bits, inside: Bits, outside: Bits) -> Iterator[tuple[int, int, str]]:
    """The minutes with positions as runs, both ends included; what decides nothing or contradicts itself is doubtful."""
    within, without = minutes_of(inside), minutes_of(outside)
    located = minutes_of(seen) | within | without
    state = np.where(within & ~without, 1, np.where(without & ~within, 2, np.where(located, 3, 0)))
    edges = np.flatnonzero(np.diff(state)) + 1
    starts, ends = np.r_[0, edges], np.r_[edges, MINUTES]
    for start, end in zip(starts, ends, strict=True):
        if state[start]:
            yield int(start), int(end) - 1, (INSIDE, OUTSIDE, DOUBTFUL)[state[start] - 1]


def _sides(fixes: Fixes, outline: Outline | None, factor: float) -> list[str]:
    if outline is None:
        return [DOUBTFUL] * len(fixes.time)
    inside, outside = outline.judge(fixes.longitude, fixes.latitude, fixes.accuracy, TOLERANCE_METRES, factor)
    return [str(each) for each in np.where(inside, INSIDE, np.where(outside, OUTSIDE, DOUBTFUL))]


def _radius(fixes: Fixes) -> NDArray[np.float64]:
    return np.where(fixes.accuracy > 0, fixes.accuracy, ACCURACY_OTHERWISE)


def _accuracies(fixes: Fixes) -> list[float | None]:
    return [round(float(each), 1) if each > 0 else None for each in fixes.accuracy]
