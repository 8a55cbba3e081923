"""The inbox: what makes handling once-only though delivery is at least once."""

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import DateTime

from chassis.database import Base


class InboxRow(Base):
    __tablename__ = "inbox"
    event_id: Mapped[str] = mapped_column(primary_key=True)
    reader: Mapped[str] = mapped_column(primary_key=True)
    handled_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now(), index=True)


def first_time(session: Session, event_id: str, reader: str) -> bool:
    """True once for each event and reader, in the transaction of the handling: a second insert proves a repeat.

    Two deliveries at the same moment meet at the primary key: the second waits for the first to commit, then gets
    False; if the first rolls back, it gets True.
    """
    row = insert(InboxRow).values(event_id=event_id, reader=reader).on_conflict_do_nothing()
    return session.execute(row.returning(InboxRow.event_id)).first() is not None
