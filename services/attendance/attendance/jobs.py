"""What attendance does by itself, on time."""

from datetime import timedelta

import psycopg

from attendance import partitions, rebuilding
from attendance.terms import KEPT
from chassis.clock import Clock, day_of, now
from chassis.process import Tools
from chassis.scheduler import Job

AT_ONCE = 5_000
FORGET = """
    delete from set_aside where number in (
        select number from set_aside where received_at < %s order by received_at limit %s for update skip locked)"""


def jobs(tools: Tools) -> list[Job]:
    """Presence reckoned anew where something became known late; days of positions made and forgotten, and with them what
    was set aside."""
    uri = tools.settings.database_uri
    return [
        Job("rebuild_presence", timedelta(seconds=5), lambda: rebuild_all(uri), limit=timedelta(minutes=10)),
        Job("keep_partitions", timedelta(hours=1), lambda: keep_partitions(uri)),
        Job("forget_set_aside", timedelta(hours=1), lambda: forget_set_aside(uri, now)),
    ]


def rebuild_all(database_uri: str) -> None:
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        while rebuilding.rebuild(connection):
            pass


def keep_partitions(database_uri: str) -> None:
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        partitions.keep(connection, day_of(now()))


def forget_set_aside(database_uri: str, clock: Clock) -> None:
    """What was set aside is a position too, and kept no longer than one."""
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        while connection.execute(FORGET, [clock() - KEPT, AT_ONCE]).rowcount == AT_ONCE:
            pass
