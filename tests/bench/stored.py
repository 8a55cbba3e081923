"""`make bench-positions-stored`: what a position costs the worker, the more of them are stored; prints JSON.

`--rows` (10,000,000 and 100,000,000; A="--rows 1000000,10000000" is a short run) of `position` are put in by binary COPY,
spread over the days that are kept and 150,000 people, in blocks of a phone's batches as they come. Then one worker keeps
prepared batches of 60 of yesterday, people taken as they come out of the shuffle, in turns with the same batches and an
empty table beside it, since one machine is not equally fast at all times.

- `rows`, `per_second`: how many were stored, and how many positions a second the worker then keeps (median of rounds).
- `empty_per_second`: with the empty table, in the same rounds.
- `ratio`: what is left of the speed between the fewest rows and the most, each against the empty table of its own rounds.
- `disk_gb`: what the database takes at the end.

It has a PostgreSQL of its own, which is removed with its data when the run ends, however it ends.
"""

import argparse
import json
import shutil
import signal
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import psycopg
from numpy.typing import NDArray

from attendance import partitions, storing
from attendance.copying import moments, records, stream
from attendance.ingest import SIZE, Ingest
from attendance.letters import Letter
from attendance.marking import DAY, EPOCH, MINUTE, SHANGHAI
from chassis.batch import Message
from chassis.clock import day_of, now
from chassis.identifiers import new_id
from chassis.localservers import accounts
from chassis.localservers.ports import free_port
from chassis.localservers.postgres import PrivatePostgres
from chassis.migrations import migrate
from deploy.local.plan import ROOT
from tests.bench.phones import STEP_MS, Batch
from tests.bench.positions import PEOPLE_ON_SITES, POINTS

ROWS = "10000000,100000000"
PEOPLE, SITES = 150_000, 30_000
STRIDE = 62_003  # without a common divisor with PEOPLE: block after block another phone, none twice before all had one
CHUNK = 500_000
ROUNDS, MESSAGES = 7, 2_000
BYTES_A_ROW, SPARE_GB = 135, 6.0
GB = 1e9
SETTINGS = {"shared_buffers": "2GB", "max_wal_size": "4GB"}


def main() -> int:
    sizes = _sizes()
    folder = ROOT / ".run" / "bench-positions-stored"
    needed, free = max(sizes) * BYTES_A_ROW / GB + SPARE_GB, shutil.disk_usage(ROOT).free / GB
    if free < needed:
        print(
            f"{max(sizes):,} rows need {needed:.0f} GB of disk; {free:.0f} GB are free: ask for fewer by --rows",
            file=sys.stderr,
        )
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    postgres = PrivatePostgres(folder / "postgres", log=folder / "postgres.log", password=new_id())
    postgres.settings = postgres.settings | SETTINGS
    try:
        admin_uri = postgres.start(free_port()).admin_uri
        print(json.dumps(_measure(admin_uri, sizes)))
        return 0
    finally:
        postgres.stop()
        postgres.forget()
        shutil.rmtree(folder, ignore_errors=True)


def _sizes() -> list[int]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", default=ROWS, help="how many, several parted by commas")
    return sorted({int(each) for each in parser.parse_args().rows.split(",")})


def _measure(admin_uri: str, sizes: Sequence[int]) -> dict[str, Any]:
    full, empty = (Ground(admin_uri, name) for name in ("stored", "empty"))
    told: list[tuple[float, float]] = []
    for size in sizes:
        full.fill(size)
        told.append(_rounds(full, empty))
        print(f"{size:,} rows: {told[-1][0]:,.0f} a second, {told[-1][1]:,.0f} beside an empty table", file=sys.stderr)
    shares = [stored / bare for stored, bare in told]
    return {
        "rows": list(sizes),
        "per_second": [round(stored) for stored, _ in told],
        "empty_per_second": [round(bare) for _, bare in told],
        "ratio": round(shares[-1] / shares[0], 3),
        "disk_gb": round(full.gigabytes(), 2),
        "people": PEOPLE,
        "days": len(full.days),
    }


def _rounds(full: "Ground", empty: "Ground") -> tuple[float, float]:
    """Positions a second, with what is stored and without. The first round warms both up and does not count."""
    stored, bare = [], []
    for number in range(ROUNDS + 1):
        batches = full.batches()
        grounds = ((full, stored), (empty, bare))
        for ground, seconds in grounds if number % 2 else reversed(grounds):
            seconds.append(ground.keep(batches))
    positions = MESSAGES * POINTS
    return positions / statistics.median(stored[1:]), positions / statistics.median(bare[1:])


