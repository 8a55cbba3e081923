from datetime import date

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Object, Objects, Words


class Project(Base):
    """A project (工程项目): filed, or known only because an application names it ("add an unfiled project").

    `stage`: unfiled, under_filing, filed, suspended, closed, merged. `agency_id`: the agency that filed it, or that
    handles the application which brought it along. `key_people`: [{"role", "person_id"}]. `details`: the rest of the
    safety filing's form. `suspended`: {"since", "cause_by", "owner_consents"} while work is stopped; `stoppages`: those
    that are over, [{"since", "until"}], on `until` work goes on.
    """

    __tablename__ = "project"
    id: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    number: Mapped[str | None] = mapped_column(unique=True)
    application_id: Mapped[str]
    name: Mapped[str]
    division: Mapped[str]
    area: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[str | None]
    owner_id: Mapped[str | None]
    owner_name: Mapped[str] = mapped_column(default="")
    contractor_id: Mapped[str | None]
    contractor_name: Mapped[str] = mapped_column(default="")
    supervisor_id: Mapped[str | None]
    supervisor_name: Mapped[str] = mapped_column(default="")
    works_code: Mapped[str | None]
    works_kind: Mapped[str | None]
    floor_area: Mapped[float | None]
    contract_price: Mapped[float | None]
    starts_on: Mapped[date | None]
    finishes_on: Mapped[date | None]
    boundary: Mapped[Object | None]
    key_people: Mapped[Objects] = mapped_column(default=list)
    hazardous_works: Mapped[Objects] = mapped_column(default=list)
    civilised_standard: Mapped[str | None]
    details: Mapped[Object] = mapped_column(default=dict)
    suspended: Mapped[Object | None]
    stoppages: Mapped[Objects] = mapped_column(default=list)
    filed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    works_accepted_on: Mapped[date | None]
    merged_into: Mapped[str | None]
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    search: Mapped[Words] = mapped_column(default=list, deferred=True)
    __table_args__ = (
        Index(
            "ix_project_area", "area", "id", postgresql_ops={"area": "text_pattern_ops"}, postgresql_include=["stage"]
        ),
        Index("ix_project_changed_at", text("changed_at desc"), text("id desc")),
        Index("ix_project_owner_id", "owner_id"),
        Index("ix_project_contractor_id", "contractor_id"),
        Index("ix_project_supervisor_id", "supervisor_id"),
        Index("ix_project_agency_id", "agency_id"),
        Index("ix_project_search", "search", postgresql_using="gin"),
    )


class WorkStop(Base):
    """An order of enforcement that stops all works of a project, or a part of them (`scope`), from `stopped_at` until
    `resumed_at`; told of by two events that may come in either order."""

    __tablename__ = "work_stop"
    order_id: Mapped[str] = mapped_column(primary_key=True)
    project_id: Mapped[str]
    number: Mapped[str]
    is_whole: Mapped[bool]
    scope: Mapped[str]
    stopped_at: Mapped[Instant | None]
    resumed_at: Mapped[Instant | None]
    __table_args__ = (Index("ix_work_stop_project_id", "project_id"),)
