"""Keys of phones that send positions."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
        create table device_key (
            secret_hash text primary key,
            device_id text not null,
            device integer not null,
            person integer not null,
            created_at timestamptz not null,
            revoked_at timestamptz
        );
        create index ix_device_key_device_id on device_key (device_id);
        """
    )
