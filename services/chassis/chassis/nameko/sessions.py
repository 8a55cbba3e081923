"""What a service class has at hand: `sessions = Sessions()`, `caller = Calls()`, or anything else made from settings.

    class FilingService:
        name = "filing"
        sessions = Sessions()           # a chassis.database.Sessions
        caller = Calls()                # a chassis.call.Caller
        blobs = Given(blobs_from)       # whatever blobs_from(settings) makes, once a process

nameko-sqlalchemy cannot do SQLAlchemy 2 (style.md §8, N25).
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy import Engine

from chassis import database
from chassis.call import Caller
from chassis.nameko.consumer import settings_of


@cache
def engine_of(uri: str) -> Engine:
    """One engine a process, whoever asks."""
    return database.engine(uri)


class Sessions(DependencyProvider):  # type: ignore[misc]
    def setup(self) -> None:
        self.sessions = database.session_factory(engine_of(settings_of(self.container).database_uri))

    def get_dependency(self, worker_ctx: Any) -> database.Sessions:
        return self.sessions


class Given(DependencyProvider):  # type: ignore[misc]
    """Gives what `make` makes of the settings, when the process starts."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def setup(self) -> None:
        self.made = self.make(settings_of(self.container))

    def get_dependency(self, worker_ctx: Any) -> Any:
        return self.made


class Calls(DependencyProvider):  # type: ignore[misc]
    def setup(self) -> None:
        self.caller = Caller(settings_of(self.container).amqp_uri, self.container.config["service"])

    def stop(self) -> None:
        self.caller.close()

    def get_dependency(self, worker_ctx: Any) -> Caller:
        return self.caller
