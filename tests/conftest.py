"""The whole system for journeys and faults: the same code that `make run` runs, in a folder of its own."""

import os
import threading
from collections.abc import Iterator

import pytest

from deploy.demo.client import Client
from deploy.local.plan import ROOT
from deploy.local.system import System
from tests.journeys.site import Site, build_site
from tests.journeys.world import World

OPERATOR = "operator"
# Everybody of all tests comes from one address, and some try every page and call there is: the limits on numbers of
# requests, which gateway/tests prove, would tell how fast the machine is.
LIMITS = ("LIMIT_PER_SESSION", "LIMIT_PER_ADDRESS", "LIMIT_PER_KEY", "LIMIT_PER_PHONE")
NO_LIMITS = dict.fromkeys(LIMITS, "100000 per minute")


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """Every process of deploy/processes.toml, without the demo province; what dies is started again.

    `address()` is where the API is; `operator_password` the file with the password of the account `operator`.
    """
    # Below .run/test/<pid>: what a killed session leaves there the next one stops.
    system = System(ROOT / ".run" / "test" / str(os.getpid()) / "system", print, name=f"test_{os.getpid()}")
    os.environ.update(NO_LIMITS)
    try:
        system.start()
        threading.Thread(target=system.stay, daemon=True).start()
        yield system
    finally:
        system.stop()
        system.forget()


@pytest.fixture(scope="session")
def world(system: System) -> World:
    """Four agencies with their officers: the province, 石家庄, and its counties 长安区 and 桥西区."""
    door = Client(system.address())
    operator = door.another().sign_in(OPERATOR, system.operator_password.read_text().strip())
    world = World(door, operator)
    for division, name in (
        ("130000", "河北省安监办"),
        ("130100", "石家庄市安监站"),
        ("130102", "长安区安监站"),
        ("130104", "桥西区安监站"),
    ):
        world.open_agency(division, name)
    return world


@pytest.fixture(scope="session")
def site(world: World) -> Site:
    """A filed project that tests may put cranes on, each its own."""
    return build_site(world)
