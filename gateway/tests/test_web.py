"""The real server: granian, threads, a port of its own for health; what only a socket shows."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from chassis.localservers import ports
from chassis.testing.broker import Broker
from chassis.testing.databases import Database
from chassis.testing.processes import ServiceProcess, ServiceProcesses
from gateway.__main__ import main

MEGABYTE = 1024 * 1024
JSON = {"Content-Type": "application/json", "Idempotency-Key": "0123456789abcdef"}


@dataclass
class Web:
    process: ServiceProcess
    port: int
    environment: dict[str, str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v1"


@pytest.fixture
def web(broker: Broker, settings_of: Callable[[str, Broker], dict[str, str]], service_process: ServiceProcesses) -> Web:
    port = ports.free_port()
    own = {"WEB_PORT": str(port), "DOCUMENT_KEYS": json.dumps({"1": "the key of the tests"})}
    environment = settings_of("gateway", broker) | own
    return Web(service_process("gateway", "web", environment=environment), port, environment)


def test_bodies_beyond_measure_are_refused_with_an_answer(web: Web) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(160):
            yield b"x" * 65536

    measured = httpx.post(f"{web.address}/sessions", content=b"x" * 10 * MEGABYTE, headers=JSON)
    unmeasured = httpx.post(f"{web.address}/sessions", content=endless(), headers=JSON)

    for reply in (measured, unmeasured):
        assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")


def test_a_connection_serves_on_after_a_body_was_refused_unread(web: Web) -> None:
    with httpx.Client(limits=httpx.Limits(max_connections=1)) as client:
        for _ in range(20):
            refused = client.post(f"{web.address}/applications", content=b"x" * 300_000, headers=JSON)
            assert refused.status_code == 401
            too_long = client.post(f"{web.address}/sessions", content=b"x" * 2 * MEGABYTE, headers=JSON)
            assert too_long.status_code == 413


def test_a_length_that_is_not_kept_and_no_http_at_all_do_no_harm(web: Web) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=5) as line:
        line.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{")
    with socket.create_connection(("127.0.0.1", web.port), timeout=5) as line:
        line.sendall(b"\x16\x03\x01 not http at all\r\n\r\n")
        line.recv(1000)

    assert httpx.get(f"{web.address}/openapi.json").status_code == 200


def test_health_metrics_and_log_tell_how_it_stands_and_nothing_about_people(web: Web) -> None:
    httpx.post(f"{web.address}/sessions", json={"username": "zhang-san", "password": "Geheim-2026"}, headers=JSON)
    httpx.get(f"{web.address}/machines?q=130102199001011234&x=13812345678")

    assert '"database": true' in web.process.get("/health/ready")
    assert web.process.get("/health/live")
    assert 'http_requests_total{method="POST",route="/api/v1/sessions",status="401"} 1.0' in web.process.get("/metrics")
    log = web.process.log.read_text()
    assert "request_answered" in log and '"route": "/api/v1/machines"' in log
    for secret in ("zhang-san", "Geheim", "130102199001011234", "13812345678"):
        assert secret not in log
    for path in ("/health/ready", "/metrics"):
        assert httpx.get(f"http://127.0.0.1:{web.port}{path}").status_code == 404


def test_without_its_database_it_says_503_and_comes_back(web: Web, database: Database) -> None:
    credentials = {"username": "nobody", "password": "Geheim-2026"}
    with psycopg.connect(database.admin_uri, autocommit=True) as admin:
        admin.execute("alter table account rename to account_away")
        try:
            reply = httpx.post(f"{web.address}/sessions", json=credentials, headers=JSON)
            assert reply.status_code == 500
            assert reply.json()["code"] == "internal_error" and "account" not in reply.json()["detail"]
        finally:
            admin.execute("alter table account_away rename to account")
        user = psycopg.conninfo.conninfo_to_dict(database.uri)["user"]
        admin.execute(f"alter role {user} nologin")
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", [user])
        try:
            reply = httpx.post(f"{web.address}/sessions", json=credentials, headers=JSON)
            assert (reply.status_code, reply.json()["code"]) == (503, "database_away")
            assert not web.process.is_ready()
        finally:
            admin.execute(f"alter role {user} login")

    assert httpx.post(f"{web.address}/sessions", json=credentials, headers=JSON).status_code == 401
    assert web.process.is_ready()


def test_operators_are_made_at_the_command_line(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in web.environment.items():
        monkeypatch.setenv(name, value)
    file = tmp_path / "password"
    file.write_text("Platform-2026\n")
    command = ["create-operator", "--username", "operator", "--password-file", str(file)]

    assert main(command) == 0
    assert main(command) == 0
    assert "nothing changed" in capsys.readouterr().out
    credentials = {"username": "operator", "password": "Platform-2026"}
    assert httpx.post(f"{web.address}/sessions", json=credentials, headers=JSON).status_code == 201
    file.write_text("weak")
    assert main(["create-operator", "--username", "second", "--password-file", str(file)]) == 1


def test_fifty_who_sign_in_at_once_all_get_in(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in web.environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "password").write_text("Platform-2026")
    main(["create-operator", "--username", "operator", "--password-file", str(tmp_path / "password")])

    def sign_in(_: int) -> int:
        credentials = {"username": "operator", "password": "Platform-2026"}
        return httpx.post(f"{web.address}/sessions", json=credentials, headers=JSON, timeout=30).status_code

    with ThreadPoolExecutor(50) as pool:
        assert set(pool.map(sign_in, range(50))) == {201}


def test_it_ends_when_told_to_and_answers_what_it_had_begun(web: Web) -> None:
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(httpx.get, f"{web.address}/openapi.json", timeout=20) for _ in range(4)]
        time.sleep(0.05)
        web.process.terminate()
        answered = [_status(each) for each in asking]

    assert web.process.wait() == 0
    assert set(answered) <= {200, None}


def _status(asked: Any) -> int | None:
    try:
        return int(asked.result().status_code)
    except httpx.TransportError:
        return None
