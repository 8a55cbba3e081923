"""Databases for tests: migrated once a session by the owner's role, put back to that state before each test.

Tests work under the service's own role, so that a right it lacks in production is missing here too.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from sqlalchemy import Engine

from chassis.database import Sessions, engine, session_factory
from chassis.localservers import accounts
from chassis.migrations import migrate

LOCK_TIMEOUT_MS = 10_000

# `pristine` keeps what migrations have put into tables and where they left the sequences; restore() brings it back.
# Rows are deleted, not truncated: for a test's few rows that is quicker, and it waits for no reader.
PRISTINE = """
create schema pristine;
create table pristine.sequence (name regclass, last_value bigint, is_called boolean);
create table pristine.seeded (name regclass, copy regclass, columns text);

do $$
declare each record; filled boolean;
begin
    for each in
        select c.oid::regclass as name, c.relname, (
            select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
            where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns
        from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    loop
        execute format('select exists (select 1 from %s)', each.name) into filled;
        if filled then
            execute format('create table pristine.%I as select %s from %s', each.relname, each.columns, each.name);
            insert into pristine.seeded values (each.name, format('pristine.%I', each.relname)::regclass, each.columns);
        end if;
    end loop;
    for each in
        select c.oid::regclass as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'S'
    loop
        execute format('insert into pristine.sequence select %L, last_value, is_called from %s', each.name, each.name);
    end loop;
end $$;

create function pristine.restore() returns void language plpgsql as $$
declare each record; filled boolean;
begin
    set local session_replication_role = replica;
    for each in
        select c.oid::regclass as name from pg_class c
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    loop
        execute format('select exists (select 1 from %s)', each.name) into filled;
        if filled then execute format('delete from %s', each.name); end if;
    end loop;
    for each in select * from pristine.seeded loop
        execute format('insert into %s (%s) overriding system value select * from %s',
            each.name, each.columns, each.copy);
    end loop;
    perform setval(name, last_value, is_called) from pristine.sequence;
end $$;
"""


@dataclass
class Database:
    """A migrated database: `uri` for the service's role, `owner_uri` for the migrating one, `admin_uri` for all."""

    service: str
    uri: str = field(repr=False)
    owner_uri: str = field(repr=False)
    admin_uri: str = field(repr=False)
    engine: Engine = field(repr=False)
    sessions: Sessions = field(repr=False)

    def restore(self) -> None:
        """All rows as the migrations left them. Waits some seconds for open transactions, then refuses."""
        with psycopg.connect(self.admin_uri) as connection:
            connection.execute(f"set lock_timeout = {LOCK_TIMEOUT_MS}")
            connection.execute("select pristine.restore()")


class Databases:
    """The databases of one test session on one server, each made when first asked for."""

    def __init__(self, admin_uri: str, root: Path) -> None:
        self.admin_uri = admin_uri
        self.root = root
        self.token = secrets.token_hex(4)
        self.made: dict[str, Database] = {}

    def __call__(self, service: str) -> Database:
        if service not in self.made:
            self.made[service] = self._make(service)
        return self.made[service]

    def close(self) -> None:
        """Remove all of them, with their roles."""
        for database in self.made.values():
            database.engine.dispose()
        accounts.drop(self.admin_uri, [self._name(service) for service in self.made])

    def _make(self, service: str) -> Database:
        account = accounts.create(self.admin_uri, self._name(service), self.token, self.token)
        migrate(account.owner_uri, migrations_of(self.root, service))
        admin_uri = accounts.address(self.admin_uri, database=account.name)
        with psycopg.connect(admin_uri) as connection:
            connection.execute(PRISTINE)
        bound_to = engine(account.uri)
        return Database(service, account.uri, account.owner_uri, admin_uri, bound_to, session_factory(bound_to))

    def _name(self, service: str) -> str:
        return f"test_{self.token}_{service}"


def migrations_of(root: Path, service: str) -> Path:
    """The folder of a service's numbered migrations; the chassis, which is no service, has one for its tests."""
    if service == "chassis":
        return Path(__file__).parent / "migrations"
    folder = root / service if service == "gateway" else root / "services" / service
    return folder / "migrations"
