import pytest

from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database
from services.enforcement.tests.factories import CONTRACTOR, OWNER, SUPERVISOR, TEN, Field, officer


@pytest.fixture
def ground(database: Database, clock: FrozenClock) -> Field:
    """长安广场 with its firms, its agency, and the two officers 张执法 and 李执法."""
    clock.set(TEN)
    ground = Field(database, clock)
    for who in (officer(), CONTRACTOR, OWNER, SUPERVISOR):
        ground.organisation(who)
    ground.project()
    for name in ("张执法", "李执法"):
        ground.officer(officer(name))
    return ground
