"""Finding whose photo a file is (find_used_files)."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("create index ix_person_photo on person (photo) where photo is not null")
