"""What single positions look like: made up, typed in, too regular (pure). Some ten passes over a day: 0.5 ms a person-day."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from attendance.suspicion.rules import Found, Rules
from attendance.suspicion.tracks import HOUR, Day

WINDOW = 40
DISTINCT = 30
Floats = NDArray[np.float64]


def look(day: Day, rules: Rules) -> Iterator[Found]:
    """Only at positions on site: the others do nothing for him."""
    yield _mock(day)
    yield from _coordinates(day, rules)
    yield from _accuracy(day, rules)
    yield from _noise(day, rules)


def _mock(day: Day) -> Found:
    flagged = day.track.mock & day.inside
    told = {"found": int(flagged.sum()), "of": int(day.inside.sum()), "devices": _devices(day, flagged)}
    return Found("mock_flag", int(flagged.sum()), told)


def _coordinates(day: Day, rules: Rules) -> Iterator[Found]:
    limits = rules.limits["same_coordinates"]
    at = np.flatnonzero(day.inside)
    if not len(at):
        return
    values, counts = np.unique(day.track.coordinates[at], return_counts=True)
    often = at[day.track.coordinates[at] == values[counts.argmax()]]
    time = day.track.time
    between = int(((time[at] >= time[often[0]]) & (time[at] <= time[often[-1]])).sum())
    hours = (time[often[-1]] - time[often[0]]) / HOUR
    if hours < limits["hours"] or len(often) < limits["share"] * between:
        return
    east, north = float(day.track.longitude[often[0]]), float(day.track.latitude[often[0]])
    told = {"found": len(often), "of": between, "hours": round(float(hours), 1), "longitude": east, "latitude": north}
    yield Found("same_coordinates", len(often), told)
    step = rules.limits["typed_coordinates"]["step"]
    if all(round(each * 1e7) % step == 0 for each in (east, north)):
        yield Found("typed_coordinates", len(often), told)


def _accuracy(day: Day, rules: Rules) -> Iterator[Found]:
    told = np.round(day.track.accuracy[day.inside & (day.track.accuracy > 0)], 2)
    if not len(told):
        return
    values, counts = np.unique(told, return_counts=True)
    most = int(counts.max())
    if most >= rules.limits["constant_accuracy"]["share"] * len(told):
        figures = {"found": most, "of": len(told), "metres": round(float(values[counts.argmax()]), 1)}
        yield Found("constant_accuracy", most, figures)


def _noise(day: Day, rules: Rules) -> Iterator[Found]:
    limits = rules.limits["noise_without_memory"]
    windows = _windows(day, limits["gap_seconds"] * 1000, limits["least_metres"])
    if windows is None:
        return
    centred = windows - windows.mean(axis=1, keepdims=True)
    # Von Neumann's ratio: one for dice, near nought for what drifts.
    ratio = (np.diff(windows, axis=1) ** 2).mean(axis=1) / (2 * (centred**2).mean(axis=1))
    white = (ratio >= limits["ratio"]).all(axis=1)
    if white.mean() < limits["share"]:
        return
    found = int(white.sum())
    told = {"found": found, "of": len(white), "ratio": round(float(ratio[white].mean()), 2)}
    yield Found("noise_without_memory", found, told)
    dice = centred[white] / centred[white].std(axis=1, keepdims=True)
    kurtosis = float((dice**4).mean(axis=(0, 1)).max())
    if kurtosis <= rules.limits["even_noise"]["kurtosis"]:
        yield Found("even_noise", found, told | {"kurtosis": round(kurtosis, 2)})


def _windows(day: Day, gap: float, least: float) -> Floats | None:
    """Stretches of `WINDOW` positions without a gap as (stretch, position, axis), in metres; those that repeat a few
    coordinates, or do not scatter at all, are no noise."""
    at = np.flatnonzero(day.inside & day.fine)
    count = len(at) // WINDOW
    if not count:
        return None
    rows = at[: count * WINDOW].reshape(count, WINDOW)
    dense = (np.diff(day.track.time[rows], axis=1) <= gap).all(axis=1)
    coordinates = np.sort(day.track.coordinates[rows], axis=1)
    varied = (np.diff(coordinates, axis=1) != 0).sum(axis=1) + 1 >= DISTINCT
    plane = np.stack([day.plane[rows].real, day.plane[rows].imag], axis=-1)
    scatters = (plane.std(axis=1) >= least).all(axis=1)
    chosen = dense & varied & scatters
    return plane[chosen] if chosen.any() else None


def _devices(day: Day, chosen: NDArray[np.bool_]) -> list[int]:
    return [int(each) for each in np.unique(day.track.device[chosen])]
