"""The tables of the chassis alone: the database of the chassis's own tests."""

from chassis.migrations import create_chassis_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_chassis_tables()
