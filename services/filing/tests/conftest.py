from collections.abc import Iterator

import pytest
from sqlalchemy import select

from chassis.database import Sessions, transaction
from chassis.outbox import OutboxRow
from chassis.schemas import read
from chassis.testing.clock import FrozenClock
from filing.schemas.events import EVENTS
from services.filing.tests import factories

SCHEMAS = {each.type: each.data for each in EVENTS}


@pytest.fixture
def stage(sessions: Sessions, clock: FrozenClock) -> Iterator[factories.Stage]:
    """The test province, with a desk at its frozen clock. Whatever a test makes it tell must be as the contract says."""
    yield factories.stage(sessions, clock)
    with transaction(sessions) as session:
        for row in session.scalars(select(OutboxRow)):
            read(SCHEMAS[row.type](), row.body["data"])
