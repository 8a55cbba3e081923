"""The migrations make the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import NullPool, String, create_engine

from chassis import commands, inbox, journal, outbox, park  # noqa: F401  (their tables are part of the service's)
from chassis.database import Base, with_driver
from personnel import models  # noqa: F401


def differ(context, inspected_column, column, inspected_type, type_) -> bool | None:
    """To PostgreSQL text and varchar are one; None leaves it to Alembic."""
    return False if isinstance(inspected_type, String) and isinstance(type_, String) else None


def test_migrated_tables_are_those_of_the_models(database):
    engine = create_engine(with_driver(database.owner_uri), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": differ})
        assert compare_metadata(context, Base.metadata) == []
