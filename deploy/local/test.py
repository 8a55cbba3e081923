"""`make test`: every suite in a pytest of its own, several side by side, until all passed or one is red.

A process serves one database (chassis.database.Base), so the tests of two services cannot share a process: both may
have a table `certificate`. What a suite prints is shown when it ends, so that two do not mingle.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import IO

from chassis.testing.servers import told
from deploy.local.plan import ROOT, services

FIRST = ("tests/architecture", "tests/contracts")  # they need no server and tell within seconds
# The longest begin first, or all wait for them in the end; those in one bracket share one whole system.
LONG = (
    ("tests/journeys", "tests/security", "tests/browser"),
    ("gateway/tests",),
    ("tests/faults",),
    ("tests/demo",),
    ("services/chassis/tests",),
)
LANES = 2


def suites() -> list[list[str]]:
    """The folders of tests that share a process, in the order in which they begin."""
    of_packages = ["services/chassis/tests", *(f"{each.folder.relative_to(ROOT)}/tests" for each in services())]
    of_deploy = sorted(str(each.relative_to(ROOT)) for each in (ROOT / "deploy").glob("*/tests"))
    of_nobody = sorted(f"tests/{each.name}" for each in (ROOT / "tests").iterdir())
    named = {folder for group in (FIRST, *LONG) for folder in group}
    alone = [(each,) for each in (*of_packages, *of_deploy, *of_nobody) if each not in named]
    groups = [*((each,) for each in FIRST), *LONG, *alone]
    return [found for group in groups if (found := [each for each in group if _has_tests(each)])]


class Suites:
    """Runs suites, tells of each how it ended, and ends the others when one is red."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.running: set[subprocess.Popen[bytes]] = set()
        self.red = False
        self.lock = threading.Lock()

    def run(self, suite: list[str]) -> bool:
        """Whether it passed; one that was cut short because another is red did not."""
        with tempfile.TemporaryFile() as output:
            with self.lock:
                if self.red:
                    return False
                self._tell(f"{' '.join(suite)} …")
                process = subprocess.Popen(
                    [sys.executable, "-m", "pytest", "-q", *suite], cwd=ROOT, stdout=output, stderr=subprocess.STDOUT
                )
                self.running.add(process)
            code = process.wait()
            with self.lock:
                self.running.discard(process)
                if not self.red:
                    self._show(output)
                    self._tell(f"{' '.join(suite)} {'passed' if code == 0 else 'FAILED'}")
                if code != 0:
                    self._end_others()
        return code == 0

    def _end_others(self) -> None:
        """As Ctrl-C would: they stop the servers that they started."""
        self.red = True
        for process in self.running:
            process.send_signal(2)

    def _show(self, output: IO[bytes]) -> None:
        output.seek(0)
        sys.stdout.write(output.read().decode(errors="replace"))

    def _tell(self, what: str) -> None:
        print(f"── {time.monotonic() - self.started:4.0f} s  {what}", flush=True)


def main() -> int:
    print(told())
    # At a given address there is one broker and one database for everybody: a suite at a time.
    shared = "AMQP_URI" in os.environ or "DATABASE_URI" in os.environ
    every = Suites()
    with ThreadPoolExecutor(1 if shared else LANES) as lanes:
        passed = [each.result() for each in as_completed([lanes.submit(every.run, suite) for suite in suites()])]
    if not all(passed):
        return 1
    print(f"── {len(passed)} suites passed in {time.monotonic() - every.started:.0f} s")
    return 0


def _has_tests(folder: str) -> bool:
    return any((ROOT / folder).glob("**/test_*.py"))


if __name__ == "__main__":
    sys.exit(main())
