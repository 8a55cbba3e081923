"""What the reconciler of a lock owner would find to repair: `python -m tests.faults.comparing equipment`.

A process of its own, since a process serves one database. Prints the ids of the applications that differ, one a line.
"""

import importlib
import sys

from chassis.clock import now
from chassis.process import Tools
from chassis.settings import Common, load


def main(service: str) -> int:
    reconcile = importlib.import_module(f"{service}.reconcile")
    tools = Tools(service, load(Common))
    filing = reconcile.FilingOnTheBus(tools.caller, tools.token)
    filing.living(None)  # raises where filing does not answer, which the reconciler would put off
    reconciler = reconcile.Reconciler(tools.sessions, filing, now)
    assert reconciler.run() == 0, "what differs is repaired at a second sight only"
    for application_id in reconciler.first_seen:
        print(application_id)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
