"""Alembic's environment, the same for every service; `chassis.migrations` hands it an open connection."""

from alembic import context

from chassis.database import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
