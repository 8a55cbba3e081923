"""PostgreSQL: one engine a process, one visible transaction a use case, and a time limit on everything."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
from sqlalchemy import Engine, MetaData, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

Sessions = sessionmaker[Session]

STATEMENT_TIMEOUT = timedelta(seconds=5)
LOCK_TIMEOUT = timedelta(seconds=2)
CONNECT_TIMEOUT = timedelta(seconds=5)
IDLE_IN_TRANSACTION_TIMEOUT = timedelta(seconds=15)
TRIED_AFTER = timedelta(seconds=1)
USED_AT = "used at"

# The database is away, or takes too long: not the fault of what was asked, and worth another try.
OUTAGES: tuple[type[Exception], ...] = (OperationalError, InterfaceError, PoolTimeout)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The tables of this process's service, the chassis's own among them: a process serves one database."""

    metadata = MetaData(naming_convention=NAMING)


def engine(
    uri: str,
    pool_size: int = 10,
    statement_timeout: timedelta = STATEMENT_TIMEOUT,
    connect_timeout: timedelta = CONNECT_TIMEOUT,
) -> Engine:
    """An engine whose connections carry the time limits above as server-side settings.

    `connect_timeout` is in whole seconds, two at least: the driver waits no less.
    """
    made = create_engine(
        with_driver(uri),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=connect_timeout.total_seconds(),
        connect_args=_connect_arguments(statement_timeout, connect_timeout),
    )
    event.listen(made, "checkin", _note_use)
    event.listen(made, "checkout", _refuse_dead)
    return made


def _note_use(connection: Any, record: Any) -> None:
    record.info[USED_AT] = time.monotonic()


def _refuse_dead(connection: Any, record: Any, proxy: Any) -> None:
    """A connection that has idled is tried first; one that was used a moment ago need not cost a round trip more.

    SQLAlchemy then opens a new one in its place.
    """
    if time.monotonic() - record.info.get(USED_AT, time.monotonic()) < TRIED_AFTER.total_seconds():
        return
    try:
        connection.execute("select 1")
        connection.rollback()
    except psycopg.Error as error:
        raise DisconnectionError from error


def session_factory(bound_to: Engine) -> Sessions:
    return sessionmaker(bound_to, expire_on_commit=False)


@contextmanager
def transaction(sessions: Sessions) -> Iterator[Session]:
    """Begin, then commit, or roll back if anything was raised: nothing else. No network in between."""
    with sessions.begin() as session:
        yield session


def is_answering(bound_to: Engine) -> bool:
    """Whether the database answers now: the readiness check of every process."""
    try:
        with bound_to.connect() as connection:
            connection.execute(text("select 1"))
    except Exception:  # any failure at all means "not ready"
        return False
    return True


def with_driver(uri: str) -> str:
    return uri.replace("postgresql://", "postgresql+psycopg://", 1)


def _connect_arguments(statement_timeout: timedelta, connect_timeout: timedelta) -> dict[str, Any]:
    milliseconds = {
        "statement_timeout": statement_timeout,
        "lock_timeout": LOCK_TIMEOUT,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_TIMEOUT,
    }
    options = " ".join(f"-c {name}={int(limit.total_seconds() * 1000)}" for name, limit in milliseconds.items())
    return {
        "connect_timeout": int(connect_timeout.total_seconds()),
        # A server that a broken network keeps from answering what was sent: noticed in the same time.
        "tcp_user_timeout": int(connect_timeout.total_seconds() * 1000),
        # Indexes lie in memory or on disks without arms: by PostgreSQL's own 4 it reads a whole table sooner than a
        # thousand rows by their index (certificates that end soon, of 500,000 people: 0.2 s for 0.05 s, measured). And a
        # page is read by one process: others take longer to begin (15 ms) than most pages to be done.
        "options": f"{options} -c timezone=UTC -c random_page_cost=1.1 -c max_parallel_workers_per_gather=0",
    }
