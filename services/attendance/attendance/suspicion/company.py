"""Phones that go together (pure): in one bag, or two accounts on one phone.

Compared are only people of one site on one day: five at a site are ten pairs, 0.1 ms each; a province's 150,000 never meet.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attendance.suspicion.rules import Found, Limits, Rules
from attendance.suspicion.tracks import Day, Kept, Metres, before, known, moves

MOST_TOLD = 10
Pair = dict[str, Any]
Company = dict[int, dict[int, Pair]]


def pairs(days: Mapping[int, Day], rules: Rules) -> Company:
    """Of each person, those with whom he went all day, and the figures."""
    found: Company = {each: {} for each in days}
    for one, other in combinations(days, 2):
        if told := _together(days[one], days[other], rules.limits["moves_together"]):
            found[one][other] = found[other][one] = told
    return found


def look(
    day: Day, on: date, company: Company, days: Mapping[int, Day], kept: Sequence[Kept], rules: Rules
) -> Iterator[Found]:
    companions = company[day.person]
    if companions:
        people = sorted(companions)[:MOST_TOLD]
        devices = [number for each in people for number in days[each].track.devices]
        told = {"people": people, "devices": devices, "count": len(companions)}
        least = min(companions.values(), key=lambda each: int(each["minutes"]))
        yield Found("moves_together", len(companions), told | least)
        yield Found("crowd", len(companions), told)
        yield from _before(day, on, set(companions), kept, rules)
    yield from _same_fixes(day, days)


def _together(one: Day, other: Day, limits: Limits) -> Pair | None:
    both = known(one.path) & known(other.path)
    if both.sum() < limits["known"]:
        return None
    # Two phones take their positions at different seconds: half of the way that is gone in a minute lies between these.
    near = np.abs(one.path - other.path) <= limits["metres"] + np.maximum(_way(one.path), _way(other.path)) / 2
    moving = both & (moves(one.path, limits["moving"]) | moves(other.path, limits["moving"]))
    if moving.sum() < limits["moving_slots"] or near[both].mean() < limits["share"]:
        return None
    if near[moving].mean() < limits["moving_share"]:
        return None
    return {"minutes": int(both.sum()), "moving_minutes": int(moving.sum()), "metres": round(limits["metres"])}


def _way(path: Metres) -> NDArray[np.float64]:
    """Metres from the slot before, or to the next one, if that is more."""
    steps = np.nan_to_num(np.abs(np.diff(path)))
    return np.asarray(np.maximum(np.append(steps, 0), np.insert(steps, 0, 0)))


def _before(day: Day, on: date, companions: set[int], kept: Sequence[Kept], rules: Rules) -> Iterator[Found]:
    since = on - timedelta(days=int(rules.limits["together_before"]["days"]))
    recent = [each for each in before(kept, day.person, on) if each.day >= since]
    days = [each.day for each in recent if each.together & companions]
    if days:
        yield Found("together_before", len(days), {"days": len(days), "of": len(recent), "since": min(days)})


def _same_fixes(day: Day, days: Mapping[int, Day]) -> Iterator[Found]:
    mine = _moments(day)
    best: tuple[int, int] | None = None
    for person, other in days.items():
        if person != day.person:
            shared = int(np.isin(_moments(other), mine).sum())
            best = max(best or (0, person), (shared, person))
    if best and best[0]:
        told = {"found": best[0], "of": len(day.track), "person": best[1], "devices": days[best[1]].track.devices}
        yield Found("same_fixes_as_other", best[0], told)


def _moments(day: Day) -> Any:
    """One number for each moment and coordinate, each coordinate counted once: a phone that lies still tells it again."""
    coordinates, first = np.unique(day.track.coordinates, return_index=True)
    return coordinates.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) ^ day.track.time[first].astype(np.uint64)
