"""Days whose positions are doubted, and what is kept of checked days to compare others with."""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.execute("""
        create table suspicion (
            id text primary key,
            person integer not null references person (number),
            day date not null,
            site integer not null references site (number),
            score integer not null,
            unexplained integer not null,
            story text not null,
            signals jsonb not null,
            stage text not null,
            noted_at timestamptz not null,
            appeal text,
            appealed_at timestamptz,
            appealed_by jsonb,
            opinion text,
            decided_at timestamptz,
            decided_by jsonb,
            constraint uq_suspicion_person_day unique (person, day),
            constraint ck_suspicion_decided check ((stage in ('upheld', 'dismissed')) = (decided_at is not null)),
            constraint ck_suspicion_opinion check (decided_at is null or length(opinion) >= 2)
        )""")
    op.execute("create index ix_suspicion_noted_at on suspicion (noted_at desc, id desc)")
    op.execute("create index ix_suspicion_site on suspicion (site, noted_at desc)")
    # The path fills a row of four kilobytes: kept as it is, beside the positions that it was made of.
    op.execute("""
        create table day_path (
            site integer not null,
            day date not null,
            person integer not null,
            path bytea not null,
            sketch bytea not null,
            spot_east real,
            spot_north real,
            stayed boolean not null,
            together integer[] not null,
            primary key (site, day, person)
        )""")
    op.execute("create index ix_day_path_day on day_path (day)")
    op.execute("""
        create table checked_day (
            site integer not null,
            day date not null,
            checked_at timestamptz not null,
            primary key (site, day)
        )""")
    op.execute("create index ix_checked_day_day on checked_day (day)")
    op.execute("create index ix_set_aside_person on set_aside (person, received_at)")
