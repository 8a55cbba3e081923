"""Which words are rare decides how a search is planned; by PostgreSQL's default of 100 all but the commonest look alike."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.execute("alter table machine alter column search set statistics 1000")
