"""Finding what refers to a file (find_used_files)."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
        create index ix_application_attachments on application using gin (attachments jsonb_path_ops);
        create index ix_submission_attachments on submission using gin (attachments jsonb_path_ops);
        create index ix_bulletin_attachments on bulletin using gin (attachments jsonb_path_ops);
        create index ix_download_sha256 on download (sha256);
        """
    )
