"""Debian's packages, where something is missing and this machine lets us install it without asking."""

import os
import shutil
import subprocess
from pathlib import Path

from chassis.localservers import children


def as_root() -> list[str] | None:
    """What to put before a command so that root runs it, or None if that is not allowed without asking."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def install(what: str, script: Path, *, log: Path, advice: str) -> None:
    """Run the `script` that installs `what`, as root; raises `NotStarted` with `advice` where that is not possible."""
    if (before := as_root()) is None:
        raise children.NotStarted(advice)
    print(f"installing {what} (apt-get)", flush=True)  # noqa: T201  (takes a minute on a bare machine)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        done = subprocess.run([*before, "sh", script], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if done.returncode:
        raise children.NotStarted(f"apt-get could not install {what}; {children.tail(log)}\n{advice}")
