"""Inspections (执法检查), what they found, and the evidence taken."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant


class Inspection(Base):
    """One visit to a site by at least two officers. The id is made where it is begun, on a phone perhaps: whoever sends it
    twice sends the same.

    `checked`: per table of the library's version `library` the points taken off, item by item; `content`: the whole record as
    it was sealed, `seal` its SHA-256 (also in the journal). `marks`: what somebody should look at, with its reason; none of
    them refuses anything. `site_signature`: who signed for the site, or that he refused and why.
    """

    __tablename__ = "inspection"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str]
    plan_id: Mapped[str | None]
    rechecks: Mapped[str | None]
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    area: Mapped[str]
    agency_id: Mapped[str]
    stage: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(Instant)
    started_place: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_place: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    officers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    library: Mapped[str | None]
    checked: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    score: Mapped[float | None] = mapped_column(Double)
    grade: Mapped[str | None]
    findings_count: Mapped[int]
    signatures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    site_signature: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    seal: Mapped[str | None]
    sealed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_inspection_site_id", "site_id", text("started_at desc"), text("id desc")),
        Index("ix_inspection_started_at", text("started_at desc"), text("id desc")),
        Index("ix_inspection_area", "area", text("started_at desc"), postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_inspection_agency_id", "agency_id", text("started_at desc"), text("id desc")),
        Index("ix_inspection_plan_id", "plan_id", postgresql_where=text("plan_id is not null")),
        Index(
            "ix_inspection_plan_site",
            "plan_id",
            "site_id",
            postgresql_where=text("plan_id is not null and stage = 'completed'"),
        ),
        Index("ix_inspection_running", "agency_id", postgresql_where=text("stage = 'started'")),
    )


class InspectionOfficer(Base):
    """Who inspected, one row an officer: whose day it was, with whom."""

    __tablename__ = "inspection_officer"
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    officer_id: Mapped[str] = mapped_column(ForeignKey("officer.id"), primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (Index("ix_inspection_officer_id", "officer_id", text("started_at desc")),)


class Finding(Base):
    """Something found (检查发现): which clause it is against, how grave, what has to be done. `clause_key` names it in the
    library's version; `clause` is its text as it was then. Closed with its order. `is_repeated`: the same site against the
    same clause within half a year before (`repeats`)."""

    __tablename__ = "finding"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspection.id"))
    place_in: Mapped[int]
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    area: Mapped[str]
    clause_key: Mapped[str]
    clause: Mapped[str]
    severity: Mapped[str]
    description: Mapped[str]
    part: Mapped[str]
    found_on: Mapped[date]
    order_id: Mapped[str | None] = mapped_column(ForeignKey("site_order.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    is_repeated: Mapped[bool] = mapped_column(server_default=text("false"))
    __table_args__ = (
        Index("ix_finding_again", text("found_on desc"), text("id desc"), postgresql_where=text("is_repeated")),
        Index("uq_finding_place", "inspection_id", "place_in", unique=True),
        Index("ix_finding_site_id", "site_id", text("found_on desc"), text("id desc")),
        Index("ix_finding_order_id", "order_id"),
        Index("ix_finding_repeated", "site_id", "clause_key", "found_on"),
        Index(
            "ix_finding_area",
            "area",
            text("found_on desc"),
            text("id desc"),
            postgresql_ops={"area": "text_pattern_ops"},
        ),
        Index(
            "ix_finding_grave",
            "severity",
            text("found_on desc"),
            text("id desc"),
            postgresql_where=text("severity <> 'general'"),
        ),
        Index("ix_finding_clause", "clause_key", text("found_on desc"), text("id desc")),
        Index("ix_finding_listed", text("found_on desc"), text("id desc")),
        Index("ix_finding_found_on", "found_on", "area", postgresql_include=["clause_key", "severity", "closed_at"]),
    )


class Evidence(Base):
    """A file that proves something, kept as it came: by its SHA-256 in the blob store. `subject_kind` and `subject_id` say of
    what: finding, inspection, rectification, case. `marks`: why somebody should look twice (type, size, place, time)."""

    __tablename__ = "evidence"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    site_id: Mapped[str | None]
    name: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int]
    media_type: Mapped[str | None]
    purpose: Mapped[str]
    note: Mapped[str]
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_place: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    derived_from: Mapped[str | None] = mapped_column(ForeignKey("evidence.id"))
    recipe: Mapped[str | None]
    marks: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    added_at: Mapped[datetime] = mapped_column(Instant)
    added_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (Index("ix_evidence_subject", "subject_kind", "subject_id"), Index("ix_evidence_sha256", "sha256"))
