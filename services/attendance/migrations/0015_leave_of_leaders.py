"""Days on which an enterprise's leader did not work: they leave the working days of which he owes a quarter on site."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("""
        create table leader_leave (
            id text primary key,
            person integer not null references person (number),
            firm_id text not null,
            first date not null,
            last date not null,
            reason text not null,
            recorded_at timestamptz not null,
            recorded_by jsonb not null,
            withdrawn_at timestamptz,
            withdrawn_by jsonb
        );
        create index ix_leader_leave_person on leader_leave (person, first)""")
