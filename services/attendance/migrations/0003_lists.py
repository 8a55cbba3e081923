"""Lists in their order, and what was set aside by its age."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("create index ix_device_opened_at on device (opened_at, id)")
