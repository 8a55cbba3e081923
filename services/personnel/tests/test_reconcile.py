"""What sets right whatever else went wrong: asked before it lapses, compared every minute, counted when repaired."""

from datetime import timedelta

import pytest

from chassis import telemetry
from chassis.errors import Unavailable
from personnel import hearing
from personnel.reconcile import PATIENCE, Reconciler, lapse
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named
from services.personnel.tests.reading import active, recorded

MINUTES = timedelta(minutes=6)


class Filing:
    """Filing as far as the scheduler asks it: the truth is written into it."""

    def __init__(self) -> None:
        self.truth: dict[str, dict] = {}
        self.is_away = False
        self.asked = 0

    def says(self, request: dict, stage: str, version: int, outcome: str | None = None) -> None:
        event = factories.told(request, "submitted", version, factories.now())
        self.truth[request["application_id"]] = {
            "application_id": request["application_id"],
            "matter": request["matter"],
            "stage": stage,
            "outcome": outcome,
            "version": version,
            "at": event.occurred_at.isoformat(),
            "applicant_id": request["applicant"]["organisation_id"],
            "agency_id": None,
            "machine_id": None,
            "project": request["project"],
            "people": [{k: each[k] for k in ("person_id", "role", "replaces")} for each in request["people"]],
        }

    def stages(self, application_ids):
        self.asked += 1
        if self.is_away:
            raise Unavailable("no_answer")
        return {each: self.truth.get(each) for each in application_ids}

    def living(self, after):
        if self.is_away:
            raise Unavailable("no_answer")
        return [each for each in self.truth.values() if each["stage"] != "closed"], None


@pytest.fixture
def filing() -> Filing:
    return Filing()


@pytest.fixture
def claimed(sessions, clock):
    request = claim(named(factories.manager(sessions)))
    reserve(sessions, FILING, request, clock)
    return request


@pytest.fixture
def reconciler(sessions, filing, clock) -> Reconciler:
    return Reconciler(sessions, filing, clock)


def who(request: dict) -> str:
    return request["people"][0]["person_id"]


def unrepaired() -> float:
    return telemetry.reconciler_unrepaired.labels("personnel")._value.get()


def repairs() -> float:
    return telemetry.reconciler_repairs.labels("personnel")._value.get()


def test_nothing_lapses_before_its_time(sessions, clock, filing, claimed):
    assert lapse(sessions, filing, clock) == 0
    assert filing.asked == 0


@pytest.mark.parametrize(
    ("stage", "outcome", "then"),
    [
        ("draft", None, []),
        (None, None, []),
        ("countersigning", None, ["reserved"]),
        ("submitted", None, ["reserved"]),
        ("accepted", None, ["reserved"]),
        ("returned", None, ["reserved"]),
        ("closed", "approved", ["held"]),
        ("closed", "rejected", []),
        ("closed", "withdrawn", []),
    ],
)
def test_filing_is_asked_once_and_what_was_submitted_is_kept(sessions, clock, filing, claimed, stage, outcome, then):
    if stage is not None:
        filing.says(claimed, stage, 4, outcome)
    clock.advance(MINUTES)

    lapse(sessions, filing, clock)

    assert [stage for _, stage in active(sessions)] == then
    assert filing.asked == 1
    assert lapse(sessions, filing, clock) == 0


def test_while_filing_is_silent_everything_is_kept(sessions, clock, filing, claimed):
    filing.is_away = True
    clock.advance(MINUTES)

    assert lapse(sessions, filing, clock) == 0

    assert active(sessions) == [(who(claimed), "provisional")]


def test_claim_renewed_while_filing_was_asked_is_not_taken_away(sessions, clock, filing, claimed):
    clock.advance(MINUTES)
    ask = filing.stages

    def meanwhile(application_ids):
        reserve(sessions, FILING, claimed, clock)
        return ask(application_ids)

    filing.stages = meanwhile
    lapse(sessions, filing, clock)

    assert active(sessions) == [(who(claimed), "provisional")]


def test_in_a_healthy_system_nothing_is_repaired(sessions, clock, filing, claimed, reconciler):
    hearing.application(sessions, factories.told(claimed, "submitted", 2, clock()), clock)
    filing.says(claimed, "submitted", 2)
    before = repairs()

    for _ in range(4):
        clock.advance(PATIENCE)
        assert reconciler.run() == 0

    assert repairs() == before


def test_an_event_on_its_way_is_no_difference_a_lost_one_is_repaired_and_counted(
    sessions, clock, filing, claimed, reconciler
):
    hearing.application(sessions, factories.told(claimed, "submitted", 2, clock()), clock)
    filing.says(claimed, "closed", 3, "withdrawn")
    before = repairs()
    assert reconciler.run() == 0
    clock.advance(PATIENCE / 2)
    assert reconciler.run() == 0

    clock.advance(PATIENCE / 2)

    assert reconciler.run() == 1
    assert active(sessions) == []
    assert repairs() == before + 1
    assert reconciler.run() == 0


def test_lost_approval_is_repaired_and_told(sessions, clock, filing, claimed, reconciler):
    hearing.application(sessions, factories.told(claimed, "submitted", 2, clock()), clock)
    filing.says(claimed, "closed", 5, "approved")
    reconciler.run()
    clock.advance(PATIENCE)

    reconciler.run()

    assert active(sessions) == [(who(claimed), "held")]
    assert [each["type"] for each in recorded(sessions)] == ["person_locked"]


def test_lock_that_filing_believes_in_and_nobody_has_is_granted_again(sessions, clock, filing, reconciler):
    request = claim(named(factories.manager(sessions)))
    filing.says(request, "accepted", 3)
    reconciler.run()
    clock.advance(PATIENCE)

    assert reconciler.run() == 1

    assert active(sessions) == [(who(request), "reserved")]


def test_what_cannot_be_repaired_stays_a_difference_and_locks_nobody_twice(
    sessions, clock, filing, claimed, reconciler
):
    other = claim(named(who(claimed)))
    filing.says(claimed, "submitted", 2)
    hearing.application(sessions, factories.told(claimed, "submitted", 2, clock()), clock)
    filing.says(other, "accepted", 3)

    for _ in range(3):
        reconciler.run()
        clock.advance(PATIENCE)

    assert active(sessions) == [(who(claimed), "reserved")]
    assert unrepaired() == 1, "somebody has to look at it"
    filing.says(other, "closed", 4, "rejected")
    reconciler.run()
    assert unrepaired() == 0


def test_silent_filing_is_waited_for(sessions, clock, filing, claimed, reconciler):
    hearing.application(sessions, factories.told(claimed, "submitted", 2, clock()), clock)
    filing.is_away = True

    assert reconciler.run() == 0
