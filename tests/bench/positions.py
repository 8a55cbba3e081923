"""`make bench-positions`: positions from the phone to the day's minutes; prints JSON. Everything runs on this machine.

- `end_to_end_per_second`: phones send batches of 60 as fast as they are answered, through the door, broker and ingest into
  the table and the day records, with keys looked up; from the first request until the last position is stored.
- `worker_per_second`, `single_per_second`: one ingest process on a queue that is full already, of batches of 60 and of
  single positions. `accept_p99_ms`: until the 202, at half of the end-to-end rate.
- `lost`: positions answered with 202 that are not there; `double`: those that are there twice.
- `naive_per_second`: one Nameko event a position, written by the ORM; `copy_per_second`: a bare binary COPY of the same
  rows into a table without a key. Both in the same run, with what they are divided by in `ratio_to_naive`, `ratio_to_copy`.
"""

import json
import re
import statistics
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import amqp
import numpy as np
import psycopg

from attendance import letters, partitions, storing
from attendance.copying import moments, records, stream
from chassis.clock import day_of, now
from chassis.identifiers import derived_id, new_id
from chassis.localservers.accounts import address
from chassis.wire import ConfirmedLine, Line, Outgoing
from deploy.local.plan import ROOT, Service
from deploy.local.supervisor import Supervised
from deploy.local.system import System
from gateway.accounts import tokens
from gateway.positions.keys import DEVICE
from tests.bench.copying import copy
from tests.bench.phones import Batch, send

PEOPLE, SITES = 5_000, 1_000
POINTS = 60
BATCHES, WORKER_BATCHES, SINGLES = 20_000, 10_000, 20_000
NAIVE = 2_000
NEEDED = {"attendance": ("ingest",), "gateway": ("positions",)}
DRAIN_SECONDS = 300.0
HALF = 0.5
PACED_SECONDS = 20


def main() -> int:
    system = System(
        ROOT / ".run" / "bench-positions", lambda line: print(line, file=sys.stderr), name="bench_positions"
    )
    system.services = [_needed(each) for each in system.services]
    system.servers.private_postgres.settings["shared_buffers"] = "2GB"
    try:
        system.start()
        threading.Thread(target=system.stay, daemon=True).start()
        result = Bench(system).run()
        print(json.dumps(result))
        return 0 if result["lost"] == 0 and result["double"] == 0 else 1
    finally:
        system.stop()
        system.forget()


def _needed(service: Service) -> Service:
    wanted = NEEDED.get(service.name, ())
    return replace(service, processes=tuple(each for each in service.processes if each.name.split("-", 1)[1] in wanted))


