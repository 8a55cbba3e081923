"""Filing's and personnel's side of every test: what they tell; and a phone's side: what it sends."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import psycopg
from sqlalchemy import select

from attendance import hearing
from attendance.heard import PersonHeard, ProjectHeard, ReplacedHeard
from attendance.ingest import Ingest
from attendance.letters import Letter
from attendance.models import Person
from chassis.batch import Message
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.identifiers import derived_id
from chassis.principal import Principal
from chassis.schemas import read
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database

TODAY = date(2026, 3, 2)  # a Monday
EIGHT = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)  # 08:00 in Shijiazhuang
CHANGAN = "13.1301.130102"
INSIDE, OUTSIDE = (114.515, 38.045), (114.53, 38.045)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[114.51, 38.04], [114.52, 38.04], [114.52, 38.05], [114.51, 38.05], [114.51, 38.04]]],
}


def an_id(name: str) -> str:
    return derived_id("attendance test", name)


def enterprise(name: str) -> Principal:
    return Principal(
        user_id=an_id(f"user of {name}"), user_name="经办人", organisation_id=an_id(name), organisation_name=name,
        organisation_kind="enterprise", kinds=("contractor",), area=CHANGAN, roles=("clerk",),
    )  # fmt: skip


def agency(area: str = CHANGAN, *roles: str) -> Principal:
    return Principal(
        user_id=an_id(f"officer of {area}"), user_name="监督员", organisation_id=an_id(f"agency {area}"),
        organisation_name="监督站", organisation_kind="agency", level="county", area=area, roles=roles or ("approver",),
    )  # fmt: skip


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


@dataclass
class Ground:
    """A site with its people, told of by events; `phone` sends what a phone of somebody's sends."""

    database: Database
    clock: FrozenClock
    numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.ingest = Ingest(self.database.uri, self.clock)

    @property
    def sessions(self) -> Sessions:
        return self.database.sessions

    def project(
        self,
        kind: str = "registered",
        name: str = "长安广场",
        version: int = 1,
        at: datetime | None = None,
        **told: Any,
    ) -> None:
        data = {
            "project_id": an_id(name), "version": version, "name": name, "area": CHANGAN, "agency_id": an_id("agency"),
            "owner_id": an_id(f"owner of {name}"), "contractor_id": an_id(f"contractor of {name}"),
            "supervisor_id": an_id(f"supervisor of {name}"), "stage": "filed", "starts_on": "2026-01-05",
            "owner_name": "长安置业", "contractor_name": "石家庄一建", "supervisor_name": "河北监理",
            "boundary": SQUARE, "suspended": None, "stoppages": [], "works_accepted_on": None, "merged_into": None, **told,
        }  # fmt: skip
        hearing.project(self.sessions, self._event(f"project_{kind}", read(ProjectHeard(), data), at))

    def locked(
        self, person: str, site: str = "长安广场", since: datetime = EIGHT, role: str = "project_manager",
        application: str = "first",
    ) -> None:  # fmt: skip
        lock = self._lock(person, site, since, role, application_id=an_id(f"{application} application of {person}"))
        hearing.duty_began(self.sessions, self._event("person_locked", lock))

    def unlocked(
        self, person: str, site: str = "长安广场", at: datetime = EIGHT, role: str = "project_manager"
    ) -> None:
        hearing.duty_ended(self.sessions, self._event("person_unlocked", self._lock(person, site, at, role)))

    def replaced(self, person: str, by: str, site: str = "长安广场", at: datetime = EIGHT) -> None:
        told = self._lock(by, site, at, "project_manager", ReplacedHeard, replaced_person_id=an_id(person))
        hearing.duty_passed_on(self.sessions, self._event("person_replaced", told))

    def number(self, person: str) -> int:
        with transaction(self.sessions) as session:
            return session.scalars(select(Person.number).where(Person.id == an_id(person))).one()

    def letter(
        self,
        person: str,
        rows: Sequence[Sequence[Any]],
        *,
        device: int = 0,
        received: datetime | None = None,
        **body: Any,
    ) -> Message:
        """A message of our own app's: rows of [time, longitude, latitude, accuracy, sequence]."""
        number = self.number(person)
        at = milliseconds(received or self.clock())
        letter = Letter("native", device or self.device(person), number, at, "application/json")
        return Message(json.dumps({"rows": rows} | body).encode(), letter.headers())

    def device(self, person: str) -> int:
        """Some device of his."""
        with psycopg.connect(self.database.uri) as connection:
            told = [an_id(f"phone of {person}"), self.number(person)]
            found = connection.execute("select number from device where id = %s", told[:1]).fetchone()
            found = (
                found
                or connection.execute(
                    "insert into device (id, person, label, opened_at, opened_by) values (%s, %s, '', now(), '{}')"
                    " returning number",
                    told,
                ).fetchone()
            )
        assert found is not None
        return int(found[0])

    def days(self) -> list[tuple[Any, ...]]:
        """All presence there is: person, site, day, and the three rows of minutes."""
        with psycopg.connect(self.database.uri) as connection:
            return connection.execute(
                "select person, site, day, seen::text, inside::text, outside::text from presence order by 1, 2, 3"
            ).fetchall()

    def count(self, table: str) -> int:
        with psycopg.connect(self.database.uri) as connection:
            row = connection.execute(f"select count(*) from {table}").fetchone()  # type: ignore[arg-type]
        assert row is not None
        return int(row[0])

    def _lock(
        self, person: str, site: str, since: datetime, role: str, schema: type[PersonHeard] = PersonHeard, **more: Any
    ) -> dict[str, Any]:
        told = {
            "person_id": an_id(person), "name": person, "role": role, "project_id": an_id(site),
            "application_id": an_id(f"first application of {person}"), "since": since.isoformat(), **more,
        }  # fmt: skip
        loaded: dict[str, Any] = read(schema(), told)
        return loaded

    def _event(self, kind: str, data: dict[str, Any], at: datetime | None = None) -> Event:
        return Event(
            type=kind, version=1, subject=an_id("subject"), data=data, id=an_id(f"event {next(self.numbers)}"),
            occurred_at=at or self.clock(),
        )  # fmt: skip


def track(
    start: datetime, minutes: Iterable[int], place: tuple[float, float] = INSIDE, accuracy: float = 10, first: int = 0
) -> list[list[Any]]:
    """Positions at one place, one at each of these minutes after `start`, numbered from `first` on."""
    return [
        [milliseconds(start + timedelta(minutes=minute)), *place, accuracy, first + n]
        for n, minute in enumerate(minutes)
    ]
