"""The migrations make the tables that the models describe."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import NullPool, String, create_engine

from chassis import commands, inbox, journal, outbox, park  # noqa: F401  (their tables are part of the service's)
from chassis.database import Base, with_driver
from chassis.exports import table  # noqa: F401
from chassis.testing.databases import Database
from enforcement import models


def differ(context: Any, inspected_column: Any, column: Any, inspected_type: Any, type_: Any) -> bool | None:
    """To PostgreSQL text and varchar are one; None leaves it to Alembic."""
    return False if isinstance(inspected_type, String) and isinstance(type_, String) else None


def test_migrated_tables_are_those_of_the_models(database: Database) -> None:
    assert models.Base is Base
    engine = create_engine(with_driver(database.owner_uri), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": differ})
        assert compare_metadata(context, Base.metadata) == []
