"""People, sites, and who has to be where: copies of what others tell."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from attendance.models.columns import Instant, Number
from chassis.database import Base


class Person(Base):
    """Somebody whom we know by a roster or a device. His name is personnel's to tell: `name` is what the last event called
    him, for files that are written where nobody can be asked."""

    __tablename__ = "person"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str | None]


class Site(Base):
    """A copy of filing's project, kept by its events; of one that only a duty has named yet, the number and the id. What
    its firms are called is for files alone, as are people's names."""

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
    owner_name: Mapped[str] = mapped_column(server_default="")
    contractor_name: Mapped[str] = mapped_column(server_default="")
    supervisor_name: Mapped[str] = mapped_column(server_default="")
    stage: Mapped[str | None]
    starts_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
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


class OrderStoppage(Base):
    """Days on which all works of a site stood still by an order of enforcement, a row an order: several may overlap, and filing's
    own stoppages too. `until` is the day of the resumption. Its two events may come in either order: `since` is null
    until the stop was heard of."""

    __tablename__ = "order_stoppage"
    order_id: Mapped[str] = mapped_column(Text, primary_key=True)
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    since: Mapped[date | None]
    until: Mapped[date | None]
    __table_args__ = (Index("ix_order_stoppage_site", "site"),)


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


class SiteCount(Base):
    """Of the people due on a site: how many were there, and how many sent nothing that day, when last counted."""

    __tablename__ = "site_count"
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    due: Mapped[int]
    there: Mapped[int]
    never_seen: Mapped[int]
    newest: Mapped[datetime | None] = mapped_column(Instant)
    counted_at: Mapped[datetime] = mapped_column(Instant)
