"""Processes that we started, and how to find them again: a file tells each one's pid, its birth, and how it is stopped.

A pid alone may belong to somebody else by now; pid and birth together do not.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psutil

POLL_SECONDS = 0.05


class NotStarted(Exception):
    """A server or process did not become ready; the text says what and where its log is."""


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    environment: Mapping[str, str],
    folder: Path | None = None,
    pid_file: Path | None = None,
    stop_by: int = signal.SIGTERM,
    user: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` in a session of its own (a terminal's Ctrl-C does not reach it), output added to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=folder,
            start_new_session=True,
            user=user,
            extra_groups=None if user is None else [],
        )
    if pid_file is not None:
        pid_file.parent.mkdir(parents=True, exist_ok=True)
        identity = {"pid": process.pid, "created": psutil.Process(process.pid).create_time(), "stop_by": int(stop_by)}
        pid_file.write_text(json.dumps(identity))
    return process


def running(pid_file: Path) -> psutil.Process | None:
    """The process that the file tells of, if it still runs; none for a file of another kind (RabbitMQ writes one, too)."""
    try:
        identity = json.loads(pid_file.read_text())
        process = psutil.Process(identity["pid"])
        alive = process.create_time() == identity["created"] and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, ValueError, TypeError, KeyError, psutil.NoSuchProcess):
        return None
    return process if alive else None


def stop(process: subprocess.Popen[bytes], *, by: int = signal.SIGTERM, grace: float = 20.0) -> None:
    """Ask a child of ours to end by signal `by`; after `grace` seconds kill it and what it started in its session."""
    process.send_signal(by)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a child of ours and its session at once, as a power cut would."""
    _kill_session(process.pid)
    process.wait()


def stop_left_over(pid_file: Path, *, grace: float = 20.0) -> None:
    """Stop what a killed run left behind, if it is still there, and forget it."""
    left = running(pid_file)
    if left is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(left.pid, json.loads(pid_file.read_text())["stop_by"])
        deadline = time.monotonic() + grace
        # Not a child of ours: nobody may be there to collect it, so a zombie counts as gone.
        while running(pid_file) is not None:
            if time.monotonic() > deadline:
                _kill_session(left.pid)
            time.sleep(POLL_SECONDS)
    pid_file.unlink(missing_ok=True)


def _kill_session(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def wait_until(
    ready: Callable[[], bool], *, seconds: float, what: str, process: subprocess.Popen[bytes], log: Path
) -> None:
    """Poll `ready` until true; raises `NotStarted` with the log's end when the process dies or time is up."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process.poll() is not None:
            raise NotStarted(f"{what} ended with code {process.returncode}; {tail(log)}")
        if time.monotonic() > deadline:
            raise NotStarted(f"{what} was not ready within {seconds:.0f} s; {tail(log)}")
        time.sleep(POLL_SECONDS)


def tail(log: Path, lines: int = 15) -> str:
    """Where the log is and how it ends."""
    text = log.read_text(errors="replace").splitlines() if log.exists() else []
    return f"the end of {log}:\n" + "\n".join(text[-lines:])
