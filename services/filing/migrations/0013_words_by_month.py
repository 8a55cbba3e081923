"""Applications by words in the months in which they last changed: the newest of a word without reading all of them.

The index is made beside the old one while both are in use, without holding anybody up, and takes minutes for a million
applications. If it is broken off, it is begun anew.
"""

from alembic import op

from chassis.migrations import LOCK_TIMEOUT_MS, STATEMENT_TIMEOUT_MS

revision = "0013"
down_revision = "0012"

MONTH_CHANGED = "array[date_trunc('month', timezone('UTC', changed_at))]"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("set lock_timeout = 0")  # it waits for others, and lets them pass
        op.execute("set statement_timeout = 0")
        op.execute("drop index concurrently if exists ix_application_search_by_month")
        op.execute(
            "create index concurrently ix_application_search_by_month on application"
            f" using gin (search, string_to_array(area, '.'), ({MONTH_CHANGED}))"
        )
        op.execute(f"set statement_timeout = {STATEMENT_TIMEOUT_MS}")
        op.execute(f"set lock_timeout = {LOCK_TIMEOUT_MS}")
    op.execute("drop index ix_application_search")
    op.execute("alter index ix_application_search_by_month rename to ix_application_search")
