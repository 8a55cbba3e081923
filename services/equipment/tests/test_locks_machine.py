"""A hypothesis state machine: locks and ledger on PostgreSQL against a small model in memory.

Applications reserve, submit, are returned, decided and withdrawn at filing; what filing tells arrives in any order, twice, or
long after; locks lapse, machines are dismantled and unlocked. After every step: at most one active lock a machine, the
same holders as in the model, and the same answer for every pair of moments.
"""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.testing.clock import FrozenClock
from equipment import acts, hearing, ledger
from equipment.models import LedgerEntry, MachineLock
from equipment.reconcile import lapse
from services.equipment.tests import factories as f
from services.equipment.tests.factories import INSTALLER, Yard

MACHINES = 3
LIFE = timedelta(minutes=5)
PAIRED = 16

places = st.integers(0, 60)
ACTS = (
    *("submit committed", "submit committed", "submit committed", "submit broken"),
    *(
        "decide approved",
        "decide approved",
        "decide approved",
        "decide returned",
        "decide returned",
        "decide rejected",
        "withdraw",
    ),
    *("deliver once", "deliver once", "deliver once", "deliver once", "deliver kept", "deliver copied"),
    *("wait 1", "wait 301", "lapse", "free dismantled", "free unlocked"),
)


@dataclass
class Application:
    """What filing knows: where it stands, in which version, and the machine it was last submitted with."""

    stage: str = "draft"
    version: int = 1
    machine: int | None = None


@dataclass
class Hold:
    stage: str
    since: datetime
    lapses_at: datetime | None = None
    may_return: bool = False
    heard: int = 0


@dataclass
class Known:
    """One line of the model's own ledger: who held the machine from `effective` on, as we knew from `recorded` on."""

    effective: datetime
    recorded: datetime
    holder: tuple[int, str] | None


