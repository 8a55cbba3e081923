"""The web server: granian in front of the Flask application, threads and nothing patched."""

import socket
from datetime import timedelta

from flask import Flask

from chassis import health
from chassis.call import Caller
from chassis.clock import now
from chassis.database import engine, is_answering, session_factory
from chassis.principal import GATEWAY
from chassis.settings import load
from chassis.telemetry import configure_logging
from gateway import granian_server, sweeper
from gateway.app import create_app
from gateway.bus import Bus
from gateway.parts import assemble
from gateway.settings import GatewaySettings

ROLE = "web"
BACKLOG = 2048
# With a database that is silent; the driver waits no less.
PATIENCE = timedelta(seconds=2)


def serve(settings: GatewaySettings) -> None:
    """Until SIGTERM or SIGINT."""
    application = "gateway.server:application"
    granian_server.serve(application, settings.web_host, settings.web_port, settings.web_threads, BACKLOG)


def application() -> Flask:
    """Called by granian in the worker: its own connections, its own health port."""
    settings = load(GatewaySettings)
    configure_logging(GATEWAY, ROLE, settings.log_level)
    bound_to = engine(settings.database_uri, pool_size=settings.web_threads // 2, connect_timeout=PATIENCE)
    caller = Caller(settings.amqp_uri, GATEWAY)
    bus = Bus(caller, settings.principal_private_key, now)
    parts = assemble(settings, session_factory(bound_to), bus, now)
    sweeper.start(parts)
    ready = {"database": lambda: is_answering(bound_to), "web": lambda: _accepts(settings.web_host, settings.web_port)}
    health.serve(settings.health_port, ready)
    return create_app(parts)


def _accepts(host: str, port: int) -> bool:
    """Granian listens a moment after this process has begun to tell of its health."""
    with socket.create_connection((host, port), timeout=1):
        return True
