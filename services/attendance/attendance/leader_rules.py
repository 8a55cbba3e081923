"""带班检查 of an enterprise's leaders: a quarter of a month's working days (pure; the quarter stands in attendance_rules.toml).

A day counts by one confirmed shift, on whatever site. The denominator is the calendar's working days of the whole month
without those of his leave; a day on which he led all the same he worked.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from attendance import month_days
from attendance.verdicts import Rule, Standing, percent, standing_of

LATEST = timedelta(days=7)  # so long after its day a shift may be recorded


@dataclass(frozen=True)
class LeaderMonth:
    """`days` on which he led, of `working_days`; `required` in percent."""

    days: int
    working_days: int
    required: int
    standing: Standing

    @property
    def rate(self) -> float | None:
        return percent(self.days, self.working_days)


def judge(
    led: Collection[date],
    waiting: Collection[date],
    month: date,
    today: date,
    is_workday: Callable[[date], bool],
    rule: Rule,
    away: Collection[date] = (),
) -> LeaderMonth:
    """`led`: days with a confirmed shift; `waiting`: days with one that nobody has confirmed yet; `away`: days of leave.

    Short only when it can no longer be reached by what waits and by working days that may still be recorded.
    """
    days = set(led)
    off = set(away) - days
    working = [day for day in month_days.days(month, month_days.last_of(month)) if is_workday(day) and day not in off]
    possible = {day for day in working if day >= today - LATEST} | set(waiting)
    standing = standing_of(len(days), len(possible - days), len(working), rule.percent)
    return LeaderMonth(len(days), len(working), rule.percent, standing)
