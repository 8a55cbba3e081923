"""A track that was walked before (pure): of the same person or of another at the site, up to four hours earlier or later and
at any distance.

All days kept of a site are laid out once for all its people, and looked through by one Fourier transform each; only what
resembles is compared slot by slot. With five people at a site and forty days kept, that is most of a person-day's cost.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from attendance.suspicion.rules import Found, Limits, Rules
from attendance.suspicion.tracks import SLOT, SLOTS, Day, Kept, Mask, Metres, known, moves

FARTHEST = 240  # slots that a day can be moved by
LENGTH = 1200  # the slots of a day and that, so that no shift wraps around
COMPARED = 8  # of the days that resemble it, the most alike ones
PARTS = 12  # of a slot, by which a shift is sought
Waves = NDArray[np.complex128]


class Past:
    """The earlier days of a site, ready to be looked through."""

    def __init__(self, kept: Sequence[Kept], rules: Rules) -> None:
        self.kept = kept
        self.waves, self.sizes = _waves([each.path for each in kept], rules.limits["same_shape"])
        self.sketches = np.concatenate([each.sketch for each in kept]) if kept else np.empty(0, dtype=np.int64)
        self.whose = np.repeat(np.arange(len(kept)), [len(each.sketch) for each in kept])

    def alignments(self, path: Metres, limits: Limits) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Of each earlier day by how many slots this one is later where their steps are most alike, and how alike these
        are then (one: the same)."""
        waves, sizes = _waves([path], limits)
        alike = np.fft.ifft(waves * np.conj(self.waves), axis=1).real
        alike[:, FARTHEST + 1 : LENGTH - FARTHEST] = -np.inf
        best = alike.argmax(axis=1)
        scale = np.maximum(sizes * self.sizes, 1)
        return np.where(best <= FARTHEST, best, best - LENGTH), alike[np.arange(len(best)), best] / scale

    def shared(self, sketch: NDArray[np.int64]) -> NDArray[np.int64]:
        """Of each earlier day how many coordinates of the sketch it has."""
        return np.bincount(self.whose[np.isin(self.sketches, sketch)], minlength=len(self.kept))


def look(day: Day, sketch: NDArray[np.int64], past: Past, rules: Rules) -> Iterator[Found]:
    if past.kept:
        yield from _shape(day, past, rules.limits["same_shape"])
        yield from _coordinates(sketch, past, rules)


def _shape(day: Day, past: Past, limits: Limits) -> Iterator[Found]:
    shifts, alike = past.alignments(day.path, limits)
    best: tuple[int, float, int, Kept] | None = None
    candidates = np.argsort(-alike)[:COMPARED]
    for place in candidates[alike[candidates] >= limits["alike"]]:
        source = past.kept[int(place)]
        found, share, parts = _coincidence(day.path, source.path, int(shifts[place]), limits)
        if share >= limits["share"] and (best is None or found > best[0]):
            best = found, share, parts, source
    if best is not None:
        found, share, parts, source = best
        told = {
            "found": found, "minutes": found * SLOT // 60_000, "percent": round(100 * share), "day": source.day,
            "is_own": source.person == day.person, "person": source.person,
            "later_minutes": round(parts * SLOT / PARTS / 60_000, 1), "metres": round(limits["metres"]),
        }  # fmt: skip
        yield Found("same_shape", found, told)


def _coordinates(sketch: NDArray[np.int64], past: Past, rules: Rules) -> Iterator[Found]:
    drawn = int(rules.limits["same_fixes_again"]["drawn"])
    if len(sketch) >= drawn:
        shared = past.shared(sketch)
        most = int(shared.argmax())
        told = {"found": int(shared[most]), "of": drawn, "day": past.kept[most].day}
        yield Found("same_fixes_again", int(shared[most]), told)


def _waves(paths: Sequence[Metres], limits: Limits) -> tuple[Waves, NDArray[np.float64]]:
    """The walking steps of each path as waves, and their size: where he went does not matter, nor how he came there."""
    steps = np.zeros((len(paths), LENGTH), dtype=complex)
    for place, path in enumerate(paths):
        walking = _walks(path, limits)
        steps[place, :SLOTS][walking] = np.diff(path, prepend=path[:1])[walking]
    return np.fft.fft(steps, axis=1), np.sqrt((np.abs(steps) ** 2).sum(axis=1))


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
    unknown = np.full(SLOTS, np.nan + 0j)
    padded = np.concatenate([unknown, path, unknown])
    first = SLOTS - whole
    now, before = padded[first : first + SLOTS], padded[first - 1 : first - 1 + SLOTS]
    return np.asarray(now * (1 - part / PARTS) + before * (part / PARTS) if part else now)
