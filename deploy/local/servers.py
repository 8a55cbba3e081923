"""PostgreSQL and RabbitMQ for one run of the system: given addresses first, else private servers under .run."""

import os
from pathlib import Path

from chassis.localservers import postgres
from chassis.localservers.passwords import Passwords
from chassis.localservers.ports import Ports
from chassis.localservers.postgres import Postgres, PrivatePostgres
from chassis.localservers.rabbitmq import Node, RabbitMQ, RabbitPorts, given
from chassis.localservers.rabbitmq_install import new_node
from deploy.local.plan import BROKER_DATA


class Servers:
    """Starts what is asked for, and stops what it started."""

    def __init__(self, state: Path, ports: Ports, passwords: Passwords) -> None:
        self.state = state
        self.ports = ports
        self.passwords = passwords
        self.private_postgres: PrivatePostgres | None = None
        self.node: Node | None = None

    def start_postgres(self) -> Postgres:
        if uri := os.environ.get("DATABASE_URI"):
            return postgres.given(uri)
        self.private_postgres = private_postgres(self.state, self.passwords)
        return self.private_postgres.start(self.ports("postgres"))

    def start_rabbitmq(self) -> RabbitMQ:
        if uri := os.environ.get("AMQP_URI"):
            return given(uri)
        self.node = private_node(self.state, self.passwords)
        names = ("rabbitmq", "rabbitmq-distribution", "rabbitmq-epmd")
        return self.node.start(RabbitPorts(*(self.ports(name) for name in names)))

    def stop(self) -> None:
        """The broker first: what it holds is on disk, and nobody else waits for the database then."""
        if self.node is not None:
            self.node.stop()
        if self.private_postgres is not None:
            self.private_postgres.stop()


def private_postgres(state: Path, passwords: Passwords) -> PrivatePostgres:
    log = state / "logs" / "postgres.log"
    return PrivatePostgres(state / "postgres", log=log, password=passwords("postgres"))


def private_node(state: Path, passwords: Passwords) -> Node:
    return new_node(
        state / "rabbitmq",
        log=state / "logs" / "rabbitmq.log",
        data=BROKER_DATA,
        password_of=lambda user: passwords(f"broker {user}"),
    )
