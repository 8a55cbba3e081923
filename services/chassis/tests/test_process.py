"""`python -m <service> <role>`: each role imports what it needs, and says what is missing."""

import subprocess
import sys
import urllib.error

import pytest

from chassis.testing.processes import ServiceProcess
from services.chassis.tests.conftest import PACKAGES, Echo, until

QUARANTINED = ("eventlet", "nameko")


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "echo", *arguments]
    paths = {"PYTHONPATH": str(PACKAGES)}
    return subprocess.run(command, env=paths | environment, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("arguments", [(), ("unknown",)])
def test_an_unknown_role_names_those_there_are(arguments: tuple[str, ...]) -> None:
    done = run(*arguments)

    assert done.returncode == 2 and "rpc | subscriptions | relay | scheduler" in done.stderr


def test_all_missing_settings_are_told_at_once() -> None:
    done = run("relay", AMQP_URI="amqp://x")

    assert done.returncode == 1
    for name in ("DATABASE_URI", "PRINCIPAL_PUBLIC_KEYS", "BLOB_URI", "EVIDENCE"):
        assert f"{name} is missing" in done.stderr


def test_nothing_but_the_quarantine_imports_eventlet_or_nameko() -> None:
    modules = ["relay", "scheduler", "housekeeping", "park_command", "call", "batch", "process", "contract", "topology"]
    imports = ", ".join(f"chassis.{module}" for module in modules)
    program = f"import sys, {imports}; print([m for m in {QUARANTINED!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "[]", done.stderr


def test_what_is_imported_before_patching_is_light() -> None:
    program = (
        "import sys, echo.__main__; "
        "print([m for m in ('sqlalchemy', 'psycopg', 'structlog', 'prometheus_client', 'kombu') if m in sys.modules])"
    )
    paths = {"PYTHONPATH": str(PACKAGES)}
    done = subprocess.run([sys.executable, "-c", program], env=paths, capture_output=True, text=True, timeout=60)

    assert done.stdout.strip() == "[]", done.stderr


def test_a_process_tells_its_state_and_its_metrics(echo: Echo) -> None:
    process = echo.start("subscriptions")

    assert process.get("/health/ready") == '{"broker": true, "database": true}'
    assert "messages_in_hand" in process.get("/metrics")


def test_not_ready_without_a_database(echo: Echo) -> None:
    process = echo.start("rpc", wait=False, DATABASE_URI="postgresql://nobody@127.0.0.1:1/none")
    until(lambda: '"broker": true' in state(process), 30, "consuming")
    assert state(process) == '{"broker": true, "database": false}'


def state(process: ServiceProcess) -> str:
    try:
        return process.get("/health/ready")
    except urllib.error.HTTPError as error:
        return error.read().decode()
    except OSError:
        return ""
