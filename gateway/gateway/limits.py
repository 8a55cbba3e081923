"""How many requests a key, a session or an address may send; counted in memory, or in Valkey for several gateways."""

import time
from collections.abc import Callable
from math import ceil
from typing import Any

from flask import Flask, g, request
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded, RequestLimit

from gateway import problems
from gateway.api.admission import visitor
from gateway.refusals import TooMany
from gateway.settings import GatewaySettings

# Seconds: the limits are there for the requests, not the other way round.
IMPATIENT: dict[str, str | int] = {"socket_timeout": 1, "socket_connect_timeout": 1}


STATIC = "static"  # styles and scripts of the pages: files, asked for once and kept by the browser


def install(app: Flask, settings: GatewaySettings) -> None:
    """Too many are answered 429 with Retry-After. While Valkey is silent each gateway counts for itself."""
    limits = {
        "key": settings.limit_per_key,
        "session": settings.limit_per_session,
        "address": settings.limit_per_address,
    }
    app.register_error_handler(RateLimitExceeded, _refused)
    limiter = Limiter(
        _limited_as,
        app=app,
        application_limits=[ApplicationLimit(limit_provider=_limit_of(limits))],
        storage_uri=settings.limits_storage,
        storage_options={} if settings.limits_storage.startswith("memory") else IMPATIENT,
        strategy="moving-window",
        on_breach=_note,
        in_memory_fallback_enabled=True,
    )
    limiter.request_filter(lambda: request.endpoint == STATIC)


def _note(limit: RequestLimit) -> None:
    # Raising here would look to flask-limiter like a storage that is away.
    g.next_request_at = limit.reset_at


def _refused(_: RateLimitExceeded) -> Any:
    return problems.answer(TooMany("too_many_requests", retry_after=max(1, ceil(g.next_request_at - time.time()))))


def _limited_as() -> str:
    return visitor().limited_as


def _limit_of(limits: dict[str, str]) -> Callable[[], str]:
    return lambda: limits[_limited_as().partition(":")[0]]
