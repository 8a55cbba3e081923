"""Work-process logs: a day's log and its corrections, never overwritten."""

from alembic import op

from chassis.migrations import close_to_change

revision = "0006"
down_revision = "0005"

TABLES = """
create table work_log (
    project_id text not null,
    day date not null,
    version integer not null,
    hazard integer not null,
    is_late boolean not null,
    weather text not null,
    work_done text not null,
    works jsonb not null,
    measures text not null,
    photos jsonb not null,
    correction text not null,
    at timestamptz not null,
    by jsonb not null,
    constraint pk_work_log primary key (project_id, day, version),
    constraint fk_work_log_project_id foreign key (project_id) references project (id)
);
create index ix_work_log_day on work_log (day);
create index ix_work_log_photos on work_log using gin (photos jsonb_path_ops);
"""


def upgrade() -> None:
    op.execute(TABLES)
    close_to_change(op.get_bind(), "work_log")
