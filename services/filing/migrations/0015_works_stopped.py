"""Orders of enforcement that stop works of a project."""

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.execute("""
        create table work_stop (
            order_id text not null,
            project_id text not null,
            number text not null,
            is_whole boolean not null,
            scope text not null,
            stopped_at timestamptz,
            resumed_at timestamptz,
            constraint pk_work_stop primary key (order_id)
        );
        create index ix_work_stop_project_id on work_stop (project_id)""")
