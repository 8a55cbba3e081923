from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.database import Base
from filing.models.columns import Instant, Object, Objects, Words, files_index

LIVING = "stage in ('countersigning', 'submitted', 'accepted', 'reviewed', 'returned')"
# Matters about a project as a whole: two of them at once would contradict each other.
ONCE_A_PROJECT = (
    "civilised_site",
    "comprehensive_assessment",
    "supervision_suspension",
    "supervision_resumption",
    "supervision_termination",
)
# In which month of UTC it last changed, as what an index of words can hold.
MONTH_CHANGED = "array[date_trunc('month', timezone('UTC', changed_at))]"


class Application(Base):
    """An application (办件): the working copy of its form, where it stands, and its legal clock.

    `area` is the handling agency's, so that rights are one prefix comparison. `round` counts submissions. `machine`
    and `people` are what the lock owners answered to the last claim. `clock_since` is null while the clock stands
    still. `submitted_at` is the first arrival at the agency, null until then: the agency sees nothing before. `decision` is
    what the agency decided at its approval, where the matter asks for more than yes; `workdays_used` is how long it took.
    """

    __tablename__ = "application"
    id: Mapped[str] = mapped_column(primary_key=True)
    matter: Mapped[str]
    stage: Mapped[str]
    outcome: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    round: Mapped[int] = mapped_column(default=0)

    applicant_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    applicant_name: Mapped[str]
    agency_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    area: Mapped[str] = mapped_column(default="")
    project_id: Mapped[str | None]
    project_name: Mapped[str | None]
    machine_id: Mapped[str | None]

    form: Mapped[Object] = mapped_column(default=dict)
    attachments: Mapped[Objects] = mapped_column(default=list)
    machine: Mapped[Object | None]
    people: Mapped[Objects] = mapped_column(default=list)
    findings: Mapped[Objects] = mapped_column(default=list)
    remarks: Mapped[str] = mapped_column(default="")
    corrections: Mapped[Objects] = mapped_column(default=list)
    acceptance_number: Mapped[str | None] = mapped_column(unique=True)
    decision: Mapped[Object | None]

    clock_unit: Mapped[str | None]
    clock_limit: Mapped[int | None]
    clock_used: Mapped[int] = mapped_column(default=0)
    clock_since: Mapped[Instant | None]
    due_at: Mapped[Instant | None]
    due_provisional: Mapped[bool] = mapped_column(default=False)

    workdays_used: Mapped[int | None]

    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    submitted_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    search: Mapped[Words] = mapped_column(default=list, deferred=True)

    __table_args__ = (
        CheckConstraint("(stage = 'closed') = (outcome is not null)", name="outcome_when_closed"),
        # One living application of a matter per machine, whatever the code does.
        Index(
            "uq_application_living_machine",
            "matter",
            "machine_id",
            unique=True,
            postgresql_where=text(f"machine_id is not null and {LIVING}"),
        ),
        Index(
            "uq_application_living_project",
            "matter",
            "project_id",
            unique=True,
            postgresql_where=text(f"matter in {ONCE_A_PROJECT} and {LIVING}"),
        ),
        Index("ix_application_changed_at", text("changed_at desc"), text("id desc")),
        Index("ix_application_applicant", "applicant_id", text("changed_at desc"), text("id desc")),
        # With what its rows are counted by, so that they are counted in the index and not read for it.
        Index(
            "ix_application_area",
            "area",
            text("changed_at desc"),
            text("id desc"),
            postgresql_include=["stage", "outcome", "round", "submitted_at", "closed_at", "due_at"],
        ),
        Index("ix_application_agency", "agency_id", text("changed_at desc"), text("id desc")),
        Index(
            "ix_application_open",
            "area",
            "due_at",
            postgresql_where=text("stage <> 'closed'"),
            postgresql_ops={"area": "text_pattern_ops"},
            postgresql_include=["matter", "stage", "agency_id", "submitted_at"],
        ),
        # An inbox in the order of its deadlines: the agency's own (with its area, which every list names), or everybody's.
        Index(
            "ix_application_agency_due", "agency_id", "area", "due_at", "id", postgresql_where=text("stage <> 'closed'")
        ),
        Index("ix_application_due", "due_at", "id", postgresql_where=text("stage <> 'closed'")),
        Index("ix_application_applicant_open", "applicant_id", "stage", postgresql_where=text("stage <> 'closed'")),
        Index(
            "ix_application_refused",
            "outcome",
            text("changed_at desc"),
            text("id desc"),
            postgresql_where=text("outcome in ('rejected', 'withdrawn')"),
        ),
        Index(
            "ix_application_matter",
            "matter",
            text("changed_at desc"),
            text("id desc"),
            postgresql_include=["area", "stage", "outcome", "round", "submitted_at", "closed_at", "due_at"],
        ),
        Index("ix_application_submitted_at", text("submitted_at desc"), text("id desc")),
        Index("ix_application_project_id", "project_id"),
        Index("ix_application_machine_id", "machine_id"),
        Index(
            "ix_application_search",
            "search",
            text("string_to_array(area, '.')"),
            text(f"({MONTH_CHANGED})"),
            postgresql_using="gin",
        ),
        files_index("ix_application_attachments"),
    )


class Submission(Base):
    """What was handed in, round by round, never changed afterwards: form and attachments as they were, what was claimed
    of the other services, and what they answered."""

    __tablename__ = "submission"
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[Object]
    attachments: Mapped[Objects]
    claims: Mapped[Object]
    machine: Mapped[Object | None]
    people: Mapped[Objects]
    findings: Mapped[Objects]
    agency_id: Mapped[str]
    at: Mapped[Instant]
    by: Mapped[Object]
    __table_args__ = (files_index("ix_submission_attachments"),)


class Step(Base):
    """One act on an application: who, when, what was said, and between which stages. Insert only."""

    __tablename__ = "step"
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int]
    act: Mapped[str]
    stage_before: Mapped[str]
    stage_after: Mapped[str]
    at: Mapped[Instant]
    user_id: Mapped[str]
    user_name: Mapped[str]
    organisation_id: Mapped[str]
    organisation_name: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    detail: Mapped[Object] = mapped_column(default=dict)


class Countersignature(Base):
    """A signature asked of an organisation in its role in the project (会签); `agrees` is null until it has spoken."""

    __tablename__ = "countersignature"
    application_id: Mapped[str] = mapped_column(ForeignKey("application.id"), primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    organisation_name: Mapped[str]
    asked_at: Mapped[Instant]
    due_at: Mapped[Instant]
    due_provisional: Mapped[bool]
    agrees: Mapped[bool | None]
    remarks: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[Instant | None]
    signed_by: Mapped[Object | None]
    __table_args__ = (Index("ix_countersignature_organisation_id", "organisation_id", "application_id"),)
