"""A phone that is not carried (pure): weak by itself, for honest phones lie on desks. 0.1 ms a person-day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from attendance.suspicion.rules import Found, Limits, Rules
from attendance.suspicion.tracks import DAY, HOUR, SHANGHAI, Day, Ground, Kept, before

ONE_DAY = timedelta(days=1)
MOST = 0.98  # of its fine positions on site lie around the spot: the rest is being picked up for a moment


def look(day: Day, on: date, spot: complex | None, stayed: bool, kept: Sequence[Kept], rules: Rules) -> Iterator[Found]:
    """`spot` and `stayed` as `spot_of` and `stays` find them."""
    earlier = before(kept, day.person, on)
    if spot is not None:
        hours = day.span_minutes / 60
        radius = round(rules.limits["lay_all_day"]["radius"])
        yield Found("lay_all_day", hours, {"hours": round(hours, 1), "metres": radius})
        near = rules.limits["lay_for_days"]["radius"]
        days = 1 + _in_a_row(
            on, [each.day for each in earlier if each.spot is not None and abs(each.spot - spot) <= near]
        )
        yield Found("lay_for_days", days, {"days": days, "metres": round(near)})
    if stayed:
        days = 1 + _in_a_row(on, [each.day for each in earlier if each.stayed])
        yield Found("never_left", days, {"days": days})


def spot_of(day: Day, rules: Rules) -> complex | None:
    """Where the phone lay while it was on site, if it was never carried about there; None too where it was there for less
    than a working day."""
    at = day.plane[day.inside & day.fine]
    least = rules.steps["lay_all_day"][0][0]
    if not len(at) or day.span_minutes < least * 60:
        return None
    centre = complex(np.median(at.real), np.median(at.imag))
    near = np.abs(at - centre) <= rules.limits["lay_all_day"]["radius"]
    return centre if near.mean() >= MOST else None


def stays(day: Day, ground: Ground, limits: Limits) -> bool:
    """On site from the first to the last hour in which people are located, and at no time surely off it."""
    at = np.flatnonzero(day.inside)
    if not len(at) or (ground.outside(day.track) & day.fine).any():
        return False
    first, last = ((day.track.time[at[[0, -1]]] + SHANGHAI) % DAY) / HOUR
    return bool(first <= limits["first_hour"] and last >= limits["last_hour"])


def _in_a_row(on: date, days: Sequence[date]) -> int:
    count, wanted = 0, set(days)
    while on - ONE_DAY * (count + 1) in wanted:
        count += 1
    return count
