"""A finding says whether it came back, so that those that did are found without looking behind every other one; and those
against one clause have an index."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.execute("alter table finding add column is_repeated boolean not null default false")
    op.execute("""
        update finding set is_repeated = true where exists (
            select from finding before where before.site_id = finding.site_id and before.clause_key = finding.clause_key
                and before.found_on < finding.found_on and before.found_on >= finding.found_on - 180)""")
    op.execute("create index ix_finding_again on finding (found_on desc, id desc) where is_repeated")
    op.execute("create index ix_finding_clause on finding (clause_key, found_on desc, id desc)")
