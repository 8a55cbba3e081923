"""Exports of lists to Excel."""

from chassis.migrations import create_chassis_tables

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    create_chassis_tables(("export",))
