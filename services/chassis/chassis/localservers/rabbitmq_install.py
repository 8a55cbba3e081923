"""Getting a RabbitMQ for this machine: the installed one, else Debian's package where allowed, else Docker's."""

from collections.abc import Callable
from pathlib import Path

from chassis.localservers import apt, children, rabbitmq_docker
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
    if installed() is None and apt.as_root() is not None:
        apt.install("rabbitmq-server", SCRIPT, log=log.with_name("apt.log"), advice=ADVICE)
    if (scripts := installed()) is not None:
        return PrivateNode(folder, log=log, data=data, password_of=password_of, scripts=scripts)
    if (image := rabbitmq_docker.image()) is not None:
        return DockerNode(folder, log=log, data=data, password_of=password_of, image=image)
    raise children.NotStarted(ADVICE)
