"""Penalty cases (行政处罚案件): the case, its timeline, its clocks, what was paid, and which acts are in it."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Numeric, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant

Money = Numeric(14, 2)


class Case(Base):
    """One party's act, from the clue to the closed file. Amounts in whole yuan but the surcharge.

    `number`: of its filing paper, or of the decision made on the spot. `party_key`: who it is, as `case_conduct` holds it;
    `party_number`: masked. `facts`: what the calculator was told; `weighing`: what it answered, kept as it was; `grave`: with the
    measures that are open because the case is grave. `proposed`, `noticed`, `fine`: the amount at each step; `deviation`: how the
    amount stands to the tier, and the reason. `challenges`: reviews and suits with their days.
    """

    __tablename__ = "penalty_case"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[str | None]
    kind: Mapped[str]
    stage: Mapped[str]
    agency_id: Mapped[str]
    area: Mapped[str]
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"))
    order_id: Mapped[str | None] = mapped_column(ForeignKey("site_order.id"))
    transfer_id: Mapped[str | None] = mapped_column(ForeignKey("transfer.id"))
    source: Mapped[str]
    party_kind: Mapped[str]
    party_id: Mapped[str | None]
    party_name: Mapped[str]
    party_number: Mapped[str | None]
    party_key: Mapped[str]
    offence_keys: Mapped[list[str]] = mapped_column(JSONB)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    acted_on: Mapped[date | None]
    found_on: Mapped[date]
    weighing: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    grave: Mapped[bool]
    proposed: Mapped[int | None] = mapped_column(BigInteger)
    noticed: Mapped[int | None] = mapped_column(BigInteger)
    fine: Mapped[int | None] = mapped_column(BigInteger)
    deviation: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[str | None]
    investigators: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    opened_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    filed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    reviewed_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reviewed: Mapped[int | None] = mapped_column(BigInteger)
    noticed_at: Mapped[datetime | None] = mapped_column(Instant)
    notice_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"))
    notice_served_on: Mapped[date | None]
    hearing_right: Mapped[bool]
    waived_on: Mapped[date | None]
    defended_at: Mapped[datetime | None] = mapped_column(Instant)
    hearing_asked_on: Mapped[date | None]
    hearing_on: Mapped[date | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("document.id"))
    decision_number: Mapped[str | None]
    days_late: Mapped[int | None]
    served_on: Mapped[date | None]
    pay_by: Mapped[date | None]
    paid: Mapped[Decimal] = mapped_column(Money)
    reminded_on: Mapped[date | None]
    challenges: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    published_on: Mapped[date | None]
    removed_on: Mapped[date | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_case_opened_at", text("opened_at desc"), text("id desc")),
        Index("ix_case_area", "area", text("opened_at desc"), postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_case_agency_id", "agency_id", text("opened_at desc"), text("id desc")),
        Index("ix_case_party_id", "party_id", text("opened_at desc"), text("id desc")),
        Index("ix_case_site_id", "site_id", text("opened_at desc"), text("id desc")),
        Index("ix_case_order_id", "order_id"),
        Index("ix_case_offence_keys", "offence_keys", postgresql_using="gin", postgresql_ops={"offence_keys": "jsonb_path_ops"}),
        Index("ix_case_decided_at", text("decided_at desc"), postgresql_where=text("decided_at is not null")),
    )  # fmt: skip


class CaseConduct(Base):
    """An act that is in a case: `act_key` names the finding, the order or the clue, `party_key` whose act it is. One act of one
    party is in one case (行政处罚法 29): a second case for it can be written only when the first was dropped, which deletes
    the row."""

    __tablename__ = "case_conduct"
    act_key: Mapped[str] = mapped_column(Text, primary_key=True)
    party_key: Mapped[str] = mapped_column(Text, primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("penalty_case.id"))
    __table_args__ = (Index("ix_case_conduct_case_id", "case_id"),)


class CaseAct(Base):
    """What was done in a case, in order: the timeline. Entries only."""

    __tablename__ = "case_act"
    case_id: Mapped[str] = mapped_column(ForeignKey("penalty_case.id"), primary_key=True)
    place_in: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


class CaseClock(Base):
    """A period that runs in a case (domain facts C15–C27). `kind`: limit (the last day) or lead (the first day on which it may
    be done). `spans`: days that are not counted, and why; one that is not over yet has no `last`.
    `told_at`: when it was told as past."""

    __tablename__ = "case_clock"
    case_id: Mapped[str] = mapped_column(ForeignKey("penalty_case.id"), primary_key=True)
    place_in: Mapped[int] = mapped_column(primary_key=True)
    clock_id: Mapped[str]
    kind: Mapped[str]
    started_on: Mapped[date]
    due_on: Mapped[date]
    provisional: Mapped[bool]
    extensions: Mapped[int]
    spans: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    ended_on: Mapped[date | None]
    told_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index(
            "ix_case_clock_due",
            "due_on",
            "case_id",
            postgresql_where=text("ended_on is null and told_at is null and kind = 'limit'"),
        ),
    )


class CasePayment(Base):
    """Money that came in, with the receipt that proves it."""

    __tablename__ = "case_payment"
    case_id: Mapped[str] = mapped_column(ForeignKey("penalty_case.id"), primary_key=True)
    receipt: Mapped[str] = mapped_column(Text, primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    paid_on: Mapped[date]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
