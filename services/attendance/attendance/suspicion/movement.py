"""How positions follow each other: jumps that no road allows, and a domestic map's datum (pure). 0.3 ms a person-day."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from attendance.datums import BD09, GCJ02, to_wgs84
from attendance.suspicion.rules import Found, Limits, Rules
from attendance.suspicion.tracks import Day, Ground, Track

MOST_TOLD = 5
SHIFTED = 3_000  # metres: farther no datum moves anything, the size of a site included
LEAST_AT_EACH_END = 3
STAYED = 0.8  # of that time, and of the positions in it


def look(day: Day, ground: Ground, rules: Rules) -> Iterator[Found]:
    yield from _jumps(day, rules)
    yield from _datum(day, ground)


def _jumps(day: Day, rules: Rules) -> Iterator[Found]:
    limits = rules.limits["impossible_speed"]
    at = np.flatnonzero(day.fine)
    time, plane = day.track.time[at], day.plane[at]
    accuracy = np.nan_to_num(np.maximum(day.track.accuracy[at], 0))
    took = np.diff(time) / 1000
    metres = np.abs(np.diff(plane)) - accuracy[1:] - accuracy[:-1]
    too_fast = metres > np.maximum(took, 1) * limits["metres_a_second"]
    jumps = np.flatnonzero((metres > limits["metres"]) & too_fast & (took <= limits["gap_minutes"] * 60))
    stay = limits["stay_minutes"] * 60_000
    lasting = [int(each) for each in jumps if _lasts(time, plane, int(each), stay, limits["metres"])]
    count = max(len(lasting), _returns(time, plane, jumps, limits) // int(limits["returning"]))
    if count:
        shown = (lasting or [int(each) for each in jumps])[:MOST_TOLD]
        told = [_jump(day, at, each) for each in shown]
        yield Found("impossible_speed", count, {"lasting": len(lasting), "all": len(jumps), "jumps": told})


def _lasts(time: Any, plane: Any, jump: int, stay: float, metres: float) -> bool:
    """Whether he was at the one place before, and at the other after it: what comes back at once is drift."""
    sides = (
        (time >= time[jump] - stay) & (time <= time[jump]),
        (time >= time[jump + 1]) & (time <= time[jump + 1] + stay),
    )
    if any(each.sum() < LEAST_AT_EACH_END or np.ptp(time[each]) < STAYED * stay for each in sides):
        return False
    before, after = (plane[each] for each in sides)
    centres = [np.median(each.real) + 1j * np.median(each.imag) for each in (before, after)]
    there = min(
        float((np.abs(each - centre) < metres / 2).mean())
        for each, centre in zip((before, after), centres, strict=True)
    )
    return there >= STAYED and bool(np.abs(centres[1] - centres[0]) > metres)


def _returns(time: Any, plane: Any, jumps: Any, limits: Limits) -> int:
    """How many jumps the next one takes back: two places told by turns, for longer than a stale fix lives. A fast train
    jumps, but never back."""
    back = np.flatnonzero(np.abs(plane[jumps[1:] + 1] - plane[jumps[:-1]]) < limits["metres"] / 2)
    lasts = len(back) and time[jumps[back[-1]]] - time[jumps[back[0]]] >= limits["stay_minutes"] * 60_000
    return len(back) if lasts else 0


def _jump(day: Day, at: Any, jump: int) -> dict[str, Any]:
    one, other = at[jump], at[jump + 1]
    seconds = max(1, int(day.track.time[other] - day.track.time[one]) // 1000)
    return {
        "at": int(day.track.time[one]),
        "seconds": seconds,
        "metres": round(float(np.abs(day.plane[other] - day.plane[one]))),
        "devices": sorted({int(day.track.device[one]), int(day.track.device[other])}),
    }


def _datum(day: Day, ground: Ground) -> Iterator[Found]:
    """Outside as told, inside as if it were of a map: somebody picked the place there, or an app forgets to convert."""
    middle = day.plane[day.inside].mean()
    astray = np.flatnonzero(ground.outside(day.track) & (np.abs(day.plane - middle) < SHIFTED))
    if not len(astray):
        return
    told = day.track.where(astray)
    for datum in (GCJ02, BD09):
        longitude, latitude = to_wgs84(told.longitude, told.latitude, datum)
        read = Track(told.time, longitude, latitude, told.accuracy, told.mock, told.device, told.received_at)
        count = int(ground.inside(read).sum())
        if count > len(astray) / 2:
            yield Found("datum_shift", count, {"found": count, "of": len(day.track), "datum": datum})
            return
