"""What attendance does by itself, on time."""

from datetime import timedelta

import psycopg

from attendance import partitions, rebuilding
from attendance.checking import Checking, forget
from chassis.clock import day_of, now
from chassis.process import Tools
from chassis.scheduler import Job


def jobs(tools: Tools) -> list[Job]:
    """Presence reckoned anew where something became known late; days that are over checked for false positions; days of
    positions made and forgotten."""
    uri = tools.settings.database_uri
    checking = Checking(uri, now)
    return [
        Job("rebuild_presence", timedelta(seconds=5), lambda: rebuild_all(uri), limit=timedelta(minutes=10)),
        # A night's 30,000 site-days take an hour or more; a run looks at a thousand, and the next one goes on.
        Job("check_positions", timedelta(minutes=1), checking.run, limit=timedelta(minutes=30)),
        Job("keep_partitions", timedelta(hours=1), lambda: keep_partitions(uri)),
    ]


def rebuild_all(database_uri: str) -> None:
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        while rebuilding.rebuild(connection):
            pass


def keep_partitions(database_uri: str) -> None:
    with psycopg.connect(database_uri, autocommit=True, connect_timeout=5) as connection:
        partitions.keep(connection, day_of(now()))
        forget(connection, day_of(now()))