@dataclass
class Model:
    """Who has which machine by the rules of design.md §4, with no word about how that is kept."""

    seen: Counter[str]
    holds: dict[tuple[int, int], Hold] = field(default_factory=dict)
    known: dict[int, list[Known]] = field(default_factory=dict)

    def holder(self, machine: int) -> tuple[int, Hold] | None:
        found = [(a, h) for (a, m), h in self.holds.items() if m == machine and h.stage != "released"]
        assert len(found) <= 1
        return found[0] if found else None

    def of(self, application: int) -> list[tuple[int, Hold]]:
        return [(m, h) for (a, m), h in sorted(self.holds.items()) if a == application]

    def put(self, application: int, machine: int, stage: str, at: datetime, now: datetime) -> Hold:
        """Bring a hold to a stage and write it down."""
        hold = self.holds.setdefault((application, machine), Hold(stage, now))
        if stage == "provisional":
            hold.since, hold.lapses_at = now, now + LIFE
        else:
            hold.lapses_at = None
        hold.stage = stage
        self.seen[stage] += 1
        lines = self.known.setdefault(machine, [])
        earliest = lines[-1].effective if lines else at
        lines.append(Known(min(max(at, earliest), now), now, None if stage == "released" else (application, stage)))
        return hold

    def end(self, application: int, machine: int, at: datetime, now: datetime, may_return: bool = False) -> None:
        self.put(application, machine, "released", at, now).may_return = may_return

    def reserve(self, application: int, machine: int, now: datetime) -> bool:
        held = self.holder(machine)
        if held and held[0] != application:
            self.seen["refused"] += 1
            return False
        if held is None:
            self.put(application, machine, "provisional", now, now)
        elif held[1].stage == "provisional":
            held[1].lapses_at = now + LIFE
        for other, hold in self.of(application):
            if other != machine and hold.stage == "provisional":
                self.end(application, other, now, now)
        return True

    def hear(
        self, application: int, standing: str, version: int, machine: int | None, at: datetime, now: datetime
    ) -> None:
        """An event, or (standing "gone" and others, when asked) filing's answer."""
        if any(hold.heard > version for _, hold in self.of(application)):
            return
        if standing in ("rejected", "withdrawn"):
            for other, hold in self.of(application):
                if hold.stage != "released":
                    self.end(application, other, at, now)
        else:
            assert machine is not None
            for other, hold in self.of(application):
                if other != machine and hold.stage == "reserved":
                    self.end(application, other, at, now)
            self.advance(application, machine, standing, at, now)
        for _, hold in self.of(application):
            hold.heard = version

    def advance(self, application: int, machine: int, standing: str, at: datetime, now: datetime) -> None:
        hold = self.holds.get((application, machine))
        if hold is None or (hold.stage == "released" and hold.may_return):
            hold = self.put(application, machine, "provisional", at, now)
        if hold.stage == "provisional":
            self.put(application, machine, "reserved", at, now)
        if hold.stage == "reserved" and standing == "approved":
            self.put(application, machine, "held", at, now)

    def lapse(self, filing: list[Application], now: datetime) -> None:
        due = {a for (a, _), h in self.holds.items() if h.stage == "provisional" and h.lapses_at and h.lapses_at <= now}
        for application in sorted(due):
            told = filing[application]
            if any(hold.heard > told.version for _, hold in self.of(application)):
                continue
            self.settle(application, told, now)
            for _, hold in self.of(application):
                hold.heard = told.version

    def settle(self, application: int, told: Application, now: datetime) -> None:
        gone = told.stage == "draft"
        over = told.stage in ("rejected", "withdrawn")
        for machine, hold in self.of(application):
            is_due = hold.lapses_at is not None and hold.lapses_at <= now
            is_other = not gone and not over and machine != told.machine
            if hold.stage == "released" or (gone and hold.stage == "provisional" and not is_due):
                continue
            if gone or over:
                self.end(application, machine, now, now, may_return=gone)
            elif is_other and (hold.stage == "reserved" or is_due):
                self.end(application, machine, now, now)
        if not gone and not over and told.machine is not None:
            self.advance(application, told.machine, told.stage, now, now)

    def answer(self, machine: int, at: datetime, known_at: datetime) -> tuple[int, str] | None:
        lines = [each for each in self.known.get(machine, []) if each.recorded <= known_at and each.effective <= at]
        return lines[-1].holder if lines else None


