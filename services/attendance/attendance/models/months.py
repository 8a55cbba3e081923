"""Leave, months and what stands in them: corrections, absences, leadership shifts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Double, ForeignKey, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from attendance.models.columns import Instant, Number
from chassis.database import Base


class Leave(Base):
    """Days on which somebody need not be on a site, both included: asked for by his firm, granted by its developer."""

    __tablename__ = "leave"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str]
    deputy_id: Mapped[str | None]
    stage: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    opinion: Mapped[str | None]
    __table_args__ = (
        Index("ix_leave_person", "person", "site", "first"),
        Index("ix_leave_asked_at", text("asked_at desc"), "id"),
    )


class SiteMonth(Base):
    """A site's month closed, or open again: a row a revision. The first one is written when the month is closed, each
    further one when an officer reopens it (`reopened_*`). `closes_on` is the last day on which something still counts."""

    __tablename__ = "site_month"
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    closes_on: Mapped[date]
    reopened_at: Mapped[datetime | None] = mapped_column(Instant)
    reopened_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    __table_args__ = (
        Index("uq_site_month_open", "site", "month", unique=True, postgresql_where=text("closed_at is null")),
    )


class MonthFigures:
    """What a duty's month came to, reckoned through `through`; figures as in MonthVerdict, `excluded` counts days by their
    reason. `record`: of a closed month, the days as they were judged and the rule, so that it can be explained when the
    positions are gone."""

    through: Mapped[date]
    valid: Mapped[int]
    undecided: Mapped[int]
    denominator: Mapped[int]
    rate: Mapped[float | None] = mapped_column(Double)
    highest_rate: Mapped[float | None] = mapped_column(Double)
    required: Mapped[int]
    standing: Mapped[str]
    excluded: Mapped[dict[str, int]] = mapped_column(JSONB)
    reckoned_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    record: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class DutyMonth(MonthFigures, Base):
    """A row a duty, because one person may hold a role on a site twice in a month.

    Reckoned every night until it is closed (attendance.month_rows, attendance.closing). What is open may be reckoned anew
    at any moment, what is closed stands.
    """

    __tablename__ = "duty_month"
    month: Mapped[date] = mapped_column(primary_key=True)  # its first day
    site: Mapped[int] = mapped_column(ForeignKey("site.number"), primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    __table_args__ = (
        Index("ix_duty_month_person", "person", "month"),
        Index(
            "ix_duty_month_figures",
            "month",
            "site",
            postgresql_include=["role", "valid", "undecided", "denominator", "standing", "through"],
        ),
        Index("ix_duty_month_short", "month", "site", postgresql_where=text("standing = 'short'")),
    )


class DutyMonthRevision(MonthFigures, Base):
    """A closed row as it stood before its month was reopened: nothing that was once told is overwritten."""

    __tablename__ = "duty_month_revision"
    month: Mapped[date] = mapped_column(primary_key=True)
    site: Mapped[int] = mapped_column(primary_key=True)
    person: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)


class Correction(Base):
    """An officer's word on somebody's day, or (`withdraws`) that an earlier one of them was a mistake: entries only, none is
    ever changed. Of those that are not withdrawn the latest counts."""

    __tablename__ = "correction"
    number: Mapped[int] = mapped_column(Integer, Number, primary_key=True)
    id: Mapped[str] = mapped_column(Text, unique=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    day: Mapped[date]
    verdict: Mapped[str | None]
    reason: Mapped[str]
    document: Mapped[str]
    withdraws: Mapped[str | None] = mapped_column(ForeignKey("correction.id"), unique=True)
    entered_at: Mapped[datetime] = mapped_column(Instant)
    entered_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (Index("ix_correction_person", "person", "site", "day"),)


class Absence(Base):
    """A day that is over on which somebody was certainly not on the site where he had to be: told of once.

    `role`, `application_id` name the duty by which it was noticed. `lifted_at`: since when it is none any more, by what
    became known later. The firm explains it once.
    """

    __tablename__ = "absence"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    day: Mapped[date]
    role: Mapped[str]
    application_id: Mapped[str]
    noticed_at: Mapped[datetime] = mapped_column(Instant)
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    explanation: Mapped[str | None]
    explained_at: Mapped[datetime | None] = mapped_column(Instant)
    explained_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (
        Index("uq_absence_day", "person", "site", "day", unique=True),
        Index("ix_absence_duty", "application_id", "person", "day"),
        Index("ix_absence_day", "day", "site"),
        Index("ix_absence_site", "site", text("noticed_at desc")),
        Index("ix_absence_noticed_at", text("noticed_at desc"), text("id desc")),
    )


class LeaderLeave(Base):
    """Days on which an enterprise's leader did not work, both included, as his firm recorded them."""

    __tablename__ = "leader_leave"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    firm_id: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    __table_args__ = (Index("ix_leader_leave_person", "person", "first"),)


class Shift(Base):
    """A leadership shift (带班): who led on a site from when to when, as the firm says, until somebody confirms it.

    The database refuses two at once of one person's (`ex_shift_overlap`), unless returned or withdrawn.
    """

    __tablename__ = "shift"
    id: Mapped[str] = mapped_column(Text, primary_key=True)
    person: Mapped[int] = mapped_column(ForeignKey("person.number"))
    site: Mapped[int] = mapped_column(ForeignKey("site.number"))
    leads_as: Mapped[str]
    day: Mapped[date]
    began_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime] = mapped_column(Instant)
    checked: Mapped[str]
    found: Mapped[str]
    stage: Mapped[str]
    firm_id: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
    recorded_by: Mapped[dict[str, Any]] = mapped_column(JSONB)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    remark: Mapped[str | None]
    __table_args__ = (
        Index("ix_shift_person", "person", "day"),
        Index("ix_shift_site", "site", text("recorded_at desc")),
        Index("ix_shift_recorded_at", text("recorded_at desc"), text("id desc")),
        ExcludeConstraint(
            (text("int4range(person, person, '[]')"), "&&"),
            (text("tstzrange(began_at, ended_at)"), "&&"),
            name="ex_shift_overlap",
            where=text("stage in ('recorded', 'confirmed')"),
        ),
    )
