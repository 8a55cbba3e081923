"""Who put which file into the blob store, and when: for quotas, and for removing what nobody uses."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
        create table upload (
            number bigint generated always as identity primary key,
            sha256 text not null,
            owner text not null,
            size bigint not null,
            at timestamptz not null,
            sweep_at timestamptz not null,
            aside boolean not null default false
        );
        create index ix_upload_owner on upload (owner, at);
        create index ix_upload_sweep_at on upload (sweep_at);
        create index ix_upload_sha256 on upload (sha256);
        """
    )
