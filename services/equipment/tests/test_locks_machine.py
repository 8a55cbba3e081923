"""A hypothesis state machine: locks and ledger on PostgreSQL against the small model of `model.py`.

Applications reserve, submit, are returned, decided and withdrawn at filing, use is registered, projects are merged; what
filing tells arrives in any order, twice, or long after; locks lapse, machines are dismantled and unlocked. After every
step: at most one active lock a machine, the same holders, projects and stages as in the model, and the same answer for
every pair of moments.
"""

import itertools
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
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
from equipment.models import LedgerEntry, Machine, MachineLock
from equipment.reconcile import lapse
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard
from services.equipment.tests.model import Application, Model

MACHINES = 3
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
    *("register", "register", "register", "merge"),
)


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
        self.merged: dict[int, int] = {}  # by filing; here it has to be heard first
        self.pending: list[tuple[Event, Callable[..., None], Callable[[], None]]] = []

    # Filing's side

    def happen(self, act: str, place: int, machine: int) -> None:
        """`place` picks among what there is to act on. Then the locks are looked at."""
        name, _, way = act.partition(" ")
        getattr(self, name)(place, machine, way)
        if name in ("submit", "register", "deliver", "lapse", "free"):
            self.check()

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
        assert granted == self.model.reserve(application, machine, self._project(application), self.clock())
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

    def register(self, place: int, machine: int, way: str) -> None:
        """Use is applied for; what is decided about it is heard when it is heard."""
        name = f"{self.run} use {next(self.names)}"
        held = self.model.holder(machine)
        site = self._site(held[1].project if held else 0)
        parts = {"machine": {"machine_id": self.machines[machine]}, "project": site}
        registration = self.model.register(machine)
        try:
            self.yard.reserve("use_registration", name, CONTRACTOR, evidence=f.evidence(), **parts)
        except Conflict:
            assert registration is None
            return
        assert registration is not None
        self.yard.tell("submitted", "use_registration", name, 1, CONTRACTOR, evidence=f.evidence(), **parts)
        issued = {"certificate": f.certificate(name), "evidence": f.evidence()}
        event = f.event("approved", "use_registration", name, 3, CONTRACTOR, self.clock(), **parts, **issued)
        self.pending.append((event, hearing.application, lambda: self.model.registered(registration)))

    def merge(self, place: int, machine: int, way: str) -> None:
        """An application's unfiled project turns out to be another's filed one."""
        left = [number for number in range(1, len(self.filing)) if number not in self.merged]
        if not left:
            return
        number = left[place % len(left)]
        into, at = place % number, self.clock()
        self.merged[number] = into
        event = f.project_event(
            "changed", 2, self._site_name(number), stage="merged", merged_into=self._site(into)["project_id"]
        )
        event = replace(event, occurred_at=at)
        self.pending.append((event, hearing.project, lambda: self.model.merge(number, into, at, self.clock())))

    # What arrives here

    def deliver(self, place: int, machine: int, way: str) -> None:
        """Any of what is under way: late, out of order, and again if it is kept."""
        if not self.pending:
            return
        told = self.pending[place % len(self.pending)]
        event, handler, effect = told
        handler(self.sessions, f.event_again(event) if way == "copied" else event, self.clock)
        effect()
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
        """One active lock a machine at most, and the model's; the machine's own stage follows."""
        with transaction(self.sessions) as session:
            locked = select(MachineLock).where(
                MachineLock.machine_id.in_(self.machines), MachineLock.released_at.is_(None)
            )
            active = [
                (each.machine_id, each.application_id, each.stage, each.project_id) for each in session.scalars(locked)
            ]
            machines = select(Machine.id, Machine.stage).where(Machine.id.in_(self.machines))
            stages = {each.id: each.stage for each in session.execute(machines)}
        held = {number: self.model.holder(number) for number in range(MACHINES)}
        assert sorted(active) == sorted(
            (self.machines[number], self._id(each[0]), each[1].stage, self._site(each[1].project)["project_id"])
            for number, each in held.items()
            if each
        )
        assert stages == {each: self.model.stage(number) for number, each in enumerate(self.machines)}

    def finish(self) -> None:
        """Who held it then, and what did we know then, for any pair of moments; and no fact was told twice."""
        with transaction(self.sessions) as session:
            for number, machine_id in enumerate(self.machines):
                for at, known_at in itertools.product(self._moments(session, machine_id), repeat=2):
                    found = ledger.holder(session, machine_id, at, known_at)
                    answer = (found.application_id, found.stage, found.project_id) if found else None
                    expected = self.model.answer(number, at, known_at)
                    told = expected and (
                        self._id(expected[0]), expected[1], self._site(expected[2])["project_id"]
                    )  # fmt: skip
                    assert answer == told, (at, known_at)
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
        return {"machine": {"machine_id": self.machines[machine]}, "project": self._site(self._project(application))}

    def _project(self, application: int) -> int:
        """Whose site the application's is, by what filing knows."""
        return self._project(self.merged[application]) if application in self.merged else application

    def _site_name(self, number: int) -> str:
        return f"{self.run} site {number}"

    def _site(self, number: int) -> dict[str, Any]:
        return f.project(self._site_name(number))

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
        version, told, at = own.version, (own.machine, self._project(application)), self.clock()
        self.pending.append(
            (
                event,
                hearing.application,
                lambda: self.model.hear(application, standing, version, told, at, self.clock()),
            )
        )

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
        parts = {"machine": {"machine_id": self.machines[machine]}, "project": self._site(held[1].project)}
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

    def teardown(self) -> None:
        if self.world is not None:
            self.world.finish()


ENOUGH = ("provisional", "reserved", "held", "released", "refused")
ALSO = ("registered", "moved")


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


@pytest.mark.timeout(600)
def test_so_they_are_after_long_stories(sessions: Sessions) -> None:
    """Hypothesis tells short stories best; what needs a return, another choice and a late event needs long ones."""
    seen = Counter[str]()
    for seed in range(3):
        chance, world = random.Random(seed), World(sessions, f"long story {seed}", seen)
        for _ in range(400):
            world.happen(chance.choice(ACTS), chance.randrange(60), chance.randrange(MACHINES))
        world.finish()

    assert all(seen[each] > 10 for each in ENOUGH), seen
    assert all(seen[each] for each in ALSO), seen
