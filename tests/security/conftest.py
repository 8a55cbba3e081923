"""The scene of the security tests, once for all of them."""

import pytest

from deploy.local.system import System
from tests.journeys.world import World
from tests.security.scene import Scene, build


@pytest.fixture(scope="session")
def scene(system: System, world: World) -> Scene:
    attendance = system.environments.databases["attendance"].owner_uri
    return build(world, system.operator_password.read_text().strip(), attendance)
