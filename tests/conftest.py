"""The whole system for tests that no single team owns: started once a session, as `make run` starts it."""

import os
from collections.abc import Iterator

import pytest

from deploy.local.plan import ROOT
from deploy.local.system import System


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Every process of deploy/processes.toml on servers of its own, without the demo province.

    `address()` is where the API is; `operator_password` the file with the password of the account `operator`.
    """
    # Below .run/test/<pid>: what a killed session leaves there the next one stops.
    system = System(ROOT / ".run" / "test" / str(os.getpid()) / "system", print)
    try:
        system.start()
        yield system
    finally:
        system.stop()
        system.forget()
