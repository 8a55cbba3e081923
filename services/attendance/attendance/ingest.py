"""python -m attendance.ingest: empties the queue of positions into PostgreSQL, hundreds of messages at once.

Any number of them may run, be killed and be started again: a batch is acknowledged after its transaction, and the same
batch again changes nothing. A message that is no such thing is parked alone; a position that cannot judge anybody is set
aside with its reason. Plain threads, no eventlet.
"""

import signal
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import psycopg

from attendance import letters, partitions, sightings, storing
from attendance.assignments import Assignments
from attendance.letters import Letter
from attendance.marking import DAY, EPOCH, SHANGHAI, Hearing, Marks, Report, Some, Told, correction, mark, usable
from attendance.points import Points, SetAside
from attendance.protocols import Undecodable, decode
from chassis import health, telemetry
from chassis.batch import BadMessage, BatchConsumer, Message
from chassis.clock import Clock, day_of, now
from chassis.database import engine, is_answering
from chassis.settings import Common, SettingsError, load

SIZE, AGE_MS = 400, 200
STATEMENT_TIMEOUT_MS = 30_000
LOCK_TIMEOUT_MS = 10_000
OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError)
OPTIONS = f"-c statement_timeout={STATEMENT_TIMEOUT_MS} -c lock_timeout={LOCK_TIMEOUT_MS} -c timezone=UTC"
Aside = list[tuple[Told[Any], SetAside]]
Lags = Mapping[tuple[int, int], int | None]


class Ingest:
    """`handle` makes a batch durable, or raises: `BadMessage` for one that can never be read."""

    def __init__(self, database_uri: str, clock: Clock) -> None:
        self.uri = database_uri
        self.clock = clock
        self.assignments = Assignments()
        self.partitioned_on: date | None = None
        self._connection: psycopg.Connection[Any] | None = None

    def handle(self, messages: Sequence[Message]) -> None:
        self._ready()  # what fails here is no message's fault, and parks none
        try:
            self._handle(messages)
        except (BadMessage, *OUTAGES):
            raise
        except Exception as error:
            if len(messages) == 1:
                raise BadMessage(0, repr(error)) from error
            self._handle_one_by_one(messages)

    def _handle(self, messages: Sequence[Message]) -> None:
        reports, hearings, aside = self._read(messages)
        connection = self._ready()
        try:
            with connection.transaction():
                self._keep(connection, reports, hearings, aside)
        except BaseException:
            connection.close()  # a new one for the next try: this one's state is unknown
            raise

    def _handle_one_by_one(self, messages: Sequence[Message]) -> None:
        """Something in the batch cannot be kept, and nobody foresaw it: find out which one. Those before it are kept now,
        and are so again when they come again."""
        for index, message in enumerate(messages):
            try:
                self.handle([message])
            except BadMessage as bad:
                raise BadMessage(index, str(bad)) from bad

    def _read(self, messages: Sequence[Message]) -> tuple[list[Report], list[Hearing], Aside]:
        reports: list[Report] = []
        hearings: list[Hearing] = []
        aside: Aside = []
        for index, message in enumerate(messages):
            letter, points = _decoded(index, message)
            report = Report(letter.device, letter.person, letter.received_at, points)
            reports.append(report)
            aside += [(report, each) for each in points.set_aside]
            if points.sightings is not None:
                hearing = Hearing(letter.device, letter.person, letter.received_at, points.sightings)
                hearings.append(hearing)
                aside += [(hearing, each) for each in points.sightings.set_aside]
        return reports, hearings, aside

    def _keep(
        self, connection: psycopg.Connection[Any], reports: list[Report], hearings: list[Hearing], aside: Aside
    ) -> None:
        self.assignments.get_ready(connection, {each.person for each in reports})
        first_day = (partitions.first_kept(day_of(self.clock())) - EPOCH).days
        everything: list[Told[Any]] = [*reports, *hearings]
        lags = storing.keep_lags(connection, [(each, _lag(each)) for each in everything], first_day)
        storing.keep_sequences(connection, everything)
        kept, off_duty = self._usable(reports, lags, first_day, aside)
        marks = mark(kept, self.assignments)
        storing.keep_positions(connection, kept)
        if hearings:
            heard, unseen = self._usable(hearings, lags, first_day, aside)
            off_duty += unseen
            self._hear(connection, heard, marks, aside)
        storing.keep_presence(connection, marks)
        storing.keep_aside(connection, aside)
        _count(kept, aside, off_duty)

    def _usable(
        self, reports: Iterable[Told[Some]], lags: Lags, first_day: int, aside: Aside
    ) -> tuple[list[Told[Some]], int]:
        """What may judge somebody, a day's at a time; what may not is put with `aside`. And how many were off duty."""
        kept: list[Told[Some]] = []
        off_duty = 0
        for report in _day_by_day(reports, lags):
            points, more, dropped = usable(report, first_day, self.assignments.ends(report.person))
            kept.append(replace(report, points=points))
            aside += [(report, each) for each in more]
            off_duty += dropped
        return kept, off_duty

    def _hear(self, connection: psycopg.Connection[Any], hearings: list[Hearing], marks: Marks, aside: Aside) -> None:
        names = {name for each in hearings for name in each.points.beacon}
        self.assignments.get_beacons_ready(connection, names)
        numbers = {name: found.number for name in names if (found := self.assignments.standing(name))}
        known: list[Hearing] = []
        for hearing in hearings:
            points, strange = sightings.known(hearing.points, self.assignments)
            known.append(replace(hearing, points=points))
            aside += [(hearing, each) for each in strange]
        storing.keep_sightings(connection, known, numbers)
        sightings.hear(marks, known, self.assignments)
        telemetry.positions.labels("sighted").inc(sum(len(each.points) for each in known))

    def _ready(self) -> psycopg.Connection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.uri, autocommit=True, options=OPTIONS, connect_timeout=5)
            self._connection.execute(storing.ROOM)
        today = day_of(self.clock())
        if self.partitioned_on != today:
            partitions.keep(self._connection, today)
            self.partitioned_on = today
        return self._connection


