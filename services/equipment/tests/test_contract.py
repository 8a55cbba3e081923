"""What is committed in contract/ is what the code says, and its examples are what the schemas say."""

from typing import Any

import pytest

from chassis import contract
from chassis.contract import Told
from chassis.schemas import read
from equipment.__main__ import SERVICE
from equipment.published import EVENTS
from services.equipment.tests.factories import Yard


@pytest.mark.parametrize(
    ("told", "data"),
    [(told, data) for told in EVENTS for data in told.examples.values()],
    ids=[f"{told.type}-{name}" for told in EVENTS for name in told.examples],
)
def test_every_example_is_what_the_schema_of_its_event_says(told: Told, data: dict[str, Any]) -> None:
    read(told.data(), data)


def test_the_committed_contract_is_that_of_the_code() -> None:
    assert contract.differences(SERVICE.home / "contract", contract.build(SERVICE)) == []


def test_what_is_really_told_is_what_the_contract_says(yard: Yard) -> None:
    yard.installed(yard.filed())
    schemas = {told.type: told.data for told in EVENTS}

    for event in yard.told():
        read(schemas[event["type"]](), event["data"])
