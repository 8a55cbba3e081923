"""On which ground a machine's filing was cancelled: what was destroyed is never filed again."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table machine add column retired_for text")
