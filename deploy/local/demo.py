"""The demo province: loaded once through the public API, and its logins shown."""

import json
import subprocess
import sys
from pathlib import Path

from chassis.localservers.children import NotStarted
from chassis.localservers.ports import LOOPBACK
from deploy.local import tables
from deploy.local.plan import ROOT
from deploy.local.system import System

LOADER = ROOT / "deploy" / "demo" / "load.py"
SHOWN = 25
COLUMNS = ("role", "username", "password", "organisation", "division")


def load(system: System) -> None:
    """Put the demo province into a new system; raises `NotStarted`."""
    loaded = system.state / "demo-loaded"
    if loaded.exists() or not LOADER.exists():
        return
    command = [sys.executable, "-m", "deploy.demo.load", "--base-url", system.address()]
    command += ["--positions-url", f"http://{LOOPBACK}:{system.ports('gateway-positions')}"]
    options = ["--operator-password-file", str(system.operator_password), "--logins", str(logins_file(system))]
    with subprocess.Popen([*command, *options], cwd=ROOT, start_new_session=True) as loading:
        try:
            code = loading.wait()
        except BaseException:  # Ctrl-C above all
            loading.kill()
            raise
    if code != 0:
        raise NotStarted("the demo province could not be loaded; what is above tells why")
    loaded.touch()


def logins_file(system: System) -> Path:
    return system.state / "logins.json"


def show(system: System) -> None:
    """The first login of each role; the file has all of them."""
    file = logins_file(system)
    if not file.exists():
        return
    logins = json.loads(file.read_text())
    rows = [[str(login.get(column) or "") for column in COLUMNS] for login in _one_of_each(logins)[:SHOWN]]
    tables.show(f"logins (all {len(logins)} are in {file})", COLUMNS, rows)


def _one_of_each(logins: list[dict[str, str]]) -> list[dict[str, str]]:
    first: dict[str, dict[str, str]] = {}
    for login in logins:
        first.setdefault(login["role"], login)
    return list(first.values())
