"""`make run` as a user has it before him: what it prints, Ctrl-C, and all that it has started."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from chassis.localservers import children
from chassis.localservers.postgres import PrivatePostgres
from deploy.local.plan import ROOT
from tests.journeys.waiting import eventually

READY_SECONDS = 180.0
LOADED_SECONDS = 900.0  # about a minute where nothing else runs
STOPPED_SECONDS = 90.0
# Always on servers of its own: the databases of a given server may be somebody's real ones.
GIVEN = ("DATABASE_URI", "AMQP_URI")


class Run:
    """One run on a folder of its own, as if it were another checkout's."""

    def __init__(self, folder: Path, name: str, *options: str) -> None:
        self.state = folder / f"state-{name}"
        self.log = folder / f"run-{name}.log"
        self.log.unlink(missing_ok=True)
        self.process = children.start(
            [sys.executable, "-m", "deploy.local.run", "--state", self.state, *options],
            log=self.log,
            environment={key: value for key, value in os.environ.items() if key not in GIVEN},
            folder=ROOT,
            pid_file=folder / f"run-{name}.pid",
            stop_by=signal.SIGINT,
        )

    @property
    def printed(self) -> list[str]:
        return self.log.read_text(encoding="utf-8").splitlines()

    @property
    def address(self) -> str:
        return next(line for line in self.printed if line.startswith("ready ")).removeprefix("ready ")

    @property
    def operator_password(self) -> str:
        return (self.state / "keys" / "operator-password").read_text().strip()

    def wait_for(self, words: str, seconds: float) -> None:
        def is_printed() -> bool:
            assert self.process.poll() is None, "\n".join(self.printed)
            return any(words in line for line in self.printed)

        eventually(is_printed, f"{words!r} is printed", seconds)

    def started(self) -> list[psutil.Process]:
        """Every process that runs because of this run."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def press_ctrl_c(self) -> int:
        """As a terminal does, to the whole group in the foreground; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(STOPPED_SECONDS)
        except subprocess.TimeoutExpired:
            children.kill(self.process)
            raise

    def forget(self) -> None:
        if self.process.poll() is None:
            self.press_ctrl_c()
        for left in sorted(self.state.rglob("*.pid")):
            children.stop_left_over(left)
        PrivatePostgres(self.state / "postgres", log=self.log, password="").forget()
        shutil.rmtree(self.state, ignore_errors=True)
        self.log.with_suffix(".pid").unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [each for each in processes if each.is_running() and each.status() != psutil.STATUS_ZOMBIE]
