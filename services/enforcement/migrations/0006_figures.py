"""What the figures, the officer's day and the map read: tallies of months, and indexes of orders that are open."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = """
create table figure_month (
    month date not null,
    counted_at timestamptz not null,
    constraint pk_figure_month primary key (month)
);

create table figure_tally (
    month date not null,
    area text not null,
    planned integer not null,
    made integer not null,
    inspections integer not null,
    officer_visits integer not null,
    refused integer not null,
    scored integer not null,
    score_sum double precision not null,
    general integer not null,
    serious integer not null,
    major integer not null,
    repeated integer not null,
    issued integer not null,
    closed integer not null,
    constraint pk_figure_tally primary key (month, area)
);

create table rectified_tally (
    month date not null,
    area text not null,
    days integer not null,
    orders integer not null,
    constraint pk_rectified_tally primary key (month, area, days)
);

create index ix_order_closed_at on site_order (closed_at) where stage = 'closed';
create index ix_order_open_area on site_order (area text_pattern_ops, due_on) include (reported_at, site_id)
    where closed_at is null;
create index ix_order_open_agency on site_order (agency_id, due_on) include (reported_at) where closed_at is null;
create index ix_order_open_addressee on site_order (addressee_id, due_on) include (reported_at) where closed_at is null;
create index ix_planned_visit_due_on on planned_visit (due_on);
create index ix_planned_visit_plan_id on planned_visit (plan_id, due_on);
create index ix_inspection_plan_site on inspection (plan_id, site_id) where plan_id is not null and stage = 'completed';
create index ix_inspection_running on inspection (agency_id) where stage = 'started';
create index ix_site_on_map on site (area text_pattern_ops) include (id)
    where boundary is not null and merged_into is null and stage is distinct from 'closed';
create index ix_finding_area on finding (area text_pattern_ops, found_on desc, id desc);
create index ix_finding_grave on finding (severity, found_on desc, id desc) where severity <> 'general';
create index ix_finding_listed on finding (found_on desc, id desc);
"""


def upgrade() -> None:
    op.execute(TABLES)
