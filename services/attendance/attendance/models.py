"""The tables of attendance. Positions and presence are written by ingest with COPY; their keys make every repeat harmless.

People and sites have small numbers of our own beside their ids: they stand in every one of a hundred million rows.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    Date,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import BIT, INT8MULTIRANGE, JSONB, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime

from chassis.database import Base

Instant = DateTime(timezone=True)
Number = Identity(always=True)


class Person(Base):
    """Somebody whom we know by a roster or a device. His name is personnel's to tell: `name` is what the last event called
    him, for files that are written where nobody can be asked."""

    __tablename__ = "person"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None]


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
    __table_args__ = (Index("ix_set_aside_person", "person", "received_at"),)


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


class SiteMonth(Base):
    """A site's month closed, or open again: a row a revision. The first one is written when the month is closed, each
    further one when an officer reopens it (`reopened_*`). `closes_on` is the last day on which something still counts."""

    __tablename__ = "site_month"
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    closes_on: Mapped[date]
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    reopened_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("uq_site_month_open", "site", "month", unique=True, postgresql_where=text("closed_at is null")),
    )


class MonthFigures:
    """What a duty's month came to, reckoned through `through`; figures as in MonthVerdict, `excluded` counts days by their
    reason. `record`: of a closed month, the days as they were judged and the rule, so that it can be explained when the
    positions are gone."""

    through: Mapped[date]
    valid: Mapped[int]
    undecided: Mapped[int]
    denominator: Mapped[int]
    rate: Mapped[float | None] = mapped_column(Double)
    highest_rate: Mapped[float | None] = mapped_column(Double)
    required: Mapped[int]
    standing: Mapped[str]
    excluded: Mapped[dict[str, int]] = mapped_column(JSONB)
    reckoned_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class DutyMonth(MonthFigures, Base):
    """A row a duty, because one person may hold a role on a site twice in a month.

    Reckoned every night until it is closed (attendance.month_rows, attendance.closing). What is open may be reckoned anew
    at any moment, what is closed stands.
    """

    __tablename__ = "duty_month"
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    __table_args__ = (
        Index("ix_duty_month_person", "person", "month"),
        Index(
            "ix_duty_month_figures",
            "month",
            "site",
            postgresql_include=["role", "valid", "undecided", "denominator", "standing", "through"],
        ),
        Index("ix_duty_month_short", "month", "site", postgresql_where=text("standing = 'short'")),
    )


class DutyMonthRevision(MonthFigures, Base):
    """A closed row as it stood before its month was reopened: nothing that was once told is overwritten."""

    __tablename__ = "duty_month_revision"
    month: Mapped[date] = mapped_column(primary_key=True)
    site: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)


class Correction(Base):
    """An officer's word on somebody's day, or (`withdraws`) that an earlier one of them was a mistake: entries only, none is
    ever changed. Of those that are not withdrawn the latest counts."""

    __tablename__ = "correction"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    day: Mapped[date]
    verdict: Mapped[str | None]
    reason: Mapped[str]
    document: Mapped[str]
    withdraws: Mapped[str | None] = mapped_column(ForeignKey("correction.id"), unique=True)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (Index("ix_correction_person", "person", "site", "day"),)


class Absence(Base):
    """A day that is over on which somebody was certainly not on the site where he had to be: told of once.

    `role`, `application_id` name the duty by which it was noticed. `lifted_at`: since when it is none any more, by what
    became known later. The firm explains it once.
    """

    __tablename__ = "absence"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    day: Mapped[date]
    role: Mapped[str]
    application_id: Mapped[str]
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    explanation: Mapped[str | None]
    explained_at: Mapped[datetime | None] = mapped_column(Instant)
    explained_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("uq_absence_day", "person", "site", "day", unique=True),
        Index("ix_absence_duty", "application_id", "person", "day"),
        Index("ix_absence_day", "day", "site"),
        Index("ix_absence_site", "site", text("noticed_at desc")),
        Index("ix_absence_noticed_at", text("noticed_at desc"), text("id desc")),
    )


class Shift(Base):
    """A leadership shift (带班): who led on a site from when to when, as the firm says, until somebody confirms it.

    The database refuses two at once of one person's (`ex_shift_overlap`), unless returned or withdrawn.
    """

    __tablename__ = "shift"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    leads_as: Mapped[str]
    day: Mapped[date]
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    checked: Mapped[str]
    found: Mapped[str]
    stage: Mapped[str]
    firm_id: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    remark: Mapped[str | None]
    __table_args__ = (
        Index("ix_shift_person", "person", "day"),
        Index("ix_shift_site", "site", text("recorded_at desc")),
        Index("ix_shift_recorded_at", text("recorded_at desc"), text("id desc")),
        ExcludeConstraint(
            (text("int4range(person, person, '[]')"), "&&"),
            (text("tstzrange(began_at, ended_at)"), "&&"),
            name="ex_shift_overlap",
            where=text("stage in ('recorded', 'confirmed')"),
        ),
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
