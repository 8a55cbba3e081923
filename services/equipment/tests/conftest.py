"""The yard: filing's side of every test of a use case."""

import pytest

from chassis.database import Sessions
from chassis.testing.clock import FrozenClock
from services.equipment.tests.factories import Yard


@pytest.fixture
def yard(sessions: Sessions, clock: FrozenClock) -> Yard:
    return Yard(sessions, clock)
