"""The dated rules of suspicion (data/suspicion_rules.toml), and how signals become a score.

No signal reaches the threshold alone, and whatever the score, nobody is noted while one innocent story explains nearly all
of it.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "data" / "suspicion_rules.toml"
Limits = Mapping[str, float]


@dataclass(frozen=True)
class Found:
    """What one rule found in a day: how much of it, and the figures by which that can be checked."""

    code: str
    count: float
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Signal:
    code: str
    points: int
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Story:
    """An innocent account: the codes of the signals that it explains."""

    name: str
    explains: frozenset[str]


@dataclass(frozen=True)
class Score:
    """`points` of all signals; `unexplained`: what the best innocent story leaves of them; `story` its name, "" where
    there is nothing to explain. `is_noted`: an officer is to look at it."""

    points: int
    unexplained: int
    story: str
    signals: tuple[Signal, ...]
    is_noted: bool


@dataclass(frozen=True)
class Rules:
    in_force: date
    threshold: int
    unexplained: int
    steps: Mapping[str, tuple[tuple[float, int], ...]]
    limits: Mapping[str, Limits]
    stories: tuple[Story, ...]

    def score(self, found: Iterable[Found]) -> Score:
        signals = tuple(
            Signal(each.code, points, each.told) for each in found if (points := self.points(each.code, each.count))
        )
        points = sum(each.points for each in signals)
        left = {
            story.name: sum(each.points for each in signals if each.code not in story.explains)
            for story in self.stories
        }
        best = min(left, key=lambda name: left[name]) if signals else ""
        unexplained = left.get(best, 0)
        noted = points >= self.threshold and unexplained >= self.unexplained
        return Score(points, unexplained, best, signals, noted)

    def points(self, code: str, count: float) -> int:
        """Those of the last step that the count reaches."""
        return max((points for least, points in self.steps[code] if count >= least), default=0)


def rules_of(day: date) -> Rules:
    """The edition in force on a day; before the first one, that."""
    editions = _editions()
    return [each for each in editions if each.in_force <= day or each is editions[0]][-1]


def read(told: Mapping[str, Any]) -> Rules:
    """One edition as the file has it; ValueError where a signal alone would be enough, or a story names no signal."""
    signals = told["signal"]
    steps = {code: tuple((least, points) for least, points in each["points"]) for code, each in signals.items()}
    alone = [code for code, each in steps.items() if max(points for _, points in each) >= told["threshold"]]
    stories = tuple(Story(each["name"], frozenset(each["explains"])) for each in told["story"])
    unknown = {code for each in stories for code in each.explains} - steps.keys()
    if alone or unknown:
        raise ValueError(f"no signal may be enough alone: {alone}; stories name what there is not: {sorted(unknown)}")
    limits = {code: each["limits"] for code, each in signals.items()}
    return Rules(told["in_force"], told["threshold"], told["unexplained"], steps, limits, stories)


@cache
def _editions() -> tuple[Rules, ...]:
    editions = tomllib.loads(DATA.read_text(encoding="utf-8"))["edition"]
    return tuple(sorted((read(each) for each in editions), key=lambda each: each.in_force))
