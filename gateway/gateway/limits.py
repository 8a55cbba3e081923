"""How many requests a key, a session or an address may send; counted in memory, or in Valkey for several gateways."""

from collections.abc import Callable

from flask import Flask
from flask_limiter import ApplicationLimit, Limiter

from gateway.api.admission import visitor
from gateway.settings import GatewaySettings


def install(app: Flask, settings: GatewaySettings) -> None:
    """Too many are answered 429 with Retry-After. While Valkey is silent each gateway counts for itself."""
    limits = {
        "key": settings.limit_per_key,
        "session": settings.limit_per_session,
        "address": settings.limit_per_address,
    }
    Limiter(
        _limited_as,
        app=app,
        application_limits=[ApplicationLimit(limit_provider=_limit_of(limits))],
        storage_uri=settings.limits_storage,
        strategy="moving-window",
        headers_enabled=True,
        in_memory_fallback_enabled=True,
    )


def _limited_as() -> str:
    return visitor().limited_as


def _limit_of(limits: dict[str, str]) -> Callable[[], str]:
    return lambda: limits[_limited_as().partition(":")[0]]
