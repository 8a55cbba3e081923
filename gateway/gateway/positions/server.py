"""python -m gateway positions: the door's process, so that positions scale apart from pages."""

import threading
from typing import Any

from chassis import health
from chassis.database import engine, is_answering, session_factory
from chassis.principal import GATEWAY
from chassis.settings import load
from chassis.telemetry import configure_logging
from gateway import granian_server
from gateway.positions.door import Door
from gateway.positions.keys import Keys
from gateway.positions.pace import Pace
from gateway.positions.publishing import Publisher
from gateway.settings import GatewaySettings

THREADS = 64
BACKLOG = 4096


def serve(settings: GatewaySettings) -> None:
    """Until SIGTERM or SIGINT."""
    application = "gateway.positions.server:application"
    granian_server.serve(application, settings.web_host, settings.positions_port, THREADS, BACKLOG)


def application() -> Any:
    """Called by granian in the worker."""
    settings = load(GatewaySettings)
    configure_logging(GATEWAY, "positions", settings.log_level)
    bound_to = engine(settings.database_uri, pool_size=8)
    keys = Keys(session_factory(bound_to), settings.database_uri)
    publisher = Publisher(settings.amqp_uri)
    for run in (keys.listen, publisher.run):
        threading.Thread(target=run, name=run.__qualname__, daemon=True).start()
    ready = {
        "database": lambda: is_answering(bound_to),
        "broker": publisher.is_connected,
        "keys": keys.is_heard,
    }
    health.serve(settings.health_port, ready)
    return Door(keys.find, publisher.publish, Pace(settings.limit_per_phone))
