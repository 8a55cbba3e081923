"""RabbitMQ in a container, for a machine that has a Docker engine with an image of it and no installed server."""

import hashlib
import shutil
import subprocess
import time
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

INSIDE = "/anjian"


def image() -> str | None:
    """An image of RabbitMQ that the engine already has, or None; nothing is fetched."""
    if shutil.which("docker") is None:
        return None
    listed = subprocess.run(
        ["docker", "image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "rabbitmq"],
        capture_output=True,
        text=True,
        timeout=CTL_SECONDS,
    )
    return next(iter(sorted(listed.stdout.split(), reverse=True)), None) if listed.returncode == 0 else None


class DockerNode(Node):
    """One container and one volume with its data, both named after the folder."""

    def __init__(self, folder: Path, *, log: Path, data: Path, password_of: Callable[[str], str], image: str) -> None:
        super().__init__(folder, log=log, data=data, password_of=password_of)
        self.image = image
        self.name = f"anjian-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]}"

    def start(self, at: RabbitPorts, virtual_hosts: tuple[str, ...] = ("/",)) -> RabbitMQ:
        self.stop_left_over()
        self.ports = at
        self._write_definitions(virtual_hosts)
        (self.folder / "rabbitmq.conf").write_text(
            CONFIGURATION.format(definitions=f"{INSIDE}/definitions.json", watermark=MEMORY_WATERMARK)
        )
        self._docker(
            *("run", "--detach", "--name", self.name, "--hostname", "anjian", "--restart", "on-failure"),
            *("--publish", f"{ports.LOOPBACK}:{at.amqp}:5672"),
            *("--volume", f"{self.folder}:{INSIDE}", "--volume", f"{self.name}:/var/lib/rabbitmq"),
            *("--env", f"RABBITMQ_CONFIG_FILE={INSIDE}/rabbitmq.conf", self.image),
        )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers(virtual_hosts[0]):
            if time.monotonic() > deadline:
                raise children.NotStarted(f"RabbitMQ in Docker did not answer: docker logs {self.name}")
            time.sleep(children.POLL_SECONDS)
        return RabbitMQ(self.uri_of, f"a private RabbitMQ in Docker ({self.image}) on port {at.amqp}")

    def stop(self) -> None:
        subprocess.run(["docker", "stop", "--time", "60", self.name], capture_output=True, timeout=2 * CTL_SECONDS)

    def is_running(self) -> bool:
        return True  # Docker itself starts again what has died (--restart)

    def kill(self) -> None:
        self._docker("kill", self.name)

    def stop_left_over(self) -> None:
        subprocess.run(["docker", "rm", "--force", self.name], capture_output=True, timeout=CTL_SECONDS)

    def forget(self) -> None:
        super().forget()
        subprocess.run(["docker", "volume", "rm", "--force", self.name], capture_output=True, timeout=CTL_SECONDS)

    def ctl(self, *arguments: str) -> str:
        return self._docker("exec", self.name, "rabbitmqctl", "--quiet", *arguments)

    def import_definitions(self, file: Path) -> None:
        self.ctl("import_definitions", f"{INSIDE}/{file.name}")

    def _docker(self, *arguments: str) -> str:
        done = subprocess.run(["docker", *arguments], capture_output=True, text=True, timeout=2 * CTL_SECONDS)
        if done.returncode:
            raise children.NotStarted(f"docker {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout
