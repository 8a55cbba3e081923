"""The tables of personnel. Two rules are the database's own, whatever the code does: one person, one row in the
province; and a person's active locks of a counted group stand in slots of their own."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from sqlalchemy.types import DateTime

from chassis.database import Base
from chassis.searching import search_words

Instant = DateTime(timezone=True)
ACTIVE = text("released_at is null")
STANDING = text("removed_at is null")


def _pieces_of_name(context: Any) -> list[str]:
    return search_words([context.get_current_parameters()["name"]])


class Person(Base):
    """Somebody on file. `employer_*` are empty between a release and the next entry; `area` stays. `search` follows the
    name (chassis.searching)."""

    __tablename__ = "person"
    id: Mapped[str] = mapped_column(primary_key=True)
    identity_number: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    phone: Mapped[str]
    posts: Mapped[list[str]] = mapped_column(JSONB, default=list)
    photo: Mapped[str | None]
    employer_id: Mapped[str | None]
    employer_name: Mapped[str | None]
    area: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    search: Mapped[list[str]] = mapped_column(ARRAY(Text), default=_pieces_of_name, deferred=True)
    certificates: Mapped[list["Certificate"]] = relationship(
        primaryjoin="and_(Person.id == Certificate.person_id, Certificate.removed_at.is_(None))",
        order_by="(Certificate.kind, Certificate.trade, Certificate.number)",
        viewonly=True,
    )
    __table_args__ = (
        Index("ix_person_entered", text("entered_at desc"), text("id desc")),
        Index("ix_person_employer", "employer_id", text("entered_at desc"), text("id desc")),
        Index("ix_person_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
        Index("ix_person_photo", "photo", postgresql_where=text("photo is not null")),
        Index("ix_person_search", "search", postgresql_using="gin"),
        Index("ix_person_posts", "posts", postgresql_using="gin", postgresql_ops={"posts": "jsonb_path_ops"}),
        Index("ix_person_phone_end", text("reverse(phone) text_pattern_ops")),
    )

    @validates("name")
    def _index(self, _: str, name: str) -> str:
        self.search = search_words([name])
        return name


class PersonArea(Base):
    """Which agencies see whom: a row for every territory, however wide, that the employer or a project of a lock lies
    in. What an agency lists is one range of the index, whatever the size of the register (personnel.sight)."""

    __tablename__ = "person_area"
    area: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="cascade"), primary_key=True)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    __table_args__ = (
        Index("ix_person_area_entered", "area", text("entered_at desc"), text("person_id desc")),
        Index("ix_person_area_person", "person_id"),
    )


class Employment(Base):
    """Who worked where, from when to when; one open row a person at most."""

    __tablename__ = "employment"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    employer_id: Mapped[str]
    employer_name: Mapped[str]
    entered_at: Mapped[datetime] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str | None]
    __table_args__ = (Index("uq_employment_open", "person_id", unique=True, postgresql_where=ACTIVE),)


class Certificate(Base):
    __tablename__ = "certificate"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    trade: Mapped[str | None]
    number: Mapped[str]
    grade: Mapped[str | None]
    issuer: Mapped[str | None]
    issued_on: Mapped[date | None]
    valid_to: Mapped[date]
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("uq_certificate_number", "person_id", "kind", "number", unique=True, postgresql_where=STANDING),
        Index("ix_certificate_number", "number", postgresql_where=STANDING),
        Index("ix_certificate_kind", "kind", "person_id", postgresql_where=STANDING),
        # Whose end soon, and whether a longer one lies beside it: told by this index alone.
        Index("ix_certificate_ends", "person_id", "valid_to", "kind", "trade", postgresql_where=STANDING),
        Index("ix_certificate_valid_to", "valid_to", "person_id", postgresql_where=STANDING),
    )


class PersonLock(Base):
    """One person tied to a project (and machine, or notice) in a role. A released lock stays as it was."""

    __tablename__ = "person_lock"
    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    capacity_group: Mapped[str]
    slot: Mapped[int | None]
    exemption: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    replaces: Mapped[str | None]
    application_id: Mapped[str] = mapped_column(index=True)
    application_version: Mapped[int] = mapped_column(default=0)
    matter: Mapped[str]
    applicant_id: Mapped[str]
    agency_id: Mapped[str | None]
    project_id: Mapped[str] = mapped_column(ForeignKey("project_copy.project_id"))
    machine_id: Mapped[str | None]
    stage: Mapped[str]
    granted_at: Mapped[datetime] = mapped_column(Instant)
    lapses_at: Mapped[datetime | None] = mapped_column(Instant)
    held_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    cause: Mapped[str | None]
    reason: Mapped[str | None]
    released_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    person: Mapped[Person] = relationship(viewonly=True)
    project: Mapped["ProjectCopy"] = relationship(viewonly=True, lazy="joined", innerjoin=True)
    __table_args__ = (
        Index("uq_person_lock_slot", "person_id", "capacity_group", "slot", unique=True, postgresql_where=ACTIVE),
        Index("uq_person_lock_claim", "application_id", "person_id", "role", unique=True, postgresql_where=ACTIVE),
        Index("ix_person_lock_project", "project_id", postgresql_where=ACTIVE),
        Index("ix_person_lock_applicant", "applicant_id", postgresql_where=ACTIVE),
        Index("ix_person_lock_machine", "machine_id", postgresql_where=ACTIVE),
        Index("ix_person_lock_lapses_at", "lapses_at", postgresql_where=ACTIVE),
        CheckConstraint("stage in ('provisional', 'reserved', 'held', 'released')", name="stage"),
        CheckConstraint("(stage = 'released') = (released_at is not null)", name="released"),
        CheckConstraint("(released_at is null) = (cause is null)", name="release_has_cause"),
        CheckConstraint("(stage = 'provisional') = (lapses_at is not null)", name="provisional_lapses"),
        CheckConstraint("(slot is null) = (capacity_group = 'recorded')", name="counted_has_slot"),
        CheckConstraint("exemption is null or role = 'project_manager'", name="exempt_is_manager"),
        CheckConstraint(
            "slot = 1 or capacity_group not in ('full_time', 'operator', 'crew') or exemption is not null"
            " or released_at is not null",
            name="second_is_exempt",
        ),
    )


class LedgerEntry(Base):
    """Append-only. An entry tells how a lock stands: `effective_at` since when, `recorded_at` when we knew."""

    __tablename__ = "person_ledger"
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    lock_id: Mapped[str] = mapped_column(ForeignKey("person_lock.id"))
    act: Mapped[str]
    stage: Mapped[str]
    role: Mapped[str]
    application_id: Mapped[str]
    project_id: Mapped[str]
    project_name: Mapped[str]
    machine_id: Mapped[str | None]
    since: Mapped[datetime] = mapped_column(Instant)
    effective_at: Mapped[datetime] = mapped_column(Instant)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    cause: Mapped[str | None]
    reason: Mapped[str | None]
    by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (
        Index("ix_person_ledger_person", "person_id", "number"),
        Index("ix_person_ledger_lock", "lock_id", "number"),
        CheckConstraint("effective_at <= recorded_at", name="known_after_it_happened"),
    )


class ProjectCopy(Base):
    """What personnel keeps of filing's projects, the facts that prove T14's exceptions among it; `version` 0 is what a
    claim said before any event."""

    __tablename__ = "project_copy"
    project_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    area: Mapped[str]
    agency_id: Mapped[str | None]
    works_code: Mapped[str | None]
    stage: Mapped[str | None]
    works_accepted_on: Mapped[date | None]
    suspended: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
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


class ApplicationCopy(Base):
    """The newest that was heard of an application: an event older than this is not applied any more."""

    __tablename__ = "application_copy"
    application_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    matter: Mapped[str]
    standing: Mapped[str]
