"""The outbox: an event is written in the transaction of the change that it tells of, and sent later by the relay.

So there is no moment at which the change exists and the event does not, or the other way round.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import DateTime

from chassis import envelope
from chassis.database import Base
from chassis.envelope import Event

CHANNEL = "outbox"


class OutboxRow(Base):
    __tablename__ = "outbox"
    # The relay goes by `position`, the order of recording; it takes *unsent* rows, never "all above the last one sent":
    # positions become visible in the order of commits, not in their own.
    position: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    type: Mapped[str]
    version: Mapped[int]
    subject: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sent_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    __table_args__ = (
        Index("ix_outbox_unsent", "position", postgresql_where=text("sent_at is null")),
        Index("ix_outbox_sent_at", "sent_at", postgresql_where=text("sent_at is not null")),
    )


def record(session: Session, event: Event) -> None:
    """Write the event with the change; the relay is woken when (and only if) the transaction commits."""
    session.add(
        OutboxRow(
            id=event.id,
            type=event.type,
            version=event.version,
            subject=event.subject,
            body=envelope.dump(event),
            recorded_at=event.occurred_at,
        )
    )
    session.flush()
    session.execute(text(f"select pg_notify('{CHANNEL}', '')"))
