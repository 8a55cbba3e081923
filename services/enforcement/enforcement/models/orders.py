"""Orders (责令整改、停工) and the answers to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from enforcement.models.columns import Instant


class Order(Base):
    """An order to a firm on a site: to put findings right by a day, to stop a part of the works, or all of them.

    `document_id` is its paper, with its number. `due_on`: the last day; `first_due_on` before any extension. `follows`: the
    order that this one repeats. `lifted_at`: since when the stoppage is over. `escalated_to`: how far up what is overdue was
    told (officer, agency, city), each step once for a day; an extension sets a new day.
    `on_paper`: the report needs no photos. `extensions`: how often the day was moved.
    """

    __tablename__ = "site_order"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str]
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    number: Mapped[str]
    inspection_id: Mapped[str | None] = mapped_column(ForeignKey("inspection.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    area: Mapped[str]
    agency_id: Mapped[str]
    addressee_id: Mapped[str]
    scope: Mapped[str]
    demands: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(Instant)
    issued_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    first_due_on: Mapped[date]
    due_on: Mapped[date]
    stage: Mapped[str]
    follows: Mapped[str | None]
    reported_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    escalated_to: Mapped[str | None]
    on_paper: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    extensions: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    __table_args__ = (
        Index("uq_order_number", "agency_id", "number", unique=True),
        Index("ix_order_issued_at", text("issued_at desc"), text("id desc")),
        Index("ix_order_area", "area", text("issued_at desc"), postgresql_ops={"area": "text_pattern_ops"}),
        Index("ix_order_site_id", "site_id", text("issued_at desc"), text("id desc")),
        Index("ix_order_addressee_id", "addressee_id", text("issued_at desc"), text("id desc")),
        Index("ix_order_agency_id", "agency_id", text("issued_at desc"), text("id desc")),
        Index("ix_order_open", "due_on", "id", postgresql_where=text("closed_at is null")),
        Index("ix_order_closed_at", "closed_at", postgresql_where=text("stage = 'closed'")),
        Index(
            "ix_order_open_area",
            "area",
            "due_on",
            postgresql_ops={"area": "text_pattern_ops"},
            postgresql_include=["reported_at", "site_id"],
            postgresql_where=text("closed_at is null"),
        ),
        *(
            Index(
                f"ix_order_open_{whose}",
                f"{whose}_id",
                "due_on",
                postgresql_include=["reported_at"],
                postgresql_where=text("closed_at is null"),
            )
            for whose in ("agency", "addressee")
        ),
        Index(
            "ix_order_owing",
            "escalated_to",
            "due_on",
            "id",
            postgresql_where=text("closed_at is null and reported_at is null"),
        ),
        Index(
            "ix_order_stopped",
            "site_id",
            postgresql_where=text("kind <> 'rectify' and lifted_at is null and closed_at is null"),
        ),
    )


class OrderAct(Base):
    """What was done about an order, in order: the timeline. Entries only."""

    __tablename__ = "order_act"
    order_id: Mapped[str] = mapped_column(ForeignKey("site_order.id"), primary_key=True)
    place_in: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Rectification(Base):
    """A firm's report (安全整改报告) on an order, a row a round. `answers`: per finding what was done, and its
    photos, `before` or `after`: evidence of the report once it is submitted. Until then it is a draft that its firm alone sees.
    `supervisor_opinion`, `owner_opinion`: what the other firms of the site say of it. `outcome`: what the agency decided."""

    __tablename__ = "rectification"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("site_order.id"))
    round: Mapped[int]
    stage: Mapped[str]
    answers: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    saved_at: Mapped[datetime] = mapped_column(Instant)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    submitted_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    checked_by: Mapped[str | None]
    opinion: Mapped[str | None]
    supervisor_opinion: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    owner_opinion: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("uq_rectification_round", "order_id", "round", unique=True),
        Index("ix_rectification_draft", "order_id", postgresql_where=text("stage = 'draft'")),
    )


class Transfer(Base):
    """A matter handed to the body that may fine (行政处罚移交表), and its answer. The id is made by who sends it.

    `attachments`: the papers and photos that go with it, as they were then. `case_number`: the number under which the receiver
    took it.
    """

    __tablename__ = "transfer"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("site_order.id"))
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"))
    area: Mapped[str]
    from_agency_id: Mapped[str]
    to_agency_id: Mapped[str]
    document_id: Mapped[str] = mapped_column(ForeignKey("document.id"))
    number: Mapped[str]
    party_id: Mapped[str]
    party_name: Mapped[str]
    facts: Mapped[str]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    stage: Mapped[str]
    sent_at: Mapped[datetime] = mapped_column(Instant)
    sent_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None]
    case_number: Mapped[str | None]
    __table_args__ = (
        Index("ix_transfer_order_id", "order_id"),
        Index("ix_transfer_to_agency_id", "to_agency_id", text("sent_at desc"), text("id desc")),
        Index("ix_transfer_from_agency_id", "from_agency_id", text("sent_at desc"), text("id desc")),
    )
