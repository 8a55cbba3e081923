"""A track that was walked before (pure): of the same person or of another at the site, at any hour and any distance.

The earlier days are looked through by one Fourier transform each, forty microseconds; only what resembles is compared
slot by slot. With five people at a site and forty days kept, that is 8 ms a person-day.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from attendance.suspicion.rules import Found, Limits, Rules
from attendance.suspicion.tracks import SLOT, SLOTS, Day, Kept, Mask, Metres, known, moves

LENGTH = 2048  # at least two days' slots, so that no shift wraps around
PARTS = 12  # of a slot, by which a shift is sought
Waves = NDArray[np.complex128]


def look(day: Day, on: date, sketch: NDArray[np.int64], kept: Sequence[Kept], rules: Rules) -> Iterator[Found]:
    earlier = [each for each in kept if each.day < on]
    yield from _shape(day, earlier, rules.limits["same_shape"])
    yield from _coordinates(sketch, earlier, rules)


def _shape(day: Day, earlier: Sequence[Kept], limits: Limits) -> Iterator[Found]:
    if known(day.path).sum() < limits["known"] or not _walks(day.path, limits).any():
        return
    waves, size = _waves(day.path)
    best: tuple[int, float, Kept, int] | None = None
    for each in earlier:
        if known(each.path).sum() < limits["known"]:
            continue
        shift, alike = _alignment(waves, size, each.path)
        if alike < limits["alike"]:
            continue
        found, share, parts = _coincidence(day.path, each.path, shift, limits)
        if share >= limits["share"] and (best is None or found > best[0]):
            best = found, share, each, parts
    if best is not None:
        found, share, source, parts = best
        told = {
            "found": found, "minutes": found * SLOT // 60_000, "percent": round(100 * share), "day": source.day,
            "is_own": source.person == day.person, "person": source.person,
            "later_minutes": round(parts * SLOT / PARTS / 60_000, 1), "metres": round(limits["metres"]),
        }  # fmt: skip
        yield Found("same_shape", found, told)


def _coordinates(sketch: NDArray[np.int64], earlier: Sequence[Kept], rules: Rules) -> Iterator[Found]:
    drawn = int(rules.limits["same_fixes_again"]["drawn"])
    if len(sketch) < drawn:
        return
    shared = [len(np.intersect1d(sketch, each.sketch, assume_unique=True)) for each in earlier]
    if shared:
        most = int(np.argmax(shared))
        yield Found("same_fixes_again", shared[most], {"found": shared[most], "of": drawn, "day": earlier[most].day})


def _waves(path: Metres) -> tuple[Waves, float]:
    """The path around its middle, what is unknown lying there, as waves; and its size."""
    there = known(path)
    around = np.where(there, path - path[there].mean(), 0)
    return np.fft.fft(around, LENGTH), float(np.sqrt((np.abs(around) ** 2).sum()))


def _alignment(waves: Waves, size: float, other: Metres) -> tuple[int, float]:
    """By how many slots today's path is later than the other where they are most alike, and how alike (one: the same)."""
    others, other_size = _waves(other)
    if not size or not other_size:
        return 0, 0.0
    alike = np.fft.ifft(waves * np.conj(others)).real / (size * other_size)
    best = int(alike.argmax())
    return (best if best < LENGTH // 2 else best - LENGTH), float(alike[best])


def _coincidence(path: Metres, other: Metres, shift: int, limits: Limits) -> tuple[int, float, int]:
    """Around a shift, by twelfths of a slot: in how many slots both walk and coincide but for one constant distance, what
    share that is of today's walking slots, and the shift in twelfths."""
    best = (0, 0.0, shift * PARTS)
    walking = _walks(path, limits)
    for parts in range((shift - 1) * PARTS, (shift + 1) * PARTS + 1):
        moved = _moved(other, parts)
        both = known(path) & known(moved) & walking & _walks(moved, limits)
        if both.sum() <= best[0]:
            continue
        apart = (path - moved)[both]
        apart -= np.median(apart.real) + 1j * np.median(apart.imag)
        found = int((np.abs(apart) <= limits["metres"]).sum())
        if found > best[0]:
            best = found, found / max(1, int(walking.sum())), parts
    return best


def _walks(path: Metres, limits: Limits) -> Mask:
    """Not lying about, and not driving: at a car's speed a second more or less is ten metres."""
    return moves(path, limits["walks"]) & ~moves(path, limits["drives"])


def _moved(path: Metres, parts: int) -> Metres:
    """The path so many twelfths of a slot later; between two slots it goes straight."""
    whole, part = divmod(parts, PARTS)
    moved = np.full(SLOTS, np.nan + 0j)
    padded = np.concatenate([np.full(SLOTS, np.nan + 0j), path, np.full(SLOTS, np.nan + 0j)])
    first = SLOTS - whole
    if 1 <= first <= 2 * SLOTS:
        now, before = padded[first : first + SLOTS], padded[first - 1 : first - 1 + SLOTS]
        moved = now if not part else now * (1 - part / PARTS) + before * (part / PARTS)
    return np.asarray(moved)
