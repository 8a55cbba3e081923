"""A state machine: locks and ledger on PostgreSQL against the small model of `model.py`, in the world of `world.py`.

After every step the locks are the model's; in the end so is the answer for every pair of moments: who was locked then, by
what we knew then.
"""

import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from chassis.database import Sessions
from services.personnel.tests.world import ACTS, SOON, World

numbers = st.integers(0, 59)


class Locks(RuleBasedStateMachine):
    """The world under hypothesis, which looks for a short story that breaks a rule. `sessions` and `seen` are given."""

    sessions: Sessions
    seen: Counter[str]
    world: World | None = None

    @initialize()
    def begin(self) -> None:
        self.world = World(self.sessions, self.seen)

    @rule(act=st.sampled_from(ACTS), place=numbers, pick=numbers)
    def happen(self, act: str, place: int, pick: int) -> None:
        assert self.world is not None
        self.world.happen(act, place, pick)

    def teardown(self) -> None:
        if self.world is not None:
            self.world.finish()


OFTEN = ("reserved", "held", "refused", "withdrawn", "rejected", "lapsed", "choice_changed", "stale")
AT_ALL = (
    *("taken up again", "excused", "replaced", "registered", "dismantled", "machine_unlocked", "unlocked", "moved"),
    "project_closed",
)


@pytest.mark.timeout(600)  # a failure is shrunk to its shortest history first
def test_locks_and_ledger_are_what_a_simple_model_says(sessions: Sessions) -> None:
    Locks.sessions, Locks.seen = sessions, Counter()

    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Locks,
        settings=settings(
            max_examples=20, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.timeout(600)
def test_so_they_are_after_long_stories(sessions: Sessions) -> None:
    """Hypothesis tells short stories best; what needs a merger, a return and a late event needs long ones."""
    seen = Counter[str]()
    for seed in range(3):
        chance, world = random.Random(seed), World(sessions, seen)
        for _ in range(300):
            world.happen(chance.choice(ACTS), chance.randrange(60), chance.randrange(60))
            world.clock.advance(SOON * chance.random())
        world.finish()

    assert all(seen[each] > 5 for each in OFTEN), seen
    assert all(seen[each] for each in AT_ALL), seen
