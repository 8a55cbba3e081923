"""Machines are found by pieces of names and numbers like everything else, by pinyin too (chassis.searching)."""

from alembic import op

from chassis.migrations import index_for_search

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("drop index ix_machine_search")
    op.execute("alter table machine alter column search type text[] using '{}'")
    index_for_search("machine", "array[filing_number, serial_number, registration_number, model, name, owner_name]")
    op.execute("create index ix_machine_search on machine using gin (search)")
