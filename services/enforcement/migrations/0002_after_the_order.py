"""What comes after an order: opinions on a report, what was decided, the steps it owes, and transfers to who may fine."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = """
alter table site_order add column on_paper boolean not null default false, add column extensions integer not null default 0;
create index ix_order_owing on site_order (escalated_to, due_on, id) where closed_at is null and reported_at is null;

alter table rectification
    add column supervisor_opinion jsonb, add column owner_opinion jsonb, add column outcome jsonb;
create index ix_rectification_draft on rectification (order_id) where stage = 'draft';

create index ix_document_issued_at on document (issued_at desc, id desc);
create index ix_document_area on document (area text_pattern_ops, issued_at desc);

create table transfer (
    id text not null,
    order_id text not null,
    site_id text not null,
    area text not null,
    from_agency_id text not null,
    to_agency_id text not null,
    document_id text not null,
    number text not null,
    party_id text not null,
    party_name text not null,
    facts text not null,
    attachments jsonb not null,
    stage text not null,
    sent_at timestamptz not null,
    sent_by jsonb not null,
    answered_at timestamptz,
    answered_by jsonb,
    reason text,
    case_number text,
    constraint pk_transfer primary key (id),
    constraint fk_transfer_order_id foreign key(order_id) references site_order (id),
    constraint fk_transfer_site_id foreign key(site_id) references site (id),
    constraint fk_transfer_document_id foreign key(document_id) references document (id)
);
create index ix_transfer_from_agency_id on transfer (from_agency_id, sent_at desc, id desc);
create index ix_transfer_order_id on transfer (order_id);
create index ix_transfer_to_agency_id on transfer (to_agency_id, sent_at desc, id desc);
"""


def upgrade() -> None:
    op.execute(TABLES)