@dataclass
class FilingDouble:
    """Filing's side of the two questions, answered from the test's applications."""

    answer_of: Callable[[str], dict[str, Any] | None]

    def stages(self, application_ids: list[str]) -> dict[str, dict[str, Any] | None]:
        return {each: self.answer_of(each) for each in application_ids}

    def living(self, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        raise NotImplementedError("lapsing does not ask for it")


class World:
    """Filing, the clock and the agency around the locks, all at the hand of the test."""

    def __init__(self, sessions: Sessions, name: str, seen: Counter[str]) -> None:
        self.sessions = sessions
        self.run = name
        self.names = itertools.count()
        self.clock = FrozenClock()
        self.yard = Yard(sessions, self.clock)
        self.model = Model(seen)
        self.filing: list[Application] = []
        self.machines = [self.yard.filed(f"{name} {n}", number=f"{name} {n}") for n in range(MACHINES)]
        self.pending: list[tuple[Event, int, str, int, int | None]] = []

    # Filing's side

    def happen(self, act: str, place: int, machine: int) -> None:
        """`place` picks among what there is to act on."""
        name, _, way = act.partition(" ")
        getattr(self, name)(place, machine, way)

    def submit(self, place: int, machine: int, way: str) -> None:
        """Reserve; then filing commits, or (something else refused, or it died) it does not."""
        if place % 3 == 0:
            self.filing.append(Application())
        application = self._pick(place, "draft", "returned")
        if application is None:
            return
        if place % 2 and self.model.holder(machine):  # half of the time, rather the other machine
            machine = (machine + 1) % MACHINES
        own = self.filing[application]
        granted = self._reserve(application, machine)
        assert granted == self.model.reserve(application, machine, self.clock())
        if granted and way != "broken":
            own.stage, own.machine = "submitted", machine
            self._tell(application, "submitted")

    def decide(self, place: int, machine: int, way: str) -> None:
        application = self._pick(place, "submitted")
        if application is not None:
            self.filing[application].stage = way
            self._tell(application, way)

    def withdraw(self, place: int, machine: int, way: str) -> None:
        application = self._pick(place, "submitted", "returned")
        if application is not None:
            self.filing[application].stage = "withdrawn"
            self._tell(application, "withdrawn")

    # What arrives here

    def deliver(self, place: int, machine: int, way: str) -> None:
        """Any of what is under way: late, out of order, and again if it is kept."""
        if not self.pending:
            return
        told = self.pending[place % len(self.pending)]
        event, application, standing, version, number = told
        hearing.application(self.sessions, f.event_again(event) if way == "copied" else event, self.clock)
        self.model.hear(application, standing, version, number, event.data["at"], self.clock())
        if way != "kept":
            self.pending.remove(told)

    def wait(self, place: int, machine: int, way: str) -> None:
        self.clock.advance(timedelta(seconds=int(way)))

    def lapse(self, place: int, machine: int, way: str) -> None:
        lapse(self.sessions, FilingDouble(self._answer), self.clock)
        self.model.lapse(self.filing, self.clock())

    # The agency's side

    def free(self, place: int, machine: int, way: str) -> None:
        """Dismantled, or unlocked by the agency: only what is held."""
        held_ones = [n for n in range(MACHINES) if (held := self.model.holder(n)) and held[1].stage == "held"]
        if not held_ones:
            return
        machine = held_ones[place % len(held_ones)]
        held = self.model.holder(machine)
        assert held is not None
        if way == "dismantled":
            self._dismantle(machine)
        else:
            self._unlock(machine)
        self.model.end(held[0], machine, self.clock(), self.clock())

    # What must hold after each step

    def check(self) -> None:
        """One active lock a machine at most, and the model's."""
        with transaction(self.sessions) as session:
            for number, machine_id in enumerate(self.machines):
                active = session.scalars(
                    select(MachineLock).where(MachineLock.machine_id == machine_id, MachineLock.released_at.is_(None))
                ).all()
                held = self.model.holder(number)
                expected = [(self._id(held[0]), held[1].stage)] if held else []
                assert [(lock.application_id, lock.stage) for lock in active] == expected

    def finish(self) -> None:
        """Who held it then, and what did we know then, for any pair of moments; and no fact was told twice."""
        with transaction(self.sessions) as session:
            for number, machine_id in enumerate(self.machines):
                for at, known_at in itertools.product(self._moments(session, machine_id), repeat=2):
                    found = ledger.holder(session, machine_id, at, known_at)
                    answer = (found.application_id, found.stage) if found else None
                    expected = self.model.answer(number, at, known_at)
                    assert answer == (expected and (self._id(expected[0]), expected[1])), (at, known_at)
                self._nothing_told_twice(machine_id)

    def _moments(self, session: Session, machine_id: str) -> list[datetime]:
        """The times in the ledger and just before them; of many, some from everywhere."""
        entries = session.scalars(select(LedgerEntry).where(LedgerEntry.machine_id == machine_id)).all()
        times = {time for row in entries for time in (row.effective_at, row.recorded_at)}
        moments = sorted(times | {time - timedelta(microseconds=1) for time in times} | {self.clock()})
        return moments[:: max(1, len(moments) // PAIRED)]

    def _nothing_told_twice(self, machine_id: str) -> None:
        told = [each["data"] | {"type": each["type"]} for each in self.yard.told() if each["subject"] == machine_id]
        versions = [each["version"] for each in told]
        assert versions == sorted(set(versions)), "each fact has a version of its own, in order"
        locked = sum(each["type"] == "machine_locked" for each in told)
        unlocked = sum(each["type"] == "machine_unlocked" for each in told)
        assert locked - unlocked in (0, 1)

    # How it is done

    def _pick(self, place: int, *stages: str) -> int | None:
        found = [number for number, own in enumerate(self.filing) if own.stage in stages]
        return found[place % len(found)] if found else None

    def _id(self, application: int) -> str:
        return f.an_id(f"{self.run} {application}")

    def _parts(self, application: int, machine: int | None) -> dict[str, Any]:
        if machine is None:
            return {}
        site = f.project(f"{self.run} site {application}")
        return {"machine": {"machine_id": self.machines[machine]}, "project": site}

    def _reserve(self, application: int, machine: int) -> bool:
        parts = self._parts(application, machine)
        try:
            self.yard.reserve("install_notice", f"{self.run} {application}", INSTALLER, **parts)
        except Conflict as refused:
            assert refused.code == "machine_locked"
            return False
        return True

    def _tell(self, application: int, standing: str) -> None:
        own = self.filing[application]
        own.version += 1
        parts = self._parts(application, own.machine)
        event = f.event(
            standing, "install_notice", f"{self.run} {application}", own.version, INSTALLER, self.clock(), **parts
        )
        self.pending.append((event, application, standing, own.version, own.machine))

    def _answer(self, application_id: str) -> dict[str, Any] | None:
        number = next((n for n in range(len(self.filing)) if self._id(n) == application_id), None)
        if number is None:  # left over from an earlier run in the same database
            return None
        own = self.filing[number]
        is_closed = own.stage in ("approved", "rejected", "withdrawn")
        return {
            "matter": "install_notice",
            "stage": "closed" if is_closed else own.stage,
            "outcome": own.stage if is_closed else None,
            "version": own.version,
            "machine_id": self.machines[own.machine] if own.machine is not None else None,
        }

    def _dismantle(self, machine: int) -> None:
        name = f"{self.run} dismantling {next(self.names)}"
        held = self.model.holder(machine)
        assert held is not None
        parts = self._parts(held[0], machine)
        self.yard.reserve("dismantling_notice", name, INSTALLER, **parts)
        self.yard.tell("approved", "dismantling_notice", name, 2, INSTALLER, **parts)

    def _unlock(self, machine: int) -> None:
        machine_id = self.machines[machine]
        version = self.yard.machine(machine_id).version
        command = acts.Command("unlock_machine", f.agency(), machine_id, version, "工程停建退场", None)
        acts.unlock(self.sessions, command, self.clock)


class Locks(RuleBasedStateMachine):
    """The world under hypothesis, which looks for a short story that breaks a rule. `sessions` and `seen` are given."""

    sessions: Sessions
    seen: Counter[str]
    names = itertools.count()
    world: World | None = None

    @initialize()
    def begin(self) -> None:
        self.world = World(self.sessions, f"story {next(self.names)}", self.seen)

    @rule(act=st.sampled_from(ACTS), place=places, machine=st.integers(0, MACHINES - 1))
    def happen(self, act: str, place: int, machine: int) -> None:
        assert self.world is not None
        self.world.happen(act, place, machine)

    @invariant()
    def holds_are_the_models(self) -> None:
        if self.world is not None:
            self.world.check()

    def teardown(self) -> None:
        if self.world is not None:
            self.world.finish()


ENOUGH = ("provisional", "reserved", "held", "released", "refused")


@pytest.mark.timeout(300)
def test_locks_and_ledger_are_what_a_simple_model_says(sessions: Sessions) -> None:
    Locks.sessions, Locks.seen = sessions, Counter()

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Locks,
        settings=settings(
            max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

    assert all(Locks.seen[each] > 1 for each in ENOUGH), Locks.seen


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(5))
def test_so_they_are_after_long_stories(sessions: Sessions, seed: int) -> None:
    """Hypothesis tells short stories best; what needs a return, another choice and a late event needs long ones."""
    chance, seen = random.Random(seed), Counter[str]()
    world = World(sessions, f"long story {seed}", seen)

    for _ in range(400):
        world.happen(chance.choice(ACTS), chance.randrange(60), chance.randrange(MACHINES))
        world.check()
    world.finish()

    assert all(seen[each] > 5 for each in ENOUGH), seen
