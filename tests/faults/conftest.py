"""What the fault tests work with."""

from collections.abc import Iterator

import pytest

from deploy.local.system import System
from tests.faults.breaking import Breaker

LOCK_OWNERS = ("equipment", "personnel")


@pytest.fixture
def breaker(system: System) -> Breaker:
    return Breaker(system)


@pytest.fixture(scope="session", autouse=True)
def nothing_had_to_be_repaired(system: System) -> Iterator[None]:
    """Whatever the tests have broken: by the end locks and stages agree, and it was not the reconciler who saw to it."""
    yield
    breaker = Breaker(system)
    for owner in LOCK_OWNERS:
        assert breaker.differences(owner) == []
        assert breaker.metric(f"{owner}-scheduler", "reconciler_repairs_total") == 0
        assert breaker.sql(owner, "select count(*) from journal where act = 'repair'") == [(0,)]
        assert breaker.sql(owner, "select count(*) from parked") == [(0,)]
