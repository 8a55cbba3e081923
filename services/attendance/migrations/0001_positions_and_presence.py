"""Sites and duties (copies), devices, positions by the day, presence by the minute."""

from alembic import op

from chassis.migrations import create_chassis_tables

revision = "0001"
down_revision = None

TABLES = """
create table person (
    number integer generated always as identity primary key,
    id text not null constraint uq_person_id unique
);

create table site (
    number integer generated always as identity primary key,
    id text not null constraint uq_site_id unique,
    version integer not null,
    name text not null,
    area text not null,
    agency_id text,
    owner_id text,
    contractor_id text,
    supervisor_id text,
    stage text,
    starts_on date,
    finishes_on date,
    merged_into text
);
create index ix_site_area on site (area text_pattern_ops);

create table boundary (
    site integer not null references site (number),
    effective_on date not null,
    outline jsonb not null,
    version integer not null,
    primary key (site, effective_on)
);

create table stoppage (
    site integer not null references site (number),
    since date not null,
    until date,
    primary key (site, since)
);

create table duty (
    application_id text not null,
    person integer not null references person (number),
    role text not null,
    site integer not null references site (number),
    since timestamptz,
    until timestamptz,
    primary key (application_id, person, role)
);
create index ix_duty_site on duty (site);
create index ix_duty_person on duty (person);

create sequence roster_version;

create table device (
    number integer generated always as identity primary key,
    id text not null constraint uq_device_id unique,
    person integer not null references person (number),
    label text not null,
    opened_at timestamptz not null,
    opened_by jsonb not null,
    closed_at timestamptz,
    closed_by jsonb
);
create index ix_device_person on device (person);
create unique index uq_device_person_open on device (person) where closed_at is null;

create table device_day (
    device integer not null references device (number),
    day date not null,
    lag bigint,
    first_received_at timestamptz not null,
    last_received_at timestamptz not null,
    primary key (device, day)
);

create table device_sequence (
    device integer primary key references device (number),
    received int8multirange not null
);

-- No foreign keys here: forty thousand rows a second, each with numbers that ingest has looked up.
create table position (
    person integer not null,
    time timestamptz not null,
    longitude integer not null,
    latitude integer not null,
    accuracy real not null,
    device integer not null,
    mock boolean not null,
    received_at timestamptz not null,
    primary key (person, time)
) partition by range (time);

create table presence (
    person integer not null,
    site integer not null,
    day date not null,
    seen bit(1440) not null,
    inside bit(1440) not null,
    outside bit(1440) not null,
    last_seen_at timestamptz not null,
    last_inside_at timestamptz not null,
    changed_at timestamptz not null,
    primary key (person, site, day)
);
create index ix_presence_site on presence (site, day);
create index ix_presence_changed_at on presence (changed_at);

create table stale_presence (
    person integer not null,
    day date not null,
    primary key (person, day)
);

create table set_aside (
    number bigint generated always as identity primary key,
    device integer not null,
    person integer not null,
    reason text not null,
    told jsonb not null,
    received_at timestamptz not null
);
create index ix_set_aside_received_at on set_aside (received_at);
"""


# The service's own role owns no table: it makes and drops partitions through these two, and nothing else.
PARTITIONS = """
create function make_positions_of(day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare name text := 'position_' || to_char(day, 'YYYYMMDD');
begin
    if to_regclass(name) is null then
        execute format('create table %I (like position including all)', name);
        -- Attached, not created in place: that would wait for every reader and writer of the table.
        execute format(
            'alter table position attach partition %I for values from (%L) to (%L)', name,
            day::timestamp at time zone 'Asia/Shanghai', (day + 1)::timestamp at time zone 'Asia/Shanghai');
    end if;
end $$;

create function forget_positions_of(day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    execute format('drop table if exists %I', 'position_' || to_char(day, 'YYYYMMDD'));
end $$;
"""


def upgrade() -> None:
    create_chassis_tables()
    op.execute(TABLES)
    op.execute(PARTITIONS)
