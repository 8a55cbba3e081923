"""Phones, and what their messages tell of themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column

from attendance.models.columns import Instant, Number
from chassis.database import Base


class Device(Base):
    """A phone of a person's, one open at a time. `closed_at` ends its service period; what it measured before may still
    arrive."""

    __tablename__ = "device"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"), index=True)
    label: Mapped[str]
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("ix_device_opened_at", "opened_at", "id"),
        Index("uq_device_person_open", "person", unique=True, postgresql_where=text("closed_at is null")),
    )


class DeviceDay(Base):
    """What a device's messages of a day tell of the device itself; all of it merges in any order.

    `lag` is the least that was ever seen between the device's clock at sending and our receipt, in milliseconds: by that
    its clock is behind (or, below nought, ahead).
    """

    __tablename__ = "device_day"
    device: Mapped[int] = mapped_column(ForeignKey("device.number"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    lag: Mapped[int | None] = mapped_column(BigInteger)
    first_received_at: Mapped[datetime] = mapped_column(Instant)
    last_received_at: Mapped[datetime] = mapped_column(Instant)


class DeviceSequence(Base):
    """Which of a device's own numbers have arrived, as ranges: what lies between them is missing."""

    __tablename__ = "device_sequence"
    device: Mapped[int] = mapped_column(ForeignKey("device.number"), primary_key=True)
    received: Mapped[list[Range[int]]] = mapped_column(INT8MULTIRANGE)
