"""The processes of a service: `python -m filing rpc | subscriptions | relay | scheduler | migrate | contract | parked`.

    # filing/__main__.py
    SERVICE = ServiceDescription(
        name="filing",
        settings="filing.settings:FilingSettings",
        rpc="filing.service:FilingService",
        subscriptions="filing.subscriptions:FilingSubscriptions",
        jobs="filing.jobs:jobs",
        events="filing.schemas:EVENTS",
    )
    if __name__ == "__main__":
        main(SERVICE)

Everything is named by its path and imported by the one role that needs it: the relay and the scheduler never import
eventlet or Nameko, and the rpc role imports nothing before eventlet has patched. Hence this file imports nothing heavy,
and nor may `filing/__init__.py` and `filing/__main__.py`.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chassis.call import Caller
    from chassis.database import Sessions
    from chassis.settings import Common

ROLES = ("rpc", "subscriptions", "relay", "scheduler", "migrate", "contract", "parked")


@dataclass(frozen=True, kw_only=True)
class ServiceDescription:
    """`module:name` of each part; an empty one is a role that the service does not have.

    `jobs` is a function `(tools: Tools) -> list[Job]`; `events` a sequence of `chassis.contract.Told`. `folder` holds
    `migrations/` and `contract/`; by default it is the folder above the package.
    """

    name: str
    settings: str = "chassis.settings:Common"
    rpc: str = ""
    subscriptions: str = ""
    jobs: str = ""
    events: str = ""
    folder: Path | None = field(default=None)

    @property
    def home(self) -> Path:
        return self.folder or Path(str(importlib.import_module(self.name).__file__)).parents[1]


@dataclass(frozen=True)
class Tools:
    """What the jobs of a scheduler work with; each is made when first used."""

    service: str
    settings: Any

    @cached_property
    def sessions(self) -> "Sessions":
        from chassis.database import engine, session_factory

        return session_factory(engine(self.settings.database_uri))

    @cached_property
    def caller(self) -> "Caller":
        from chassis.call import Caller

        return Caller(self.settings.amqp_uri, self.service)

    def token(self) -> str:
        """A signed principal of the service itself, for calls on its own behalf."""
        from chassis.principal import service_principal, sign

        return sign(service_principal(self.service), self.settings.principal_private_key, self.service)


def main(service: ServiceDescription, arguments: Sequence[str] | None = None) -> None:
    """Run the role that the command line names; ends the process with its exit code."""
    role, *rest = (sys.argv[1:] if arguments is None else list(arguments)) or [""]
    if role not in ROLES:
        sys.stderr.write(f"python -m {service.name} {' | '.join(ROLES)}\n")
        sys.exit(2)
    run: Callable[[ServiceDescription, list[str]], int] = globals()[f"_{role}"]
    sys.exit(run(service, rest))


def part(path: str) -> Any:
    """What stands at `module:name`."""
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)


def _settings(service: ServiceDescription) -> "Common":
    from chassis.settings import SettingsError, load

    try:
        settings: Common = load(part(service.settings))
    except SettingsError as error:
        sys.exit(str(error))
    return settings


def _rpc(service: ServiceDescription, _: list[str]) -> int:
    return _under_nameko(service, "rpc", service.rpc)


def _subscriptions(service: ServiceDescription, _: list[str]) -> int:
    return _under_nameko(service, "subscriptions", service.subscriptions)


def _under_nameko(service: ServiceDescription, role: str, path: str) -> int:
    if not path:
        sys.exit(f"{service.name} has no role {role}")
    from chassis.nameko import runner  # the first import of all: it patches

    return runner.serve(service.name, role, _settings(service), [part(path)])


def _relay(service: ServiceDescription, _: list[str]) -> int:
    from chassis import health
    from chassis.database import engine
    from chassis.relay import Relay

    settings = _started(service, "relay")
    bound_to = engine(settings.database_uri, pool_size=2)
    relay = Relay(bound_to, settings.database_uri, settings.amqp_uri, service.name)
    _stop_by_signal(relay.stop)
    health.serve(settings.health_port, {"broker": relay.is_connected, "database": relay.has_database})
    relay.run()
    return 0


def _scheduler(service: ServiceDescription, _: list[str]) -> int:
    from chassis import health, housekeeping
    from chassis.scheduler import Scheduler

    settings = _started(service, "scheduler")
    tools = Tools(service.name, settings)
    jobs = [*housekeeping.jobs(tools), *(part(service.jobs)(tools) if service.jobs else ())]
    scheduler = Scheduler(settings.database_uri, service.name, jobs)
    _stop_by_signal(scheduler.stop)
    health.serve(settings.health_port, {"database": scheduler.is_connected}, scheduler.is_live)
    scheduler.run(grace=settings.grace.total_seconds() - 5)
    return 0


def _migrate(service: ServiceDescription, _: list[str]) -> int:
    """DATABASE_URI is the owner's here, who may change tables."""
    from chassis.migrations import migrate
    from chassis.settings import DatabaseSettings, load

    migrate(load(DatabaseSettings).database_uri, service.home / "migrations")
    return 0


def _contract(service: ServiceDescription, arguments: list[str]) -> int:
    """Write `contract/` anew; with `--check`, only tell what differs (exit code 1)."""
    from chassis import contract

    files = contract.build(service)
    folder = service.home / "contract"
    if arguments == ["--check"]:
        differing = contract.differences(folder, files)
        sys.stdout.write("".join(f"{path}\n" for path in differing))
        return 1 if differing else 0
    contract.write(folder, files)
    return 0


def _parked(service: ServiceDescription, arguments: list[str]) -> int:
    from chassis import park_command

    settings = _settings(service)
    return park_command.run(Tools(service.name, settings), arguments)


def _started(service: ServiceDescription, role: str) -> "Common":
    from chassis import telemetry

    settings = _settings(service)
    telemetry.configure_logging(service.name, role, settings.log_level)
    telemetry.logger().info("process_started")
    return settings


def _stop_by_signal(stop: Callable[..., None]) -> None:
    import signal

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