class Bench:
    """`used` counts the batches of each phone, so that no two tell of the same moment."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.port = system.ports("gateway-positions")
        self.uri = system.environments.databases["attendance"].owner_uri
        self.broker = system.environments.of_operator()["AMQP_URI"]
        # Yesterday from six in the morning on, Shanghai: hours of duty whenever this runs.
        self.start = int(datetime.now(UTC).replace(hour=22, minute=0, second=0, microsecond=0).timestamp() * 1000)
        self.start -= int(timedelta(days=2).total_seconds() * 1000)
        self.used = 0
        self.keys = [DEVICE + derived_id("bench phone", str(n)) for n in range(PEOPLE)]

    def run(self) -> dict[str, Any]:
        self._prepare()
        sent = BATCHES * POINTS
        _, began = send(self.port, self._batches(BATCHES, POINTS))
        end_to_end = sent / (self._drained(sent) - began)
        pace = end_to_end / POINTS * HALF
        paced = self._batches(int(pace * PACED_SECONDS), POINTS)
        latencies, _ = send(self.port, paced, pace)
        sent += len(paced) * POINTS
        self._drained(sent)
        worker = self._worker(self._batches(WORKER_BATCHES, POINTS))
        single = self._worker(self._batches(SINGLES, 1))
        sent += WORKER_BATCHES * POINTS + SINGLES
        naive, copied = self._naive(), self._copied()
        stored, distinct = self._count()
        return {
            "end_to_end_per_second": round(end_to_end),
            "worker_per_second": round(worker),
            "single_per_second": round(single),
            "accept_p99_ms": round(statistics.quantiles(latencies, n=100)[98] * 1000, 1),
            "lost": sent - distinct,
            "double": stored - distinct,
            "naive_per_second": round(naive),
            "copy_per_second": round(copied),
            "ratio_to_naive": round(end_to_end / naive, 1),
            "ratio_to_copy": round(worker / copied, 2),
            "people": PEOPLE,
            "sites": SITES,
        }

    def _prepare(self) -> None:
        """People with a phone and a duty, on sites with a boundary; and the phones' keys."""
        with psycopg.connect(self.uri) as connection:
            for statement in PEOPLE_ON_SITES:
                connection.execute(statement, {"people": PEOPLE, "sites": SITES})
        with psycopg.connect(self.uri, autocommit=True) as connection:
            partitions.keep(connection, day_of(now()))
        told = [(tokens.hash_of(key), str(n), n, n, datetime.now(UTC), None) for n, key in enumerate(self.keys, 1)]
        with psycopg.connect(self.system.environments.databases["gateway"].owner_uri) as connection:
            copy(connection, "device_key", KEY, told)

    def _batches(self, count: int, points: int) -> list[Batch]:
        made = []
        for number in range(self.used, self.used + count):
            person, turn = number % PEOPLE, number // PEOPLE
            place = (114.0 + person % SITES % 100 * 0.02 + 0.005, 37.0 + person % SITES // 100 * 0.02 + 0.005)
            made.append(Batch(self.keys[person], self.start + turn * POINTS * 1000, points, place))
        self.used += (count // PEOPLE + 1) * PEOPLE
        return made

    def _drained(self, expected: int) -> float:
        """When all were stored; the moment of the last look otherwise."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while self._depth() or self._stored() < expected:
            if time.monotonic() > deadline:
                break
            time.sleep(0.2)
        return time.time()

    def _worker(self, batches: Sequence[Batch]) -> float:
        """How fast one worker empties a full queue: positions a second, from its first batch to the last one."""
        ingest = next(each for each in self.system.supervisor.all if each.name == "attendance-ingest")
        command, ingest.command = ingest.command, ("python", "-c", "import time; time.sleep(600)")
        self._kill(ingest)
        self._fill(batches)
        ingest.command = command
        self._kill(ingest)
        expected = sum(each.points for each in batches)
        first, began = self._progress(ingest, 1)
        last, ended = self._progress(ingest, expected)
        return (last - first) / (ended - began)

    def _progress(self, ingest: Supervised, at_least: int) -> tuple[float, float]:
        """How many positions this worker has kept since it began, once they are so many; and when that was."""
        deadline = time.monotonic() + DRAIN_SECONDS
        while True:
            kept = _kept(ingest.health_port)
            if kept >= at_least or time.monotonic() > deadline:
                return kept, time.time()
            time.sleep(0.02)

    def _kill(self, supervised: Supervised) -> None:
        while (process := supervised.process) is None or process.poll() is not None:
            time.sleep(0.05)  # being started again
        process.kill()
        process.wait()

    def _fill(self, batches: Sequence[Batch]) -> None:
        numbers = {key: number for number, key in enumerate(self.keys, 1)}
        line = ConfirmedLine(self.broker, seconds=30, name="bench")
        for start in range(0, len(batches), 500):
            part = batches[start : start + 500]
            line.publish([self._letter(each, numbers[each.key]) for each in part], 60)
        line.close()

    def _letter(self, batch: Batch, number: int) -> Outgoing:
        letter = letters.Letter("native", number, number, int(time.time() * 1000))
        return Outgoing(exchange=letters.QUEUE, key="", body=batch.body(), id=new_id(), headers=letter.headers())

    def _depth(self) -> int:
        line = ConfirmedLine(self.broker, seconds=10, name="bench")
        try:
            return int(line.channel.queue_declare(letters.QUEUE, passive=True).message_count)
        finally:
            line.close()

    def _stored(self) -> int:
        with psycopg.connect(self.uri) as connection:
            row = connection.execute("select count(*) from position").fetchone()
        assert row is not None
        return int(row[0])

    def _count(self) -> tuple[int, int]:
        with psycopg.connect(self.uri) as connection:
            row = connection.execute("select count(*), count(distinct (person, time)) from position").fetchone()
        assert row is not None
        return int(row[0]), int(row[1])

    def _naive(self) -> float:
        """One event a position, one commit each, by Nameko and the ORM."""
        database = address(self.uri, database=self.system.environments.databases["attendance"].name)
        command = [sys.executable, "-m", "tests.bench.naive", self.broker, database]
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout is not None and process.stdout.readline().strip() == "ready"
                began = time.monotonic()
                self._tell_naively()
                while self._naive_count() < NAIVE:
                    time.sleep(0.05)
                return NAIVE / (time.monotonic() - began)
            finally:
                process.kill()

    def _tell_naively(self) -> None:
        line = Line(self.broker, seconds=30, name="bench")
        for number in range(NAIVE):
            told = {"person": number, "time": self.start, "longitude": 114.5, "latitude": 38.0, "accuracy": 12.5}
            message = amqp.Message(json.dumps(told), content_type="application/json", content_encoding="utf-8")
            line.channel.basic_publish(message, "phones.events", "position")
        line.close()

    def _naive_count(self) -> int:
        with psycopg.connect(self.uri) as connection:
            row = connection.execute("select count(*) from naive_position").fetchone()
        assert row is not None
        return int(row[0])

    def _copied(self) -> float:
        """A bare binary COPY of as many rows as a worker was given, into a table without a key."""
        count = WORKER_BATCHES * POINTS
        rows = records(storing.POSITION, count)
        rows["person"] = np.arange(count) % PEOPLE
        rows["time"] = moments(self.start + np.arange(count, dtype=np.int64) * 1000)
        with psycopg.connect(self.uri) as connection:
            connection.execute("create table bare (like position)")
            connection.commit()
            began = time.monotonic()
            with connection.cursor().copy("copy bare from stdin (format binary)") as bare:
                bare.write(stream(rows))
            connection.commit()
            return count / (time.monotonic() - began)


def _kept(health_port: int) -> float:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{health_port}/metrics", timeout=2) as page:
            told = page.read().decode()
    except OSError:
        return 0.0
    return sum(float(value) for value in re.findall(r'^positions_total\{outcome="kept"\} (\S+)$', told, re.MULTILINE))


KEY = ("secret_hash", "device_id", "device", "person", "created_at", "revoked_at")
PEOPLE_ON_SITES = (
    "insert into person (id) select 'person ' || n from generate_series(1, %(people)s) n order by n",
    """insert into site (id, version, name, area, stage) select 'site ' || n, 1, '工地 ' || n, '13.1301.130102', 'filed'
    from generate_series(1, %(sites)s) n order by n""",
    """insert into boundary (site, effective_on, version, outline) select n + 1, '2000-01-01', 1, json_build_object(
        'type', 'Polygon', 'coordinates', json_build_array((
            select json_agg(json_build_array(114 + n %% 100 * 0.02 + x, 37 + n / 100 * 0.02 + y) order by o)
            from (values (0, 0, 0), (1, 0.01, 0), (2, 0.01, 0.01), (3, 0, 0.01), (4, 0, 0)) corner (o, x, y))))
    from generate_series(0, %(sites)s - 1) n""",
    """insert into device (id, person, label, opened_at, opened_by) select 'phone ' || n, n, '', now(), '{}'
    from generate_series(1, %(people)s) n order by n""",
    """insert into duty (application_id, person, role, site, since)
    select 'application ' || n, n, 'project_manager', (n - 1) %% %(sites)s + 1, '2026-01-01'
    from generate_series(1, %(people)s) n""",
)


if __name__ == "__main__":
    sys.exit(main())
