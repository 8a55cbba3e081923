"""Beacons on sites, who heard them, and what of a day rests on them."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = """
create table beacon (
    number integer generated always as identity primary key,
    id text not null constraint uq_beacon_id unique,
    uuid text not null,
    major integer not null,
    minor integer not null,
    site integer not null references site (number),
    label text not null,
    place text not null,
    placed_at timestamptz not null,
    placed_by jsonb not null,
    removed_at timestamptz,
    removed_by jsonb
);
create index ix_beacon_name on beacon (uuid, major, minor);
create unique index uq_beacon_standing on beacon (uuid, major, minor) where removed_at is null;
create index ix_beacon_site on beacon (site);
create index ix_beacon_placed_at on beacon (placed_at, id);

create table sighting (
    person integer not null,
    time timestamptz not null,
    beacon integer not null,
    rssi smallint,
    device integer not null,
    received_at timestamptz not null,
    primary key (person, time, beacon)
) partition by range (time);

alter table presence add column by_position bit(1440);
"""

# The days of sightings are made and dropped with those of positions.
PARTITIONS = """
create or replace function make_positions_of(day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare parent text; name text;
begin
    foreach parent in array array['position', 'sighting'] loop
        name := parent || '_' || to_char(day, 'YYYYMMDD');
        if to_regclass(name) is null then
            execute format('create table %I (like %I including all)', name, parent);
            -- Attached, not created in place: that would wait for every reader and writer of the table.
            execute format(
                'alter table %I attach partition %I for values from (%L) to (%L)', parent, name,
                day::timestamp at time zone 'Asia/Shanghai', (day + 1)::timestamp at time zone 'Asia/Shanghai');
        end if;
    end loop;
end $$;

create or replace function forget_positions_of(day date) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    execute format('drop table if exists %I', 'position_' || to_char(day, 'YYYYMMDD'));
    execute format('drop table if exists %I', 'sighting_' || to_char(day, 'YYYYMMDD'));
end $$;

select make_positions_of(to_date(right(relname, 8), 'YYYYMMDD')) from pg_inherits join pg_class on pg_class.oid = inhrelid
where inhparent = 'position'::regclass;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(PARTITIONS)
