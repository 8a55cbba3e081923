"""What attendance does by itself, on time."""

from datetime import timedelta

import psycopg

from attendance import board, closing, month_rows, partitions, rebuilding, site_months
from attendance.checking import Checking, forget
from attendance.exporting import LISTS
from attendance.terms import KEPT
from chassis import exports
from chassis.clock import Clock, day_of, now
from chassis.database import Sessions, transaction
from chassis.process import Tools
from chassis.scheduler import Job

BATCHES = 20  # a run; the next one follows in seconds
AT_ONCE = 5_000
FORGET = """
    delete from set_aside where number in (
        select number from set_aside where received_at < %s order by received_at limit %s for update skip locked)"""


def jobs(tools: Tools) -> list[Job]:
    """Who is there, counted for the duty board; presence reckoned anew where something became known late; days of positions
    made and forgotten, and with them what was set aside; days that are over are checked for false positions; every night
    what the open months have come to and who was absent, and the months whose grace is over closed; and exports."""
    uri = tools.settings.database_uri
    checking = Checking(uri, now)
    return [
        Job("count_sites", board.COUNTED_EVERY, lambda: board.count(tools.sessions, now)),
        Job("rebuild_presence", timedelta(seconds=5), lambda: rebuild_all(uri), limit=timedelta(minutes=10)),
        Job(
            "reckon_months",
            timedelta(seconds=10),
            lambda: reckon_months(tools.sessions, now),
            limit=timedelta(minutes=10),
        ),
        Job(
            "close_months",
            timedelta(minutes=1),
            lambda: close_months(tools.sessions, now),
            limit=timedelta(minutes=10),
        ),
        # A night's 30,000 site-days take an hour or more; a run looks at a thousand, and the next one goes on.
        Job("check_positions", timedelta(minutes=1), checking.run, limit=timedelta(minutes=30)),
        Job("keep_partitions", timedelta(hours=1), lambda: keep_partitions(uri)),
        exports.job(tools, LISTS),
        Job("forget_set_aside", timedelta(hours=1), lambda: forget_set_aside(uri, now)),
    ]


def rebuild_all(database_uri: str) -> None:
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        while rebuilding.rebuild(connection, day_of(now())):
            pass


def reckon_months(sessions: Sessions, clock: Clock, batches: int = BATCHES) -> None:
    """From midnight on, until each duty of an open month was looked at once."""
    with transaction(sessions) as session:
        months = site_months.to_reckon(session, day_of(clock()))
    for month in months:
        while month_rows.reckon_some(sessions, clock, month):
            batches -= 1
            if not batches:
                return


def close_months(sessions: Sessions, clock: Clock, batches: int = BATCHES) -> None:
    for _ in range(batches):
        if not closing.close_due(sessions, clock):
            return


def keep_partitions(database_uri: str) -> None:
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        partitions.keep(connection, day_of(now()))
        forget(connection, day_of(now()))


def forget_set_aside(database_uri: str, clock: Clock) -> None:
    """What was set aside is a position too, and kept no longer than one."""
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        while connection.execute(FORGET, [clock() - KEPT, AT_ONCE]).rowcount == AT_ONCE:
            pass
