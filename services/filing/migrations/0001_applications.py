"""Organisations, projects, applications, certificates, bulletins."""

from alembic import op

from chassis.migrations import close_to_change, create_chassis_tables

revision = "0001"
down_revision = None

TABLES = """
create table counter (
    kind text not null,
    stem text not null,
    last integer not null,
    constraint pk_counter primary key (kind, stem)
);

create table organisation (
    id text not null,
    kind text not null,
    name text not null,
    credit_code text,
    kinds text[] not null,
    level text not null,
    code text,
    division text not null,
    area text not null,
    address text not null,
    contact text not null,
    phone text not null,
    details jsonb not null,
    stage text not null,
    version integer not null,
    application_id text,
    search text[] not null,
    created_at timestamptz not null,
    opened_at timestamptz,
    constraint pk_organisation primary key (id),
    constraint uq_organisation_code unique (code)
);
create index ix_organisation_area on organisation (area text_pattern_ops, id);
create index ix_organisation_search on organisation using gin (search);
create unique index uq_organisation_credit_code on organisation (credit_code)
    where stage <> 'closed' and credit_code is not null;

create table project (
    id text not null,
    stage text not null,
    version integer not null,
    number text,
    application_id text not null,
    name text not null,
    division text not null,
    area text not null,
    address text not null,
    agency_id text,
    owner_id text,
    owner_name text not null,
    contractor_id text,
    contractor_name text not null,
    supervisor_id text,
    supervisor_name text not null,
    works_code text,
    works_kind text,
    floor_area double precision,
    contract_price double precision,
    starts_on date,
    finishes_on date,
    boundary jsonb,
    key_people jsonb not null,
    hazardous_works jsonb not null,
    civilised_standard text,
    details jsonb not null,
    suspended jsonb,
    works_accepted_on date,
    merged_into text,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    search text[] not null,
    constraint pk_project primary key (id),
    constraint uq_project_number unique (number)
);
create index ix_project_agency_id on project (agency_id);
create index ix_project_area on project (area text_pattern_ops, id);
create index ix_project_contractor_id on project (contractor_id);
create index ix_project_owner_id on project (owner_id);
create index ix_project_search on project using gin (search);
create index ix_project_supervisor_id on project (supervisor_id);

create table application (
    id text not null,
    matter text not null,
    stage text not null,
    outcome text,
    version integer not null,
    round integer not null,
    applicant_id text not null,
    applicant_name text not null,
    agency_id text,
    area text not null,
    project_id text,
    project_name text,
    machine_id text,
    form jsonb not null,
    attachments jsonb not null,
    machine jsonb,
    people jsonb not null,
    findings jsonb not null,
    remarks text not null,
    corrections jsonb not null,
    acceptance_number text,
    clock_unit text,
    clock_limit integer,
    clock_used integer not null,
    clock_since timestamptz,
    due_at timestamptz,
    due_provisional boolean not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    submitted_at timestamptz,
    closed_at timestamptz,
    search text[] not null,
    constraint pk_application primary key (id),
    constraint ck_application_outcome_when_closed check ((stage = 'closed') = (outcome is not null)),
    constraint fk_application_applicant_id foreign key(applicant_id) references organisation (id),
    constraint fk_application_agency_id foreign key(agency_id) references organisation (id),
    constraint uq_application_acceptance_number unique (acceptance_number)
);
create index ix_application_agency on application (agency_id, changed_at desc, id desc);
create index ix_application_area on application (area, changed_at desc, id desc);
create index ix_application_applicant on application (applicant_id, changed_at desc, id desc);
create index ix_application_changed_at on application (changed_at desc, id desc);
create index ix_application_machine_id on application (machine_id);
create index ix_application_open on application (area text_pattern_ops, due_at) where stage <> 'closed';
create index ix_application_project_id on application (project_id);
create index ix_application_search on application using gin (search);
create unique index uq_application_living_machine on application (matter, machine_id)
    where machine_id is not null and stage in ('countersigning', 'submitted', 'accepted', 'reviewed', 'returned');

create table bulletin (
    id text not null,
    title text not null,
    body text not null,
    attachments jsonb not null,
    agency_id text not null,
    agency_name text not null,
    area text not null,
    stage text not null,
    version integer not null,
    published_at timestamptz not null,
    changed_at timestamptz not null,
    constraint pk_bulletin primary key (id),
    constraint fk_bulletin_agency_id foreign key(agency_id) references organisation (id)
);
create index ix_bulletin_published_at on bulletin (published_at desc, id desc);

create table download (
    id text not null,
    title text not null,
    note text not null,
    sha256 text not null,
    file_name text not null,
    size integer not null,
    media_type text not null,
    agency_id text not null,
    agency_name text not null,
    area text not null,
    stage text not null,
    version integer not null,
    published_at timestamptz not null,
    constraint pk_download primary key (id),
    constraint fk_download_agency_id foreign key(agency_id) references organisation (id)
);
create index ix_download_published_at on download (published_at desc, id desc);

create table certificate (
    id text not null,
    kind text not null,
    title text not null,
    number text not null,
    verification_code text not null,
    application_id text not null,
    holder_id text not null,
    holder_name text not null,
    agency_id text not null,
    agency_name text not null,
    area text not null,
    project_id text,
    project_name text,
    machine_id text,
    issued_at timestamptz not null,
    issued_on date not null,
    valid_to date,
    stage text not null,
    cancelled_at timestamptz,
    cancel_reason text not null,
    shown jsonb not null,
    version integer not null,
    constraint pk_certificate primary key (id),
    constraint uq_certificate_kind_number unique (kind, number),
    constraint uq_certificate_verification_code unique (verification_code),
    constraint uq_certificate_application_id unique (application_id),
    constraint fk_certificate_application_id foreign key(application_id) references application (id),
    constraint fk_certificate_holder_id foreign key(holder_id) references organisation (id),
    constraint fk_certificate_agency_id foreign key(agency_id) references organisation (id)
);
create index ix_certificate_area on certificate (area text_pattern_ops);
create index ix_certificate_holder_id on certificate (holder_id, kind);
create index ix_certificate_issued_at on certificate (issued_at desc, id desc);
create index ix_certificate_number on certificate (number);
create index ix_certificate_machine_id on certificate (machine_id, kind);

create table countersignature (
    application_id text not null,
    round integer not null,
    role text not null,
    organisation_id text not null,
    organisation_name text not null,
    asked_at timestamptz not null,
    due_at timestamptz not null,
    due_provisional boolean not null,
    agrees boolean,
    remarks text not null,
    signed_at timestamptz,
    signed_by jsonb,
    constraint pk_countersignature primary key (application_id, round, role),
    constraint fk_countersignature_application_id foreign key(application_id) references application (id),
    constraint fk_countersignature_organisation_id foreign key(organisation_id) references organisation (id)
);
create index ix_countersignature_organisation_id on countersignature (organisation_id, application_id);

create table step (
    application_id text not null,
    number integer not null,
    round integer not null,
    act text not null,
    stage_before text not null,
    stage_after text not null,
    at timestamptz not null,
    user_id text not null,
    user_name text not null,
    organisation_id text not null,
    organisation_name text not null,
    words text not null,
    detail jsonb not null,
    constraint pk_step primary key (application_id, number),
    constraint fk_step_application_id foreign key(application_id) references application (id)
);

create table submission (
    application_id text not null,
    round integer not null,
    form jsonb not null,
    attachments jsonb not null,
    claims jsonb not null,
    machine jsonb,
    people jsonb not null,
    findings jsonb not null,
    agency_id text not null,
    at timestamptz not null,
    by jsonb not null,
    constraint pk_submission primary key (application_id, round),
    constraint fk_submission_application_id foreign key(application_id) references application (id)
);
"""


def upgrade() -> None:
    create_chassis_tables()
    op.execute(TABLES)
    for table in ("step", "submission"):
        close_to_change(op.get_bind(), table)
