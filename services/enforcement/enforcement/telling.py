"""Events recorded with the change that they tell of."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from chassis.envelope import Event
from chassis.outbox import record
from chassis.principal import Principal
from chassis.telemetry import current_trace
from enforcement.published import VERSION


def tell(session: Session, principal: Principal, at: datetime, kind: str, subject: str, data: dict[str, Any]) -> None:
    """`data` is plain JSON, as `published` says it."""
    by = {"user_id": principal.user_id, "organisation_id": principal.organisation_id}
    event = Event(
        type=kind, version=VERSION, subject=subject, data=data, principal=by, trace=current_trace(), occurred_at=at
    )
    record(session, event)
