"""The tables of attendance. Positions and presence are written by ingest with COPY; their keys make every repeat harmless.

People and sites have small numbers of our own beside their ids: they stand in every one of a hundred million rows.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import REAL, BigInteger, Date, ForeignKey, Identity, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import BIT, INT8MULTIRANGE, JSONB, Range
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime

from chassis.database import Base

Instant = DateTime(timezone=True)
Number = Identity(always=True)


class Person(Base):
    """Somebody whom we know by a roster or a device; his name is personnel's to tell."""

    __tablename__ = "person"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)


class Site(Base):
    """A copy of filing's project, kept by its events; of one that only a duty has named yet, the number and the id."""

    __tablename__ = "site"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    version: Mapped[int]
    name: Mapped[str]
    area: Mapped[str]
    agency_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    contractor_id: Mapped[str | None]
    supervisor_id: Mapped[str | None]
    stage: Mapped[str | None]
    starts_on: Mapped[date | None]
    finishes_on: Mapped[date | None]
    merged_into: Mapped[str | None]
    __table_args__ = (
        Index("ix_site_area", "area", postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_site_owner_id", "owner_id"),
        Index("ix_site_contractor_id", "contractor_id"),
        Index("ix_site_supervisor_id", "supervisor_id"),
    )


class Boundary(Base):
    """Where a site lay from a day on: GeoJSON in WGS-84. A day is judged by the boundary of that day."""

    __tablename__ = "boundary"
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    effective_on: Mapped[date] = mapped_column(primary_key=True)
    outline: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int]


class Stoppage(Base):
    """Days on which the works of a site stood still, by filing's events: `until` is the day of the resumption."""

    __tablename__ = "stoppage"
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    until: Mapped[date | None]


class Duty(Base):
    """Who has to be on which site, in which role, from when to when: one of personnel's locks, named by its application.

    Told of by two events that may come in either order: `since` is null until its beginning was heard, `until` as long as
    it lasts.
    """

    __tablename__ = "duty"
    application_id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    since: Mapped[datetime | None] = mapped_column(Instant)
    until: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_duty_site", "site"), Index("ix_duty_person", "person"))


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


class Position(Base):
    """A position as the device told it: its own clock, WGS-84 in ten-millionths of a degree. Partitioned by `time`."""

    __tablename__ = "position"
    person: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    longitude: Mapped[int]
    latitude: Mapped[int]
    accuracy: Mapped[float] = mapped_column(REAL)
    device: Mapped[int]
    mock: Mapped[bool]
    received_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = ({"postgresql_partition_by": "range (time)"},)


class Presence(Base):
    """A person's day on a site as minutes, merged by OR: late, doubled and shuffled positions cannot count twice."""

    __tablename__ = "presence"
    person: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seen: Mapped[str] = mapped_column(BIT(1440))
    inside: Mapped[str] = mapped_column(BIT(1440))
    outside: Mapped[str] = mapped_column(BIT(1440))
    last_seen_at: Mapped[datetime] = mapped_column(Instant)
    last_inside_at: Mapped[datetime] = mapped_column(Instant, deferred=True)  # -infinity: never yet
    changed_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_presence_site", "site", "day"), Index("ix_presence_changed_at", "changed_at"))


class StalePresence(Base):
    """A day whose presence has to be reckoned anew (attendance.stale)."""

    __tablename__ = "stale_presence"
    person: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class SetAside(Base):
    """A position that judges nobody, with the reason and as it was told: nothing is lost in silence."""

    __tablename__ = "set_aside"
    number: Mapped[int] = mapped_column(BigInteger, Number, primary_key=True)
    device: Mapped[int]
    person: Mapped[int]
    reason: Mapped[str]
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    received_at: Mapped[datetime] = mapped_column(Instant, index=True)


class Leave(Base):
    """Days on which somebody need not be on a site, both included: asked for by his firm, granted by its developer."""

    __tablename__ = "leave"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str]
    deputy_id: Mapped[str | None]
    stage: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    opinion: Mapped[str | None]
    __table_args__ = (
        Index("ix_leave_person", "person", "site", "first"),
        Index("ix_leave_asked_at", text("asked_at desc"), "id"),
    )


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
