"""The scheduler: what a service does by itself, on time. However many instances run, one acts.

    def jobs(tools: Tools) -> list[Job]:
        return [Job("lapse_locks", timedelta(seconds=15), lambda: locks.lapse(tools.sessions, tools.caller, now))]

Jobs must bear being run twice and being broken off. Each runs in a thread of its own: one that fails or hangs holds up
no other. One that runs longer than its limit makes the process "not live", so that whoever watches it starts it anew.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg

from chassis import telemetry

TICK = 0.1
LEADERSHIP_CHECKED_EVERY_SECONDS = 2.0
LEADERSHIP = 0x6C656164


@dataclass(frozen=True)
class Job:
    """`run` is called `every` so often, counted from the end of the last run; it should never take longer than `limit`."""

    name: str
    every: timedelta
    run: Callable[[], object]
    limit: timedelta = timedelta(seconds=60)


class Scheduler:
    """`run` goes on until `stop` is called, from another thread or a signal handler."""

    def __init__(self, database_uri: str, service: str, jobs: Sequence[Job]) -> None:
        self.database_uri = database_uri
        self.service = service
        self.runs = [_Run(job) for job in jobs]
        self.stopping = threading.Event()
        self.connection: psycopg.Connection[Any] | None = None
        self.leads = False
        self.checked_at = -LEADERSHIP_CHECKED_EVERY_SECONDS

    def run(self, grace: float = 10.0) -> None:
        """After `stop`, running jobs have `grace` seconds to end."""
        while not self.stopping.wait(TICK):
            self._check_leadership()
            if self.leads:
                for each in self.runs:
                    each.start_if_due()
        deadline = time.monotonic() + grace
        for each in self.runs:
            each.wait(deadline)
        if self.connection is not None:
            self.connection.close()

    def stop(self, *_: Any) -> None:
        self.stopping.set()

    def is_live(self) -> bool:
        return not any(each.overruns() for each in self.runs)

    def is_connected(self) -> bool:
        return self.connection is not None

    def _check_leadership(self) -> None:
        """The lock is the session's: it goes when the connection goes, and so does the right to act."""
        if time.monotonic() - self.checked_at < LEADERSHIP_CHECKED_EVERY_SECONDS:
            return
        self.checked_at = time.monotonic()
        try:
            if self.connection is None:
                self.connection = psycopg.connect(self.database_uri, autocommit=True, connect_timeout=5)
            self.leads = (self.leads and self._is_alive()) or self._try_lock()
        except psycopg.Error as error:
            telemetry.logger().warning("scheduler_waits", error=repr(error))
            self._let_go()
        telemetry.scheduler_leads.labels(self.service).set(self.leads)

    def _is_alive(self) -> bool:
        assert self.connection is not None
        return self.connection.execute("select true").fetchone() is not None

    def _try_lock(self) -> bool:
        assert self.connection is not None
        row = self.connection.execute("select pg_try_advisory_lock(%s)", [LEADERSHIP]).fetchone()
        return bool(row and row[0])

    def _let_go(self) -> None:
        self.leads = False
        if self.connection is not None:
            with suppress(psycopg.Error):
                self.connection.close()
        self.connection = None


class _Run:
    """A job with its present and last run."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.thread: threading.Thread | None = None
        self.began_at = 0.0
        self.due_at = 0.0
        self.told = False

    def start_if_due(self) -> None:
        if self.thread is None and time.monotonic() >= self.due_at:
            self.began_at, self.told = time.monotonic(), False
            self.thread = threading.Thread(target=self._run, name=self.job.name, daemon=True)
            self.thread.start()

    def overruns(self) -> bool:
        over = self.thread is not None and time.monotonic() - self.began_at > self.job.limit.total_seconds()
        if over and not self.told:
            self.told = True
            telemetry.job_runs.labels(self.job.name, "overran").inc()
            telemetry.logger().error("job_overruns", job=self.job.name, limit=self.job.limit.total_seconds())
        return over

    def wait(self, deadline: float) -> None:
        if (thread := self.thread) is not None:
            thread.join(max(0.0, deadline - time.monotonic()))

    def _run(self) -> None:
        telemetry.new_trace()
        outcome = "done"
        try:
            self.job.run()
        except Exception as error:
            outcome = "failed"
            telemetry.logger().error("job_failed", job=self.job.name, exc_info=error)
        telemetry.job_runs.labels(self.job.name, outcome).inc()
        telemetry.job_seconds.labels(self.job.name).observe(time.monotonic() - self.began_at)
        self.due_at = time.monotonic() + self.job.every.total_seconds()
        self.thread = None
