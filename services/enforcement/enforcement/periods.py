"""Months as the figures and the calendar ask for them: 2026-03; and where a day begins in Shanghai."""

from datetime import date, datetime, time, timedelta

from chassis.clock import SHANGHAI

MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"


def month_of(day: date) -> date:
    return day.replace(day=1)


def read(month: str) -> date:
    """The first day of 2026-03."""
    return date.fromisoformat(f"{month}-01")


def written(month: date) -> str:
    return f"{month:%Y-%m}"


def after(month: date) -> date:
    return month_of(month + timedelta(days=31))


def back(month: date, months: int) -> date:
    """So many months before."""
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


def beginning(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
