"""Applications by words in an area, and those that were rejected or withdrawn."""

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
