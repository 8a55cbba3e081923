"""What the firms of a site are called, for files that are written where nobody can be asked (docs/decisions/0041)."""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for party in ("owner", "contractor", "supervisor"):
        op.execute(f"alter table site add column {party}_name text not null default ''")
