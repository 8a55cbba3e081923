"""RabbitMQ on this machine: a private node of the installed `rabbitmq-server`, sharing nothing with any other node.

Own ports, data, cookie, and an epmd of its own, so that neither a system-wide broker nor another checkout's is met.
"""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import amqp

from chassis.localservers import children, definitions, ports

START_SECONDS = 90
CTL_SECONDS = 60
MEMORY_WATERMARK = "0.4"
SYSTEM_INSTALL = Path("/usr/lib/rabbitmq/lib")

CONFIGURATION = """\
listeners.tcp.default = {loopback}:{port}
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


def installed() -> Path | None:
    """The folder of the installed server's own scripts, or None."""
    found = sorted(SYSTEM_INSTALL.glob("rabbitmq_server-*/sbin"))
    on_path = shutil.which("rabbitmq-server")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    return next((folder for folder in reversed(found) if (folder / "rabbitmq-env").exists()), None)


class PrivateRabbitMQ:
    """A node under `folder`; `start` may be called on what an earlier run left there."""

    def __init__(self, folder: Path, *, log: Path, data: Path, password_of: Callable[[str], str]) -> None:
        self.folder = folder.absolute()
        self.log = log
        self.data = data
        self.password_of = password_of
        self.scripts = installed()
        self.ports: RabbitPorts | None = None
        self.processes: list[subprocess.Popen[bytes]] = []
        self.pid_files = [self.folder / "node.pid", self.folder / "epmd.pid"]

    def start(self, at: RabbitPorts, virtual_hosts: tuple[str, ...] = ("/",)) -> RabbitMQ:
        """Start the node with the users, permissions and policies of `data`, wait until it answers; or `NotStarted`."""
        if self.scripts is None:
            raise children.NotStarted("no rabbitmq-server is installed on this machine")
        for pid_file in self.pid_files:
            children.stop_left_over(pid_file)
        self.ports = at
        self._write_files(at, virtual_hosts)
        environment = self._environment(at)
        # epmd first: a node that finds none starts one as a daemon, which nobody would ever stop.
        epmd = ["epmd", "-port", str(at.epmd), "-address", ports.LOOPBACK]
        node = [self.scripts / "rabbitmq-server"]
        for command, pid_file in ((epmd, self.pid_files[1]), (node, self.pid_files[0])):
            started = children.start(
                command, log=self.log, environment=environment, folder=self.folder, pid_file=pid_file
            )
            self.processes.insert(0, started)
        children.wait_until(
            lambda: answers(self.uri_of(definitions.OPERATOR, virtual_hosts[0])),
            seconds=START_SECONDS,
            what="RabbitMQ",
            process=self.processes[0],
            log=self.log,
        )
        return RabbitMQ(self.uri_of, f"a private RabbitMQ on port {at.amqp}")

    def uri_of(self, user: str, virtual_host: str) -> str:
        assert self.ports is not None
        where = f"{ports.LOOPBACK}:{self.ports.amqp}/{quote(virtual_host, safe='')}"
        return f"amqp://{user}:{quote(self.password_of(user), safe='')}@{where}"

    def stop(self) -> None:
        """Durable queues and persistent messages are kept."""
        for process in self.processes:
            children.stop(process, grace=60)
        self.processes = []
        for pid_file in self.pid_files:
            pid_file.unlink(missing_ok=True)

    def kill(self) -> None:
        """As a power cut would."""
        for process in self.processes:
            children.kill(process)
        self.processes = []

    def restart(self) -> None:
        """Stop and start on the same ports with the same data."""
        assert self.ports is not None
        self.stop()
        self.start(self.ports)

    def forget(self) -> None:
        """Stop what still runs and remove the data."""
        for pid_file in self.pid_files:
            children.stop_left_over(pid_file)
        shutil.rmtree(self.folder, ignore_errors=True)

    def add_virtual_host(self, name: str) -> None:
        """With every user's permissions and all policies."""
        self.import_definitions(definitions.of_virtual_hosts(self.data, [name]))

    def import_definitions(self, content: dict[str, Any]) -> None:
        file = self.folder / f"import-{secrets.token_hex(4)}.json"
        file.write_text(json.dumps(content))
        self.ctl("import_definitions", str(file))
        file.unlink()

    def ctl(self, *arguments: str) -> str:
        """What `rabbitmqctl` answers; raises `CalledProcessError`. A call takes about half a second."""
        assert self.ports is not None and self.scripts is not None
        done = subprocess.run(
            [self.scripts / "rabbitmqctl", "--quiet", *arguments],
            env=self._environment(self.ports),
            capture_output=True,
            text=True,
            check=True,
            timeout=CTL_SECONDS,
        )
        return done.stdout

    def _write_files(self, at: RabbitPorts, virtual_hosts: tuple[str, ...]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(secrets.token_hex(16))
        imported = self.folder / "definitions.json"
        users = definitions.of_users(self.data, self.password_of)
        imported.write_text(json.dumps(users | definitions.of_virtual_hosts(self.data, virtual_hosts)))
        (self.folder / "rabbitmq.conf").write_text(
            CONFIGURATION.format(
                loopback=ports.LOOPBACK, port=at.amqp, definitions=imported, watermark=MEMORY_WATERMARK
            )
        )
        (self.folder / "enabled_plugins").write_text("[].\n")
        (self.folder / "environment.conf").write_text("")

    def _environment(self, at: RabbitPorts) -> dict[str, str]:
        folder = self.folder
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(at.epmd),
            "ERL_EPMD_ADDRESS": ports.LOOPBACK,
            "RABBITMQ_NODENAME": f"anjian{at.distribution}@localhost",
            "RABBITMQ_NODE_PORT": str(at.amqp),
            "RABBITMQ_NODE_IP_ADDRESS": ports.LOOPBACK,
            "RABBITMQ_DIST_PORT": str(at.distribution),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": str(folder),
            "RABBITMQ_MNESIA_DIR": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "none.config"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "environment.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_PID_FILE": str(folder / "rabbitmq.pid"),
            # The script then becomes the node itself instead of waiting for it: a signal meets the right process.
            "RUNNING_UNDER_SYSTEMD": "true",
        }


def connect(uri: str, seconds: float) -> amqp.Connection:
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


def answers(uri: str) -> bool:
    """Whether a broker lets this user in now."""
    try:
        connect(uri, seconds=2).close()
    except (OSError, amqp.AMQPError):
        return False
    return True
