"""Positions and sightings as they were told, and the minutes that they prove."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import REAL, BigInteger, ForeignKey, Index, Integer, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import BIT, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from attendance.models.columns import Instant, Number
from chassis.database import Base


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


class Beacon(Base):
    """A Bluetooth beacon (蓝牙信标) on a site, from when to when; one that is moved has a row for each place.

    Known by what it calls itself; that can be copied, so nothing but this row says where it stands.
    """

    __tablename__ = "beacon"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    uuid: Mapped[str]
    major: Mapped[int]
    minor: Mapped[int]
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    label: Mapped[str]
    place: Mapped[str]
    placed_at: Mapped[datetime] = mapped_column(Instant)
    placed_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    removed_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("ix_beacon_name", "uuid", "major", "minor"),
        Index("uq_beacon_standing", "uuid", "major", "minor", unique=True, postgresql_where=text("removed_at is null")),
        Index("ix_beacon_site", "site"),
        Index("ix_beacon_placed_at", "placed_at", "id"),
    )


class Sighting(Base):
    """A beacon that a person's device heard, as it told it. `beacon` is the number of the first row of a beacon of that
    name, wherever it stands by now. Partitioned by `time`, kept as long as positions."""

    __tablename__ = "sighting"
    person: Mapped[int] = mapped_column(primary_key=True)
    time: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    beacon: Mapped[int] = mapped_column(primary_key=True)
    rssi: Mapped[int | None] = mapped_column(SmallInteger)
    device: Mapped[int]
    received_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = ({"postgresql_partition_by": "range (time)"},)


class Presence(Base):
    """A person's day on a site as minutes, merged by OR: late, doubled and shuffled positions cannot count twice.

    `inside` is what positions or beacons prove; `by_position` what of it positions do, null where no beacon was heard and
    all of it is theirs.
    """

    __tablename__ = "presence"
    person: Mapped[int] = mapped_column(primary_key=True)
    site: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    seen: Mapped[str] = mapped_column(BIT(1440))
    inside: Mapped[str] = mapped_column(BIT(1440))
    outside: Mapped[str] = mapped_column(BIT(1440))
    by_position: Mapped[str | None] = mapped_column(BIT(1440))
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
    __table_args__ = (
        Index("ix_set_aside_person", "person", "received_at"),
        Index("uq_set_aside_told", "device", "received_at", "reason", text("md5(told::text)"), unique=True),
    )
