"""Penalty cases: what is in them, their timeline, their clocks, and what was paid."""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = """
create table penalty_case (
    id text not null,
    number text,
    kind text not null,
    stage text not null,
    agency_id text not null,
    area text not null,
    site_id text,
    order_id text,
    transfer_id text,
    source text not null,
    party_kind text not null,
    party_id text,
    party_name text not null,
    party_number text,
    party_key text not null,
    offence_keys jsonb not null,
    facts jsonb not null,
    acted_on date,
    found_on date not null,
    weighing jsonb,
    grave boolean not null,
    proposed bigint,
    noticed bigint,
    fine bigint,
    deviation jsonb,
    outcome text,
    investigators jsonb not null,
    opened_at timestamptz not null,
    opened_by jsonb not null,
    filed_at timestamptz,
    reviewed_at timestamptz,
    reviewed_by jsonb,
    reviewed bigint,
    noticed_at timestamptz,
    notice_id text,
    notice_served_on date,
    hearing_right boolean not null,
    waived_on date,
    defended_at timestamptz,
    hearing_asked_on date,
    hearing_on date,
    decided_at timestamptz,
    decided_by jsonb,
    decision_id text,
    decision_number text,
    days_late integer,
    served_on date,
    pay_by date,
    paid numeric(14, 2) not null,
    reminded_on date,
    challenges jsonb not null,
    published_on date,
    removed_on date,
    closed_at timestamptz,
    constraint pk_penalty_case primary key (id),
    constraint fk_penalty_case_site_id foreign key(site_id) references site (id),
    constraint fk_penalty_case_order_id foreign key(order_id) references site_order (id),
    constraint fk_penalty_case_transfer_id foreign key(transfer_id) references transfer (id),
    constraint fk_penalty_case_notice_id foreign key(notice_id) references document (id),
    constraint fk_penalty_case_decision_id foreign key(decision_id) references document (id)
);
create index ix_case_agency_id on penalty_case (agency_id, opened_at desc, id desc);
create index ix_case_area on penalty_case (area text_pattern_ops, opened_at desc);
create index ix_case_decided_at on penalty_case (decided_at desc) where decided_at is not null;
create index ix_case_offence_keys on penalty_case using gin (offence_keys jsonb_path_ops);
create index ix_case_opened_at on penalty_case (opened_at desc, id desc);
create index ix_case_order_id on penalty_case (order_id);
create index ix_case_party_id on penalty_case (party_id, opened_at desc, id desc);
create index ix_case_site_id on penalty_case (site_id, opened_at desc, id desc);

create table case_conduct (
    act_key text not null,
    party_key text not null,
    case_id text not null,
    constraint pk_case_conduct primary key (act_key, party_key),
    constraint fk_case_conduct_case_id foreign key(case_id) references penalty_case (id)
);
create index ix_case_conduct_case_id on case_conduct (case_id);

create table case_act (
    case_id text not null,
    place_in integer not null,
    act text not null,
    at timestamptz not null,
    by jsonb not null,
    detail jsonb not null,
    constraint pk_case_act primary key (case_id, place_in),
    constraint fk_case_act_case_id foreign key(case_id) references penalty_case (id)
);

create table case_clock (
    case_id text not null,
    place_in integer not null,
    clock_id text not null,
    kind text not null,
    started_on date not null,
    due_on date not null,
    provisional boolean not null,
    extensions integer not null,
    spans jsonb not null,
    ended_on date,
    told_at timestamptz,
    constraint pk_case_clock primary key (case_id, place_in),
    constraint fk_case_clock_case_id foreign key(case_id) references penalty_case (id)
);
create index ix_case_clock_due on case_clock (due_on, case_id) where ended_on is null and told_at is null and kind = 'limit';

create table case_payment (
    case_id text not null,
    receipt text not null,
    amount numeric(14, 2) not null,
    paid_on date not null,
    recorded_at timestamptz not null,
    recorded_by jsonb not null,
    constraint pk_case_payment primary key (case_id, receipt),
    constraint fk_case_payment_case_id foreign key(case_id) references penalty_case (id)
);

"""


def upgrade() -> None:
    op.execute(TABLES)
