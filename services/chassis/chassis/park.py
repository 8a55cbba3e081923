"""Parked messages: what could not be handled waits here for an operator, who sees, mends and replays it."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime

from chassis.database import Base


class ParkedRow(Base):
    __tablename__ = "parked"
    id: Mapped[str] = mapped_column(primary_key=True)
    queue: Mapped[str] = mapped_column(index=True)
    event_id: Mapped[str | None]
    reason: Mapped[str]
    tries: Mapped[int]
    first_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    parked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    replayed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    body: Mapped[bytes]
