"""The clocks of penalty cases counted one day after the other, straight from the sentences of the law: the judge of the fast ones.

Nothing is taken from `enforcement`; the days come from chinese_calendar itself, whose data end with 2026.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import chinese_calendar

DAY = timedelta(days=1)
WORKING = {"C17": 5, "C18": 7, "C19": 7, "C22": 7, "C23": 7, "C24": 3}
MONTHS = {"C25-suit": 6, "C27": 3}
DAYS = {
    "C15": (15, 10),
    "C16": (90, 30, 60),
    "C20": (15,),
    "C25-review": (60,),
    "C25-suit-after-review": (15,),
    "C26": (10,),
}
STRICT = {"C15", "C16"}
FIRST_DAYS = {"C26"}  # the answer is the first day on which it may be done, after the period


def due(clock_id: str, start: date, suspended: Iterable[date] = (), extensions: int = 0) -> date:
    still = frozenset(suspended)
    if clock_id in WORKING:
        return _count(start, WORKING[clock_id], lambda day: chinese_calendar.is_workday(day))
    days = sum(DAYS[clock_id][: 1 + extensions]) if clock_id in DAYS else _days_of_months(start, MONTHS[clock_id])
    end = _count(start, days, lambda day: day not in still)
    while clock_id not in STRICT and not chinese_calendar.is_workday(end):
        end += DAY
    return end + DAY if clock_id in FIRST_DAYS else end


def _count(start: date, wanted: int, counts) -> date:
    day = start
    while wanted:
        day += DAY
        if counts(day):
            wanted -= 1
    return day


def _days_of_months(start: date, months: int) -> int:
    """Steps from month to month: how many days until the same day, or the month's last where it has none such."""
    day, passed, days = start, 0, 0
    while passed < months:
        day += DAY
        days += 1
        passed += day.day == 1
    while day.day < start.day and (day + DAY).day != 1:
        day += DAY
        days += 1
    return days
