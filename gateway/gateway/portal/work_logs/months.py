"""A project's month as a calendar of log days: weeks from Monday, each day with what filing says of it (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Month:
    first: date

    @property
    def last(self) -> date:
        return self.after.first - DAY

    @property
    def before(self) -> "Month":
        return Month((self.first - DAY).replace(day=1))

    @property
    def after(self) -> "Month":
        return Month((self.first + 31 * DAY).replace(day=1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True)
class Cell:
    """One day; `told` as in filing's list of owed logs, None for a day about which it says nothing."""

    day: date
    in_month: bool
    is_today: bool
    told: Mapping[str, Any] | None


def read(text: str, today: date) -> Month:
    """The month asked for, as 2026-11; this one where it is none or has not begun."""
    this = Month(today.replace(day=1))
    found = MONTH.fullmatch(text)
    return min(Month(date(int(found[1]), int(found[2]), 1)), this, key=lambda each: each.first) if found else this


def weeks(month: Month, told: Sequence[Mapping[str, Any]], today: date) -> list[list[Cell]]:
    by_day = {each["day"]: each for each in told}
    monday = month.first - month.first.weekday() * DAY
    count = (month.last - monday).days // 7 + 1
    days = [monday + number * DAY for number in range(count * 7)]
    cells = [Cell(day, day.month == month.first.month, day == today, by_day.get(day.isoformat())) for day in days]
    return [cells[start : start + 7] for start in range(0, len(cells), 7)]
