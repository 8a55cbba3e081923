"""People, their employment and certificates, locks with their ledger, and copies of what filing tells."""

from alembic import op

from chassis.migrations import close_to_change, create_chassis_tables

revision = "0001"
down_revision = None

PEOPLE = """
create table person (
    id text primary key,
    identity_number text not null constraint uq_person_identity_number unique,
    name text not null,
    phone text not null,
    posts jsonb not null,
    photo text,
    employer_id text,
    employer_name text,
    area text not null,
    version integer not null,
    entered_at timestamptz not null,
    changed_at timestamptz not null
);
create index ix_person_entered on person (entered_at desc, id desc);
create index ix_person_employer on person (employer_id, entered_at desc, id desc);
create index ix_person_name on person (name text_pattern_ops);

create table person_area (
    area text not null,
    person_id text not null references person (id) on delete cascade,
    entered_at timestamptz not null,
    primary key (area, person_id)
);
create index ix_person_area_entered on person_area (area, entered_at desc, person_id desc);
create index ix_person_area_person on person_area (person_id);

create table employment (
    id text primary key,
    person_id text not null references person (id),
    employer_id text not null,
    employer_name text not null,
    entered_at timestamptz not null,
    released_at timestamptz,
    reason text
);
create index ix_employment_person_id on employment (person_id);
create unique index uq_employment_open on employment (person_id) where released_at is null;

create table certificate (
    id text primary key,
    person_id text not null references person (id),
    kind text not null,
    trade text,
    number text not null,
    grade text,
    issuer text,
    issued_on date,
    valid_to date not null,
    removed_at timestamptz
);
create unique index uq_certificate_number on certificate (person_id, kind, number) where removed_at is null;
create index ix_certificate_number on certificate (number) where removed_at is null;
create index ix_certificate_kind on certificate (kind, person_id) where removed_at is null;
create index ix_certificate_valid_to on certificate (valid_to, person_id) where removed_at is null;
"""

LOCKS = """
create table person_lock (
    id text primary key,
    person_id text not null references person (id),
    role text not null,
    capacity_group text not null,
    slot integer,
    exemption jsonb,
    replaces text,
    application_id text not null,
    application_version integer not null,
    matter text not null,
    applicant_id text not null,
    agency_id text,
    project_id text not null references project_copy (project_id),
    machine_id text,
    stage text not null,
    granted_at timestamptz not null,
    lapses_at timestamptz,
    held_at timestamptz,
    released_at timestamptz,
    cause text,
    reason text,
    released_by jsonb,
    constraint ck_person_lock_stage check (stage in ('provisional', 'reserved', 'held', 'released')),
    constraint ck_person_lock_released check ((stage = 'released') = (released_at is not null)),
    constraint ck_person_lock_release_has_cause check ((released_at is null) = (cause is null)),
    constraint ck_person_lock_provisional_lapses check ((stage = 'provisional') = (lapses_at is not null)),
    constraint ck_person_lock_counted_has_slot check ((slot is null) = (capacity_group = 'recorded')),
    constraint ck_person_lock_exempt_is_manager check (exemption is null or role = 'project_manager'),
    constraint ck_person_lock_second_is_exempt check (
        slot = 1 or capacity_group not in ('full_time', 'operator', 'crew') or exemption is not null
        or released_at is not null
    )
);
create unique index uq_person_lock_slot on person_lock (person_id, capacity_group, slot) where released_at is null;
create unique index uq_person_lock_claim on person_lock (application_id, person_id, role) where released_at is null;
create index ix_person_lock_person_id on person_lock (person_id);
create index ix_person_lock_application_id on person_lock (application_id);
create index ix_person_lock_project on person_lock (project_id) where released_at is null;
create index ix_person_lock_applicant on person_lock (applicant_id) where released_at is null;
create index ix_person_lock_machine on person_lock (machine_id) where released_at is null;
create index ix_person_lock_lapses_at on person_lock (lapses_at) where released_at is null;

create table person_ledger (
    number bigint generated always as identity primary key,
    person_id text not null references person (id),
    lock_id text not null references person_lock (id),
    act text not null,
    stage text not null,
    role text not null,
    application_id text not null,
    project_id text not null,
    project_name text not null,
    machine_id text,
    since timestamptz not null,
    effective_at timestamptz not null,
    recorded_at timestamptz not null,
    cause text,
    reason text,
    by jsonb not null,
    constraint ck_person_ledger_known_after_it_happened check (effective_at <= recorded_at)
);
create index ix_person_ledger_person on person_ledger (person_id, number);
create index ix_person_ledger_lock on person_ledger (lock_id, number);
"""

COPIES = """
create table project_copy (
    project_id text primary key,
    version integer not null,
    name text not null,
    area text not null,
    agency_id text,
    works_code text,
    stage text,
    works_accepted_on date,
    suspended jsonb,
    owner_id text,
    contractor_id text,
    supervisor_id text,
    merged_into text
);
create index ix_project_copy_area on project_copy (area text_pattern_ops);
create index ix_project_copy_owner on project_copy (owner_id);
create index ix_project_copy_contractor on project_copy (contractor_id);
create index ix_project_copy_supervisor on project_copy (supervisor_id);
create table application_copy (
    application_id text primary key,
    version integer not null,
    matter text not null,
    standing text not null
);
"""


def upgrade() -> None:
    create_chassis_tables()
    for statements in (COPIES, PEOPLE, LOCKS):
        op.execute(statements)
    close_to_change(op.get_bind(), "person_ledger")
