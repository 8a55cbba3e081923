"""A person's day on a site, from its minutes of positions: when, how long at least and at most, with which gaps (pure).

A minute is known to be inside, known to be outside, or either. What lies between two known minutes follows from them and
from how long nothing was known; the most is cut down only by what cannot have been.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

MINUTES = 1440
Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
# 1,440 minutes of a Shanghai day, the first bit the first minute: as a number, as 180 bytes, or as PostgreSQL writes it.
Bits = int | bytes | str


@dataclass(frozen=True)
class Sampling:
    """How positions are read; all in minutes."""

    dwell: int = 3  # shorter than this between two minutes outside is passing by
    exit_delay: int = 10  # outside no longer than this between two minutes inside is drift
    bridged: int = 10  # so long without a decisive position he certainly stayed, if inside before and after
    return_trip: int = 30  # in less than this nobody comes, works and goes between two minutes outside
    silent: int = 240  # after this without a position, having been outside last (or being so next) proves nothing
    window: tuple[int, int] = (6 * 60, 22 * 60)  # people are located from the first until before the second


class State(IntEnum):
    UNKNOWN = 0  # not seen, or only doubtfully
    INSIDE = 1
    OUTSIDE = 2
    EITHER = 3  # proofs of both, or one that its neighbours contradict
    EDGE = 4  # before the first and after the last minute of the day


@dataclass(frozen=True)
class Gap:
    """Minutes `start` … `end`, both included, not certainly on site. `reason`: outside; or, where he may have been on
    site, unseen (no position at all) or doubtful (positions that decide nothing, or contradict each other)."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True)
class DayPresence:
    """Minutes of the Shanghai day (0 … 1439) and numbers of minutes; the truth lies between `least` and `most`.

    `first_in`, `last_out`: first and last minute surely inside; `earliest`, `latest`: first and last at which he may
    have been; None where there is none. `fixes`: minutes surely inside by a position or a beacon, `by_beacon_alone` those
    of them that no position proves; `seen`: minutes with a position or a beacon.
    """

    first_in: int | None
    last_out: int | None
    earliest: int | None
    latest: int | None
    least: int
    most: int
    fixes: int
    seen: int
    gaps: tuple[Gap, ...]
    by_beacon_alone: int = 0

    @property
    def least_span(self) -> int:
        """Minutes from the first to the last minute surely inside, as between two punches."""
        return _span(self.first_in, self.last_out)

    @property
    def most_span(self) -> int:
        return _span(self.earliest, self.latest)


def presence_of(
    seen: Bits, inside: Bits, outside: Bits, sampling: Sampling, by_position: Bits | None = None
) -> DayPresence:
    """What the rows of minutes of one (person, site, day) mean; ValueError for a row of another length.

    `by_position` is what of `inside` positions prove; None: all of it.
    """
    within, without = minutes_of(inside), minutes_of(outside)
    located = minutes_of(seen) | within | without
    state = _states(within, without, sampling)
    certain, possible = _certain_and_possible(state, sampling)
    possible |= within
    surely = np.flatnonzero(state == State.INSIDE)
    maybe = np.flatnonzero(possible)
    first_in, last_out = _ends(surely)
    earliest, latest = _ends(maybe)
    return DayPresence(
        first_in=first_in,
        last_out=last_out,
        earliest=earliest,
        latest=latest,
        least=int(certain.sum()),
        most=len(maybe),
        fixes=len(surely),
        seen=int(located.sum()),
        gaps=_gaps(certain, possible, located, first_in, last_out),
        by_beacon_alone=0 if by_position is None else int((~minutes_of(by_position))[surely].sum()),
    )


