import pytest

from chassis.database import Sessions
from chassis.testing.clock import FrozenClock
from services.filing.tests import factories


@pytest.fixture
def stage(sessions: Sessions, clock: FrozenClock) -> factories.Stage:
    """The test province, with a desk at its frozen clock."""
    return factories.stage(sessions, clock)
