"""Presence reckoned anew from positions and sightings, where `stale` says that something became known later than they did.

A day whose positions are no longer kept is left as it stands: nothing could be reckoned, and the minutes would be lost.

Safe beside ingest: the old rows are deleted before the positions are read, and the new ones are merged by OR. A batch
under way either has its rows deleted after its positions can be seen, or merges its minutes into ours.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, LiteralString

import numpy as np
import psycopg

from attendance import partitions, sightings, storing
from attendance.assignments import Assignments
from attendance.marking import DAY, EPOCH, SHANGHAI, Hearing, Report, correction, mark
from attendance.points import NO_SEQUENCE, PER_DEGREE, Points, Sightings

AT_ONCE = 200
ONE_DAY = timedelta(days=1)
Row = tuple[Any, ...]
TAKE = """
    delete from stale_presence where (person, day) in (
        select person, day from stale_presence order by day, person limit %s for update skip locked
    ) returning person, day"""
FORGET = "delete from presence where person = %s and day = %s"
POSITIONS = """
    select device, (extract(epoch from time) * 1000)::bigint, longitude, latitude, accuracy, mock from position
    where person = %s and time >= %s and time < %s"""
SIGHTINGS = """
    select sighting.device, (extract(epoch from time) * 1000)::bigint, uuid, major, minor
    from sighting join beacon on beacon.number = sighting.beacon
    where person = %s and time >= %s and time < %s"""
LAG = "select lag from device_day where device = %s and day = %s"


def rebuild(connection: psycopg.Connection[Any], today: date) -> int:
    """Work off some of the marks in one transaction; how many, so that one goes on until there are none."""
    assignments = Assignments()
    connection.execute(storing.ROOM)
    with connection.transaction():
        marked = connection.execute(TAKE, [AT_ONCE]).fetchall()
        assignments.get_ready(connection, {person for person, _ in marked})
        for person, day in marked:
            if day >= partitions.first_kept(today):
                _rebuild(connection, assignments, person, day)
    return len(marked)


def _rebuild(connection: psycopg.Connection[Any], assignments: Assignments, person: int, day: date) -> None:
    connection.execute(FORGET, [person, day])
    marks = mark(_reports(connection, person, day), assignments)
    hearings = _hearings(connection, person, day)
    assignments.get_beacons_ready(connection, {name for each in hearings for name in each.points.beacon})
    sightings.hear(marks, hearings, assignments)
    storing.keep_presence(connection, marks.of_day((day - EPOCH).days))


def _reports(connection: psycopg.Connection[Any], person: int, day: date) -> list[Report]:
    return [
        Report(device, person, 0, _points(rows), correction)
        for device, correction, rows in _told_around(connection, POSITIONS, person, day)
    ]


def _hearings(connection: psycopg.Connection[Any], person: int, day: date) -> list[Hearing]:
    return [
        Hearing(device, person, 0, _sightings(rows), correction)
        for device, correction, rows in _told_around(connection, SIGHTINGS, person, day)
    ]


def _told_around(
    connection: psycopg.Connection[Any], wanted: LiteralString, person: int, day: date
) -> Iterator[tuple[int, int, list[Row]]]:
    """What the person's devices told around that day, by device and day, each with the correction of its clock: a clock
    that was wrong may have told another day."""
    start = storing.moment((day - EPOCH).days * DAY - SHANGHAI)
    rows = connection.execute(wanted, [person, start - ONE_DAY, start + 2 * ONE_DAY]).fetchall()
    for device in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == device]
        for told_on in sorted({(row[1] + SHANGHAI) // DAY for row in own}):
            lag = _lag(connection, device, EPOCH + ONE_DAY * told_on)
            yield device, correction(lag), [row for row in own if (row[1] + SHANGHAI) // DAY == told_on]


def _lag(connection: psycopg.Connection[Any], device: int, day: date) -> int | None:
    row = connection.execute(LAG, [device, day]).fetchone()
    return None if row is None else row[0]


def _points(rows: list[Row]) -> Points:
    _, time, longitude, latitude, accuracy, mock = (np.array(each) for each in zip(*rows, strict=True))
    return Points(
        time,
        longitude / PER_DEGREE,
        latitude / PER_DEGREE,
        accuracy.astype(np.float64),
        mock,
        np.full(len(rows), NO_SEQUENCE),
    )


def _sightings(rows: list[Row]) -> Sightings:
    nothing = np.full(len(rows), NO_SEQUENCE)
    beacon = tuple((row[2], row[3], row[4]) for row in rows)
    return Sightings(np.array([row[1] for row in rows], dtype=np.int64), beacon, nothing, nothing)
