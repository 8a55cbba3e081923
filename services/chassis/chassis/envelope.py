"""The envelope of an event: the one place that knows how a fact looks on the wire."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.clock import now
from chassis.identifiers import new_id


class Undecodable(Exception):
    """The bytes are not an event."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact, told in the past tense.

    `subject` is the id of the thing it happened to; `data` is plain JSON with ids and the fields a reader needs;
    `principal` names who acted (user id, organisation id); `trace` follows one request through all processes.
    """

    type: str
    version: int
    subject: str
    data: dict[str, Any]
    principal: dict[str, Any] = field(default_factory=dict)
    trace: str = ""
    id: str = field(default_factory=new_id)
    occurred_at: datetime = field(default_factory=now)


def dump(event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "version": event.version,
        "occurred_at": event.occurred_at.isoformat(),
        "subject": event.subject,
        "data": event.data,
        "principal": event.principal,
        "trace": event.trace,
    }


def load(body: Any) -> Event:
    """The event in a decoded body; unknown fields are ignored; raises `Undecodable`."""
    try:
        return Event(
            id=str(body["id"]),
            type=str(body["type"]),
            version=int(body["version"]),
            occurred_at=datetime.fromisoformat(body["occurred_at"]),
            subject=str(body["subject"]),
            data=dict(body["data"]),
            principal=dict(body.get("principal") or {}),
            trace=str(body.get("trace") or ""),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Undecodable(f"not an event: {error!r}") from error


def to_bytes(event: Event) -> bytes:
    return json.dumps(dump(event), ensure_ascii=False, separators=(",", ":")).encode()


def from_bytes(body: bytes) -> Event:
    """The event in raw bytes; raises `Undecodable`."""
    try:
        return load(json.loads(body))
    except ValueError as error:
        raise Undecodable("not JSON") from error
