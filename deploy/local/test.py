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
WITH_THE_WHOLE_SYSTEM = ("tests/security", "tests/journeys", "tests/faults")  # together: it is started once


def suites() -> list[list[str]]:
    """The folders of tests that share a process, in the order in which they tell most soonest."""
    of_packages = ["services/chassis/tests", *(f"{each.folder.relative_to(ROOT)}/tests" for each in services())]
    of_deploy = sorted(str(each.relative_to(ROOT)) for each in (ROOT / "deploy").glob("*/tests"))
    named = (*FIRST, *WITH_THE_WHOLE_SYSTEM)
    others = sorted(f"tests/{each.name}" for each in (ROOT / "tests").iterdir() if f"tests/{each.name}" not in named)
    alone = [[each] for each in (*FIRST, *of_packages, *of_deploy, *others) if _has_tests(each)]
    return [*alone, [each for each in WITH_THE_WHOLE_SYSTEM if _has_tests(each)]]


def main() -> int:
    started = time.monotonic()
    print(told())
    for suite in suites():
        print(f"── {' '.join(suite)} ({time.monotonic() - started:.0f} s)", flush=True)
        code = subprocess.run([sys.executable, "-m", "pytest", "-q", *suite], cwd=ROOT).returncode
        if code != 0:
            print(f"── {' '.join(suite)} failed")
            return code
    print(f"── {len(suites())} suites passed in {time.monotonic() - started:.0f} s")
    return 0


def _has_tests(folder: str) -> bool:
    return any((ROOT / folder).glob("**/test_*.py"))


if __name__ == "__main__":
    sys.exit(main())
