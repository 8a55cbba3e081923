"""`make run`: set everything up, run the whole system, stay in the foreground; Ctrl-C stops what was started here.

python -m deploy.local.run [--state FOLDER] [--without-demo]
"""

import argparse
import fcntl
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from chassis.localservers.children import NotStarted
from chassis.localservers.ports import LOOPBACK
from deploy.local import demo, tables
from deploy.local.plan import ROOT
from deploy.local.system import System

STATE = ROOT / ".run"
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

console = Console(highlight=False, soft_wrap=True)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _asked(arguments)
    state: Path = asked.state.absolute()
    with only_one(state) as alone:
        if not alone:
            console.print(f"it runs already in this checkout: {lock_of(state).read_text().strip() or 'starting'}")
            return 1
        return run(state, with_demo=not asked.without_demo)


def run(state: Path, *, with_demo: bool) -> int:
    """Until Ctrl-C (or TERM, HUP): 0; if something does not start: 1, having said what."""
    system = System(state, console.print)
    for each in ENDING:
        signal.signal(each, _end)
    try:
        system.start()
        if with_demo:
            demo.load(system)
        show_addresses(system)
        demo.show(system)
        lock_of(state).write_text(system.address())
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
    rows = {
        "API": f"{system.address()}/api/v1",
        "API, to read and to try": f"{system.address()}/api/v1/docs",
        "API, as OpenAPI 3.1": f"{system.address()}/api/v1/openapi.json",
        "positions of phones": f"http://{LOOPBACK}:{system.ports('gateway-positions')}",
        "ports of all processes": str(system.state / "ports.json"),
        "logs": str(system.state / "logs"),
    }
    tables.show("addresses", ("what", "where"), rows.items())


def lock_of(state: Path) -> Path:
    """The file that a run keeps locked; in it is its address, once it is ready."""
    return state / "run.lock"


@contextmanager
def only_one(state: Path) -> Iterator[bool]:
    """Whether this is the only run on this folder, for as long as it lasts."""
    state.mkdir(parents=True, exist_ok=True)
    with lock_of(state).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        file.truncate(0)
        yield True
        file.truncate(0)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the whole system on this machine, in the foreground.")
    parser.add_argument("--state", type=Path, default=STATE, help="where data, ports, keys and logs are kept")
    parser.add_argument("--without-demo", action="store_true", help="load no demo province into a new system")
    return parser.parse_args(arguments)


def _end(signum: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
