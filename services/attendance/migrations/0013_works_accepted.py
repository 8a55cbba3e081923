"""Works end when they are accepted, not on the day that the contract had planned."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("""
        alter table site add column accepted_on date;
        alter table site drop column finishes_on""")
