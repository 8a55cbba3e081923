"""Which agencies see which machine, kept as rows; and what a home page counts, in one index."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.execute("""
        create table machine_area (
            area text not null,
            machine_id text not null references machine (id) on delete cascade,
            recorded_at timestamptz not null,
            primary key (area, machine_id)
        )""")
    op.execute("create index ix_machine_area_recorded on machine_area (area, recorded_at desc, machine_id desc)")
    op.execute("create index ix_machine_area_machine on machine_area (machine_id)")
    op.execute("""
        insert into machine_area (area, machine_id, recorded_at)
        select distinct array_to_string((string_to_array(place.area, '.'))[1 : depth], '.'), machine.id, machine.recorded_at
        from machine
        cross join lateral (
            select machine.owner_area as area
            union
            select project_copy.area from machine_lock join project_copy using (project_id)
            where machine_lock.machine_id = machine.id and machine_lock.released_at is null
        ) place
        cross join lateral generate_series(1, array_length(string_to_array(place.area, '.'), 1)) depth""")
    op.execute(
        "create index ix_machine_counted on machine (id) include (stage, filed_at, service_ends_on, inspection_valid_to)"
    )
