"""The tables of equipment. Whatever the code does, the database itself keeps three rules: one active lock a machine,
one machine a maker and serial number, and a ledger that only grows."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import DateTime

from chassis.database import Base

Instant = DateTime(timezone=True)
ACTIVE = text("released_at is null")
NOT_CANCELLED = text("stage <> 'cancelled'")


class Machine(Base):
    """One lifting machine for life. `frozen_since` is the agency's flag that stops every operation, `retired_for` the ground
    on which its owner had its filing cancelled."""

    __tablename__ = "machine"
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    stage: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    model: Mapped[str]
    maker: Mapped[str]
    maker_key: Mapped[str]
    maker_licence: Mapped[str]
    serial_number: Mapped[str]
    serial_key: Mapped[str]
    made_on: Mapped[date]
    bought_on: Mapped[date | None]
    rated_moment_knm: Mapped[float | None]
    max_load_t: Mapped[float | None]
    max_radius_m: Mapped[float | None]
    max_height_m: Mapped[float | None]
    free_height_m: Mapped[float | None]
    service_life_years: Mapped[int | None]
    hoist_drive: Mapped[str | None]
    supervision_inspection_no: Mapped[str]
    assessment: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    service_ends_on: Mapped[date | None]
    owner_id: Mapped[str]
    owner_name: Mapped[str]
    owner_area: Mapped[str]
    agency_id: Mapped[str | None]
    filing_number: Mapped[str | None]
    filed_on: Mapped[date | None]
    filing_agency: Mapped[str]
    filed_at: Mapped[datetime | None] = mapped_column(Instant)
    registration_number: Mapped[str | None]
    registered_on: Mapped[date | None]
    inspection_valid_to: Mapped[date | None]
    frozen_since: Mapped[datetime | None] = mapped_column(Instant)
    frozen_reason: Mapped[str | None]
    retired_for: Mapped[str | None]
    search: Mapped[list[str]] = mapped_column(ARRAY(Text), deferred=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        Index("uq_machine_serial", "maker_key", "serial_key", unique=True, postgresql_where=NOT_CANCELLED),
        Index("uq_machine_filing_number", "filing_number", unique=True, postgresql_where=NOT_CANCELLED),
        Index("ix_machine_recorded", text("recorded_at desc"), text("id desc")),
        Index("ix_machine_owner", "owner_id"),
        Index("ix_machine_area", "owner_area", postgresql_ops={"owner_area": "text_pattern_ops"}),
        Index("ix_machine_search", "search", postgresql_using="gin"),
        # What a home page counts, so that it is counted in the index and no machine is read for it.
        Index(
            "ix_machine_counted",
            "id",
            postgresql_include=["stage", "filed_at", "service_ends_on", "inspection_valid_to"],
        ),
        # Whichever of the two dates comes first, in the order in which machines run out.
        Index(
            "ix_machine_runs_out",
            text("least(service_ends_on, inspection_valid_to)"),
            "id",
            postgresql_where=text("stage not in ('cancelled', 'under_review')"),
        ),
        Index("ix_machine_service_ends_on", "service_ends_on", postgresql_where=NOT_CANCELLED),
        Index("ix_machine_inspection_valid_to", "inspection_valid_to", postgresql_where=NOT_CANCELLED),
        CheckConstraint(
            "stage in ('under_review', 'filed', 'locked', 'installed', 'registered', 'cancelled')", name="stage"
        ),
        CheckConstraint("kind in ('T', 'S', 'W', 'L', 'Q', 'M')", name="kind"),
        CheckConstraint(
            "filed_at is not null and filing_number is not null or stage in ('under_review', 'cancelled')",
            name="filed_has_number",
        ),
    )

    @property
    def was_filed(self) -> bool:
        return self.filed_at is not None

    @hybrid_property
    def runs_out_on(self) -> date | None:
        """Whichever of its two days comes first."""
        return min((day for day in (self.service_ends_on, self.inspection_valid_to) if day), default=None)

    @runs_out_on.inplace.expression
    @classmethod
    def _runs_out_on(cls) -> ColumnElement[date | None]:
        return func.least(cls.service_ends_on, cls.inspection_valid_to)  # as indexed


class MachineArea(Base):
    """Which agencies see which machine: a row for every territory, however wide, that its owner or the project of its lock
    lies in. What an agency lists is one range of the index, whatever the size of the register (equipment.sight)."""

    __tablename__ = "machine_area"
    area: Mapped[str] = mapped_column(primary_key=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id", ondelete="cascade"), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_machine_area_recorded", "area", text("recorded_at desc"), text("machine_id desc")),
        Index("ix_machine_area_machine", "machine_id"),
    )


class MachineLock(Base):
    """The machine tied to a project by an install notice: provisional → reserved → held → released."""

    __tablename__ = "machine_lock"
    id: Mapped[str] = mapped_column(primary_key=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"))
    application_id: Mapped[str]
    application_version: Mapped[int] = mapped_column(default=0)
    matter: Mapped[str]
    applicant_id: Mapped[str]
    applicant_name: Mapped[str]
    agency_id: Mapped[str | None]
    project_id: Mapped[str] = mapped_column(ForeignKey("project_copy.project_id"))
    stage: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(Instant)
    lapses_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    cause: Mapped[str | None]
    reason: Mapped[str | None]
    released_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    project: Mapped["ProjectCopy"] = relationship(viewonly=True, lazy="joined")
    __table_args__ = (
        Index("uq_machine_lock_active", "machine_id", unique=True, postgresql_where=ACTIVE),
        UniqueConstraint("application_id", "machine_id"),
        Index("ix_machine_lock_project", "project_id", postgresql_where=ACTIVE),
        Index("ix_machine_lock_applicant", "applicant_id", postgresql_where=ACTIVE),
        Index("ix_machine_lock_lapses_at", "lapses_at", postgresql_where=ACTIVE),
        CheckConstraint("stage in ('provisional', 'reserved', 'held', 'released')", name="stage"),
        CheckConstraint("(stage = 'released') = (released_at is not null)", name="released"),
        CheckConstraint("(released_at is null) = (cause is null)", name="release_has_cause"),
        CheckConstraint("(stage = 'provisional') = (lapses_at is not null)", name="provisional_lapses"),
    )


class MachineClaim(Base):
    """An open application about a machine that does not move it: its filing, registration of use, dismantling.

    One open application of a matter for a machine; `lock_id` is the lock that a registration or a dismantling is about.
    """

    __tablename__ = "machine_claim"
    id: Mapped[str] = mapped_column(primary_key=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"))
    application_id: Mapped[str]
    application_version: Mapped[int] = mapped_column(default=0)
    matter: Mapped[str]
    applicant_id: Mapped[str]
    applicant_name: Mapped[str]
    agency_id: Mapped[str | None]
    lock_id: Mapped[str | None] = mapped_column(ForeignKey("machine_lock.id"))
    stage: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(Instant)
    lapses_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    cause: Mapped[str | None]
    reason: Mapped[str | None]
    released_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("uq_machine_claim_active", "machine_id", "matter", unique=True, postgresql_where=ACTIVE),
        UniqueConstraint("application_id", "machine_id"),
        Index("ix_machine_claim_applicant", "applicant_id", postgresql_where=ACTIVE),
        Index("ix_machine_claim_lapses_at", "lapses_at", postgresql_where=ACTIVE),
        CheckConstraint("stage in ('provisional', 'reserved', 'released')", name="stage"),
        CheckConstraint("(stage = 'released') = (released_at is not null)", name="released"),
        CheckConstraint("(released_at is null) = (cause is null)", name="release_has_cause"),
        CheckConstraint("(stage = 'provisional') = (lapses_at is not null)", name="provisional_lapses"),
    )


class LedgerEntry(Base):
    """Append-only; each tells the state after it. `effective_at`: when it became so, `recorded_at`: when we knew."""

    __tablename__ = "machine_ledger"
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"))
    lock_id: Mapped[str] = mapped_column(ForeignKey("machine_lock.id"))
    act: Mapped[str]
    stage: Mapped[str]
    application_id: Mapped[str]
    holder_id: Mapped[str]
    holder_name: Mapped[str]
    project_id: Mapped[str]
    project_name: Mapped[str]
    since: Mapped[datetime] = mapped_column(Instant)
    effective_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    cause: Mapped[str | None]
    reason: Mapped[str | None]
    by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (
        Index("ix_machine_ledger_machine", "machine_id", "number"),
        CheckConstraint("effective_at <= recorded_at", name="known_after_it_happened"),
    )


class MachineEvent(Base):
    """The history of a machine: who did what to it, and when. Append-only."""

    __tablename__ = "machine_event"
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    machine_id: Mapped[str] = mapped_column(ForeignKey("machine.id"))
    act: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (Index("ix_machine_event_machine", "machine_id", "number"),)


class ProjectCopy(Base):
    """What equipment keeps of filing's projects; `version` 0 is what a claim said before any event."""

    __tablename__ = "project_copy"
    project_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    area: Mapped[str]
    agency_id: Mapped[str | None]
    number: Mapped[str | None]
    stage: Mapped[str | None]
    owner_id: Mapped[str | None]
    contractor_id: Mapped[str | None]
    supervisor_id: Mapped[str | None]
    merged_into: Mapped[str | None]
    __table_args__ = (
        Index("ix_project_copy_area", "area", postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_project_copy_owner", "owner_id"),
        Index("ix_project_copy_contractor", "contractor_id"),
        Index("ix_project_copy_supervisor", "supervisor_id"),
    )


class ProjectStop(Base):
    """An order of enforcement that stops all works of a project, from `stopped_at` until `resumed_at`; told of by two events
    that may come in either order."""

    __tablename__ = "project_stop"
    order_id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str]
    number: Mapped[str]
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    resumed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (Index("ix_project_stop_project_id", "project_id"),)
