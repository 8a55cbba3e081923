"""Plans of inspections, draws that can be recomputed, planned visits, and officers' interests in firms."""

from alembic import op

from chassis.migrations import close_to_change

revision = "0004"
down_revision = "0003"

TABLES = """
create table interest (
    id text not null,
    officer_id text not null,
    firm_id text not null,
    reason text not null,
    since date not null,
    until date,
    entered_at timestamptz not null,
    entered_by jsonb not null,
    constraint pk_interest primary key (id),
    constraint fk_interest_officer_id foreign key(officer_id) references officer (id),
    constraint fk_interest_firm_id foreign key(firm_id) references firm (id)
);
create index ix_interest_officer_id on interest (officer_id);

create table plan (
    id text not null,
    agency_id text not null,
    area text not null,
    kind text not null,
    title text not null,
    starts_on date not null,
    ends_on date not null,
    basis text not null,
    criteria jsonb not null,
    visits integer not null,
    cap integer not null,
    stage text not null,
    version integer not null,
    drafted_at timestamptz not null,
    drafted_by jsonb not null,
    approved_at timestamptz,
    approved_by jsonb,
    finished_at timestamptz,
    finished_by jsonb,
    summary text,
    constraint pk_plan primary key (id)
);
create index ix_plan_agency_id on plan (agency_id, drafted_at desc, id desc);
create index ix_plan_drafted_at on plan (drafted_at desc, id desc);

create table plan_site (
    plan_id text not null,
    site_id text not null,
    constraint pk_plan_site primary key (plan_id, site_id),
    constraint fk_plan_site_plan_id foreign key(plan_id) references plan (id),
    constraint fk_plan_site_site_id foreign key(site_id) references site (id)
);

create table draw (
    id text not null,
    plan_id text not null,
    agency_id text not null,
    area text not null,
    committed_at timestamptz not null,
    committed_by jsonb not null,
    committed jsonb not null,
    commitment text not null,
    nonce text not null,
    constraint pk_draw primary key (id),
    constraint fk_draw_plan_id foreign key(plan_id) references plan (id)
);
create index ix_draw_committed_at on draw (committed_at desc, id desc);
create index ix_draw_plan_id on draw (plan_id);

create table draw_reveal (
    draw_id text not null,
    revealed_at timestamptz not null,
    revealed_by jsonb not null,
    seed text not null,
    seed_announced_at timestamptz not null,
    published jsonb not null,
    digest text not null,
    constraint pk_draw_reveal primary key (draw_id),
    constraint fk_draw_reveal_draw_id foreign key(draw_id) references draw (id)
);

create table planned_visit (
    id text not null,
    plan_id text not null,
    draw_id text,
    site_id text not null,
    serial integer not null,
    area text not null,
    officer_ids text[] not null,
    due_on date not null,
    constraint pk_planned_visit primary key (id),
    constraint fk_planned_visit_plan_id foreign key(plan_id) references plan (id),
    constraint fk_planned_visit_draw_id foreign key(draw_id) references draw (id),
    constraint fk_planned_visit_site_id foreign key(site_id) references site (id)
);
create index ix_planned_visit_area on planned_visit (area text_pattern_ops, due_on);
create index ix_planned_visit_officer_ids on planned_visit using gin (officer_ids);
create index ix_planned_visit_site_id on planned_visit (site_id);
create unique index uq_planned_visit_serial on planned_visit (plan_id, site_id, serial);
"""


def upgrade() -> None:
    op.execute(TABLES)
    for table in ("draw", "draw_reveal"):
        close_to_change(op.get_bind(), table)
