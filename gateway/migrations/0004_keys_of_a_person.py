"""Keys are revoked by the person whose phone it is."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("create index ix_device_key_person on device_key (person)")
