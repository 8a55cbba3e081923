"""Machines, their locks and claims, the ledger, the history, and copies of projects."""

from alembic import op

from chassis.migrations import close_to_change, create_chassis_tables

revision = "0001"
down_revision = None

TABLES = """
create table machine (
    id text not null,
    version integer not null,
    stage text not null,
    kind text not null,
    name text not null,
    model text not null,
    maker text not null,
    maker_key text not null,
    maker_licence text not null,
    serial_number text not null,
    serial_key text not null,
    made_on date not null,
    bought_on date,
    rated_moment_knm double precision,
    max_load_t double precision,
    max_radius_m double precision,
    max_height_m double precision,
    free_height_m double precision,
    service_life_years integer,
    hoist_drive text,
    supervision_inspection_no text not null,
    assessment jsonb,
    service_ends_on date,
    owner_id text not null,
    owner_name text not null,
    owner_area text not null,
    agency_id text,
    filing_number text,
    filed_on date,
    filing_agency text not null,
    filed_at timestamptz,
    registration_number text,
    registered_on date,
    inspection_valid_to date,
    frozen_since timestamptz,
    frozen_reason text,
    search text not null,
    recorded_at timestamptz not null,
    changed_at timestamptz not null,
    constraint pk_machine primary key (id),
    constraint ck_machine_stage check (
        stage in ('under_review', 'filed', 'locked', 'installed', 'registered', 'cancelled')
    ),
    constraint ck_machine_kind check (kind in ('T', 'S', 'W', 'L', 'Q', 'M')),
    constraint ck_machine_filed_has_number check (
        filed_at is not null and filing_number is not null or stage in ('under_review', 'cancelled')
    )
);
create index ix_machine_area on machine (owner_area text_pattern_ops);
create index ix_machine_inspection_valid_to on machine (inspection_valid_to) where stage <> 'cancelled';
create index ix_machine_owner on machine (owner_id);
create index ix_machine_recorded on machine (recorded_at desc, id desc);
create index ix_machine_search on machine using gin (search gin_trgm_ops);
create index ix_machine_service_ends_on on machine (service_ends_on) where stage <> 'cancelled';
create unique index uq_machine_filing_number on machine (filing_number) where stage <> 'cancelled';
create unique index uq_machine_serial on machine (maker_key, serial_key) where stage <> 'cancelled';
create table project_copy (
    project_id text not null,
    version integer not null,
    name text not null,
    area text not null,
    agency_id text,
    number text,
    stage text,
    owner_id text,
    contractor_id text,
    supervisor_id text,
    merged_into text,
    constraint pk_project_copy primary key (project_id)
);
create index ix_project_copy_area on project_copy (area text_pattern_ops);
create index ix_project_copy_contractor on project_copy (contractor_id);
create index ix_project_copy_owner on project_copy (owner_id);
create index ix_project_copy_supervisor on project_copy (supervisor_id);
create table machine_lock (
    id text not null,
    machine_id text not null,
    application_id text not null,
    application_version integer not null,
    matter text not null,
    applicant_id text not null,
    applicant_name text not null,
    agency_id text,
    project_id text not null,
    stage text not null,
    granted_at timestamptz not null,
    lapses_at timestamptz,
    released_at timestamptz,
    cause text,
    reason text,
    released_by jsonb,
    constraint pk_machine_lock primary key (id),
    constraint uq_machine_lock_application_id_machine_id unique (application_id, machine_id),
    constraint ck_machine_lock_stage check (stage in ('provisional', 'reserved', 'held', 'released')),
    constraint ck_machine_lock_released check ((stage = 'released') = (released_at is not null)),
    constraint ck_machine_lock_release_has_cause check ((released_at is null) = (cause is null)),
    constraint ck_machine_lock_provisional_lapses check ((stage = 'provisional') = (lapses_at is not null)),
    constraint fk_machine_lock_machine_id foreign key (machine_id) references machine (id),
    constraint fk_machine_lock_project_id foreign key (project_id) references project_copy (project_id)
);
create index ix_machine_lock_applicant on machine_lock (applicant_id) where released_at is null;
create index ix_machine_lock_lapses_at on machine_lock (lapses_at) where released_at is null;
create index ix_machine_lock_project on machine_lock (project_id) where released_at is null;
create unique index uq_machine_lock_active on machine_lock (machine_id) where released_at is null;
create table machine_claim (
    id text not null,
    machine_id text not null,
    application_id text not null,
    application_version integer not null,
    matter text not null,
    applicant_id text not null,
    applicant_name text not null,
    agency_id text,
    lock_id text,
    stage text not null,
    granted_at timestamptz not null,
    lapses_at timestamptz,
    released_at timestamptz,
    cause text,
    reason text,
    released_by jsonb,
    constraint pk_machine_claim primary key (id),
    constraint uq_machine_claim_application_id_machine_id unique (application_id, machine_id),
    constraint ck_machine_claim_stage check (stage in ('provisional', 'reserved', 'released')),
    constraint ck_machine_claim_released check ((stage = 'released') = (released_at is not null)),
    constraint ck_machine_claim_release_has_cause check ((released_at is null) = (cause is null)),
    constraint ck_machine_claim_provisional_lapses check ((stage = 'provisional') = (lapses_at is not null)),
    constraint fk_machine_claim_machine_id foreign key (machine_id) references machine (id),
    constraint fk_machine_claim_lock_id foreign key (lock_id) references machine_lock (id)
);
create index ix_machine_claim_applicant on machine_claim (applicant_id) where released_at is null;
create index ix_machine_claim_lapses_at on machine_claim (lapses_at) where released_at is null;
create unique index uq_machine_claim_active on machine_claim (machine_id, matter) where released_at is null;
create table machine_ledger (
    number bigint generated always as identity,
    machine_id text not null,
    lock_id text not null,
    act text not null,
    stage text not null,
    application_id text not null,
    holder_id text not null,
    holder_name text not null,
    project_id text not null,
    project_name text not null,
    since timestamptz not null,
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    cause text,
    reason text,
    by jsonb not null,
    constraint pk_machine_ledger primary key (number),
    constraint ck_machine_ledger_known_after_it_happened check (effective_at <= recorded_at),
    constraint fk_machine_ledger_machine_id foreign key (machine_id) references machine (id),
    constraint fk_machine_ledger_lock_id foreign key (lock_id) references machine_lock (id)
);
create index ix_machine_ledger_machine on machine_ledger (machine_id, number);
create table machine_event (
    number bigint generated always as identity,
    machine_id text not null,
    act text not null,
    at timestamptz not null,
    recorded_at timestamptz not null,
    by jsonb not null,
    detail jsonb not null,
    constraint pk_machine_event primary key (number),
    constraint fk_machine_event_machine_id foreign key (machine_id) references machine (id)
);
create index ix_machine_event_machine on machine_event (machine_id, number);
"""


def upgrade() -> None:
    create_chassis_tables()
    # Half of a name or number typed into the search box finds the machine at any size of the register.
    op.execute("create extension if not exists pg_trgm")
    op.execute(TABLES)
    close_to_change(op.get_bind(), "machine_ledger")
    close_to_change(op.get_bind(), "machine_event")
