"""The list of a matter and the figures of an area are counted out of their index, without reading rows that lie all over."""

from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.execute("""
        drop index ix_application_matter;
        create index ix_application_matter on application (matter, changed_at desc, id desc)
            include (area, stage, outcome, round, submitted_at, closed_at, due_at);
        drop index ix_decision_tally_area;
        create index ix_decision_tally_area on decision_tally (area, month)
            include (matter, outcome, in_time, workdays, rounds, count)""")
