"""How people go through a day: places in metres around the middle of the site, by second of the day."""

from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

WIDE, HIGH = 125.0, 100.0  # half the width and height of the site, metres
OPENS, CLOSES = 6 * 3600, 22 * 3600
Metres = NDArray[np.complex128]


@dataclass
class Walk:
    """A way through the day, told step by step: `go` somewhere at a speed, `stay` for so long, or `until` a second."""

    at: complex
    now: float = 0.0
    times: list[float] = field(default_factory=list)
    places: list[complex] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._note()

    def go(self, place: complex, speed: float) -> "Walk":
        self.now += abs(place - self.at) / speed
        self.at = place
        return self._note()

    def stay(self, seconds: float) -> "Walk":
        self.now += max(0.0, seconds)
        return self._note()

    def until(self, second: float) -> "Walk":
        return self.stay(second - self.now)

    def where(self, seconds: NDArray[np.float64]) -> Metres:
        east = np.interp(seconds, self.times, [each.real for each in self.places])
        return np.asarray(east + 1j * np.interp(seconds, self.times, [each.imag for each in self.places]))

    def _note(self) -> "Walk":
        self.times.append(self.now)
        self.places.append(self.at)
        return self


@dataclass(frozen=True)
class Habits:
    """Of one person: where he lives, where his desk is, when he comes and goes."""

    home: complex
    desk: complex
    canteen: complex
    comes: float
    leaves: float


def habits(rng: Generator) -> Habits:
    far = rng.uniform(3_000, 14_000) * np.exp(2j * np.pi * rng.uniform())
    return Habits(
        complex(far), spot(rng, 0.6), spot(rng, 0.6), rng.normal(7.6, 0.3) * 3600, rng.normal(17.9, 0.4) * 3600
    )


def spot(rng: Generator, part: float = 0.9) -> complex:
    """Somewhere on the site."""
    return complex(rng.uniform(-WIDE, WIDE) * part, rng.uniform(-HIGH, HIGH) * part)


def day(rng: Generator, who: Habits, *, carries: bool = True, lives_there: bool = False) -> Walk:
    """An ordinary day: to the site, rounds between spells at the desk, dinner at noon, home. Without `carries` the phone
    stays on the desk as long as he is there; who lives on the site neither comes nor goes."""
    bed = who.desk + 8 if lives_there else who.home
    walk = Walk(bed)
    comes = who.comes + rng.normal(0, 600)
    walk.until(comes if lives_there else comes - abs(who.home - who.desk) / 9)
    _travel(rng, walk, who.desk)
    leaves = who.leaves + rng.normal(0, 900)
    while carries and walk.now < leaves - 3600:
        walk.stay(rng.uniform(600, 5400))
        if 11.5 * 3600 < walk.now < 12.5 * 3600:
            walk.go(who.canteen, 1.2).stay(rng.uniform(1200, 2400)).go(who.desk, 1.2)
        else:
            rounds(rng, walk, who.desk)
    walk.until(leaves)
    if lives_there:
        walk.go(who.canteen, 1.2).stay(2400).go(bed, 1.2)
    else:
        _travel(rng, walk, who.home)
    return walk.until(24 * 3600)


def rounds(rng: Generator, walk: Walk, back: complex) -> None:
    for _ in range(rng.integers(3, 9)):
        walk.go(spot(rng), rng.uniform(0.8, 1.4)).stay(rng.exponential(120))
    walk.go(back, rng.uniform(0.9, 1.4))


def _travel(rng: Generator, walk: Walk, to: complex) -> None:
    """By road, not as the crow flies."""
    start = walk.at
    for part in (0.3, 0.7):
        aside = complex(*rng.normal(0, abs(to - start) / 12, 2))
        walk.go(start + (to - start) * part + aside, rng.uniform(7, 13)).stay(rng.exponential(30))
    walk.go(to, rng.uniform(6, 11))
