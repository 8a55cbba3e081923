"""The demo province: loaded once through the public API, and its logins shown."""

import json
import subprocess
import sys

from rich.console import Console
from rich.table import Table

from chassis.localservers.children import NotStarted
from deploy.local.plan import ROOT, STATE
from deploy.local.system import System

LOGINS = STATE / "logins.json"
LOADER = ROOT / "deploy" / "demo" / "load.py"
LOADED = STATE / "demo-loaded"
SHOWN = 25


def load(system: System, console: Console) -> None:
    """Put the demo province into a new system; raises `NotStarted`."""
    if LOADED.exists() or not LOADER.exists():
        return
    command = [sys.executable, "-m", "deploy.demo.load", "--base-url", system.address()]
    options = ["--operator-password-file", str(system.operator_password), "--logins", str(LOGINS)]
    with subprocess.Popen([*command, *options], cwd=ROOT, start_new_session=True) as loading:
        try:
            code = loading.wait()
        except BaseException:  # Ctrl-C above all
            loading.kill()
            raise
    if code != 0:
        raise NotStarted("the demo province could not be loaded; what is above tells why")
    LOADED.touch()


def show(console: Console) -> None:
    """The first logins of each role; the file has all of them."""
    if not LOGINS.exists():
        return
    logins = json.loads(LOGINS.read_text())
    table = Table(title=f"logins ({len(logins)} in {LOGINS.relative_to(ROOT)})", title_justify="left")
    columns = ("role", "username", "password", "organisation", "division")
    for column in columns:
        table.add_column(column, no_wrap=column != "organisation")
    for login in _one_of_each(logins)[:SHOWN]:
        table.add_row(*(str(login.get(column) or "") for column in columns))
    console.print(table)


def _one_of_each(logins: list[dict[str, str]]) -> list[dict[str, str]]:
    first: dict[str, dict[str, str]] = {}
    for login in logins:
        first.setdefault(login["role"], login)
    return list(first.values())
