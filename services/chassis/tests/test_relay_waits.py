"""The relay's wait for news: it ends at once when something is told, and it always ends."""

import time

import psycopg

from chassis.outbox import CHANNEL
from chassis.relay import LOOK_SECONDS, _wait_for_news
from chassis.testing.databases import Database


def test_many_commits_are_one_look_and_the_wait_ends(database: Database) -> None:
    with (
        psycopg.connect(database.uri, autocommit=True) as listener,
        psycopg.connect(database.uri, autocommit=True) as teller,
    ):
        listener.execute(f"listen {CHANNEL}")
        for _ in range(3):
            teller.execute("select pg_notify(%s, '')", [CHANNEL])

        started = time.monotonic()
        _wait_for_news(listener)
        told_after = time.monotonic() - started
        _wait_for_news(listener)

    assert told_after < LOOK_SECONDS
    assert time.monotonic() - started < 3 * LOOK_SECONDS
