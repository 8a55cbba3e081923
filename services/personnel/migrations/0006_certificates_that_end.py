"""Certificates that end, told by an index alone."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute(
        "create index ix_certificate_ends on certificate (person_id, valid_to, kind, trade) where removed_at is null"
    )
