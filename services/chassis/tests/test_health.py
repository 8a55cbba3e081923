"""Every process answers whether it lives, whether it can work, and what it counts."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable

from chassis import health, telemetry
from chassis.localservers import ports


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def serve(ready: dict[str, Callable[[], bool]], live: Callable[[], bool] = health.always) -> int:
    port = ports.free_port()
    health.serve(port, ready, live)
    return port


def test_ready_names_what_is_missing() -> None:
    def broken() -> bool:
        raise ConnectionError

    port = serve({"broker": lambda: True, "database": broken})

    status, body = get(port, "/health/ready")

    assert (status, json.loads(body)) == (503, {"broker": True, "database": False})


def test_a_process_is_live_although_it_is_not_ready() -> None:
    port = serve({"database": lambda: False})

    assert get(port, "/health/live")[0] == 200
    assert get(port, "/health/ready")[0] == 503


def test_who_hangs_is_not_live() -> None:
    assert get(serve({}, live=lambda: False), "/health/live")[0] == 503


def test_metrics_are_in_the_format_of_prometheus() -> None:
    port = serve({})
    telemetry.reconciler_repairs.labels("testing").inc()

    status, body = get(port, "/metrics")

    assert status == 200 and 'reconciler_repairs_total{service="testing"} 1.0' in body


def test_other_paths_are_not_found_and_port_nought_is_nobodys() -> None:
    assert get(serve({}), "/health")[0] == 404
    assert health.serve(0, {}) is None
