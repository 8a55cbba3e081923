"""The machines that run out, in the order in which they do: a home page shows the first five."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute(
        "create index ix_machine_runs_out on machine (least(service_ends_on, inspection_valid_to), id)"
        " where stage not in ('cancelled', 'under_review')"
    )
