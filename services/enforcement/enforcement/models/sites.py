"""Firms and sites: copies of what filing tells; and the officers of agencies."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant


class Firm(Base):
    """A copy of filing's organisation: an enterprise, or an agency."""

    __tablename__ = "firm"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    credit_code: Mapped[str | None]
    kind: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    level: Mapped[str]
    area: Mapped[str]


class Site(Base):
    """A copy of filing's project. `boundary`: GeoJSON in WGS-84; `suspended_on`: since when its supervision stands still."""

    __tablename__ = "site"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    number: Mapped[str | None]
    area: Mapped[str]
    agency_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    contractor_id: Mapped[str | None]
    supervisor_id: Mapped[str | None]
    stage: Mapped[str | None]
    starts_on: Mapped[date | None]
    finishes_on: Mapped[date | None]
    boundary: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    suspended_on: Mapped[date | None]
    merged_into: Mapped[str | None]
    __table_args__ = (
        Index("ix_site_area", "area", postgresql_ops={"area": "text_pattern_ops"}),
        Index(
            "ix_site_on_map",
            "area",
            postgresql_ops={"area": "text_pattern_ops"},
            postgresql_include=["id"],
            postgresql_where=text("boundary is not null and merged_into is null and stage is distinct from 'closed'"),
        ),
        Index("ix_site_owner_id", "owner_id"),
        Index("ix_site_contractor_id", "contractor_id"),
        Index("ix_site_supervisor_id", "supervisor_id"),
    )


class Officer(Base):
    """An enforcement officer (执法人员) with his certificate, entered by his agency. `user_id`: his account, if he has one.

    A removed officer stays on record: `removed_at`.
    """

    __tablename__ = "officer"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency_id: Mapped[str] = mapped_column(ForeignKey("firm.id"))
    name: Mapped[str]
    user_id: Mapped[str | None]
    certificate_number: Mapped[str]
    certificate_valid_to: Mapped[date]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_officer_agency_id", "agency_id"),
        Index("uq_officer_certificate", "certificate_number", unique=True, postgresql_where=text("removed_at is null")),
        Index("uq_officer_user_id", "user_id", unique=True, postgresql_where=text("removed_at is null")),
    )
