"""One database a service, and two roles on it: the owner migrates, the service itself reads and writes rows.

The service's role has no right to create, change or drop a table, and none at all on another service's database.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

DEFAULTS = "alter default privileges for role {owner} in schema public grant "


@dataclass(frozen=True)
class Account:
    """The addresses of one database for its two roles."""

    name: str
    uri: str = field(repr=False)
    owner_uri: str = field(repr=False)


def known(admin_uri: str, name: str, password: str, owner_password: str) -> Account:
    """The addresses of the database `name` and of its roles `name` and `name_owner`."""
    return Account(
        name=name,
        uri=address(admin_uri, user=name, password=password, database=name),
        owner_uri=address(admin_uri, user=f"{name}_owner", password=owner_password, database=name),
    )


def create(admin_uri: str, name: str, password: str, owner_password: str) -> Account:
    """The database `name` with its roles; a repeat only sets the passwords.

    The role of `admin_uri` must be allowed to create databases and roles; it need not be a superuser.
    """
    owner = f"{name}_owner"
    account = known(admin_uri, name, password, owner_password)
    with psycopg.connect(admin_uri, autocommit=True) as connection:
        _role(connection, owner, owner_password)
        _role(connection, name, password)
        if not _exists(connection, "pg_database", "datname", name):
            connection.execute(sql.SQL("grant {} to current_user").format(sql.Identifier(owner)))
            connection.execute(
                sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(owner))
            )
    _grant(account, owner)
    return account


def _grant(account: Account, owner: str) -> None:
    """Let in the two roles alone, and give the service's role the rows of all tables that the owner will make."""
    names = {"name": sql.Identifier(account.name), "owner": sql.Identifier(owner)}
    statements = (
        "revoke all on database {name} from public",
        "grant connect, temporary on database {name} to {name}, {owner}",
        "revoke all on schema public from public",
        "grant usage on schema public to {name}",
        DEFAULTS + "select, insert, update, delete on tables to {name}",
        DEFAULTS + "usage, select on sequences to {name}",
    )
    with psycopg.connect(account.owner_uri, autocommit=True) as connection:
        for statement in statements:
            connection.execute(sql.SQL(statement).format(**names))


def drop(admin_uri: str, names: list[str]) -> None:
    """Remove databases with their roles; connections to them are cut, and those that are not there are no fault."""
    with psycopg.connect(admin_uri, autocommit=True) as connection:
        for name in names:
            connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))
            for role in (name, f"{name}_owner"):
                connection.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(role)))


def address(uri: str, *, user: str | None = None, password: str | None = None, database: str | None = None) -> str:
    """The same server's address for another user, another database, or both."""
    parts = urlsplit(uri)
    host = parts.netloc.rpartition("@")[2]
    netloc = parts.netloc if user is None else f"{user}:{password}@{host}"
    path = parts.path if database is None else f"/{database}"
    return urlunsplit((parts.scheme, netloc, path, parts.query, ""))


def _role(connection: psycopg.Connection, role: str, password: str) -> None:
    verb = "alter" if _exists(connection, "pg_roles", "rolname", role) else "create"
    statement = sql.SQL(verb + " role {} login nosuperuser nocreatedb nocreaterole password {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))


def _exists(connection: psycopg.Connection, catalogue: str, column: str, name: str) -> bool:
    query = sql.SQL("select 1 from {} where {} = %s").format(sql.Identifier(catalogue), sql.Identifier(column))
    return connection.execute(query, [name]).fetchone() is not None
