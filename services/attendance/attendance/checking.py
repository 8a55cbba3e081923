"""Days of positions looked at when they are over (R-D5): a site's day at a time, and again when something came late.

Bounded and resumable: each site's day is one transaction that may be repeated at any time. What an officer has decided is
never touched. Noted is only what passes the threshold (attendance.suspicion); an officer judges.
"""

import json
from collections import defaultdict
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import psycopg

from attendance import partitions
from attendance.boundaries import Outline
from attendance.marking import start_of
from attendance.points import PER_DEGREE
from attendance.suspicion import Finding, Ground, Kept, Track, examine
from attendance.suspicion.tracks import pack, unpack
from chassis import telemetry
from chassis.clock import Clock, day_of
from chassis.identifiers import new_id

Connection = psycopg.Connection[Any]
SiteDay = tuple[int, date]
AT_ONCE = 1_000  # site-days: some minutes
# A batch's rows bear the moment at which its transaction began, and are seen when it ends.
LONGEST_BATCH = timedelta(minutes=2)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

WORK = """
    select presence.site, presence.day from presence
    left join checked_day on checked_day.site = presence.site and checked_day.day = presence.day
    where presence.changed_at > %s and presence.day >= %s and presence.day < %s
      and (checked_day.site is null or presence.changed_at > checked_day.checked_at - %s)
    group by 1, 2 order by presence.day, presence.site limit %s"""
MARK = """
    insert into checked_day (site, day, checked_at) values (%s, %s, now())
    on conflict (site, day) do update set checked_at = excluded.checked_at"""
OUTLINE = "select outline from boundary where site = %s and effective_on <= %s order by effective_on desc limit 1"
PEOPLE = "select person from presence where site = %s and day = %s"
POSITIONS = """
    select person, device, (extract(epoch from time) * 1000)::bigint, longitude, latitude, accuracy, mock,
        (extract(epoch from received_at) * 1000)::bigint
    from position where person = any(%s) and time >= %s and time < %s"""
FUTURE = """
    select person, count(*) from set_aside
    where person = any(%s) and received_at >= %s and received_at < %s and reason = 'in_the_future' group by person"""
KEPT = """
    select person, day, path, sketch, spot_east, spot_north, stayed, together from day_path
    where site = %s and day >= %s and day < %s"""
KEEP = """
    insert into day_path (site, day, person, path, sketch, spot_east, spot_north, stayed, together)
    values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
    on conflict (site, day, person) do update set path = excluded.path, sketch = excluded.sketch,
        spot_east = excluded.spot_east, spot_north = excluded.spot_north, stayed = excluded.stayed,
        together = excluded.together"""
NOTE = """
    insert into suspicion (id, person, day, site, score, unexplained, story, signals, stage, noted_at)
    values (%s, %s, %s, %s, %s, %s, %s, %s, 'noted', now())
    on conflict (person, day) do update set site = excluded.site, score = excluded.score,
        unexplained = excluded.unexplained, story = excluded.story, signals = excluded.signals
    where suspicion.stage in ('noted', 'appealed')
      and (suspicion.site = excluded.site or suspicion.score < excluded.score)"""
# Nobody has said anything about it yet: it was never there. Who has appealed gets an answer, whatever the score is now.
UNNOTE = "delete from suspicion where person = %s and day = %s and site = %s and stage = 'noted'"
LESSEN = """
    update suspicion set score = %s, unexplained = %s, story = %s, signals = %s
    where person = %s and day = %s and site = %s and stage = 'appealed'"""
NAMES = "select number, id from person where number = any(%s)"
DEVICES = "select number, id from device where number = any(%s)"


class Checking:
    """`run` works off what is due. What it knows besides the tables is only how far back it need not look again."""

    def __init__(self, database_uri: str, clock: Clock) -> None:
        self.uri = database_uri
        self.clock = clock
        self.since = BEGINNING
        self.failed: set[SiteDay] = set()

    def run(self) -> int:
        """How many site-days were looked at: all that were due, or `AT_ONCE`."""
        now = self.clock()
        today = day_of(now)
        with psycopg.connect(self.uri, autocommit=True, connect_timeout=5) as connection:
            first, most = partitions.first_kept(today), AT_ONCE + len(self.failed)
            due = connection.execute(WORK, [self.since, first, today, LONGEST_BATCH, most]).fetchall()
            for site, day in due:
                if (site, day) not in self.failed:
                    self._check(connection, site, day)
            if len(due) < most:
                # The rows of today are due tomorrow, so they must not be passed over.
                self.since = min(now, start_of(today)) - LONGEST_BATCH
        return len(due)

    def _check(self, connection: Connection, site: int, day: date) -> None:
        """One site's day that cannot be checked is told, and holds up no other."""
        try:
            check(connection, site, day)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            self.failed.add((site, day))
            telemetry.logger().error("day_not_checked", site=site, day=day.isoformat(), exc_info=error)


