"""Runs service classes in a process that eventlet has patched, before anything else is imported."""
# ruff: noqa: E402

import warnings

warnings.filterwarnings("ignore", message="\\s*Eventlet is deprecated")  # known: that is why it is quarantined

import eventlet

eventlet.monkey_patch()

import os
import signal
import sys
import time
from collections.abc import Sequence
from typing import Any

# What makes locks or chooses a way to wait while it is imported must see the patched world.
UNPATCHED = {"sqlalchemy", "psycopg", "prometheus_client", "structlog", "kombu", "amqp", "nameko"} & sys.modules.keys()
if UNPATCHED:
    raise RuntimeError(f"imported before chassis.nameko.runner had patched: {', '.join(sorted(UNPATCHED))}")

# psycopg's own wait, in C, would stop every green thread until the database answers (style.md §8, N26).
os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

from nameko.runners import ServiceRunner

from chassis import health, memory, telemetry
from chassis.database import is_answering
from chassis.nameko.consumer import DrainingConsumer
from chassis.nameko.sessions import engine_of
from chassis.settings import Common
from chassis.wire import FAILURES, Line

WORKERS = 20
# Requests: as many as there are workers, so that none waits here while its deadline passes. Events come from many
# queues at once.
PREFETCH = {"rpc": WORKERS, "subscriptions": 5}
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
TICK = 0.1


def serve(service: str, role: str, settings: Common, classes: Sequence[type]) -> int:
    """Until SIGTERM or SIGINT; the exit code: 0, or 1 if a container died or what was in hand took too long.

    Waits for the broker as long as it takes (not ready meanwhile). After the signal no new message is taken; what is
    in hand is finished, within the grace period less five seconds; the rest the broker will hand out again.
    """
    telemetry.configure_logging(service, role, settings.log_level)
    process = _Process(service, role, settings, classes)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, process.end)
    health.serve(settings.health_port, {"broker": process.is_consuming, "database": process.has_database})
    memory.settle()
    telemetry.logger().info("process_started")
    code = process.run()
    telemetry.logger().info("process_ended", code=code)
    sys.stdout.flush()
    return code


class _Process:
    def __init__(self, service: str, role: str, settings: Common, classes: Sequence[type]) -> None:
        self.settings = settings
        self.ending = False
        self.runner = ServiceRunner(
            {
                "AMQP_URI": settings.amqp_uri,
                "SERVICE_CONTAINER_CLS": "chassis.nameko.consumer.Container",
                "max_workers": WORKERS,
                "prefetch": PREFETCH[role],
                "service": service,
                "settings": settings,
            }
        )
        for each in classes:
            self.runner.add_service(each)

    def end(self, *_: Any) -> None:
        self.ending = True  # a signal handler must not switch: the loop of `run` sees it

    def run(self) -> int:
        self._wait_for_broker()
        starting = eventlet.spawn(self.runner.start)
        while not self.ending and not starting.dead:
            eventlet.sleep(TICK)
        if not starting.dead:
            return 0  # nothing was in hand yet
        starting.wait()
        running = eventlet.spawn(self.runner.wait)
        while not self.ending and not running.dead:
            eventlet.sleep(TICK)
        return self._drain() if self.ending else 1

    def _drain(self) -> int:
        limit = max(1.0, self.settings.grace.total_seconds() - 5)
        deadline = time.monotonic() + limit
        draining = eventlet.spawn(self.runner.stop)
        while not draining.dead and time.monotonic() < deadline:
            eventlet.sleep(TICK)
        if draining.dead:
            return 0
        telemetry.logger().error("gave_up_what_was_in_hand", after_seconds=limit)
        return 1

    def _wait_for_broker(self) -> None:
        pause = FIRST_PAUSE
        while not self.ending:
            try:
                Line(self.settings.amqp_uri, seconds=LONGEST_PAUSE, name="start").close()
                return
            except FAILURES as error:
                telemetry.logger().warning("broker_away", error=repr(error), retry_in=pause)
            eventlet.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def is_consuming(self) -> bool:
        consumers = [
            extension
            for container in self.runner.containers
            for extension in container.shared_extensions.values()
            if isinstance(extension, DrainingConsumer)
        ]
        return bool(consumers) and all(consumer.consuming for consumer in consumers)

    def has_database(self) -> bool:
        return is_answering(engine_of(self.settings.database_uri))
