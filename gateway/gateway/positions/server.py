"""python -m gateway positions: the door's process, so that positions scale apart from pages."""

import threading
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from chassis import health
from chassis.database import engine, is_answering, session_factory
from chassis.principal import GATEWAY
from chassis.settings import load
from chassis.telemetry import configure_logging
from gateway.positions.door import Door
from gateway.positions.keys import Keys
from gateway.positions.publishing import Publisher
from gateway.settings import GatewaySettings

THREADS = 64
BACKLOG = 4096


def serve(settings: GatewaySettings) -> None:
    """Until SIGTERM or SIGINT."""
    Granian(
        "gateway.positions.server:application",
        factory=True,
        address=settings.web_host,
        port=settings.positions_port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()


def application() -> Any:
    """Called by granian in the worker."""
    settings = load(GatewaySettings)
    configure_logging(GATEWAY, "positions", settings.log_level)
    bound_to = engine(settings.database_uri, pool_size=8)
    keys = Keys(session_factory(bound_to), settings.database_uri)
    publisher = Publisher(settings.amqp_uri)
    for run in (keys.listen, publisher.run):
        threading.Thread(target=run, name=run.__qualname__, daemon=True).start()
    health.serve(settings.health_port, {"database": lambda: is_answering(bound_to), "broker": publisher.is_connected})
    return Door(keys.find, publisher.publish)
