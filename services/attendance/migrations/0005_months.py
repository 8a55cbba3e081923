"""What each duty's month came to; months closed and reopened; corrections; absences."""

from alembic import op

revision = "0005"
down_revision = "0004"

FIGURES = """
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
    record jsonb,"""

TABLES = f"""
create table duty_month (
    month date not null,
    site integer not null references site (number),
    person integer not null references person (number),
    role text not null,
    application_id text not null,
    revision integer not null,{FIGURES}
    primary key (month, site, person, role, application_id)
);
create index ix_duty_month_person on duty_month (person, month);
create index ix_duty_month_short on duty_month (month, site) where standing = 'short';

create table duty_month_revision (
    month date not null,
    site integer not null,
    person integer not null,
    role text not null,
    application_id text not null,
    revision integer not null,{FIGURES}
    primary key (month, site, person, role, application_id, revision)
);

create table site_month (
    month date not null,
    site integer not null references site (number),
    revision integer not null,
    closes_on date not null,
    reopened_at timestamptz,
    reopened_by jsonb,
    reason text,
    closed_at timestamptz,
    primary key (month, site, revision)
);
create unique index uq_site_month_open on site_month (site, month) where closed_at is null;

create table correction (
    number integer generated always as identity primary key,
    id text not null constraint uq_correction_id unique,
    person integer not null references person (number),
    site integer not null references site (number),
    day date not null,
    verdict text,
    reason text not null,
    document text not null,
    withdraws text references correction (id) constraint uq_correction_withdraws unique,
    entered_at timestamptz not null,
    entered_by jsonb not null
);
create index ix_correction_person on correction (person, site, day);

create table absence (
    id text primary key,
    person integer not null references person (number),
    site integer not null references site (number),
    day date not null,
    role text not null,
    application_id text not null,
    noticed_at timestamptz not null,
    lifted_at timestamptz,
    explanation text,
    explained_at timestamptz,
    explained_by jsonb
);
create unique index uq_absence_day on absence (person, site, day);
create index ix_absence_duty on absence (application_id, person, day);
create index ix_absence_day on absence (day, site);
create index ix_absence_site on absence (site, noticed_at desc);
create index ix_absence_noticed_at on absence (noticed_at desc, id desc);
"""


def upgrade() -> None:
    op.execute(TABLES)
