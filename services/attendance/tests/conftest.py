import pytest

from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database
from services.attendance.tests.factories import EIGHT, Ground


@pytest.fixture
def ground(database: Database, clock: FrozenClock) -> Ground:
    """A filed project, 长安广场, and its manager 王建国, on duty since January."""
    clock.set(EIGHT.replace(hour=10))
    ground = Ground(database, clock)
    ground.project()
    ground.locked("王建国", since=EIGHT.replace(month=1, day=5))
    return ground
