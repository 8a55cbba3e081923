"""The environment of each process: its own database and broker user, keys, ports; nothing that is another's."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chassis.localservers.accounts import Account
from chassis.localservers.definitions import OPERATOR
from chassis.localservers.keys import Keys
from chassis.localservers.passwords import Passwords
from chassis.localservers.rabbitmq import RabbitMQ
from deploy.local.plan import Process, Service

VIRTUAL_HOST = "/"
CALENDAR = "calendar.csv"  # working days entered by hand; the user's own table goes before it
# Ours to give: what the user's shell has under these names is meant for `make run` itself.
OWN = ("DATABASE_URI", "AMQP_URI", "PRINCIPAL_PRIVATE_KEY", "DOCUMENT_KEYS")


@dataclass(frozen=True)
class Environments:
    """Made once the servers answer."""

    state: Path
    services: list[Service]
    rabbitmq: RabbitMQ
    databases: dict[str, Account]
    keys: Keys
    passwords: Passwords
    port: Callable[[str], int]

    def of_process(self, service: Service, process: Process) -> dict[str, str]:
        ports = {"HEALTH_PORT": str(self.health_port(process))}
        if process.port_setting is not None:
            ports[process.port_setting] = str(self.port(process.name))
        return self.of_service(service) | ports

    def of_migration(self, service: Service) -> dict[str, str]:
        """The same, in the database as its owner."""
        return self.of_service(service) | {"DATABASE_URI": self.databases[service.name].owner_uri}

    def of_operator(self) -> dict[str, str]:
        """For declaring exchanges and queues, which no service may do."""
        return self._common() | {"AMQP_URI": self.rabbitmq.uri_of(OPERATOR, VIRTUAL_HOST)}

    def health_port(self, process: Process) -> int:
        return self.port(f"{process.name} health")

    def of_service(self, service: Service) -> dict[str, str]:
        """What all processes of a service share."""
        given = self._common()
        if "database" in service.needs:
            given["DATABASE_URI"] = self.databases[service.name].uri
        if "broker" in service.needs:
            given["AMQP_URI"] = self.rabbitmq.uri_of(service.name, VIRTUAL_HOST)
        if "key" in service.needs:
            given["PRINCIPAL_PRIVATE_KEY"] = self.keys.private(service.name)
        if "blobs" in service.needs:
            given["BLOB_URI"] = str(self.state / "blobs")
        if "document keys" in service.needs:
            given["DOCUMENT_KEYS"] = json.dumps({"1": self.passwords(f"{service.name} documents")})
        return {"CALENDAR_OVERRIDES": str(self.state / CALENDAR)} | given

    def _common(self) -> dict[str, str]:
        signers = [service.name for service in self.services if "key" in service.needs]
        inherited = {name: value for name, value in os.environ.items() if name not in OWN}
        public_keys = {name: self.keys.public(name) for name in signers}
        return inherited | {"PRINCIPAL_PUBLIC_KEYS": json.dumps(public_keys), "PYTHONUNBUFFERED": "1"}


def databases(names: dict[str, str], passwords: Passwords, account: Callable[..., Account]) -> dict[str, Account]:
    """The account of each service with a database: `account(name, password, owner_password)` makes or tells it."""
    return {service: account(name, passwords(name), passwords(f"{name} owner")) for service, name in names.items()}
