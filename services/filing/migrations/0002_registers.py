"""Registers read by the newest first, open applications counted for the home page, and bulletins for anybody."""

from alembic import op

revision = "0002"
down_revision = "0001"

CHANGES = """
create index ix_project_changed_at on project (changed_at desc, id desc);
create index ix_organisation_created_at on organisation (created_at desc, id desc);
create index ix_application_agency_open on application (agency_id, stage) where stage <> 'closed';
create index ix_application_applicant_open on application (applicant_id, stage) where stage <> 'closed';
alter table bulletin add column is_public boolean not null default false;
alter table bulletin alter column is_public drop default;
alter table download add column is_public boolean not null default false;
alter table download alter column is_public drop default;
"""


def upgrade() -> None:
    op.execute(CHANGES)
