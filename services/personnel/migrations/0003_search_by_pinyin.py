"""People are found by a part of their name, its pinyin and initials, by their post, and by how their phone ends."""

from alembic import op

from chassis.migrations import index_for_search

revision = "0003"
down_revision = "0002"

INDEXES = """
alter table person alter column search drop default;
create index ix_person_search on person using gin (search);
create index ix_person_posts on person using gin (posts jsonb_path_ops);
create index ix_person_phone_end on person (reverse(phone) text_pattern_ops);
"""


def upgrade() -> None:
    op.execute("alter table person add column search text[] not null default '{}'")
    index_for_search("person", "array[name]")
    op.execute(INDEXES)
