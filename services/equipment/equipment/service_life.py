"""Until when a machine may be used (domain facts §1.4): dated data, whole years, no look at the clock (pure).

Passing the age does not end a machine: it then needs a safety assessment that was passed, and may be used as long as
that one holds.
"""

import calendar
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from equipment.terms import Assessment, Specification

DATA = Path(__file__).parent / "data" / "service_life.toml"


@dataclass(frozen=True)
class Limit:
    """`years` of use without an assessment; None where no rule and no maker sets one."""

    years: int | None
    assessment_years: int


@dataclass(frozen=True)
class _Line:
    kinds: list[str]
    years: int
    assessment_years: int
    hoist_drive: str | None = None
    moment_from: float = 0
    moment_below: float | None = None

    def fits(self, machine: Specification) -> bool:
        if machine.kind not in self.kinds or self.hoist_drive not in (None, machine.hoist_drive):
            return False
        moment = machine.rated_moment_knm or 0
        return self.moment_from <= moment and (self.moment_below is None or moment < self.moment_below)


@dataclass(frozen=True)
class _Edition:
    document: str
    valid_from: date
    assessment_years_otherwise: int
    lines: tuple[_Line, ...]


def limit_of(machine: Specification, on: date) -> Limit:
    """The limit in force on a day: the standard's, or the maker's where it is shorter or the only one."""
    edition = _edition(on)
    line = next((line for line in edition.lines if line.fits(machine)), None)
    years = [each for each in (line.years if line else None, machine.service_life_years) if each is not None]
    return Limit(
        years=min(years) if years else None,
        assessment_years=line.assessment_years if line else edition.assessment_years_otherwise,
    )


def ends_on(machine: Specification, on: date) -> date | None:
    """The last day of permitted use by the rules in force on `on`, a passed assessment included; None is no limit."""
    limit = limit_of(machine, on)
    if limit.years is None:
        return None
    end = anniversary(machine.made_on, limit.years)
    held_until = assessment_ends_on(machine.assessment, limit.assessment_years, on)
    return max(end, held_until) if held_until else end


def is_over_age(machine: Specification, on: date) -> bool:
    """Whether `on` is past the last day of permitted use; the anniversary itself is not."""
    end = ends_on(machine, on)
    return end is not None and on > end


def assessment_ends_on(assessment: Assessment | None, years: int, on: date) -> date | None:
    """The last day that a passed assessment, made by `on`, covers: its own valid-to, at most `years` after it (T5)."""
    if assessment is None or not assessment.passed or assessment.on > on:
        return None
    longest = anniversary(assessment.on, years)
    return min(assessment.valid_to, longest) if assessment.valid_to else longest


def anniversary(day: date, years: int) -> date:
    """The corresponding day `years` later; the month's last day where there is none (民法典 Art. 202)."""
    year = day.year + years
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


def _edition(on: date) -> _Edition:
    editions = _editions()
    in_force = [each for each in editions if each.valid_from <= on]
    return in_force[-1] if in_force else editions[0]


@cache
def _editions() -> tuple[_Edition, ...]:
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    editions = (
        _Edition(
            document=each["document"],
            valid_from=each["valid_from"],
            assessment_years_otherwise=each["assessment_years_otherwise"],
            lines=tuple(_Line(**line) for line in each["limit"]),
        )
        for each in data["edition"]
    )
    return tuple(sorted(editions, key=lambda each: each.valid_from))
