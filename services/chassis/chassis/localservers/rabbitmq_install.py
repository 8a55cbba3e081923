"""Getting a RabbitMQ for this machine: the installed one, else Debian's package where allowed, else Docker's."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from chassis.localservers import children, rabbitmq_docker
from chassis.localservers.rabbitmq import Node
from chassis.localservers.rabbitmq_docker import DockerNode
from chassis.localservers.rabbitmq_private import PrivateNode, installed

SCRIPT = Path(__file__).with_name("install_rabbitmq.sh")

ADVICE = (
    "RabbitMQ is needed and not installed. Install it (Debian, Ubuntu: apt-get install rabbitmq-server; its own service"
    " need not run), or have a Docker engine with the image rabbitmq, or give the address of a broker in AMQP_URI."
)


def new_node(folder: Path, *, log: Path, data: Path, password_of: Callable[[str], str]) -> Node:
    """A node that can be started on this machine; raises `NotStarted` with what to install."""
    if installed() is None and (as_root := _as_root()) is not None:
        _install(as_root, log.with_name("apt.log"))
    if (scripts := installed()) is not None:
        return PrivateNode(folder, log=log, data=data, password_of=password_of, scripts=scripts)
    if (image := rabbitmq_docker.image()) is not None:
        return DockerNode(folder, log=log, data=data, password_of=password_of, image=image)
    raise children.NotStarted(ADVICE)


def _as_root() -> list[str] | None:
    """What to put before a command so that root runs it, or None if that is not allowed without asking."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n"]
    return None


def _install(as_root: list[str], log: Path) -> None:
    print("installing rabbitmq-server (apt-get)", flush=True)  # noqa: T201  (takes a minute on a bare machine)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        done = subprocess.run([*as_root, "sh", SCRIPT], stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    if done.returncode:
        raise children.NotStarted(f"apt-get could not install rabbitmq-server; {children.tail(log)}\n{ADVICE}")
