"""The pytest plugin of the whole repository; loaded by the root pyproject.toml.

    def test_second_project_is_told_who_holds_the_machine(sessions, clock): ...

| fixture | gives | lives for |
|---|---|---|
| `clock` | a `FrozenClock` | a test |
| `database` | the `Database` of the package whose test this is, as its migrations left it | a test |
| `sessions` | that database's session factory, under the service's own role | a test |
| `databases` | the same for any service by name: `databases("equipment").sessions` | a test |
| `broker` | a `Broker`: an empty virtual host (`uri`, `uri_of`, `publish`, `take`, `depth`, `listen`) | a module |
| `breakable_broker` | a `BreakableBroker` on a node of its own: restart it, starve it | a module |
| `keys` | `Keys` of issuers: `keys.private("gateway")`, `keys.public("gateway")` | the session |
| `settings_of` | a service's environment: `settings_of("filing", broker)` | a test |
| `service_process` | starts `python -m <module> <role>` with an environment, waits until ready | a test |

Tests run in the order of what they need: those without a server first, those of the whole system last.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis.database import Sessions
from chassis.localservers import ports
from chassis.localservers.keys import Keys
from chassis.testing.broker import BreakableBroker, Broker
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database, Databases
from chassis.testing.processes import ServiceProcesses
from chassis.testing.servers import Servers, told

SLOWER = ("all_databases", "service_process", "broker", "breakable_broker")
LAST = ("security", "journeys", "browser", "faults")


def pytest_report_header() -> str:
    return told()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, int]:
    suite = next((rank for rank, name in enumerate(LAST, 1) if name in item.path.parts), 0)
    needs = getattr(item, "fixturenames", ())
    return suite, max((rank for rank, name in enumerate(SLOWER, 1) if name in needs), default=0)


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


@pytest.fixture(scope="module")
def broker(servers: Servers) -> Broker:
    return servers.new_broker()


@pytest.fixture(scope="module")
def breakable_broker(servers: Servers) -> BreakableBroker:
    return servers.new_breakable_broker()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def settings_of(
    databases: Callable[[str], Database], keys: Keys, tmp_path: Path
) -> Callable[[str, Broker], dict[str, str]]:
    """The environment of a service's processes: its database, its broker user, the keys, a folder for blobs."""

    def environment(service: str, broker: Broker) -> dict[str, str]:
        issuers = {"gateway", "filing", "equipment", "personnel", service}
        return {
            "DATABASE_URI": databases(service).uri,
            "AMQP_URI": broker.uri_of(service),
            "PRINCIPAL_PUBLIC_KEYS": json.dumps({issuer: keys.public(issuer) for issuer in sorted(issuers)}),
            "PRINCIPAL_PRIVATE_KEY": keys.private(service),
            "BLOB_URI": str(tmp_path / "blobs"),
        }

    return environment


@pytest.fixture
def service_process(tmp_path: Path) -> Iterator[ServiceProcesses]:
    processes = ServiceProcesses(tmp_path, ports.free_port)
    yield processes
    processes.close()


def package_of(test: Path, root: Path) -> str:
    """The package that a test file belongs to by its place: services/<package>/tests, gateway/tests."""
    parts = test.relative_to(root).parts
    if parts[0] == "services":
        return parts[1]
    if parts[0] == "gateway":
        return "gateway"
    raise pytest.UsageError(f"{test} belongs to no package: name the service, databases('filing')")
