from typing import Any

import pytest

from chassis import contract
from chassis.contract import Told
from chassis.schemas import read
from filing.__main__ import SERVICE
from filing.schemas.events import EVENTS


@pytest.mark.parametrize(
    ("told", "name", "data"),
    [(told, name, data) for told in EVENTS for name, data in told.examples.items()],
    ids=lambda value: getattr(value, "type", value) if not isinstance(value, dict) else "",
)
def test_every_example_is_what_the_schema_of_its_event_says(told: Told, name: str, data: dict[str, Any]) -> None:
    read(told.data(), data)


def test_the_committed_contract_is_that_of_the_code() -> None:
    assert contract.differences(SERVICE.home / "contract", contract.build(SERVICE)) == []
