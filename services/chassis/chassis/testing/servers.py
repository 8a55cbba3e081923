"""The servers of one test session: given addresses first, else private ones that end with the session."""

import os
import shutil
from pathlib import Path

from chassis.localservers import ports
from chassis.localservers.postgres import Postgres, PrivatePostgres, given


class Servers:
    """Each server is started when first asked for; `told` says which ones are used."""

    def __init__(self, root: Path) -> None:
        self.folder = root / ".run" / "test" / str(os.getpid())
        self.told: list[str] = []
        self._postgres: Postgres | None = None
        self._private_postgres: PrivatePostgres | None = None

    @property
    def postgres(self) -> Postgres:
        if self._postgres is None:
            self._postgres = self._start_postgres()
            self.told.append(self._postgres.origin)
        return self._postgres

    def close(self) -> None:
        if self._private_postgres is not None:
            self._private_postgres.stop()
            self._private_postgres.forget()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start_postgres(self) -> Postgres:
        if uri := os.environ.get("DATABASE_URI"):
            return given(uri)
        self._private_postgres = PrivatePostgres(
            self.folder / "postgres", log=self.folder / "logs" / "postgres.log", forgetful=True
        )
        return self._private_postgres.start(ports.free_port())
