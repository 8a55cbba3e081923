"""The days of `position`: made ahead, forgotten when the time for which raw positions may be kept is over."""

from datetime import date, timedelta
from typing import Any

import psycopg

from attendance.terms import KEPT, MADE_AHEAD

ONE_DAY = timedelta(days=1)
HELD = 0x64617973  # by whoever makes or drops days: workers begin a day together
THERE = """
    select to_date(right(relname, 8), 'YYYYMMDD') from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'position'::regclass order by 1"""


def first_kept(today: date) -> date:
    """Positions of this day and later are taken and kept."""
    return today - KEPT


def keep(connection: psycopg.Connection[Any], today: date) -> list[date]:
    """Make what is missing between the first day kept and those ahead, drop what is older; the days that were dropped.

    `connection` commits each statement. May run anywhere and at any time, one after the other: what is there already is left
    alone.
    """
    connection.execute("select pg_advisory_lock(%s)", [HELD])
    try:
        return _keep(connection, today)
    finally:
        connection.execute("select pg_advisory_unlock(%s)", [HELD])


def _keep(connection: psycopg.Connection[Any], today: date) -> list[date]:
    there = {day for (day,) in connection.execute(THERE)}
    wanted = {first_kept(today) + ONE_DAY * n for n in range((KEPT + MADE_AHEAD).days + 1)}
    for day in sorted(wanted - there):
        connection.execute("select make_positions_of(%s)", [day])
    past = sorted(day for day in there if day < first_kept(today))
    for day in past:
        connection.execute("select forget_positions_of(%s)", [day])
    return past