def check(connection: Connection, site: int, day: date) -> None:
    """Look at a site's day, keep what later days are compared with, and note whom an officer should look at."""
    with connection.transaction():
        connection.execute(MARK, [site, day])
        outline = connection.execute(OUTLINE, [site, day]).fetchone()
        people = [person for (person,) in connection.execute(PEOPLE, [site, day])]
        if outline is None or not people:
            return
        start, end = start_of(day), start_of(day) + timedelta(days=1)
        kept = [_kept(row) for row in connection.execute(KEPT, [site, partitions.first_kept(day), day])]
        found = examine(
            day,
            Ground(Outline(outline[0]), day),
            _tracks(connection.execute(POSITIONS, [people, start, end]).fetchall()),
            kept,
            dict(connection.execute(FUTURE, [people, start, end]).fetchall()),
        )
        for person in sorted(found):
            _keep(connection, site, found[person].kept)
            _note(connection, site, day, person, found[person])


def forget(connection: Connection, today: date) -> None:
    """What is older than the positions that it was made of."""
    for table in ("day_path", "checked_day"):
        connection.execute(f"delete from {table} where day < %s", [partitions.first_kept(today)])


def _tracks(rows: list[tuple[Any, ...]]) -> dict[int, Track]:
    if not rows:
        return {}
    person, device, time, longitude, latitude, accuracy, mock, received = (
        np.array(each) for each in zip(*rows, strict=True)
    )
    whole = Track(
        time, longitude / PER_DEGREE, latitude / PER_DEGREE, accuracy.astype(np.float64), mock, device, received
    )
    return {int(each): whole.where(person == each) for each in np.unique(person)}


def _kept(row: tuple[Any, ...]) -> Kept:
    person, day, path, sketch, east, north, stayed, together = row
    spot = None if east is None else complex(east, north)
    return Kept(person, day, unpack(path), np.frombuffer(sketch, dtype="<i8"), spot, stayed, frozenset(together))


def _keep(connection: Connection, site: int, kept: Kept) -> None:
    spot = (None, None) if kept.spot is None else (kept.spot.real, kept.spot.imag)
    path, sketch = pack(kept.path), kept.sketch.astype("<i8").tobytes()
    connection.execute(KEEP, [site, kept.day, kept.person, path, sketch, *spot, kept.stayed, sorted(kept.together)])


def _note(connection: Connection, site: int, day: date, person: int, finding: Finding) -> None:
    score = finding.score
    if not score.is_noted:
        connection.execute(UNNOTE, [person, day, site])
    signals = json.dumps(_told(connection, finding), default=str)
    figures = [score.points, score.unexplained, score.story, signals]
    if score.is_noted:
        connection.execute(NOTE, [new_id(), person, day, site, *figures])
    else:
        connection.execute(LESSEN, [*figures, person, day, site])


def _told(connection: Connection, finding: Finding) -> list[dict[str, Any]]:
    """The signals with people and phones by their ids, as they are to be read for years."""
    signals = [asdict(each) for each in finding.score.signals]
    numbers: dict[str, set[int]] = defaultdict(set)
    for each in signals:
        numbers["people"] |= {*each["told"].get("people", []), each["told"].get("person", 0)}
        numbers["devices"] |= _devices(each["told"])
    people = dict(connection.execute(NAMES, [list(numbers["people"])]).fetchall())
    devices = dict(connection.execute(DEVICES, [list(numbers["devices"])]).fetchall())
    return [each | {"told": _named(each["told"], people, devices)} for each in signals]


def _devices(told: dict[str, Any]) -> set[int]:
    inner = [each for jump in told.get("jumps", []) for each in jump["devices"]]
    return {*told.get("devices", []), *inner, told.get("device", 0)}


def _named(told: dict[str, Any], people: dict[int, str], devices: dict[int, str]) -> dict[str, Any]:
    named = {name: value for name, value in told.items() if name not in ("person", "people", "device", "devices")}
    concerned = [*told.get("people", []), *([told["person"]] if "person" in told else [])]
    if concerned:
        named["people"] = [people[each] for each in concerned if each in people]
    phones = _devices(told)
    if any(phones):
        named["devices"] = [devices[each] for each in sorted(phones) if each in devices]
    if "jumps" in told:
        named["jumps"] = [{name: each[name] for name in ("at", "seconds", "metres")} for each in told["jumps"]]
    return named
