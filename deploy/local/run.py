"""`make run`: set everything up, run the whole system, stay in the foreground; Ctrl-C stops what was started here."""

import fcntl
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console
from rich.table import Table

from chassis.localservers.children import NotStarted
from deploy.local import demo
from deploy.local.plan import ROOT
from deploy.local.system import System

STATE = ROOT / ".run"
LOCK = STATE / "run.lock"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

console = Console(highlight=False, soft_wrap=True)


def main() -> int:
    with only_one() as alone:
        if not alone:
            console.print(f"it runs already in this checkout: {LOCK.read_text().strip() or 'starting'}")
            return 1
        return run()


def run() -> int:
    """Until Ctrl-C (or TERM, HUP): 0; if something does not start: 1, having said what."""
    system = System(STATE, console.print)
    for each in ENDING:
        signal.signal(each, _end)
    try:
        system.start()
        demo.load(system, console)
        demo.show(system, console)
        LOCK.write_text(system.address())
        console.print(f"ready {system.address()}")
        system.stay()
    except NotStarted as error:
        console.print(str(error), markup=False)
        return 1
    except KeyboardInterrupt:
        console.print("stopping")
    finally:
        for each in ENDING:  # stopping is bounded in time: a second Ctrl-C would only leave something behind
            signal.signal(each, signal.SIG_IGN)
        system.stop()
    console.print("stopped; the data are kept (make clean forgets them)")
    return 0


def show_addresses(system: System) -> None:
    """Where everything is, for who uses it and for who looks after it."""
    table = Table(title="addresses", title_justify="left")
    for column in ("what", "where"):
        table.add_column(column, no_wrap=True)
    rows = {
        "API": f"{system.address()}/api/v1",
        "API, to read and to try": f"{system.address()}/api/v1/docs",
        "API, as OpenAPI 3.1": f"{system.address()}/api/v1/openapi.json",
        "ports of all processes": str(system.state / "ports.json"),
        "logs": str(system.state / "logs"),
    }
    for what, where in rows.items():
        table.add_row(what, where)
    console.print(table)


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether this is the only run of this checkout, for as long as it lasts."""
    STATE.mkdir(exist_ok=True)
    with LOCK.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        yield True
        file.truncate(0)


def _end(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
