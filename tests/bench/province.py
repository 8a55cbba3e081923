"""A province of any size, put straight into the databases: plausible names and numbers, found by what the services write.

Everything is drawn from one chance, so that a run can be repeated. `grow` may be called again for more of the same.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import psycopg

from chassis.identifiers import derived_id
from filing import divisions
from filing.tallies import RECOUNT
from tests.bench import applications, registers
from tests.bench.copying import copy, without_indexes
from tests.bench.registers import Known

KEYED_TABLES = """
    select table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'id' and data_type = 'text' order by table_name"""
ENTERPRISE_EVERY, PROJECT_EVERY = 50, 33  # one of them for so many applications


@dataclass(frozen=True)
class Sizes:
    applications: int
    people: int
    machines: int

    def part(self, of: int) -> "Sizes":
        return Sizes(self.applications // of, self.people // of, self.machines // of)


@dataclass
class Province(Known):
    """`uris` are the databases by service, as superuser."""

    uris: dict[str, str] = field(kw_only=True)
    done: Sizes = Sizes(0, 0, 0)

    def grow(self, to: Sizes, tell: Callable[[str], None]) -> None:
        """More of everything, up to these sizes; indexes and statistics are as good as new afterwards, and all
        is written, so that the first who look do not wait for it."""
        chance = Random(to.applications)
        with self._connected("filing") as filing, without_indexes(filing):
            self._agencies(filing)
            self._enterprises(filing, to.applications // ENTERPRISE_EVERY, chance)
            self._projects(filing, to.applications // PROJECT_EVERY, chance)
            self._describe_machines(to.machines, chance)
            self._applications(filing, to.applications, chance)
            tell(f"{to.applications} applications")
        self._finish("filing", RECOUNT)
        with self._connected("equipment") as equipment, without_indexes(equipment):
            self._machines(equipment, to.machines, chance)
        self._finish("equipment")
        tell(f"{to.machines} machines")
        with self._connected("personnel") as personnel, without_indexes(personnel):
            self._people(personnel, to.people, chance)
        self._finish("personnel")
        tell(f"{to.people} people")
        self.done = to

    def _connected(self, service: str) -> psycopg.Connection:
        return psycopg.connect(self.uris[service])

    def _finish(self, service: str, statements: tuple[str, ...] = ()) -> None:
        with psycopg.connect(self.uris[service], autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]
            connection.execute("vacuum analyze")
            connection.execute("checkpoint")
            self._warm_up(connection)

    def _warm_up(self, connection: psycopg.Connection) -> None:
        """Into the server's memory, where they lie after a day of work: each table read by its key, row by row."""
        connection.execute("set enable_seqscan = off")
        connection.execute("set enable_bitmapscan = off")
        for (table,) in connection.execute(KEYED_TABLES).fetchall():
            connection.execute(f"select count(xmin::text) from {table} where id > ''")

    def _agencies(self, connection: psycopg.Connection) -> None:
        if self.enterprises:
            return
        columns = (*registers.ORGANISATION, "kinds", "level", "code")
        copy(connection, "organisation", columns, (registers.agency_row(each) for each in divisions.all_divisions()))

    def _enterprises(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = len(self.enterprises)
        fresh = [registers.enterprise(number, chance) for number in range(start, max(to, 50))]
        self.enterprises += fresh
        columns = (*registers.ORGANISATION, "kinds", "credit_code", "level")
        rows = (registers.enterprise_row(start + n, each, chance) for n, each in enumerate(fresh))
        copy(connection, "organisation", columns, rows)

    def _projects(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = len(self.projects)
        fresh = [registers.project(number, chance) for number in range(start, max(to, 50))]
        self.projects += fresh
        rows = (registers.project_row(start + n, each, self.enterprises, chance) for n, each in enumerate(fresh))
        copy(connection, "project", registers.PROJECT, rows)

    def _describe_machines(self, to: int, chance: Random) -> None:
        for number in range(len(self.machines), max(to, 50)):
            kind = chance.choice(list(registers.KINDS))
            model = chance.choice(("QTZ63", "QTZ80(TC5610)", "QTZ125", "SC200/200", "SS100"))
            serial, filed = (
                f"{chance.randint(100, 999)}{number:06d}",
                f"冀{chance.choice('ABCDEF')}A-{kind}{number:05d}",
            )
            self.machines.append((derived_id("bench machine", str(number)), kind, f"{model}|{serial}", filed))

    def _applications(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        cut = range(self.done.applications, to)
        made = [applications.application(number, self, chance) for number in cut]
        copy(connection, "application", applications.APPLICATION, (each.row() for each in made))
        copy(connection, "submission", applications.SUBMISSION, (row for each in made for row in each.submissions()))
        copy(connection, "step", applications.STEP, (row for each in made for row in each.steps()))
        copy(
            connection,
            "certificate",
            applications.CERTIFICATE,
            (each.certificate() for each in made if each.outcome == "approved"),
        )

    def _machines(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = self.done.machines
        self._project_copies(connection)
        rows = [registers.machine_row(number, self, chance) for number in range(start, to)]
        copy(connection, "machine", registers.MACHINE, rows)
        areas = (each for n, row in enumerate(rows, start) for each in registers.machine_area_rows(n, row, self))
        copy(connection, "machine_area", ("area", "machine_id", "recorded_at"), areas)
        locked = (number for number in range(start, to) if registers.is_locked(number))
        locks = (registers.machine_lock_row(number, self) for number in locked)
        copy(connection, "machine_lock", registers.MACHINE_LOCK, locks)

    def _project_copies(self, connection: psycopg.Connection) -> None:
        known = set(connection.execute("select project_id from project_copy").fetchall())
        fresh = [(each.id, 1, each.name, each.area, "filed") for each in self.projects if (each.id,) not in known]
        copy(connection, "project_copy", ("project_id", "version", "name", "area", "stage"), fresh)

    def _people(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = self.done.people
        self._project_copies(connection)
        people = [registers.person_row(number, self, chance) for number in range(start, to)]
        copy(connection, "person", registers.PERSON, (row for row, _ in people))
        copy(connection, "person_area", ("area", "person_id", "entered_at"), registers.person_area_rows(people))
        copy(connection, "employment", registers.EMPLOYMENT, (registers.employment_row(row) for row, _ in people))
        copy(
            connection,
            "certificate",
            registers.PERSON_CERTIFICATE,
            (registers.certificate_row(n, row) for n, (row, _) in enumerate(people, start)),
        )
        locked = ((n, row) for n, (row, _) in enumerate(people, start) if n % 6 == 0)
        copy(
            connection,
            "person_lock",
            registers.PERSON_LOCK,
            (registers.person_lock_row(n, row, self) for n, row in locked),
        )
