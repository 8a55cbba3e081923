"""How the fault tests break things: processes by the names of deploy/processes.toml, frozen, killed, started again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from deploy.local.supervisor import Supervised
from deploy.local.system import System
from tests.journeys.waiting import eventually

RESTART_SECONDS = 60.0


class Breaker:
    """Breaks the running `system`; its keeper starts again what has died."""

    def __init__(self, system: System) -> None:
        self.system = system

    def kill(self, name: str) -> None:
        """SIGKILL, also to one that is frozen; returns when it is gone."""
        process = self._of(name).process
        assert process is not None
        process.kill()
        process.wait(10)

    def wait_until_back(self, name: str) -> None:
        def is_back() -> bool:
            supervised = self._of(name)
            process = supervised.process
            return process is not None and process.poll() is None and supervised.is_ready()

        eventually(is_back, f"{name} is back", RESTART_SECONDS)

    def kill_and_wait(self, name: str) -> None:
        self.kill(name)
        self.wait_until_back(name)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """The process stands still inside the block, at whatever instruction it had reached."""
        process = self._of(name).process
        assert process is not None
        os.kill(process.pid, signal.SIGSTOP)
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
