"""Applications by words in an area, those that were rejected or withdrawn, and the agencies of an area."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute("drop index ix_application_search")
    op.execute("create index ix_application_search on application using gin (search, string_to_array(area, '.'))")
    op.execute(
        "create index ix_application_refused on application (outcome, changed_at desc, id desc)"
        " where outcome in ('rejected', 'withdrawn')"
    )
    op.execute("create index ix_organisation_agency on organisation (area text_pattern_ops) where kind = 'agency'")
    op.execute("drop index ix_application_area")
    op.execute(
        "create index ix_application_area on application (area, changed_at desc, id desc)"
        " include (stage, outcome, round, submitted_at, closed_at, due_at)"
    )
    op.execute("drop index ix_application_open")
    op.execute(
        "create index ix_application_open on application (area text_pattern_ops, due_at)"
        " include (matter, stage, agency_id, submitted_at) where stage <> 'closed'"
    )
    op.execute("drop index ix_project_area")
    op.execute("create index ix_project_area on project (area text_pattern_ops, id) include (stage)")
