"""Leave, asked for and granted."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("""
        create table leave (
            id text primary key,
            person integer not null references person (number),
            site integer not null references site (number),
            first date not null,
            last date not null,
            reason text not null,
            deputy_id text,
            stage text not null,
            asked_at timestamptz not null,
            asked_by jsonb not null,
            decided_at timestamptz,
            decided_by jsonb,
            opinion text
        )""")
    op.execute("create index ix_leave_person on leave (person, site, first)")
    op.execute("create index ix_leave_asked_at on leave (asked_at desc, id)")
