"""Documents (执法文书): their numbers, and who opened them when."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant


class Document(Base):
    """A paper with a number that no other has. `content` is what stands on it, `hash` its SHA-256; the PDF is made from it on
    demand. Served by being shown to its addressee (`document_opening`), or on paper (`served_on_paper`: by whom, how, to whom)."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str]
    number: Mapped[str]
    agency_id: Mapped[str]
    year: Mapped[int]
    serial: Mapped[int]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    site_id: Mapped[str | None]
    area: Mapped[str]
    addressee_id: Mapped[str | None]
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    signed_at: Mapped[datetime | None] = mapped_column(Instant)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    hash: Mapped[str]
    served_on_paper: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("uq_document_serial", "agency_id", "kind", "year", "serial", unique=True),
        Index("ix_document_subject", "subject_kind", "subject_id"),
        Index("ix_document_hash", "hash", postgresql_ops={"hash": "text_pattern_ops"}),
        Index("ix_document_issued_at", text("issued_at desc"), text("id desc")),
        Index("ix_document_area", "area", text("issued_at desc"), postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_document_addressee_id", "addressee_id", text("issued_at desc"), text("id desc")),
        Index("ix_document_site_id", "site_id", text("issued_at desc"), text("id desc")),
    )


class DocumentOpening(Base):
    """Somebody of the addressee's opened a document: the proof that it was served. Each person's first time counts."""

    __tablename__ = "document_opening"
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    way: Mapped[str]


class NumberSeries(Base):
    """The last serial given out of an agency's documents of a kind in a year: as a number, or in a block."""

    __tablename__ = "number_series"
    agency_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class NumberBlock(Base):
    """Serials leased to a phone, `first` … `last`, so that it can number documents without coverage. They are that officer's
    until `lapses_at`; then, or when he hands them back, what he has not used is void, with its reason (`void_serial`)."""

    __tablename__ = "number_block"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    agency_id: Mapped[str]
    kind: Mapped[str]
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    leased_to: Mapped[dict[str, Any]] = mapped_column(JSONB)
    leased_at: Mapped[datetime] = mapped_column(Instant)
    lapses_at: Mapped[datetime] = mapped_column(Instant)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_number_block_series", "agency_id", "kind", "year", "first"),
        Index("ix_number_block_open", "lapses_at", postgresql_where=text("settled_at is null")),
    )


class VoidSerial(Base):
    """A serial that no document bears, and why: no gap is left without a word."""

    __tablename__ = "void_serial"
    agency_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    voided_on: Mapped[date]
    voided_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
