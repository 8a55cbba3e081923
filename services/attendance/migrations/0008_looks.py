"""Who looked at whose track; sites by their firms; figures of a month out of an index alone."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("""
        create table look (
            id text primary key,
            person integer not null references person (number),
            site integer not null references site (number),
            day date not null,
            at timestamptz not null,
            looker jsonb not null,
            way text not null,
            reason text
        )""")
    op.execute("create index ix_look_person on look (person, at desc, id desc)")
    for party in ("owner_id", "contractor_id", "supervisor_id"):
        op.execute(f"create index ix_site_{party} on site ({party})")
    op.execute("""
        create index ix_duty_month_figures on duty_month (month, site)
            include (role, valid, undecided, denominator, standing, through)""")
