"""Starts processes, waits until they are ready, starts again what dies, stops all of them together."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from chassis.localservers import children
from chassis.localservers.children import NotStarted
from deploy.local.plan import ROOT

READY_SECONDS = 90.0
TERM_SECONDS = 25.0  # longer than any handler may take (chassis.nameko drains within 20 s)
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
SETTLED_SECONDS = 60.0  # who has lived so long starts with the first pause again
LOG_BYTES = 20_000_000
GIVING_WAY = ("nice", "-n", "5")


@dataclass
class Supervised:
    """One process as it should be running."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(repr=False)
    health_port: int
    patient: bool
    log: Path
    pid_file: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = FIRST_PAUSE
    start_at: float = 0.0

    def start(self) -> None:
        arguments = (sys.executable, *self.command[1:]) if self.command[0] == "python" else self.command
        if self.patient:
            arguments = (*GIVING_WAY, *arguments)
        self.started_at = time.monotonic()
        self.process = children.start(
            arguments, log=self.log, environment=self.environment, folder=ROOT, pid_file=self.pid_file
        )

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}/health/ready", timeout=2):
                return True
        except OSError:
            return False

    def wait_until_ready(self) -> None:
        assert self.process is not None
        children.wait_until(self.is_ready, seconds=READY_SECONDS, what=self.name, process=self.process, log=self.log)


class Supervisor:
    """`tell` says to the user what happens."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.tell = tell
        self.all: list[Supervised] = []

    def start(self, wanted: list[Supervised]) -> None:
        """Start them all at once, then wait for each; raises `NotStarted`."""
        for each in wanted:
            children.stop_left_over(each.pid_file)
            _shorten(each.log)
            self.all.append(each)
            each.start()
        for each in wanted:
            each.wait_until_ready()

    def look_after(self) -> None:
        """Start again what has died, each time after a longer pause; call it again and again."""
        moment = time.monotonic()
        for each in self.all:
            if each.process is not None and each.process.poll() is not None:
                self._plan_restart(each, moment)
            elif each.process is None and moment >= each.start_at:
                each.start()

    def stop(self) -> None:
        """Ask all to end, wait for them together, kill who does not."""
        running = [each.process for each in self.all if each.process is not None and each.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + TERM_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                children.kill(process)
        for each in self.all:
            each.pid_file.unlink(missing_ok=True)
        self.all.clear()

    def _plan_restart(self, each: Supervised, moment: float) -> None:
        assert each.process is not None
        if moment - each.started_at > SETTLED_SECONDS:
            each.pause = FIRST_PAUSE
        self.tell(f"{each.name} ended with code {each.process.returncode}; again in {each.pause:g} s ({each.log})")
        each.process, each.start_at = None, moment + each.pause
        each.pause = min(2 * each.pause, LONGEST_PAUSE)


def run_to_end(command: list[str], environment: dict[str, str], log: Path) -> None:
    """Run one command of the set-up; raises `NotStarted` with the end of its log if it fails."""
    process = children.start([sys.executable, *command], log=log, environment=environment, folder=ROOT)
    try:
        code = process.wait()
    except BaseException:  # Ctrl-C above all
        children.kill(process)
        raise
    if code != 0:
        raise NotStarted(f"python {' '.join(command)} failed; {children.tail(log)}")


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
