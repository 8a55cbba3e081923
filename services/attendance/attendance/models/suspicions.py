"""Doubted days, what days are compared by, and who looked at whose track."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ARRAY, REAL, ForeignKey, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from attendance.models.columns import Instant
from chassis.database import Base


class Suspicion(Base):
    """A day whose positions are doubted: noted by the nightly check, perhaps appealed against, decided by an officer. Only
    what is upheld has an effect."""

    __tablename__ = "suspicion"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    day: Mapped[date]
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    score: Mapped[int]
    unexplained: Mapped[int]
    story: Mapped[str]
    signals: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    stage: Mapped[str]
    noted_at: Mapped[datetime] = mapped_column(Instant)
    appeal: Mapped[str | None]
    appealed_at: Mapped[datetime | None] = mapped_column(Instant)
    appealed_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    opinion: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        UniqueConstraint("person", "day", name="uq_suspicion_person_day"),
        Index("ix_suspicion_noted_at", text("noted_at desc"), text("id desc")),
        Index("ix_suspicion_site", "site", text("noted_at desc")),
    )


class DayPath(Base):
    """What is kept of a checked day (attendance.suspicion.tracks.Kept), for as long as its positions."""

    __tablename__ = "day_path"
    site: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    person: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[bytes]
    sketch: Mapped[bytes]
    spot_east: Mapped[float | None] = mapped_column(REAL)
    spot_north: Mapped[float | None] = mapped_column(REAL)
    stayed: Mapped[bool]
    together: Mapped[list[int]] = mapped_column(ARRAY(Integer))


class CheckedDay(Base):
    """When a site's day was looked at: what changed since is looked at again."""

    __tablename__ = "checked_day"
    site: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    checked_at: Mapped[datetime] = mapped_column(Instant)


class Look(Base):
    """That somebody looked at somebody's track of a day: written with the answer, or there is no answer."""

    __tablename__ = "look"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    day: Mapped[date]
    at: Mapped[datetime] = mapped_column(Instant)
    looker: Mapped[dict[str, Any]] = mapped_column(JSONB)
    way: Mapped[str]
    reason: Mapped[str | None]
    __table_args__ = (Index("ix_look_person", "person", text("at desc"), text("id desc")),)
