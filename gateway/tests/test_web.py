"""The real server: granian, threads, its own port for health; what only a socket shows."""

from collections.abc import Callable

import httpx
import pytest

from chassis.localservers import ports
from chassis.testing.broker import Broker
from chassis.testing.processes import ServiceProcess, ServiceProcesses

MEGABYTE = 1024 * 1024


@pytest.fixture
def web(
    broker: Broker, settings_of: Callable[[str, Broker], dict[str, str]], service_process: ServiceProcesses
) -> tuple[ServiceProcess, str]:
    port = ports.free_port()
    process = service_process("gateway", "web", environment=settings_of("gateway", broker) | {"WEB_PORT": str(port)})
    return process, f"http://127.0.0.1:{port}/api/v1"


def test_bodies_beyond_measure_are_refused_with_an_answer(web: tuple[ServiceProcess, str]) -> None:
    _, address = web
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k"}

    told = httpx.post(f"{address}/sessions", content=b"x" * 10 * MEGABYTE, headers=headers)
    assert (told.status_code, told.json()["code"]) == (413, "body_too_large")

    def endless():
        for _ in range(160):
            yield b"x" * 65536

    unmeasured = httpx.post(f"{address}/sessions", content=endless(), headers=headers)
    assert (unmeasured.status_code, unmeasured.json()["code"]) == (413, "body_too_large")
    print(told.headers, told.text)


def test_health_and_metrics(web) -> None:
    process, address = web
    r = httpx.get(f"{address}/sessions/current")
    print(r.status_code, r.text, r.headers)
    print(process.get("/health/ready"))
    print(process.get("/metrics")[-600:])
    print(process.log.read_text()[-3000:])
    assert 0
