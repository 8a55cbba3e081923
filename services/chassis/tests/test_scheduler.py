"""What a service does by itself: in one instance only, whatever hangs or fails."""

import threading
import time
import urllib.error
from datetime import timedelta
from itertools import pairwise

import psycopg
from sqlalchemy import text

from chassis import telemetry
from chassis.database import Sessions, transaction
from chassis.housekeeping import forget_old_records
from chassis.scheduler import Job, Scheduler
from chassis.testing.databases import Database
from chassis.testing.processes import ServiceProcess
from services.chassis.tests.conftest import Echo, until
from services.chassis.tests.test_park import listed, park_one

GRACE = "6"  # of which five are kept for the end


class Running:
    """A scheduler in a thread."""

    def __init__(self, database: Database, *jobs: Job) -> None:
        self.scheduler = Scheduler(database.uri, "echo", jobs)
        self.thread = threading.Thread(target=self.scheduler.run, args=(2.0,))

    def __enter__(self) -> Scheduler:
        self.thread.start()
        return self.scheduler

    def __exit__(self, *_: object) -> None:
        self.scheduler.stop()
        self.thread.join(15)


def every(seconds: float, name: str, run: object, **options: timedelta) -> Job:
    return Job(name, timedelta(seconds=seconds), run, **options)  # type: ignore[arg-type]


def runs(job: str, outcome: str) -> float:
    return telemetry.REGISTRY.get_sample_value("job_runs_total", {"job": job, "outcome": outcome}) or 0.0


def test_a_job_runs_again_and_again(database: Database) -> None:
    moments: list[float] = []

    with Running(database, every(0.3, "tick", lambda: moments.append(time.monotonic()))):
        until(lambda: len(moments) >= 4, 15, "four runs")

    assert all(later - earlier >= 0.3 for earlier, later in pairwise(moments))


def test_a_failure_is_counted_and_tried_again(database: Database) -> None:
    def fail() -> None:
        raise RuntimeError

    before = runs("fails", "failed")
    with Running(database, every(0.1, "fails", fail)):
        until(lambda: runs("fails", "failed") >= before + 2, 15, "two failures")


def test_one_that_hangs_holds_up_no_other_and_is_told(database: Database) -> None:
    ticks: list[int] = []
    released = threading.Event()
    hanging = every(0.1, "hangs", released.wait, limit=timedelta(seconds=0.5))

    with Running(database, hanging, every(0.1, "ticks", lambda: ticks.append(1))) as scheduler:
        assert scheduler.is_live()
        until(lambda: not scheduler.is_live(), 15, "not live")
        seen = len(ticks)
        until(lambda: len(ticks) > seen + 2, 15, "the other goes on")
        assert runs("hangs", "overran") == 1
        released.set()
        until(scheduler.is_live, 15, "live again")


def test_of_several_instances_one_acts(database: Database) -> None:
    """N27: Nameko's timer fires in every instance."""
    first: list[int] = []
    second: list[int] = []

    with Running(database, every(0.1, "tick", lambda: first.append(1))) as leader:
        until(lambda: leader.leads, 15, "the first leads")
        with Running(database, every(0.1, "tick", lambda: second.append(1))) as other:
            seen = len(first)
            until(lambda: len(first) > seen + 5, 15, "it acts")
            assert second == [] and not other.leads
            leader.stop()
            until(lambda: len(second) > 2, 15, "the other takes over")


def test_who_loses_his_connection_loses_the_right_to_act(database: Database) -> None:
    ticks: list[int] = []
    with Running(database, every(0.1, "tick", lambda: ticks.append(1))) as scheduler:
        until(lambda: len(ticks) > 1, 15, "it acts")
        with psycopg.connect(database.admin_uri, autocommit=True) as admin:
            admin.execute("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'")
        until(lambda: not scheduler.leads, 15, "it has noticed")
        seen = len(ticks)
        until(lambda: len(ticks) > seen, 15, "it acts again, with a new lock")


def test_as_a_process_it_acts_isolates_and_tells_that_a_job_hangs(echo: Echo) -> None:
    process = echo.start("scheduler", GRACE=GRACE)

    echo.wait_for("tick", times=3)
    echo.wait_for("failing", times=2)
    until(lambda: not lives(process), 15, "not live: one job overruns")
    seen = echo.did().count("tick")
    echo.wait_for("tick", times=seen + 2)

    process.terminate()
    assert process.wait() == 0
    assert echo.did().count("overrunning") == 1


def lives(process: ServiceProcess) -> bool:
    try:
        process.get("/health/live")
    except urllib.error.HTTPError:
        return False
    return True


def test_every_scheduler_collects_what_is_parked(echo: Echo, sessions: Sessions) -> None:
    park_one(echo.broker)

    echo.start("scheduler", GRACE=GRACE)

    until(lambda: len(listed(sessions)) == 1, 15, "in the table")


def test_old_records_of_inbox_and_commands_are_forgotten(sessions: Sessions) -> None:
    with transaction(sessions) as session:
        for days in (1, 89, 91):
            when = f"now() - interval '{days} days'"
            session.execute(text(f"insert into inbox (event_id, reader, handled_at) values ('{days}', 'r', {when})"))
            session.execute(
                text(
                    "insert into command (key, act, request_hash, reply, done_at) "
                    f"values ('{days}', 'a', 'h', '{{}}', {when})"
                )
            )

    forget_old_records(sessions)

    with transaction(sessions) as session:
        assert set(session.execute(text("select event_id from inbox")).scalars()) == {"1", "89"}
        assert set(session.execute(text("select key from command")).scalars()) == {"1"}


def test_at_the_end_a_running_job_may_finish(database: Database) -> None:
    finished: list[int] = []

    def slow() -> None:
        time.sleep(0.5)
        finished.append(1)

    running = Running(database, every(60, "slow", slow))
    with running as scheduler:
        until(lambda: scheduler.runs[0].thread is not None, 15, "it runs")

    assert finished == [1]
