"""PostgreSQL and RabbitMQ for one run of the system: given addresses first, else private servers under .run."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from chassis import topology
from chassis.localservers import accounts, postgres
from chassis.localservers.passwords import Passwords
from chassis.localservers.ports import Ports
from chassis.localservers.postgres import Postgres, PrivatePostgres
from chassis.localservers.rabbitmq import Node, RabbitMQ, RabbitPorts, given, remove_queues
from chassis.localservers.rabbitmq_install import new_node
from deploy.local.plan import BROKER_DATA, ROOT

NODE_PORTS = ("rabbitmq", "rabbitmq-distribution", "rabbitmq-epmd")


class Servers:
    """Starts what is asked for, and stops what it started."""

    def __init__(self, state: Path, ports: Ports, passwords: Passwords) -> None:
        self.state = state
        self.ports = ports
        self.passwords = passwords
        log = state / "logs" / "postgres.log"
        self.private_postgres = PrivatePostgres(state / "postgres", log=log, password=passwords("postgres"))
        self.node: Node | None = None

    def start_postgres(self) -> Postgres:
        if uri := os.environ.get("DATABASE_URI"):
            return postgres.given(uri)
        return self.private_postgres.start(self.ports("postgres"))

    def start_rabbitmq(self) -> RabbitMQ:
        if uri := os.environ.get("AMQP_URI"):
            return given(uri)
        self.node = self._new_node()
        return self.node.start(RabbitPorts(*(self.ports(name) for name in NODE_PORTS)))

    def running_postgres(self) -> Postgres:
        """The one that a run of this checkout has started."""
        if uri := os.environ.get("DATABASE_URI"):
            return postgres.given(uri)
        return Postgres(self.private_postgres.uri_at(self.ports.known["postgres"]), "")

    def running_rabbitmq(self) -> RabbitMQ:
        """The one that a run of this checkout has started."""
        if uri := os.environ.get("AMQP_URI"):
            return given(uri)
        node = self._new_node()
        node.ports = RabbitPorts(*(self.ports.known[name] for name in NODE_PORTS))
        return RabbitMQ(node.uri_of, "")

    def look_after(self, tell: Callable[[str], None]) -> None:
        """Start again a private server that has died; raises `NotStarted`."""
        if self.private_postgres.process is not None and not self.private_postgres.is_running():
            tell(f"PostgreSQL has ended ({self.private_postgres.log}); starting it again")
            self.start_postgres()
        if self.node is not None and not self.node.is_running():
            tell(f"RabbitMQ has ended ({self.node.log}); starting it again")
            self.node.stop()
            self.start_rabbitmq()

    def stop(self) -> None:
        """The broker first: what it holds is on disk, and nobody else waits for the database then."""
        if self.node is not None:
            self.node.stop()
        self.private_postgres.stop()

    def stop_left_over(self) -> None:
        """Stop the servers that a killed run left behind."""
        if self._had_node():
            self._new_node().stop_left_over()
        self.private_postgres.stop_left_over()

    def forget(self, databases: Iterable[str]) -> None:
        """Stop what is left over; remove the data of private servers, and from given ones what is ours."""
        if uri := os.environ.get("DATABASE_URI"):
            accounts.drop(uri, list(databases))
        if uri := os.environ.get("AMQP_URI"):
            remove_queues(uri, topology.all_queues(ROOT))
        if self._had_node():
            self._new_node().forget()
        self.private_postgres.forget()

    def _had_node(self) -> bool:
        return (self.state / "rabbitmq").exists()

    def _new_node(self) -> Node:
        return new_node(
            self.state / "rabbitmq",
            log=self.state / "logs" / "rabbitmq.log",
            data=BROKER_DATA,
            password_of=lambda user: self.passwords(f"broker {user}"),
        )
