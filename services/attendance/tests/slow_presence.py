"""Presence from its definition, minute by minute, in plain Python: what attendance.presence has to agree with.

Written without a look at the fast code's method: for every minute it walks to the nearest known minutes and asks.
"""

from attendance.presence import DayPresence, Gap, Sampling

DAY = range(1440)
START, END = -1, 1440


def slow_presence(
    seen: set[int], inside: set[int], outside: set[int], rules: Sampling, beacons: frozenset[int] = frozenset()
) -> DayPresence:
    """The day of somebody located in the minutes `seen`, proved inside in some and outside in some by positions, and
    inside in others by `beacons`."""
    by_position, inside = inside, inside | beacons
    seen = seen | inside | outside
    proof = known_minutes(inside, outside, rules)
    sure = sorted(minute for minute in proof if proof[minute] == "inside")
    certain = [was_certainly_there(minute, proof, rules) for minute in DAY]
    possible = [minute in inside or may_have_been_there(minute, proof, rules) for minute in DAY]
    maybe = [minute for minute in DAY if possible[minute]]
    first_in, last_out = (sure[0], sure[-1]) if sure else (None, None)
    return DayPresence(
        first_in=first_in,
        last_out=last_out,
        earliest=maybe[0] if maybe else None,
        latest=maybe[-1] if maybe else None,
        least=certain.count(True),
        most=possible.count(True),
        fixes=len(sure),
        seen=len(seen),
        gaps=tuple(gaps(certain, possible, seen, sure)),
        by_beacon_alone=len([minute for minute in sure if minute not in by_position]),
    )


def known_minutes(inside: set[int], outside: set[int], rules: Sampling) -> dict[int, str]:
    """inside, outside or either, of every minute that proves something."""
    there = set(inside)
    drifts = {minute for minute in outside - inside if is_short(minute, outside - inside, inside, rules.exit_delay)}
    there |= drifts
    away = outside - there
    passing = {minute for minute in there if is_short(minute, there, away, rules.dwell)}
    unclear = drifts | passing | (inside & outside)
    return {
        minute: "either" if minute in unclear else "inside" if minute in inside else "outside"
        for minute in inside | outside
    }


def is_short(minute: int, same: set[int], other: set[int], limit: int) -> bool:
    """Whether the run of `same` around a minute lies between two of `other`, the latter at most `limit` after its start."""
    earlier = [each for each in other if each < minute]
    later = [each for each in other if each > minute]
    if not earlier or not later:
        return False
    start = min(each for each in same if each > max(earlier))
    return min(later) - start <= limit


def neighbours(minute: int, proof: dict[int, str]) -> tuple[int, int]:
    left = minute
    while left > START and left not in proof:
        left -= 1
    right = minute
    while right < END and right not in proof:
        right += 1
    return left, right


def was_certainly_there(minute: int, proof: dict[int, str], rules: Sampling) -> bool:
    if minute in proof:
        return proof[minute] == "inside"
    left, right = neighbours(minute, proof)
    return proof.get(left) == proof.get(right) == "inside" and right - left - 1 <= rules.bridged


def may_have_been_there(minute: int, proof: dict[int, str], rules: Sampling) -> bool:
    if minute in proof:
        return proof[minute] != "outside"
    left, right = neighbours(minute, proof)
    if left == START or right == END:
        return may_have_been_there_at_the_ends(minute, left, right, proof, rules)
    if proof[left] == proof[right] == "outside":
        return right - left - 1 > rules.return_trip
    return True


def may_have_been_there_at_the_ends(minute: int, left: int, right: int, proof: dict[int, str], rules: Sampling) -> bool:
    duty = range(*rules.window)
    if minute not in duty:
        return False
    nearest = [proof[each] for each in (left, right) if each in proof]
    if nearest != ["outside"]:
        return True
    return len([each for each in range(left + 1, right) if each in duty]) > rules.silent


def gaps(certain: list[bool], possible: list[bool], seen: set[int], sure: list[int]) -> list[Gap]:
    def kind(minute: int) -> str | None:
        if certain[minute]:
            return None
        if possible[minute]:
            return "maybe"
        return "outside" if sure and sure[0] <= minute <= sure[-1] else None

    found: list[Gap] = []
    minute = 0
    while minute in DAY:
        end = minute
        while end in DAY and kind(end) == kind(minute):
            end += 1
        if kind(minute) == "outside":
            found.append(Gap(minute, end - 1, "outside"))
        elif kind(minute) == "maybe":
            located = any(each in seen for each in range(minute, end))
            found.append(Gap(minute, end - 1, "doubtful" if located else "unseen"))
        minute = end
    return found
