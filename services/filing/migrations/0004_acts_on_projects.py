"""Matters about a project as a whole, what an approval decided, and a project's days: filed, stopped, closed."""

from alembic import op

revision = "0004"
down_revision = "0003"

CHANGES = """
alter table application add column decision jsonb;
create unique index uq_application_living_project on application (matter, project_id)
    where matter in ('civilised_site', 'comprehensive_assessment', 'supervision_suspension', 'supervision_resumption',
                     'supervision_termination')
      and stage in ('countersigning', 'submitted', 'accepted', 'reviewed', 'returned');
alter table project add column stoppages jsonb not null default '[]';
alter table project alter column stoppages drop default;
alter table project add column filed_on date;
alter table project add column closed_on date;
update project set filed_on = certificate.issued_on from certificate
    where certificate.application_id = project.application_id and certificate.kind = 'safety_filing';
"""


def upgrade() -> None:
    op.execute(CHANGES)
