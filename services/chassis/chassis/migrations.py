"""Migrations: one shared Alembic environment for all services.

Files are numbered (`0001_applications.py`, `revision = "0001"`), one forward step each. They run under an advisory
lock with a lock time-out of 4 s and a statement time-out of 60 s, so a migration that cannot get its table gives up
instead of stopping the service; two heads are refused. Every migration must work beside the release before it.
"""

from pathlib import Path

from alembic import command, op
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from chassis.database import Base, with_driver
from chassis.searching import search_words

LOCK_TIMEOUT_MS = 4_000
STATEMENT_TIMEOUT_MS = 60_000
SEARCH_BATCH = 1_000
MIGRATION_LOCK = 0x6D696772
ENVIRONMENT = Path(__file__).parent / "migration_environment"

TEMPLATE = '''"""{message}."""

from alembic import op

revision = "{number}"
down_revision = {last}


def upgrade() -> None:
    op.execute("")
'''

CHASSIS_TABLES = ("outbox", "inbox", "journal", "command", "parked", "export")


def migrate(owner_uri: str, versions: Path) -> None:
    """Bring the database at `owner_uri` (the owner's role, which may change tables) to the newest of `versions`."""
    configuration = _configuration(versions)
    heads = ScriptDirectory.from_config(configuration).get_heads()
    if len(heads) != 1:
        raise RuntimeError(
            f"{versions} has {len(heads)} heads: {', '.join(heads)}; number the newer one after the other"
        )
    engine = create_engine(with_driver(owner_uri), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.execute(text(f"set lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.execute(text(f"set statement_timeout = {STATEMENT_TIMEOUT_MS}"))
        connection.commit()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
        connection.commit()
    engine.dispose()


def new_migration(versions: Path, message: str) -> Path:
    """An empty migration numbered after the last one; returns its file."""
    numbers = sorted(int(each.name[:4]) for each in versions.glob("[0-9][0-9][0-9][0-9]_*.py"))
    last = f"{numbers[-1]:04d}" if numbers else None
    number = f"{(numbers[-1] if numbers else 0) + 1:04d}"
    path = versions / f"{number}_{message.strip().lower().replace(' ', '_')}.py"
    path.write_text(TEMPLATE.format(message=message, number=number, last=f'"{last}"' if last else None))
    return path


def create_chassis_tables(names: tuple[str, ...] = CHASSIS_TABLES) -> None:
    """For the first migration of a service: the tables of the chassis that it uses, the journal closed to change."""
    from chassis import commands, inbox, journal, outbox, park  # noqa: F401  (declares the tables)
    from chassis.exports import table  # noqa: F401

    connection = op.get_bind()
    Base.metadata.create_all(connection, tables=[Base.metadata.tables[name] for name in names])
    if "journal" in names:
        close_to_change(connection, "journal")


def close_to_change(connection: Connection, table: str) -> None:
    """Insert and read only, for every role but the owner."""
    grantees = connection.execute(
        text(
            "select distinct grantee from information_schema.role_table_grants where table_name = :table"
            " and table_schema = current_schema() and grantee <> current_user"
        ),
        {"table": table},
    ).scalars()
    for grantee in list(grantees):
        role = "public" if grantee == "PUBLIC" else connection.dialect.identifier_preparer.quote(grantee)
        connection.execute(text(f"revoke update, delete, truncate on {table} from {role}"))


def _configuration(versions: Path) -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(ENVIRONMENT))
    configuration.set_main_option("version_locations", str(versions))
    configuration.set_main_option("path_separator", "newline")
    return configuration


def index_for_search(table: str, texts: str, rows: str = "") -> None:
    """Write anew what the rows of a table are found by: `texts` is an SQL array, `rows` what it is joined with."""
    connection = op.get_bind()
    found = connection.execute(text(f"select {table}.id, {texts} from {table} {rows}")).all()
    for start in range(0, len(found), SEARCH_BATCH):
        pieces = [{"id": id_, "pieces": search_words(names)} for id_, names in found[start : start + SEARCH_BATCH]]
        connection.execute(text(f"update {table} set search = :pieces where id = :id"), pieces)
