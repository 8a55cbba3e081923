"""What the fault tests work with."""

import pytest

from deploy.local.system import System
from tests.faults.breaking import Breaker


@pytest.fixture
def breaker(system: System) -> Breaker:
    return Breaker(system)
