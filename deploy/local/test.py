"""`make test`: every suite in a pytest of its own, the quick ones first, stopping at the first red one.

A process serves one database (chassis.database.Base), so the tests of two services cannot share a process: both may
have a table `certificate`.
"""

import subprocess
import sys
import time

from chassis.testing.servers import told
from deploy.local.plan import ROOT, services

FIRST = ("tests/architecture", "tests/contracts")
LAST = ("tests/security", "tests/journeys", "tests/faults")


def suites() -> list[str]:
    """The folders of tests, in the order in which they tell most soonest."""
    of_packages = ["services/chassis/tests", *(f"{each.folder.relative_to(ROOT)}/tests" for each in services())]
    of_deploy = sorted(str(each.relative_to(ROOT)) for each in (ROOT / "deploy").glob("*/tests"))
    others = sorted(f"tests/{each.name}" for each in (ROOT / "tests").iterdir() if each.is_dir())
    unnamed = [each for each in others if each not in (*FIRST, *LAST)]
    in_order = (*FIRST, *of_packages, *of_deploy, *unnamed, *LAST)
    return [each for each in in_order if any((ROOT / each).glob("**/test_*.py"))]


def main() -> int:
    started = time.monotonic()
    print(told())
    for suite in suites():
        print(f"── {suite} ({time.monotonic() - started:.0f} s)", flush=True)
        code = subprocess.run([sys.executable, "-m", "pytest", "-q", suite], cwd=ROOT).returncode
        if code != 0:
            print(f"── {suite} failed")
            return code
    print(f"── {len(suites())} suites passed in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
