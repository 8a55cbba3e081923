"""The fixtures that the tests of every service stand on."""

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from chassis.database import Sessions, transaction
from chassis.localservers import accounts
from chassis.testing.databases import Database
from chassis.testing.servers import Servers


def remember(sessions: Sessions, key: str) -> None:
    with transaction(sessions) as session:
        row = "insert into command (key, act, request_hash, reply) values (:key, 'act', '', '{}')"
        session.execute(text(row), {"key": key})


def count(sessions: Sessions, table: str) -> int:
    with transaction(sessions) as session:
        return session.execute(text(f"select count(*) from {table}")).scalar_one()


@pytest.mark.parametrize("time", ["first", "second"])
def test_each_test_finds_the_database_as_the_migrations_left_it(sessions: Sessions, time: str) -> None:
    assert count(sessions, "command") == 0
    assert count(sessions, "alembic_version") == 1

    remember(sessions, time)

    assert count(sessions, "command") == 1


def test_seeded_rows_and_sequences_are_restored(database: Database) -> None:
    with psycopg.connect(database.admin_uri) as connection:
        connection.execute("update alembic_version set version_num = 'changed'")
        connection.execute(
            "insert into outbox (id, type, version, subject, body, recorded_at) values ('a', 't', 1, 's', '{}', now())"
        )

    database.restore()

    with psycopg.connect(database.admin_uri) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == ("0001",)
        assert connection.execute("select last_value from outbox_position_seq").fetchone() == (1,)


@pytest.mark.parametrize("statement", ["create table x (y int)", "drop table inbox", "alter table inbox add z int"])
def test_the_service_s_role_may_change_no_table(sessions: Sessions, statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction(sessions) as session:
        session.execute(text(statement))


def test_the_service_s_role_may_not_enter_another_database(servers: Servers, database: Database) -> None:
    other = accounts.create(servers.postgres.admin_uri, "test_other", "x", "y")
    uri = accounts.address(database.uri, database=other.name)

    with pytest.raises(psycopg.OperationalError, match="permission denied"):
        psycopg.connect(uri)

    accounts.drop(servers.postgres.admin_uri, [other.name])
