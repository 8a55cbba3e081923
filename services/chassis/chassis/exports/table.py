from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime

from chassis.database import Base

Instant = DateTime(timezone=True)
WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"


class ExportRow(Base):
    """One export. `promised` rows are counted in the snapshot that is written; `run` names the try that is at it: one
    that was overtaken by another changes nothing any more."""

    __tablename__ = "export"
    id: Mapped[str] = mapped_column(primary_key=True)
    list: Mapped[str]
    filter: Mapped[dict[str, Any]] = mapped_column(JSONB)
    user_id: Mapped[str]
    principal: Mapped[dict[str, Any]] = mapped_column(JSONB)
    stage: Mapped[str] = mapped_column(default=WAITING)
    promised: Mapped[int | None]
    written: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    run: Mapped[str | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        CheckConstraint("stage in ('waiting', 'running', 'done', 'failed')", name="stage"),
        CheckConstraint("(stage = 'done') = (sha256 is not null)", name="done_has_file"),
        Index("ix_export_user_id", "user_id", text("asked_at desc"), text("id desc")),
        Index("ix_export_unfinished", "asked_at", postgresql_where=text("stage in ('waiting', 'running')")),
        Index("ix_export_expires_at", "expires_at"),
    )
