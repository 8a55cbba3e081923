"""What stands on a message of positions beside its body: the contract between the gateway and ingest.

The gateway passes the bytes on as the phone sent them; who sent them, and when they came, it says in the headers.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

QUEUE = "attendance.positions.v1"


@dataclass(frozen=True)
class Letter:
    """`device` and `person` are attendance's numbers, `received_at` milliseconds since 1970 by the gateway's clock."""

    protocol: str
    device: int
    person: int
    received_at: int
    content_type: str = ""
    content_encoding: str = ""

    def headers(self) -> dict[str, Any]:
        return asdict(self)


def read(headers: Mapping[str, Any]) -> Letter:
    """Raises `KeyError` or `TypeError` when something is missing or is of another kind."""
    letter = Letter(**{name: headers[name] for name in Letter.__dataclass_fields__})
    if not all(isinstance(each, int) for each in (letter.device, letter.person, letter.received_at)):
        raise TypeError("device, person and received_at are numbers")
    return letter
