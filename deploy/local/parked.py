"""`make parked`: parked messages of the running system. S=filing for one service, A="show ID" for more than the list."""

import subprocess
import sys

from deploy.local.plan import ROOT
from deploy.local.run import STATE, only_one
from deploy.local.system import System


def main(service: str, arguments: list[str]) -> int:
    with only_one(STATE) as alone:
        if alone:
            print("the system does not run: make run")
            return 1
    system = System(STATE, print)
    system.attach()
    # The gateway hears no events, so nothing is ever parked for it.
    asked = [each for each in system.services if service in ("", each.name) and each.name != "gateway"]
    for each in asked:
        print(f"── {each.name}", flush=True)
        command = [sys.executable, "-m", each.name, "parked", *(arguments or ["list"])]
        code = subprocess.run(command, cwd=ROOT, env=system.environments.of_service(each)).returncode
        if code != 0:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
