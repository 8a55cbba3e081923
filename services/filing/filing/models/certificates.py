from datetime import date

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Object


class Certificate(Base):
    """What an approval issued: a number, and a code by which anybody can check that it is genuine.

    `stage`: valid, cancelled. `shown` is what the public may see, without personal data.
    """

    __tablename__ = "certificate"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    verification_code: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), unique=True)
    holder_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    holder_name: Mapped[str]
    agency_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    agency_name: Mapped[str]
    area: Mapped[str]
    project_id: Mapped[str | None]
    project_name: Mapped[str | None]
    machine_id: Mapped[str | None]
    issued_at: Mapped[Instant]
    issued_on: Mapped[date]
    valid_to: Mapped[date | None]
    stage: Mapped[str] = mapped_column(default="valid")
    cancelled_at: Mapped[Instant | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    shown: Mapped[Object] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        Index("ix_certificate_holder_id", "holder_id", "kind"),
        Index("ix_certificate_issued_at", text("issued_at desc"), text("id desc")),
        Index("ix_certificate_number", "number"),
        Index("ix_certificate_machine_id", "machine_id", "kind"),
        Index("ix_certificate_area", "area", postgresql_ops={"area": "text_pattern_ops"}),
    )


class Counter(Base):
    """The last serial given out for a kind of number under its stem: what stands before the serial (agency, year …)."""

    __tablename__ = "counter"
    kind: Mapped[str] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
