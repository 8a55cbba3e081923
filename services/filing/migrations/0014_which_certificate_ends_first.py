"""Certificates in the order in which they end: a list is sorted by it."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.execute("create index ix_certificate_valid_to on certificate (valid_to, id) where valid_to is not null")
