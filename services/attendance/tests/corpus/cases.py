"""A case of the corpus: days of a few people at one site, of which the last is judged as the nightly job judges it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator

from attendance.boundaries import Outline
from attendance.suspicion import Finding, Ground, Kept, Track, examine
from services.attendance.tests.corpus.sensing import boundary

FIRST = date(2026, 3, 2)
GROUND = Ground(Outline(boundary()), FIRST)
SEED = 20_261_127


@dataclass
class Case:
    """`days`: of each day the tracks by person; `judged`: whose last day counts; `future`: positions of that day set aside."""

    days: list[dict[int, Track]]
    judged: tuple[int, ...] = (1,)
    future: dict[int, int] = field(default_factory=dict)


Maker = Callable[[Generator], Case]


@dataclass(frozen=True)
class Kind:
    name: str
    is_attack: bool
    make: Maker
    says: str


KINDS: list[Kind] = []


def kind(is_attack: bool) -> Callable[[Maker], Maker]:
    """Enters a maker into the corpus, under its own name."""

    def entered(make: Maker) -> Maker:
        KINDS.append(Kind(make.__name__, is_attack, make, (make.__doc__ or "").strip()))
        return make

    return entered


def the_day(number: int) -> date:
    return FIRST + timedelta(days=number)


def findings(kind: Kind, days: int) -> Iterator[Finding]:
    """Of so many person-days of a kind, always the same ones."""
    count, number = 0, 0
    while count < days:
        case = kind.make(np.random.default_rng([SEED, sum(map(ord, kind.name)), number]))
        for finding in judge(case):
            if count < days:
                yield finding
                count += 1
        number += 1


def judge(case: Case) -> list[Finding]:
    kept: list[Kept] = []
    found: dict[int, Finding] = {}
    for number, tracks in enumerate(case.days):
        is_last = number == len(case.days) - 1
        found = examine(the_day(number), GROUND, tracks, kept, case.future if is_last else None)
        kept += [each.kept for each in found.values()]
    return [found[person] for person in case.judged]
