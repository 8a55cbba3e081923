"""Presence reckoned anew from the positions, where `stale` says that something became known later than they did.

Safe beside ingest: the old rows are deleted before the positions are read, and the new ones are merged by OR. A batch
under way either has its rows deleted after its positions can be seen, or merges its minutes into ours.
"""

from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

from attendance import storing
from attendance.assignments import Assignments
from attendance.marking import DAY, EPOCH, SHANGHAI, Report, correction, mark
from attendance.points import NO_SEQUENCE, PER_DEGREE, Points

AT_ONCE = 200
ONE_DAY = timedelta(days=1)
TAKE = """
    delete from stale_presence where (person, day) in (
        select person, day from stale_presence order by day, person limit %s for update skip locked
    ) returning person, day"""
FORGET = "delete from presence where person = %s and day = %s"
POSITIONS = """
    select device, (extract(epoch from time) * 1000)::bigint, longitude, latitude, accuracy, mock from position
    where person = %s and time >= %s and time < %s"""
LAG = "select lag from device_day where device = %s and day = %s"


def rebuild(connection: psycopg.Connection[Any]) -> int:
    """Work off some of the marks in one transaction; how many, so that one goes on until there are none."""
    assignments = Assignments()
    connection.execute(storing.ROOM)
    with connection.transaction():
        marked = connection.execute(TAKE, [AT_ONCE]).fetchall()
        assignments.get_ready(connection, {person for person, _ in marked})
        for person, day in marked:
            _rebuild(connection, assignments, person, day)
    return len(marked)


def _rebuild(connection: psycopg.Connection[Any], assignments: Assignments, person: int, day: date) -> None:
    connection.execute(FORGET, [person, day])
    marks = mark(_reports(connection, person, day), assignments)
    storing.keep_presence(connection, marks.of_day((day - EPOCH).days))


def _reports(connection: psycopg.Connection[Any], person: int, day: date) -> list[Report]:
    """What the person's devices told around that day: a clock that was wrong may have told another one."""
    start = storing.moment((day - EPOCH).days * DAY - SHANGHAI)
    rows = connection.execute(POSITIONS, [person, start - ONE_DAY, start + 2 * ONE_DAY]).fetchall()
    reports = []
    for device in sorted({row[0] for row in rows}):
        own = [row for row in rows if row[0] == device]
        for told_on in sorted({(row[1] + SHANGHAI) // DAY for row in own}):
            points = _points([row for row in own if (row[1] + SHANGHAI) // DAY == told_on])
            lag = _lag(connection, device, EPOCH + ONE_DAY * told_on)
            reports.append(Report(device, person, 0, points, correction(lag)))
    return reports


def _lag(connection: psycopg.Connection[Any], device: int, day: date) -> int | None:
    row = connection.execute(LAG, [device, day]).fetchone()
    return None if row is None else row[0]


def _points(rows: list[tuple[Any, ...]]) -> Points:
    _, time, longitude, latitude, accuracy, mock = (np.array(each) for each in zip(*rows, strict=True))
    return Points(
        time,
        longitude / PER_DEGREE,
        latitude / PER_DEGREE,
        accuracy.astype(np.float64),
        mock,
        np.full(len(rows), NO_SEQUENCE),
    )
