"""Plans of inspections (检查计划), random draws, the visits that follow from both, and officers' interests in firms."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, Text, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by
from sqlalchemy.orm import Mapped, column_property, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant
from enforcement.models.inspections import Inspection
from enforcement.terms import InspectionStage


class Interest(Base):
    """Why an officer may not inspect a firm (回避), from a day on, until a day or for good."""

    __tablename__ = "interest"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"))
    firm_id: Mapped[str] = mapped_column(ForeignKey("firm.id"))
    reason: Mapped[str]
    since: Mapped[date]
    until: Mapped[date | None]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (Index("ix_interest_officer_id", "officer_id"),)


class Plan(Base):
    """What an agency will inspect from one day to another, and on what basis. `criteria`: how its sites were chosen;
    `visits`: inspections of a site; `cap`: inspections of an enterprise in a calendar year, as it was published.

    Drafted, approved, finished; it runs from its first day on. `version` counts its changes: what is approved is what the
    approver saw.
    """

    __tablename__ = "plan"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency_id: Mapped[str]
    area: Mapped[str]
    kind: Mapped[str]
    title: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    basis: Mapped[str]
    criteria: Mapped[dict[str, Any]] = mapped_column(JSONB)
    visits: Mapped[int]
    cap: Mapped[int]
    stage: Mapped[str]
    version: Mapped[int]
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    drafted_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    summary: Mapped[str | None]
    __table_args__ = (
        Index("ix_plan_drafted_at", text("drafted_at desc"), text("id desc")),
        Index("ix_plan_agency_id", "agency_id", text("drafted_at desc"), text("id desc")),
    )


class PlanSite(Base):
    """A site that a plan covers. Chosen anew whenever the draft is saved, and fixed by the approval."""

    __tablename__ = "plan_site"
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), primary_key=True)


class Draw(Base):
    """A draw to which an agency has committed itself. Never changed: `commitment` is the SHA-256 of `committed`, which holds
    the sites with their weights, the officers, and the hash of `nonce`."""

    __tablename__ = "draw"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.id"))
    agency_id: Mapped[str]
    area: Mapped[str]
    committed_at: Mapped[datetime] = mapped_column(Instant)
    committed_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    committed: Mapped[dict[str, Any]] = mapped_column(JSONB)
    commitment: Mapped[str]
    nonce: Mapped[str]
    __table_args__ = (
        Index("ix_draw_plan_id", "plan_id"),
        Index("ix_draw_committed_at", text("committed_at desc"), text("id desc")),
    )


class DrawReveal(Base):
    """The public seed of a draw and what came out of it, once. Never changed: `published` is the file from which anybody
    recomputes the draw, `digest` its SHA-256 (also in the journal)."""

    __tablename__ = "draw_reveal"
    draw_id: Mapped[str] = mapped_column(ForeignKey("draw.id"), primary_key=True)
    revealed_at: Mapped[datetime] = mapped_column(Instant)
    revealed_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    seed: Mapped[str]
    seed_announced_at: Mapped[datetime] = mapped_column(Instant)
    published: Mapped[dict[str, Any]] = mapped_column(JSONB)
    digest: Mapped[str]


class PlannedVisit(Base):
    """A visit that is to be made: the `serial`-th of a plan to a site, by `due_on`. `officer_ids`: those who were drawn; none
    where the plan leaves it open who goes.

    `inspection_id` is not kept: the first visit is made with the plan's first completed inspection of the site, and so on.
    """

    __tablename__ = "planned_visit"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plan.id"))
    draw_id: Mapped[str | None] = mapped_column(ForeignKey("draw.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    serial: Mapped[int] = mapped_column(Integer)
    area: Mapped[str]
    officer_ids: Mapped[list[str]] = mapped_column(ARRAY(Text))
    due_on: Mapped[date]
    inspection_id: Mapped[str | None] = column_property(
        select(
            func.array_agg(aggregate_order_by(Inspection.id, Inspection.started_at, Inspection.id), type_=ARRAY(Text))
        )
        .where(
            Inspection.plan_id == plan_id,
            Inspection.site_id == site_id,
            Inspection.stage == InspectionStage.COMPLETED,
        )
        .correlate_except(Inspection)
        .scalar_subquery()[serial]
    )
    __table_args__ = (
        Index("uq_planned_visit_serial", "plan_id", "site_id", "serial", unique=True),
        Index("ix_planned_visit_site_id", "site_id"),
        Index("ix_planned_visit_due_on", "due_on"),
        Index("ix_planned_visit_plan_id", "plan_id", "due_on"),
        Index("ix_planned_visit_area", "area", "due_on", postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_planned_visit_officer_ids", "officer_ids", postgresql_using="gin"),
    )
