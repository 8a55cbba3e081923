"""Months of the Shanghai calendar, each named by its first day (pure)."""

from collections.abc import Iterator
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def first_of(day: date) -> date:
    return day.replace(day=1)


def last_of(month: date) -> date:
    return after(month) - ONE_DAY


def after(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def before(month: date) -> date:
    return first_of(month - ONE_DAY)


def read(month: str) -> date:
    """Of 2026-11; a schema has seen to it that it is one."""
    return date.fromisoformat(f"{month}-01")


def written(month: date) -> str:
    return f"{month:%Y-%m}"


def days(first: date, last: date) -> Iterator[date]:
    """Both included; none where the last is before the first."""
    return (first + ONE_DAY * n for n in range((last - first).days + 1))
