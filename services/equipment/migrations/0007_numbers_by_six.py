"""Machines are found by six places of a number, too (chassis.searching)."""

from chassis.migrations import index_for_search

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    index_for_search("machine", "array[filing_number, serial_number, registration_number, model, name, owner_name]")
