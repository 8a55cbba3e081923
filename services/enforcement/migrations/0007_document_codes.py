"""A document is found by the beginning of its hash: the code that stands on its paper."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("create index ix_document_hash on document (hash text_pattern_ops)")
