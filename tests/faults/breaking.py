"""How the fault tests break things: processes by the names of deploy/processes.toml, frozen, killed, started again."""

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from chassis.localservers import children
from deploy.local.plan import ROOT
from deploy.local.supervisor import Supervised
from deploy.local.system import System
from tests.journeys.waiting import eventually

RESTART_SECONDS = 60.0
HELD = 4711  # the advisory lock for which commits wait in `held_at_commit`
HOLD = """
create function hold_at_commit() returns trigger language plpgsql as $$
begin perform pg_advisory_xact_lock_shared({held}); return null; end $$;
create constraint trigger hold_at_commit after insert on {table} deferrable initially deferred
for each row execute function hold_at_commit();
"""
WAITS = "select count(*) from pg_locks where locktype = 'advisory' and objid = %s and not granted"


class Breaker:
    """Breaks the running `system`; its keeper starts again what has died."""

    def __init__(self, system: System) -> None:
        self.system = system

    def kill(self, name: str) -> None:
        """SIGKILL to it and its workers, also to one that is frozen; returns when it is gone."""
        process = self._of(name).process
        assert process is not None
        children.kill(process)

    def wait_until_back(self, name: str) -> None:
        def is_back() -> bool:
            supervised = self._of(name)
            process = supervised.process
            return process is not None and process.poll() is None and supervised.is_ready()

        eventually(is_back, f"{name} is back", RESTART_SECONDS)

    def freeze(self, name: str) -> subprocess.Popen[bytes]:
        process = self._of(name).process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
        return process

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The process stands still inside the block, at whatever instruction it had reached."""
        process = self.freeze(name)
        try:
            yield
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGCONT)

    @contextmanager
    def down(self, name: str) -> Iterator[None]:
        """The process is dead inside the block and is not started again before its end."""
        supervised = self._of(name)
        arguments, supervised.command = supervised.command, ("python", "-c", "import time; time.sleep(600)")
        try:
            self.kill(name)
            yield
        finally:
            supervised.command = arguments
            self.kill_if_alive(name)
            self.wait_until_back(name)

    @contextmanager
    def held_at_commit(self, service: str, table: str) -> Iterator[Callable[[], None]]:
        """A transaction that inserts into `table` stands still at its commit until the block ends, then it is committed.

        Gives a function that returns when one stands there. Locks of services are given up after two seconds: whatever
        happens inside must be quicker.
        """

        def wait_for_one() -> None:
            eventually(lambda: self.sql(service, WAITS, HELD) != [(0,)], f"{service} is about to commit")

        with psycopg.connect(self.system.environments.databases[service].owner_uri, autocommit=True) as connection:
            connection.execute(HOLD.format(held=HELD, table=table).encode())
            connection.execute("select pg_advisory_lock(%s)", [HELD])
            try:
                yield wait_for_one
            finally:
                connection.execute("select pg_advisory_unlock(%s)", [HELD])
                connection.execute("drop function hold_at_commit cascade")

    def dies_unaware_of_its_commit(
        self, name: str, table: str, begin: Callable[[], None], is_committed: Callable[[], bool]
    ) -> None:
        """`begin` makes process `name` insert into `table`; it commits, and is killed before it can know or tell."""
        service = name.partition("-")[0]
        with self.held_at_commit(service, table) as wait_for_one:
            begin()
            wait_for_one()
            self.freeze(name)
        eventually(is_committed, "committed without its knowledge")
        self.kill(name)
        self.wait_until_back(name)

    def wait_until_sent(self, service: str, subject: str) -> None:
        """What the service has to tell of this is at the broker, or with its readers."""
        waits = "select count(*) from outbox where subject = %s and sent_at is null"
        eventually(lambda: self.sql(service, waits, subject) == [(0,)], "sent")

    def kill_broker(self) -> None:
        """As a power cut would; its keeper starts it again on its data."""
        assert self.system.servers.node is not None
        self.system.servers.node.kill()

    def kill_database(self) -> None:
        """As a power cut would; its keeper starts it again on its data."""
        process = self.system.servers.private_postgres.process
        assert process is not None
        children.kill(process)

    def wait_until_all_are_back(self) -> None:
        for each in self.system.supervisor.all:
            self.wait_until_back(each.name)

    def metric(self, process: str, name: str) -> float:
        """The sum of a metric over its labels, as the process tells it now."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self._of(process).health_port}/metrics", timeout=5) as page:
            told = page.read().decode()
        return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", told, re.MULTILINE))

    def differences(self, service: str) -> list[str]:
        """The applications of which a lock owner's reconciler would have something to repair."""
        environments = self.system.environments
        owner = next(each for each in environments.services if each.name == service)
        command = [sys.executable, "-m", "tests.faults.comparing", service]
        found = subprocess.run(
            command, cwd=ROOT, env=environments.of_service(owner), stdout=subprocess.PIPE, text=True, check=True
        )
        return found.stdout.split()

    def kill_if_alive(self, name: str) -> None:
        process = self._of(name).process
        if process is not None and process.poll() is None:
            self.kill(name)

    def sql(self, service: str, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run a statement in a service's database as its owner; its rows, if any."""
        with psycopg.connect(self.system.environments.databases[service].owner_uri) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def _of(self, name: str) -> Supervised:
        return next(each for each in self.system.supervisor.all if each.name == name)