@dataclass
class Ground:
    """A database with people on duty; `fill` stores positions, `keep` has one worker keep more of them.

    `blocks` counts those of each day that are stored, `used` the batches that were made for the worker.
    """

    admin_uri: str
    name: str
    blocks: int = 0
    used: int = 0
    uri: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        account = accounts.create(self.admin_uri, f"bench_{self.name}", new_id(), new_id())
        self.uri = account.owner_uri
        migrate(self.uri, ROOT / "services" / "attendance" / "migrations")
        self.today = day_of(now())
        first = partitions.first_kept(self.today)
        self.days = [first + timedelta(days=n) for n in range((self.today - first).days)]  # until yesterday
        with psycopg.connect(self.uri) as connection:
            for statement in PEOPLE_ON_SITES:
                connection.execute(statement, {"people": PEOPLE, "sites": SITES})
        with psycopg.connect(self.uri, autocommit=True) as connection:
            partitions.keep(connection, self.today)
            connection.execute("vacuum analyze")
        self.ingest = Ingest(self.uri, now)
        with psycopg.connect(self.uri) as connection:  # what a worker that has run for an hour has in memory
            self.ingest.assignments.get_ready(connection, range(1, PEOPLE + 1))

    def fill(self, rows: int) -> None:
        """Until so many are stored; a vacuum afterwards, so that none comes in between."""
        blocks = rows // POINTS // len(self.days)
        began = time.monotonic()
        with psycopg.connect(self.uri, autocommit=True) as connection:
            for day in self.days:
                for first in range(self.blocks, blocks, CHUNK // POINTS):
                    self._copy(connection, day, first, min(blocks, first + CHUNK // POINTS))
            connection.execute("vacuum analyze position")
        with psycopg.connect(self.admin_uri, autocommit=True) as connection:
            connection.execute("checkpoint")
        self.blocks = blocks
        print(f"{rows:,} rows stored, {time.monotonic() - began:.0f} s", file=sys.stderr)

    def batches(self) -> list[Message]:
        """As they lie in the queue; of moments at which nothing is stored yet."""
        made = []
        for number in range(self.used, self.used + MESSAGES):
            person, turn = number * STRIDE % PEOPLE + 1, number // PEOPLE
            place = (
                114.0 + (person - 1) % SITES % 100 * 0.02 + 0.005,
                37.0 + (person - 1) % SITES // 100 * 0.02 + 0.005,
            )
            batch = Batch("", _six(self.days[-1]) + STEP_MS // 2 + turn * POINTS * STEP_MS, POINTS, place)
            letter = Letter("native", person, person, int(time.time() * 1000), "application/json")
            made.append(Message(batch.body(), letter.headers()))
        self.used += MESSAGES
        return made

    def keep(self, messages: Sequence[Message]) -> float:
        """The seconds that one worker takes for them; beside the positions nothing of earlier rounds is there."""
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute("truncate presence, device_day, device_sequence, stale_presence")
            if not self.blocks:
                connection.execute("truncate position")
        began = time.perf_counter()
        for start in range(0, len(messages), SIZE):
            self.ingest.handle(messages[start : start + SIZE])
        return time.perf_counter() - began

    def gigabytes(self) -> float:
        with psycopg.connect(self.uri) as connection:
            row = connection.execute("select pg_database_size(current_database())").fetchone()
        assert row is not None
        return float(row[0]) / GB

    def _copy(self, connection: psycopg.Connection[Any], day: date, first: int, last: int) -> None:
        with connection.cursor().copy(f"copy position_{day:%Y%m%d} from stdin (format binary)") as copy:
            copy.write(stream(_rows(day, first, last)))


def _rows(day: date, first: int, last: int) -> NDArray[np.void]:
    """The blocks of a day from `first` until before `last`, each a batch of one phone's."""
    block = np.repeat(np.arange(first, last, dtype=np.int64), POINTS)
    place = np.tile(np.arange(POINTS, dtype=np.int64), last - first)
    person = block * STRIDE % PEOPLE + 1
    time_of = _six(day) + block // PEOPLE * (POINTS * STEP_MS) + place * STEP_MS
    rows = records(storing.POSITION, len(block))
    rows["person"], rows["device"] = person, person
    rows["time"] = moments(time_of)
    rows["longitude"] = 1_140_050_000 + person % 100 * 200_000 + place
    rows["latitude"] = 370_050_000 + person // 100 % 300 * 200_000
    rows["accuracy"] = 12.5
    rows["received_at"] = moments(time_of + MINUTE)
    return rows


def _six(day: date) -> int:
    """Six in the morning in Shanghai, in milliseconds."""
    return (day - EPOCH).days * DAY - SHANGHAI + 6 * 60 * MINUTE


if __name__ == "__main__":
    sys.exit(main())
