"""Processes are started again when they die, ever more slowly, and all of them end together."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis.localservers import ports
from chassis.localservers.children import NotStarted
from deploy.local.supervisor import Supervised, Supervisor, run_to_end

HEALTHY = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
HTTPServer(("127.0.0.1", int(os.environ["HEALTH_PORT"])), Health).serve_forever()
"""
DIES = "raise SystemExit('the settings are wrong')"
FOLLOWED_SECONDS = 20.0


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervisor(told: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(told.append)
    yield supervisor
    supervisor.stop()


def supervised(folder: Path, name: str, program: str) -> Supervised:
    health_port = ports.free_port()
    return Supervised(
        name=name,
        command=("python", "-c", program),
        environment={**os.environ, "HEALTH_PORT": str(health_port)},
        patient=False,
        health_port=health_port,
        log=folder / f"{name}.log",
        pid_file=folder / f"{name}.pid",
    )


def follow(supervisor: Supervisor, until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + FOLLOWED_SECONDS
    while not until():
        assert time.monotonic() < deadline
        supervisor.look_after()
        time.sleep(0.02)


def test_who_dies_is_started_again(supervisor: Supervisor, told: list[str], tmp_path: Path) -> None:
    one = supervised(tmp_path, "one", HEALTHY)
    supervisor.start([one])
    first = one.process
    assert first is not None and one.is_ready()

    first.send_signal(signal.SIGKILL)
    follow(supervisor, until=lambda: one.process is not first and one.is_ready())

    assert told == [f"one ended with code -9; again in 0.5 s ({one.log})"]


def test_the_pauses_grow(supervisor: Supervisor, told: list[str], tmp_path: Path) -> None:
    one = supervised(tmp_path, "one", DIES)
    one.start()
    supervisor.all.append(one)

    follow(supervisor, until=lambda: len(told) == 3)

    assert ["0.5 s" in told[0], "1 s" in told[1], "2 s" in told[2]] == [True] * 3


def test_who_cannot_start_is_told_with_the_reason(supervisor: Supervisor, tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="the settings are wrong"):
        supervisor.start([supervised(tmp_path, "one", HEALTHY), supervised(tmp_path, "two", DIES)])


def test_all_are_stopped_together(supervisor: Supervisor, tmp_path: Path) -> None:
    both = [supervised(tmp_path, "one", HEALTHY), supervised(tmp_path, "two", HEALTHY)]
    supervisor.start(both)
    processes = [each.process for each in both]

    supervisor.stop()

    assert [each.returncode for each in processes if each] == [-signal.SIGTERM, -signal.SIGTERM]
    assert not list(tmp_path.glob("*.pid"))


def test_a_step_of_the_set_up_that_fails_is_told_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="the settings are wrong"):
        run_to_end(["-c", DIES], dict(os.environ), tmp_path / "log")
