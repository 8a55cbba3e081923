"""Lists of applications in the order of their deadlines and their submission, and those of one matter."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute(
        "create index ix_application_agency_due on application (agency_id, area, due_at, id) where stage <> 'closed'"
    )
    op.execute("create index ix_application_due on application (due_at, id) where stage <> 'closed'")
    op.execute("create index ix_application_matter on application (matter, changed_at desc, id desc)")
    op.execute("create index ix_application_submitted_at on application (submitted_at desc, id desc)")
    op.execute("drop index ix_application_agency_open")
    # Which words are rare decides how a search is planned; by the default of 100 all but the commonest look alike.
    for table in ("application", "project", "organisation"):
        op.execute(f"alter table {table} alter column search set statistics 1000")