def _decoded(index: int, message: Message) -> tuple[Letter, Points]:
    try:
        letter = letters.read(message.headers)
        points = decode(letter.protocol, message.body, letter.content_type, letter.content_encoding, letter.received_at)
    except (KeyError, TypeError, Undecodable) as error:
        raise BadMessage(index, repr(error)) from error
    return letter, points.as_kept()


def _lag(report: Told[Any]) -> int | None:
    """By how much the device's clock was behind ours at most, in milliseconds; below nought it was ahead."""
    return None if report.points.sent_at is None else report.received_at - report.points.sent_at


def _day_by_day(reports: Iterable[Told[Some]], lags: Lags) -> Iterator[Told[Some]]:
    """Each day's points by themselves, which are all of a message as a rule: a clock is corrected by the day."""
    for report in reports:
        days = storing.days_of(report.points)
        for day in days:
            own = (report.points.time + SHANGHAI) // DAY == day if len(days) > 1 else None
            points = report.points if own is None else report.points.where(own)
            yield replace(report, points=points, correction=correction(lags.get((report.device, day))))


def _count(reports: list[Report], aside: Aside, off_duty: int) -> None:
    telemetry.positions.labels("kept").inc(sum(len(each.points) for each in reports))
    telemetry.positions.labels("off_duty").inc(off_duty)
    for _, one in aside:
        telemetry.positions.labels(one.reason).inc()


def main() -> int:
    try:
        settings = load(Common)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    telemetry.configure_logging("attendance", "ingest", settings.log_level)
    ingest = Ingest(settings.database_uri, now)
    consumer = BatchConsumer(settings.amqp_uri, letters.QUEUE, ingest.handle, size=SIZE, age_ms=AGE_MS)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, consumer.stop)
    asked = engine(settings.database_uri, pool_size=1)  # not the batch's connection: health asks from another thread
    health.serve(settings.health_port, {"broker": consumer.is_connected, "database": lambda: is_answering(asked)})
    consumer.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
