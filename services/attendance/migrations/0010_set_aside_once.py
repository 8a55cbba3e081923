"""What was set aside is kept once, however often its message comes."""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.execute("""
        delete from set_aside again using set_aside one
        where again.number > one.number and again.device = one.device and again.received_at = one.received_at
          and again.reason = one.reason and again.told = one.told""")
    op.execute("create unique index uq_set_aside_told on set_aside (device, received_at, reason, md5(told::text))")
