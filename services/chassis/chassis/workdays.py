"""Working days of the mainland with make-up days (调休).

The State Council's yearly notices come from the library chinesecalendar; a table of our own overrides single days, so
that an administrator can enter next year's notice the hour it is published. Past the data of both, weekends and the
statutory days decide (those of the lunar calendar too, by the library holidays), and what is computed from them is
*provisional* (暂定).
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar
from holidays import country_holidays

from chassis import telemetry

ONE_DAY = timedelta(days=1)
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Due:
    """A day reached by counting working days; `provisional` if a day on the way had no official data."""

    day: date
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Which days are worked. `overrides` maps a day to True (worked) or False (off), and wins over the library."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        if day in self.overrides:
            return self.overrides[day]
        return _is_workday(day)

    def is_official(self, day: date) -> bool:
        """Whether a published notice (or an override) decides about this day."""
        return day in self.overrides or _noticed(day) is not None

    def add_workdays(self, start: date, count: int) -> Due:
        """The `count`-th working day after `start`; the day of the event itself is not counted (民法典 Art. 201)."""
        day, left, provisional = start, count, False
        while left > 0:
            day += ONE_DAY
            provisional = provisional or not self.is_official(day)
            left -= self.is_workday(day)
        return Due(day, provisional)

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 if `end` is not later."""
        return sum(self.is_workday(day) for day in _days_after(start, end))

    def end_of_period(self, start: date, days: int) -> Due:
        """The last of `days` calendar days after `start`, moved to the next working day (民法典 Art. 203)."""
        day = start + timedelta(days=days)
        provisional = not self.is_official(day)
        while not self.is_workday(day):
            day += ONE_DAY
            provisional = provisional or not self.is_official(day)
        return Due(day, provisional)


def _days_after(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=n) for n in range(1, (end - start).days + 1))


@cache  # a list of deadlines asks for some hundreds of days; the library looks through all its years for each
def _noticed(day: date) -> bool | None:
    """Whether the published notices make it a working day; None for a day of which none speaks."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def _is_workday(day: date) -> bool:
    noticed = _noticed(day)
    return day.weekday() < 5 and day not in _statutory_days(day.year) if noticed is None else noticed


@cache
def _statutory_days(year: int) -> frozenset[date]:
    """《全国年节及纪念日放假办法》: with the days off for those that fall on a weekend, without any make-up days."""
    return frozenset(country_holidays("CN", years=year))


class OverridesFile:
    """The calendar by a file of overrides that may change while the process runs: called, it gives that of now.

    At the start the file must be readable (OSError, ValueError). Later, one that is not leaves the last calendar in
    force and is logged.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stamp = self._stamp_now()
        self._calendar = read_overrides(path)

    def __call__(self) -> Calendar:
        try:
            stamp = self._stamp_now()
            if stamp != self._stamp:
                self._stamp = stamp
                self._calendar = read_overrides(self._path)
        except (OSError, ValueError) as error:
            telemetry.logger().error("calendar_unreadable", error=str(error))
        return self._calendar

    def _stamp_now(self) -> Stamp | None:
        if self._path is None:
            return None
        found = self._path.stat()
        return found.st_ino, found.st_size, found.st_mtime_ns


def read_overrides(path: Path | None) -> Calendar:
    """A calendar with the overrides of a CSV file: `date,kind,source` with kind `workday` or `holiday`.

    Raises ValueError naming the line that cannot be read.
    """
    if path is None:
        return Calendar()
    overrides: dict[date, bool] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines), start=2):
            if row.get("kind") not in ("workday", "holiday"):
                raise ValueError(f"{path.name} line {number}: kind must be workday or holiday")
            overrides[date.fromisoformat(row["date"])] = row["kind"] == "workday"
    return Calendar(overrides)
