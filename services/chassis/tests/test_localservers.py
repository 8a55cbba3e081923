"""What starts servers on one machine: ports, passwords, keys, processes left behind, databases of a killed run."""

import json
import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from chassis.localservers import children, ports
from chassis.localservers.children import NotStarted
from chassis.localservers.keys import Keys
from chassis.localservers.passwords import Passwords
from chassis.localservers.ports import Ports
from chassis.localservers.postgres import PrivatePostgres, given
from chassis.principal import service_principal, sign, verify
from chassis.testing.databases import Database

STAYS = [sys.executable, "-c", "import time; print('here', flush=True); time.sleep(60)"]
DEAF = [STAYS[0], "-c", f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {STAYS[2]}"]


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def has_spoken(log: Path) -> bool:
    deadline = time.monotonic() + 10
    while not log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return True


def test_a_port_stays_the_same_as_long_as_it_is_free(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = Ports(file)
    web, database = first("web"), first("database")

    again = Ports(file)

    assert web != database
    assert (again("web"), again("database")) == (web, database)
    assert json.loads(file.read_text()) == {"web": web, "database": database}


def test_a_port_that_somebody_has_taken_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    web = Ports(file)("web")

    with socket.socket() as other:
        other.bind((ports.LOOPBACK, web))
        other.listen()
        assert Ports(file)("web") != web


def test_passwords_are_kept_where_only_their_owner_reads(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "passwords.json"
    password = Passwords(file)("filing")

    assert Passwords(file)("filing") == password != Passwords(file)("equipment")
    assert mode(file) == 0o600


def test_what_a_private_key_signs_its_public_key_verifies(tmp_path: Path) -> None:
    keys = Keys(tmp_path / "keys")

    token = sign(service_principal("filing"), keys.private("filing"), "filing")

    assert verify(token, {"filing": Keys(tmp_path / "keys").public("filing")}).is_service
    assert mode(tmp_path / "keys" / "filing.pem") == 0o600


def test_what_a_killed_run_left_is_stopped(tmp_path: Path) -> None:
    pid_file, log = tmp_path / "it.pid", tmp_path / "log"
    process = children.start(STAYS, log=log, environment={}, pid_file=pid_file)
    has_spoken(log)

    children.stop_left_over(pid_file)

    assert process.wait(5) == -signal.SIGTERM
    assert not pid_file.exists()


def test_a_pid_file_that_a_server_wrote_itself_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "rabbitmq.pid").write_text(f"{os.getpid()}\n")

    children.stop_left_over(tmp_path / "rabbitmq.pid")


def test_who_has_inherited_the_pid_is_left_alone(tmp_path: Path) -> None:
    pid_file = tmp_path / "it.pid"
    process = children.start(STAYS, log=tmp_path / "log", environment={}, pid_file=pid_file)
    identity = json.loads(pid_file.read_text())
    pid_file.write_text(json.dumps(identity | {"created": identity["created"] - 100}))

    children.stop_left_over(pid_file)

    assert process.poll() is None
    children.kill(process)


def test_who_does_not_listen_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = children.start(DEAF, log=log, environment={})
    has_spoken(log)

    children.stop(process, grace=0.2)

    assert process.returncode == -signal.SIGKILL


def test_a_process_that_dies_while_starting_is_told_with_the_end_of_its_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    process = children.start([sys.executable, "-c", "raise SystemExit('no such setting')"], log=log, environment={})

    with pytest.raises(NotStarted, match="no such setting"):
        children.wait_until(lambda: False, seconds=10, what="it", process=process, log=log)


def test_a_server_left_running_gives_way_and_keeps_its_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("server")
    killed = PrivatePostgres(folder / "postgres", log=folder / "log", password="x", forgetful=True)
    uri = killed.start(ports.free_port()).admin_uri
    with psycopg.connect(uri) as connection:
        connection.execute("create table kept (id int)")

    next_run = PrivatePostgres(folder / "postgres", log=folder / "log", password="x", forgetful=True)
    uri = next_run.start(ports.free_port()).admin_uri

    with psycopg.connect(uri) as connection:
        connection.execute("select * from kept")
    assert killed.process is not None and killed.process.wait(5) == 0
    next_run.stop()
    next_run.forget()
    assert not (folder / "postgres").exists()


def test_a_given_server_must_let_us_make_databases(database: Database) -> None:
    with pytest.raises(NotStarted, match="create databases and roles"):
        given(database.uri)


def test_a_given_server_that_is_not_there_is_told() -> None:
    with pytest.raises(NotStarted, match="DATABASE_URI"):
        given(f"postgresql://nobody@{ports.LOOPBACK}:{ports.free_port()}/x")


def test_processes_run_in_a_session_of_their_own(tmp_path: Path) -> None:
    process = children.start(STAYS, log=tmp_path / "log", environment={})

    assert os.getsid(process.pid) == process.pid
    assert psutil.Process(process.pid).environ() == {}
    children.kill(process)
