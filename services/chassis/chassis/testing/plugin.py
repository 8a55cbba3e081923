"""The pytest plugin of the whole repository; loaded by the root pyproject.toml.

    def test_second_project_is_told_who_holds_the_machine(sessions, clock): ...

| fixture | gives | lives for |
|---|---|---|
| `clock` | a `FrozenClock` | a test |
| `database` | the `Database` of the package whose test this is, as its migrations left it | a test |
| `sessions` | that database's session factory, under the service's own role | a test |
| `databases` | the same for any service by name: `databases("equipment").sessions` | a test |
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis.database import Sessions
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database, Databases
from chassis.testing.servers import Servers


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Iterator[Servers]:
    """The servers of this session; ask for the fixtures below instead."""
    servers = Servers(pytestconfig.rootpath)
    yield servers
    servers.close()


@pytest.fixture(scope="session")
def all_databases(servers: Servers, pytestconfig: pytest.Config) -> Iterator[Databases]:
    databases = Databases(servers.postgres.admin_uri, pytestconfig.rootpath)
    yield databases
    databases.close()


@pytest.fixture
def databases(all_databases: Databases) -> Callable[[str], Database]:
    """The database of a service by its name, as its migrations left it (once a test: the test's rows stay)."""
    restored: set[str] = set()

    def database_of(service: str) -> Database:
        database = all_databases(service)
        if service not in restored:
            database.restore()
            restored.add(service)
        return database

    return database_of


@pytest.fixture
def database(databases: Callable[[str], Database], request: pytest.FixtureRequest) -> Database:
    return databases(package_of(request.node.path, request.config.rootpath))


@pytest.fixture
def sessions(database: Database) -> Sessions:
    return database.sessions


def package_of(test: Path, root: Path) -> str:
    """The package that a test file belongs to by its place: services/<package>/tests, gateway/tests."""
    parts = test.relative_to(root).parts
    if parts[0] == "services":
        return parts[1]
    if parts[0] == "gateway":
        return "gateway"
    raise pytest.UsageError(f"{test} belongs to no package: name the service, databases('filing')")
