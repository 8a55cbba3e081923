"""Everything at once from many threads: claims that change their choice, events, merges, acts. No ring of waiting, no
second lock, and a ledger that tells of each machine one story after another."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from chassis.clock import now
from chassis.database import Sessions, engine, session_factory, transaction
from chassis.errors import Conflict, NotFound
from chassis.testing.clock import FrozenClock
from chassis.testing.databases import Database
from equipment import acts, hearing
from equipment.models import LedgerEntry, Machine, MachineLock
from equipment.reserve import reserve
from equipment.terms import Contradiction
from services.equipment.tests import factories as f
from services.equipment.tests.factories import INSTALLER, Yard

MACHINES, APPLICATIONS, SITES, THREADS, ACTS = 4, 10, 4, 12, 50


@pytest.fixture
def many(database: Database) -> Iterator[Sessions]:
    bound = engine(database.uri, pool_size=THREADS)
    yield session_factory(bound)
    bound.dispose()


@contextmanager
def refused_is_fine(seen: Counter[str]) -> Iterator[None]:
    """Being turned down is an answer, having to wait too long too; a deadlock or a broken rule of the database is not."""
    try:
        yield
        seen["done"] += 1
    except (Conflict, Contradiction, NotFound) as refusal:
        seen[refusal.code] += 1
    except OperationalError as error:
        if not isinstance(error.orig, LockNotAvailable):
            raise
        seen["waited too long"] += 1


class Crowd:
    """What one thread does, by chance; `versions` makes each application's news the newest."""

    def __init__(self, sessions: Sessions, machines: list[str], seed: int) -> None:
        self.sessions, self.machines, self.chance = sessions, machines, random.Random(seed)
        self.versions: Counter[str] = Counter()
        self.seen: Counter[str] = Counter()

    def run(self) -> Counter[str]:
        for _ in range(ACTS):
            act = self.chance.choice([self.claim, self.claim, self.hear, self.hear, self.free, self.merge])
            with refused_is_fine(self.seen):
                act()
        return self.seen

    def claim(self) -> None:
        reserve(self.sessions, INSTALLER, f.request("install_notice", self._name(), INSTALLER, **self._parts()), now)

    def hear(self) -> None:
        kind = self.chance.choice(["submitted", "returned", "approved", "rejected"])
        version = self.chance.randrange(1, 50)
        event = f.event(kind, "install_notice", self._name(), version, INSTALLER, now(), **self._parts())
        hearing.application(self.sessions, event, now)

    def free(self) -> None:
        machine_id = self.chance.choice(self.machines)
        with transaction(self.sessions) as session:
            version = session.get_one(Machine, machine_id).version
        command = acts.Command("unlock_machine", f.agency(), machine_id, version, "工程停建退场", None)
        acts.unlock(self.sessions, command, now)

    def merge(self) -> None:
        """One of the sites is merged into the last; the same ones again and again, in newer versions."""
        name, into = f"site {self.chance.randrange(SITES - 1)}", f.project(f"site {SITES - 1}")["project_id"]
        merged_into = into if self.chance.random() < 0.3 else None
        version = self.chance.randrange(1, 10_000)
        hearing.project(
            self.sessions, f.project_event("changed", version, name, merged_into=merged_into, stage="merged"), now
        )

    def _name(self) -> str:
        return f"notice {self.chance.randrange(APPLICATIONS)}"

    def _parts(self) -> dict[str, object]:
        site = f.project(f"site {self.chance.randrange(SITES)}")
        return {"machine": {"machine_id": self.chance.choice(self.machines)}, "project": site}


@pytest.mark.parametrize("seed", range(4))
def test_everything_at_once_leaves_one_lock_a_machine_and_a_ledger_in_order(
    yard: Yard, many: Sessions, clock: FrozenClock, seed: int
) -> None:
    clock.set(now() - timedelta(minutes=1))
    machines = [yard.filed(f"{n}", number=f"冀AA-T{n:05d}") for n in range(MACHINES)]
    crowds = [Crowd(many, machines, seed * 100 + number) for number in range(THREADS)]

    with ThreadPoolExecutor(THREADS) as pool:
        outcomes = [running.result() for running in [pool.submit(crowd.run) for crowd in crowds]]

    seen = sum(outcomes, Counter())
    assert seen["done"] > 50, seen
    with transaction(many) as session:
        for machine_id in machines:
            entries = session.scalars(
                select(LedgerEntry).where(LedgerEntry.machine_id == machine_id).order_by(LedgerEntry.number)
            ).all()
            assert [each.effective_at for each in entries] == sorted(each.effective_at for each in entries)
            assert [each.recorded_at for each in entries] == sorted(each.recorded_at for each in entries)
            told_in_turn(entries)
            active = session.scalars(
                select(MachineLock).where(MachineLock.machine_id == machine_id, MachineLock.released_at.is_(None))
            ).all()
            assert [each.id for each in active] == ([entries[-1].lock_id] if is_held(entries) else [])


def told_in_turn(entries: list[LedgerEntry]) -> None:
    """Nobody is granted the machine before the one before him was released."""
    holder = None
    for entry in entries:
        assert entry.lock_id == holder if holder else entry.act == "granted", entry.number
        holder = None if entry.stage == "released" else entry.lock_id


def is_held(entries: list[LedgerEntry]) -> bool:
    return bool(entries) and entries[-1].stage != "released"
