from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import String

import filing.models  # noqa: F401  (declares the tables)
from chassis.database import Base
from chassis.migrations import CHASSIS_TABLES
from chassis.testing.databases import Database


def of_filing(thing: Any, name: str | None, kind: str, reflected: bool, compared_to: Any) -> bool:
    return not (kind == "table" and name in (*CHASSIS_TABLES, "alembic_version"))


def unless_both_are_text(context: Any, there: Any, here: Any, there_type: Any, here_type: Any) -> bool | None:
    return False if isinstance(there_type, String) and isinstance(here_type, String) else None


def test_migrations_make_exactly_the_tables_that_the_models_describe(database: Database) -> None:
    options = {"include_object": of_filing, "compare_type": unless_both_are_text}
    with database.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    assert differences == []
