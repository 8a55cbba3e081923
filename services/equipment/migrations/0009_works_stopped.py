"""Orders of enforcement that stop all works of a project."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.execute("""
        create table project_stop (
            order_id text not null,
            project_id text not null,
            number text not null,
            stopped_at timestamptz,
            resumed_at timestamptz,
            constraint pk_project_stop primary key (order_id)
        );
        create index ix_project_stop_project_id on project_stop (project_id)""")
