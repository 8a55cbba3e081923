"""RabbitMQ on this machine: a given broker, or a node of our own that shares nothing with any other."""

import json
import secrets
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import amqp

from chassis.localservers import children, definitions, ports

START_SECONDS = 90.0
CTL_SECONDS = 60.0
IO_SECONDS = 5.0
FAILURES = (amqp.AMQPError, OSError)
MEMORY_WATERMARK = "0.4"

CONFIGURATION = """\
load_definitions = {definitions}
log.console = true
log.console.level = warning
log.file = false
vm_memory_high_watermark.relative = {watermark}
disk_free_limit.absolute = 200MB
raft.wal_max_size_bytes = 33554432
"""


@dataclass(frozen=True)
class RabbitPorts:
    amqp: int
    distribution: int
    epmd: int


@dataclass(frozen=True)
class RabbitMQ:
    """A broker to work on. `uri_of(user, virtual_host)`; where it came from is told to the user."""

    uri_of: Callable[[str, str], str] = field(repr=False)
    origin: str


def given(uri: str) -> RabbitMQ:
    """A broker that runs already: everybody uses its one user and virtual host; policies are its owner's matter."""
    if not answers(uri):
        raise children.NotStarted("no RabbitMQ answers at the address given in AMQP_URI")
    return RabbitMQ(lambda user, virtual_host: uri, "RabbitMQ at the address given in AMQP_URI")


class Node(ABC):
    """A broker of ours under `folder`, with the users, permissions and policies of `data` (deploy/broker).

    `start` may be called on what an earlier run left there.
    """

    def __init__(self, folder: Path, *, log: Path, data: Path, password_of: Callable[[str], str]) -> None:
        self.folder = folder.absolute()
        self.log = log
        self.data = data
        self.password_of = password_of
        self.ports: RabbitPorts | None = None

    @abstractmethod
    def start(self, at: RabbitPorts, virtual_hosts: tuple[str, ...] = ("/",)) -> RabbitMQ:
        """Start and wait until it answers; raises `NotStarted`."""

    @abstractmethod
    def stop(self) -> None:
        """Durable queues and persistent messages are kept."""

    @abstractmethod
    def is_running(self) -> bool:
        """Whether it has not ended since it was started."""

    @abstractmethod
    def kill(self) -> None:
        """As a power cut would."""

    @abstractmethod
    def stop_left_over(self) -> None:
        """Stop what a killed run left behind."""

    @abstractmethod
    def ctl(self, *arguments: str) -> str:
        """What `rabbitmqctl` answers; raises `CalledProcessError`. A call takes about half a second."""

    @abstractmethod
    def import_definitions(self, file: Path) -> None:
        """Take over RabbitMQ's definitions from a file in `folder`."""

    def restart(self) -> None:
        """Stop and start on the same ports with the same data."""
        assert self.ports is not None
        self.stop()
        self.start(self.ports)

    def forget(self) -> None:
        """Stop what still runs and remove the data."""
        self.stop_left_over()
        shutil.rmtree(self.folder, ignore_errors=True)

    def uri_of(self, user: str, virtual_host: str) -> str:
        assert self.ports is not None
        where = f"{ports.LOOPBACK}:{self.ports.amqp}/{quote(virtual_host, safe='')}"
        return f"amqp://{user}:{quote(self.password_of(user), safe='')}@{where}"

    def add_virtual_host(self, name: str) -> None:
        """With every user's permissions and all policies."""
        file = self._write(f"import-{secrets.token_hex(4)}.json", definitions.of_virtual_hosts(self.data, [name]))
        self.import_definitions(file)
        file.unlink()

    def _write_definitions(self, virtual_hosts: tuple[str, ...]) -> Path:
        users = definitions.of_users(self.data, self.password_of)
        return self._write("definitions.json", users | definitions.of_virtual_hosts(self.data, virtual_hosts))

    def _write(self, name: str, content: dict[str, Any]) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / name
        file.write_text(json.dumps(content))
        return file

    def _answers(self, virtual_host: str) -> bool:
        return answers(self.uri_of(definitions.OPERATOR, virtual_host))


def connect(uri: str, seconds: float = IO_SECONDS) -> amqp.Connection:
    """An open connection; opening, reading and writing give up after `seconds`."""
    parts = urlsplit(uri)
    connection = amqp.Connection(
        f"{parts.hostname}:{parts.port or 5672}",
        userid=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) or "/",
        ssl=parts.scheme == "amqps",
        connect_timeout=seconds,
        read_timeout=seconds,
        write_timeout=seconds,
    )
    connection.connect()
    return connection


def remove_queues(uri: str, names: Iterable[str]) -> None:
    """Whatever is in them; those that are not there are no fault."""
    connection = connect(uri)
    try:
        channel = connection.channel()
        for name in names:
            channel.queue_delete(name)
    finally:
        connection.close()


def answers(uri: str) -> bool:
    """Whether a broker lets this user in now."""
    try:
        connect(uri, seconds=2).close()
    except FAILURES:
        return False
    return True
