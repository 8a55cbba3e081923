"""Time comes in as an argument. Stored moments are UTC; a day is the Shanghai day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment, aware, in UTC: the clock of every process outside the tests."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The Shanghai day that a moment falls in."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """The last second of a Shanghai day, as a UTC moment."""
    return datetime.combine(day, time(23, 59, 59), SHANGHAI).astimezone(UTC)
