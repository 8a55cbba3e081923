from datetime import date

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Object

NOT_REPLACED = text("replaced_by is null")


class Certificate(Base):
    """What an approval issued: a number, and a code by which anybody can check that it is genuine.

    `stage`: valid, suspended, cancelled, replaced: then `replaced_by` is the one issued in its place, which in turn
    `replaces` it. `shown` is what the public may see, without personal data. `version` counts the acts on it.
    """

    __tablename__ = "certificate"
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    number: Mapped[str]
    verification_code: Mapped[str] = mapped_column(unique=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"))
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
    replaces: Mapped[str | None]
    replaced_by: Mapped[str | None]
    shown: Mapped[Object] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        # What was replaced may share its number, and its application, with what replaced it.
        Index("uq_certificate_kind_number", "kind", "number", unique=True, postgresql_where=NOT_REPLACED),
        Index("uq_certificate_application_id", "application_id", unique=True, postgresql_where=NOT_REPLACED),
        Index("ix_certificate_holder_id", "holder_id", "kind"),
        Index("ix_certificate_issued_at", text("issued_at desc"), text("id desc")),
        # Which ends first: few kinds of certificates end at all.
        Index("ix_certificate_valid_to", "valid_to", "id", postgresql_where=text("valid_to is not null")),
        Index("ix_certificate_number", "number"),
        Index("ix_certificate_machine_id", "machine_id", "kind"),
        Index("ix_certificate_area", "area", postgresql_ops={"area": "text_pattern_ops"}),
    )


class CertificateAct(Base):
    """What was done with a certificate: by whom, for what reason. `version` is the certificate's since. Insert only."""

    __tablename__ = "certificate_act"
    certificate_id: Mapped[str] = mapped_column(ForeignKey("certificate.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    at: Mapped[Instant]
    by: Mapped[Object]
    reason: Mapped[str]


class Counter(Base):
    """The last serial given out for a kind of number under its stem: what stands before the serial (agency, year …)."""

    __tablename__ = "counter"
    kind: Mapped[str] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]
