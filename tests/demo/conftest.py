"""One run for all tests of this folder: broken off by Ctrl-C while the demo province is loaded, then started again."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from deploy.demo.client import Client
from deploy.local.plan import ROOT
from tests.demo.running import LOADED_SECONDS, READY_SECONDS, Run, alive

BROKEN_OFF_AT = "agencies, 14 done"  # the counties' are being made


@dataclass
class BrokenOff:
    """What a run left that was ended while it loaded; `agencies` are the ids of those that stood by then."""

    code: int
    printed: list[str]
    left: list[psutil.Process]
    agencies: set[str]


@pytest.fixture(scope="session")
def folder() -> Path:
    # Below .run/test/<pid>: what a killed session leaves there the next one stops.
    folder = ROOT / ".run" / "test" / str(os.getpid()) / "make-run"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def broken_off(folder: Path) -> BrokenOff:
    run = Run(folder, "1")
    try:
        run.wait_for(BROKEN_OFF_AT, READY_SECONDS)
        started = run.started()
        assert {"postgres", "epmd"} <= {each.name() for each in started}
        agencies = ids_of_agencies(address_of(run), run.operator_password)
        return BrokenOff(run.press_ctrl_c(), run.printed, alive(started), agencies)
    except BaseException:
        run.forget()
        raise


@pytest.fixture(scope="session")
def run(folder: Path, broken_off: BrokenOff) -> Iterator[Run]:
    """Ready, at the second try."""
    run = Run(folder, "1")
    try:
        run.wait_for("ready ", READY_SECONDS + LOADED_SECONDS)
        yield run
    finally:
        run.forget()


def address_of(run: Run) -> str:
    """Of a run that is not ready yet."""
    ports = json.loads((run.state / "ports.json").read_text())
    return f"http://127.0.0.1:{ports['gateway-web']}"


def ids_of_agencies(address: str, operator_password: str) -> set[str]:
    operator = Client(address).another().sign_in("operator", operator_password)
    return {each["organisation_id"] for each in operator.get("/agencies")["items"]}
