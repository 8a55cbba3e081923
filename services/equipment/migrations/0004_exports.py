"""Exports of lists to Excel."""

from chassis.migrations import create_chassis_tables

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    create_chassis_tables(("export",))
