"""A private node of the `rabbitmq-server` that is installed on this machine.

Own ports, data, cookie, and an epmd of its own, so that neither a system-wide broker nor another checkout's is met.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from chassis.localservers import children, ports
from chassis.localservers.rabbitmq import (
    CONFIGURATION,
    CTL_SECONDS,
    MEMORY_WATERMARK,
    START_SECONDS,
    Node,
    RabbitMQ,
    RabbitPorts,
)

SYSTEM_INSTALL = Path("/usr/lib/rabbitmq/lib")


def installed() -> Path | None:
    """The folder of the installed server's own scripts, or None."""
    found = sorted(SYSTEM_INSTALL.glob("rabbitmq_server-*/sbin"))
    on_path = shutil.which("rabbitmq-server")
    if on_path is not None:
        found.append(Path(on_path).resolve().parent)
    return next((folder for folder in found if (folder / "rabbitmq-env").exists()), None)


class PrivateNode(Node):
    """The node's files, its cookie and its data are all in `folder`."""

    def __init__(
        self, folder: Path, *, log: Path, data: Path, password_of: Callable[[str], str], scripts: Path
    ) -> None:
        super().__init__(folder, log=log, data=data, password_of=password_of)
        self.scripts = scripts
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, at: RabbitPorts, virtual_hosts: tuple[str, ...] = ("/",)) -> RabbitMQ:
        self.stop_left_over()
        self.ports = at
        self._write_files(at, virtual_hosts)
        # epmd first: a node that finds none starts one as a daemon, which nobody would ever stop.
        epmd = ["epmd", "-port", str(at.epmd), "-address", ports.LOOPBACK]
        node = [self.scripts / "rabbitmq-server"]
        for command, name in ((epmd, "epmd.pid"), (node, "node.pid")):
            pid_file, environment = self.folder / name, self._environment(at)
            started = children.start(
                command, log=self.log, environment=environment, folder=self.folder, pid_file=pid_file
            )
            self.processes.insert(0, started)
        children.wait_until(
            lambda: self._answers(virtual_hosts[0]),
            seconds=START_SECONDS,
            what="RabbitMQ",
            process=self.processes[0],
            log=self.log,
        )
        return RabbitMQ(self.uri_of, f"a private RabbitMQ on port {at.amqp}")

    def stop(self) -> None:
        for process in self.processes:
            children.stop(process, grace=60)
        self.processes = []

    def is_running(self) -> bool:
        return bool(self.processes) and all(each.poll() is None for each in self.processes)

    def kill(self) -> None:
        for process in self.processes:
            children.kill(process)
        self.processes = []

    def stop_left_over(self) -> None:
        for name in ("node.pid", "epmd.pid"):
            children.stop_left_over(self.folder / name)

    def ctl(self, *arguments: str) -> str:
        assert self.ports is not None
        done = subprocess.run(
            [self.scripts / "rabbitmqctl", "--quiet", *arguments],
            env=self._environment(self.ports),
            capture_output=True,
            text=True,
            check=True,
            timeout=CTL_SECONDS,
        )
        return done.stdout

    def import_definitions(self, file: Path) -> None:
        self.ctl("import_definitions", str(file))

    def _write_files(self, at: RabbitPorts, virtual_hosts: tuple[str, ...]) -> None:
        imported = self._write_definitions(virtual_hosts)
        self.folder.chmod(0o700)
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(secrets.token_hex(16))
        general = CONFIGURATION.format(definitions=imported, watermark=MEMORY_WATERMARK)
        listener = f"listeners.tcp.default = {ports.LOOPBACK}:{at.amqp}\n"
        (self.folder / "rabbitmq.conf").write_text(listener + general)
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
            # Its data know it by this name for ever. Others of the same name are not met: they have an epmd of their own.
            "RABBITMQ_NODENAME": "anjian@localhost",
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
