"""What each duty's month came to."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("""
        create table duty_month (
            month date not null,
            site integer not null references site (number),
            person integer not null references person (number),
            role text not null,
            application_id text not null,
            revision integer not null,
            through date not null,
            valid integer not null,
            undecided integer not null,
            denominator integer not null,
            rate double precision,
            highest_rate double precision,
            required integer not null,
            standing text not null,
            excluded jsonb not null,
            reckoned_at timestamptz not null,
            closed_at timestamptz,
            primary key (month, site, person, role, application_id)
        )""")
    op.execute("create index ix_duty_month_person on duty_month (person, month)")
