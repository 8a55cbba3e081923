"""Processes of services under test: started as in production, killed as in life."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from chassis.localservers import children

READY_SECONDS = 30.0
TERM_SECONDS = 20.0


@dataclass
class ServiceProcess:
    """`python -m <service> <role>`, ready; `health_port` answers /health/live, /health/ready and /metrics."""

    process: subprocess.Popen[bytes] = field(repr=False)
    health_port: int
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def get(self, path: str) -> str:
        """What the health port answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.health_port}{path}", timeout=5) as reply:
            return str(reply.read().decode())

    def is_ready(self) -> bool:
        try:
            self.get("/health/ready")
        except (OSError, urllib.error.HTTPError):
            return False
        return True

    def wait_until_ready(self, seconds: float = READY_SECONDS) -> None:
        children.wait_until(self.is_ready, seconds=seconds, what="the process", process=self.process, log=self.log)

    def terminate(self) -> None:
        """SIGTERM, without waiting for the end."""
        self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing said good-bye."""
        children.kill(self.process)

    def wait(self, seconds: float = TERM_SECONDS) -> int:
        """The exit code; raises `subprocess.TimeoutExpired`."""
        return self.process.wait(seconds)


class ServiceProcesses:
    """The processes of one test; all are stopped at its end."""

    def __init__(self, folder: Path, free_port: Callable[[], int]) -> None:
        self.folder = folder
        self.free_port = free_port
        self.started: list[ServiceProcess] = []

    def __call__(
        self, module: str, *arguments: str, environment: Mapping[str, str], wait: bool = True
    ) -> ServiceProcess:
        """Start `python -m <module> <arguments>` with these settings; `HEALTH_PORT` is found free."""
        health_port = self.free_port()
        log = self.folder / f"{len(self.started):02d}-{'-'.join((module, *arguments)).replace('/', '_')}.log"
        own = {"HEALTH_PORT": str(health_port), "PYTHONUNBUFFERED": "1", "PATH": os.environ.get("PATH", os.defpath)}
        process = children.start(
            [sys.executable, "-m", module, *arguments], log=log, environment=own | dict(environment)
        )
        service = ServiceProcess(process, health_port, log)
        self.started.append(service)
        if wait:
            service.wait_until_ready()
        return service

    def close(self) -> None:
        running = [each for each in self.started if each.process.poll() is None]
        for each in running:
            each.terminate()
        deadline = time.monotonic() + TERM_SECONDS
        for each in running:
            children.stop(each.process, grace=max(0.1, deadline - time.monotonic()))
