"""Firms, sites (copies), officers; inspections and what they found; orders and the answers; documents and their numbers."""

from alembic import op

from chassis.migrations import create_chassis_tables

revision = "0001"
down_revision = None

TABLES = """
create table document (
    id text not null,
    kind text not null,
    number text not null,
    agency_id text not null,
    year integer not null,
    serial integer not null,
    subject_kind text not null,
    subject_id text not null,
    site_id text,
    area text not null,
    addressee_id text,
    issued_at timestamptz not null,
    issued_by jsonb not null,
    signed_at timestamptz,
    content jsonb not null,
    hash text not null,
    served_on_paper jsonb,
    constraint pk_document primary key (id)
);
create index ix_document_addressee_id on document (addressee_id, issued_at desc, id desc);
create index ix_document_site_id on document (site_id, issued_at desc, id desc);
create index ix_document_subject on document (subject_kind, subject_id);
create unique index uq_document_serial on document (agency_id, kind, year, serial);

create table evidence (
    id text not null,
    subject_kind text not null,
    subject_id text not null,
    site_id text,
    name text not null,
    sha256 text not null,
    size integer not null,
    media_type text,
    purpose text not null,
    note text not null,
    taken_at timestamptz,
    taken_place jsonb,
    derived_from text,
    recipe text,
    marks jsonb not null,
    added_at timestamptz not null,
    added_by jsonb not null,
    constraint pk_evidence primary key (id),
    constraint fk_evidence_derived_from foreign key(derived_from) references evidence (id)
);
create index ix_evidence_sha256 on evidence (sha256);
create index ix_evidence_subject on evidence (subject_kind, subject_id);

create table firm (
    id text not null,
    version integer not null,
    name text not null,
    credit_code text,
    kind text not null,
    kinds text[] not null,
    level text not null,
    area text not null,
    constraint pk_firm primary key (id)
);

create table number_block (
    id text not null,
    agency_id text not null,
    kind text not null,
    year integer not null,
    first integer not null,
    last integer not null,
    leased_to jsonb not null,
    leased_at timestamptz not null,
    lapses_at timestamptz not null,
    settled_at timestamptz,
    constraint pk_number_block primary key (id)
);
create index ix_number_block_open on number_block (lapses_at) where settled_at is null;
create index ix_number_block_series on number_block (agency_id, kind, year, first);

create table number_series (
    agency_id text not null,
    kind text not null,
    year integer not null,
    last integer not null,
    constraint pk_number_series primary key (agency_id, kind, year)
);

create table site (
    id text not null,
    version integer not null,
    name text not null,
    number text,
    area text not null,
    agency_id text,
    owner_id text,
    contractor_id text,
    supervisor_id text,
    stage text,
    starts_on date,
    finishes_on date,
    boundary jsonb,
    suspended_on date,
    merged_into text,
    constraint pk_site primary key (id)
);
create index ix_site_area on site (area text_pattern_ops);
create index ix_site_contractor_id on site (contractor_id);
create index ix_site_owner_id on site (owner_id);
create index ix_site_supervisor_id on site (supervisor_id);

create table void_serial (
    agency_id text not null,
    kind text not null,
    year integer not null,
    serial integer not null,
    reason text not null,
    voided_on date not null,
    voided_by jsonb not null,
    constraint pk_void_serial primary key (agency_id, kind, year, serial)
);

create table document_opening (
    document_id text not null,
    user_id text not null,
    opened_at timestamptz not null,
    opened_by jsonb not null,
    way text not null,
    constraint pk_document_opening primary key (document_id, user_id),
    constraint fk_document_opening_document_id foreign key(document_id) references document (id)
);

create table inspection (
    id text not null,
    kind text not null,
    plan_id text,
    rechecks text,
    site_id text not null,
    area text not null,
    agency_id text not null,
    stage text not null,
    started_at timestamptz not null,
    started_place jsonb,
    ended_at timestamptz,
    ended_place jsonb,
    officers jsonb not null,
    library text,
    checked jsonb,
    scores jsonb,
    score double precision,
    grade text,
    findings_count integer not null,
    signatures jsonb not null,
    site_signature jsonb,
    marks jsonb not null,
    content jsonb,
    seal text,
    sealed_at timestamptz,
    constraint pk_inspection primary key (id),
    constraint fk_inspection_site_id foreign key(site_id) references site (id)
);
create index ix_inspection_agency_id on inspection (agency_id, started_at desc, id desc);
create index ix_inspection_area on inspection (area text_pattern_ops, started_at desc);
create index ix_inspection_plan_id on inspection (plan_id) where plan_id is not null;
create index ix_inspection_site_id on inspection (site_id, started_at desc, id desc);
create index ix_inspection_started_at on inspection (started_at desc, id desc);

create table officer (
    id text not null,
    agency_id text not null,
    name text not null,
    user_id text,
    certificate_number text not null,
    certificate_valid_to date not null,
    entered_at timestamptz not null,
    entered_by jsonb not null,
    removed_at timestamptz,
    constraint pk_officer primary key (id),
    constraint fk_officer_agency_id foreign key(agency_id) references firm (id)
);
create index ix_officer_agency_id on officer (agency_id);
create unique index uq_officer_certificate on officer (certificate_number) where removed_at is null;
create unique index uq_officer_user_id on officer (user_id) where removed_at is null;

create table inspection_officer (
    inspection_id text not null,
    officer_id text not null,
    started_at timestamptz not null,
    constraint pk_inspection_officer primary key (inspection_id, officer_id),
    constraint fk_inspection_officer_inspection_id foreign key(inspection_id) references inspection (id),
    constraint fk_inspection_officer_officer_id foreign key(officer_id) references officer (id)
);
create index ix_inspection_officer_id on inspection_officer (officer_id, started_at desc);

create table site_order (
    id text not null,
    kind text not null,
    document_id text not null,
    number text not null,
    inspection_id text,
    site_id text not null,
    area text not null,
    agency_id text not null,
    addressee_id text not null,
    scope text not null,
    demands text not null,
    issued_at timestamptz not null,
    issued_by jsonb not null,
    first_due_on date not null,
    due_on date not null,
    stage text not null,
    follows text,
    reported_at timestamptz,
    lifted_at timestamptz,
    closed_at timestamptz,
    escalated_to text,
    constraint pk_site_order primary key (id),
    constraint fk_site_order_document_id foreign key(document_id) references document (id),
    constraint fk_site_order_inspection_id foreign key(inspection_id) references inspection (id),
    constraint fk_site_order_site_id foreign key(site_id) references site (id)
);
create index ix_order_addressee_id on site_order (addressee_id, issued_at desc, id desc);
create index ix_order_agency_id on site_order (agency_id, issued_at desc, id desc);
create index ix_order_area on site_order (area text_pattern_ops, issued_at desc);
create index ix_order_issued_at on site_order (issued_at desc, id desc);
create index ix_order_open on site_order (due_on, id) where closed_at is null;
create index ix_order_site_id on site_order (site_id, issued_at desc, id desc);
create index ix_order_stopped on site_order (site_id) where kind <> 'rectify' and lifted_at is null and closed_at is null;
create unique index uq_order_number on site_order (agency_id, number);

create table finding (
    id text not null,
    inspection_id text not null,
    place_in integer not null,
    site_id text not null,
    area text not null,
    clause_key text not null,
    clause text not null,
    severity text not null,
    description text not null,
    part text not null,
    found_on date not null,
    order_id text,
    closed_at timestamptz,
    constraint pk_finding primary key (id),
    constraint fk_finding_inspection_id foreign key(inspection_id) references inspection (id),
    constraint fk_finding_site_id foreign key(site_id) references site (id),
    constraint fk_finding_order_id foreign key(order_id) references site_order (id)
);
create index ix_finding_found_on on finding (found_on, area) include (clause_key, severity, closed_at);
create index ix_finding_order_id on finding (order_id);
create index ix_finding_repeated on finding (site_id, clause_key, found_on);
create index ix_finding_site_id on finding (site_id, found_on desc, id desc);
create unique index uq_finding_place on finding (inspection_id, place_in);

create table order_act (
    order_id text not null,
    place_in integer not null,
    act text not null,
    at timestamptz not null,
    by jsonb not null,
    detail jsonb not null,
    constraint pk_order_act primary key (order_id, place_in),
    constraint fk_order_act_order_id foreign key(order_id) references site_order (id)
);

create table rectification (
    id text not null,
    order_id text not null,
    round integer not null,
    stage text not null,
    answers jsonb not null,
    saved_at timestamptz not null,
    submitted_at timestamptz,
    submitted_by jsonb,
    decided_at timestamptz,
    decided_by jsonb,
    checked_by text,
    opinion text,
    constraint pk_rectification primary key (id),
    constraint fk_rectification_order_id foreign key(order_id) references site_order (id)
);
create unique index uq_rectification_round on rectification (order_id, round);

"""


def upgrade() -> None:
    create_chassis_tables()
    op.execute(TABLES)