def minutes_of(bits: Bits) -> Mask:
    """One boolean per minute of the day."""
    if isinstance(bits, str):
        minutes = (np.frombuffer(bits.encode(), dtype=np.uint8) - ord("0")).astype(bool)
    else:
        raw = bits.to_bytes(MINUTES // 8, "big") if isinstance(bits, int) else bits
        minutes = np.unpackbits(np.frombuffer(raw, dtype=np.uint8)).astype(bool)
    if len(minutes) != MINUTES:
        raise ValueError(f"a day has {MINUTES} minutes, not {len(minutes)}")
    return minutes


def _states(inside: Mask, outside: Mask, sampling: Sampling) -> Numbers:
    """Of each minute what its own positions prove, unless its neighbours contradict it: a still phone drifts."""
    at = np.flatnonzero(inside | outside)
    on_site = inside[at]
    drift = _brief(~on_site, at, sampling.exit_delay)
    passing = _brief(on_site | drift, at, sampling.dwell)
    either = drift | passing | (inside & outside)[at]
    state = np.full(MINUTES, State.UNKNOWN, dtype=np.int64)
    state[at] = np.where(either, State.EITHER, np.where(on_site, State.INSIDE, State.OUTSIDE))
    return state


def _brief(chosen: Mask, at: Numbers, limit: int) -> Mask:
    """Which of the chosen stand in a run between two others whose end comes at most `limit` minutes after its start."""
    if not len(at):
        return chosen
    starts, ends = _runs(chosen)
    ended = (starts > 0) & (ends < len(at))
    starts, ends = starts[ended], ends[ended]
    brief = at[ends] - at[starts] <= limit
    marked = np.zeros(len(at), dtype=bool)
    for start, end in zip(starts[brief], ends[brief], strict=True):
        marked[start:end] = True
    return marked


def _certain_and_possible(state: Numbers, sampling: Sampling) -> tuple[Mask, Mask]:
    """Of each minute whether he was surely on site, and whether he can have been."""
    known = state != State.UNKNOWN
    minute = np.arange(MINUTES)
    before = np.maximum.accumulate(np.where(known, minute, -1))
    after = np.minimum.accumulate(np.where(known, minute, MINUTES)[::-1])[::-1]
    framed = np.concatenate([[State.EDGE], state, [State.EDGE]])
    left, right = framed[before + 1], framed[after + 1]
    length = after - before - 1

    opened, closed = sampling.window
    on_duty = (minute >= opened) & (minute < closed)
    at_edge = (left == State.EDGE) | (right == State.EDGE)
    length_on_duty = np.minimum(after, closed) - np.maximum(before + 1, opened)
    from_outside = ((left == State.OUTSIDE) | (left == State.EDGE)) & ((right == State.OUTSIDE) | (right == State.EDGE))
    never_seen = (left == State.EDGE) & (right == State.EDGE)

    between = ~from_outside | (length > sampling.return_trip)
    at_ends = on_duty & (~from_outside | never_seen | (length_on_duty > sampling.silent))
    stayed = (left == State.INSIDE) & (right == State.INSIDE) & (length <= sampling.bridged)
    here = (state == State.INSIDE) | (state == State.EITHER)
    certain = np.where(known, state == State.INSIDE, stayed)
    possible = np.where(known, here, np.where(at_edge, at_ends, between))
    return certain, possible


def _gaps(certain: Mask, possible: Mask, located: Mask, first_in: int | None, last_out: int | None) -> tuple[Gap, ...]:
    """In the order of the day; before the first and after the last minute inside only where he may have been there."""
    gaps = []
    for chosen, absent in ((possible & ~certain, False), (_amid(first_in, last_out) & ~possible, True)):
        for start, end in zip(*_runs(chosen), strict=True):
            reason = "outside" if absent else "doubtful" if located[start:end].any() else "unseen"
            gaps.append(Gap(int(start), int(end) - 1, reason))
    return tuple(sorted(gaps, key=lambda each: each.start))


def _amid(first: int | None, last: int | None) -> Mask:
    amid = np.zeros(MINUTES, dtype=bool)
    if first is not None and last is not None:
        amid[first : last + 1] = True
    return amid


def _runs(chosen: Mask) -> tuple[Numbers, Numbers]:
    """First places of the runs of True, and the places after their last ones."""
    edges = np.diff(np.concatenate([[0], chosen.astype(np.int64), [0]]))
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _ends(minutes: Numbers) -> tuple[int | None, int | None]:
    return (int(minutes[0]), int(minutes[-1])) if len(minutes) else (None, None)


def _span(first: int | None, last: int | None) -> int:
    return 0 if first is None or last is None else last - first
