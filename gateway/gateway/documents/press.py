"""The press: has papers made by a process of its own (documents.worker), a few at a time, each within a limit of time."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from chassis import telemetry
from chassis.blobs import BlobStore
from chassis.errors import Unavailable

log = telemetry.logger()

WORKER = "gateway.documents.worker"
JOB, OUT = "job.json", "out.pdf"
# Each takes a core while it lasts, and a long one some hundred megabytes.
AT_ONCE = 4
WAIT_SECONDS = 10.0
LONGEST_SECONDS = 90.0


@dataclass(frozen=True)
class Job:
    """What the worker makes; `blobs` names the attachments among the sheets: file → SHA-256."""

    sheets: list[dict[str, Any]]
    cover: dict[str, Any] | None = None
    blobs: Mapping[str, str] = field(default_factory=dict)


class Press:
    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self._places = BoundedSemaphore(AT_ONCE)

    def print(self, job: Job) -> IO[bytes]:
        """The paper, open for reading; it is gone once closed. Refuses `Unavailable` when too many wait or it takes too long."""
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise Unavailable("press_busy", retry_after=5)
        folder = Path(tempfile.mkdtemp(prefix="anjian-print-"))
        try:
            self._lay_out(job, folder)
            _run(folder)
            return (folder / OUT).open("rb")
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._places.release()

    def _lay_out(self, job: Job, folder: Path) -> None:
        """One attachment after another, so that never more than one of them is in memory here."""
        whole = {"sheets": job.sheets, "cover": job.cover}
        (folder / JOB).write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8", errors="replace")
        for name, sha256 in job.blobs.items():
            try:
                (folder / name).write_bytes(self._blobs.get(sha256))
            except FileNotFoundError:
                log.warning("attachment_missing", sha256=sha256)  # its place in the bundle says that it is not there


def _run(folder: Path) -> None:
    """The worker gets no setting of ours and no secret, and is ended with all its children."""
    environment = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "RAYON_NUM_THREADS": "2"}
    worker = subprocess.Popen(
        [sys.executable, "-I", "-m", WORKER, str(folder)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, said = worker.communicate(timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise Unavailable("print_too_long") from error
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.communicate()
    if worker.returncode != 0:
        raise RuntimeError(f"the worker failed with {worker.returncode}: {said.decode(errors='replace')[-2000:]}")
