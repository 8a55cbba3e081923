"""What is committed in contract/ is what the code says, and its examples are what the schemas say."""

from typing import Any

import pytest

from chassis import contract
from chassis.contract import Told
from chassis.schemas import read
from personnel import hearing
from personnel.__main__ import SERVICE
from personnel.published import EVENTS
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named
from services.personnel.tests.reading import recorded


@pytest.mark.parametrize(
    ("told", "data"),
    [(told, data) for told in EVENTS for data in told.examples.values()],
    ids=[f"{told.type}-{name}" for told in EVENTS for name in told.examples],
)
def test_every_example_is_what_the_schema_of_its_event_says(told: Told, data: dict[str, Any]) -> None:
    read(told.data(), data)


def test_the_committed_contract_is_that_of_the_code() -> None:
    assert contract.differences(SERVICE.home / "contract", contract.build(SERVICE)) == []


def test_what_is_really_told_is_what_the_contract_says(sessions, clock) -> None:
    project, old, new = factories.project(), factories.manager(sessions), factories.manager(sessions)
    first = claim(named(old), project=project)
    second = claim(named(new, replaces=old), matter="personnel_change", project=project)
    for request in (first, second):
        reserve(sessions, FILING, request, clock)
        hearing.application(sessions, factories.told(request, "approved", 3, clock()), clock)
    hearing.project(sessions, factories.project_told(project, 5, clock(), "closed", stage="closed"), clock)
    schemas = {told.type: told.data for told in EVENTS}

    told = recorded(sessions)

    assert [each["type"] for each in told] == ["person_locked", "person_replaced", "person_unlocked"]
    for event in told:
        read(schemas[event["type"]](), event["data"])
