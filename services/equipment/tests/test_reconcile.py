"""Lapsing asks first; the reconciler finds what differs from filing for longer than a minute, repairs and counts it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from chassis import telemetry
from chassis.database import transaction
from chassis.errors import Conflict, Unavailable
from chassis.journal import JournalRow
from chassis.testing.databases import Database
from equipment.models import MachineClaim
from equipment.reconcile import PATIENCE, Reconciler, lapse
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

MINUTE = timedelta(minutes=1)
OTHER = f.enterprise("另一安拆")


@dataclass
class FilingDouble:
    """Filing's side of the two questions: what the test says of each application."""

    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_away: bool = False
    asked: list[list[str]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def say(self, application: str, matter: str, stage: str, version: int, **more: Any) -> None:
        told = {"matter": matter, "stage": stage, "outcome": None, "version": version, **more}
        self.said[f.an_id(application)] = told

    def stages(self, application_ids: list[str]) -> dict[str, dict[str, Any] | None]:
        if self.is_away:
            raise Unavailable("no_answer")
        assert len(application_ids) <= 200
        self.asked.append(application_ids)
        answers = {each: self.said.get(each) for each in application_ids}
        self.meanwhile()
        return answers

    def living(self, after: str | None) -> tuple[list[dict[str, Any]], str | None]:
        """Two a page, as if there were many."""
        if self.is_away:
            raise Unavailable("no_answer")
        ids = sorted(each for each, told in self.said.items() if told["stage"] not in ("draft", "closed"))
        rest = [each for each in ids if after is None or each > after]
        page = [{"application_id": each, **self.said[each]} for each in rest[:2]]
        return page, rest[1] if len(rest) > 2 else None


@pytest.fixture
def filing() -> FilingDouble:
    return FilingDouble()


def on_machine(machine_id: str) -> dict[str, Any]:
    return {"machine": {"machine_id": machine_id}, "project": f.project()}


def provisional(yard: Yard) -> str:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))
    return crane


def stage_of(yard: Yard, machine_id: str, application: str = "notice") -> str:
    lock = yard.lock(application, machine_id)
    assert lock is not None
    return lock.stage


# Lapsing


def test_nothing_lapses_and_nobody_is_asked_before_five_minutes(yard: Yard, filing: FilingDouble) -> None:
    crane = provisional(yard)
    yard.clock.advance(5 * MINUTE - timedelta(seconds=1))

    assert lapse(yard.sessions, filing, yard.clock) == 0
    assert (filing.asked, stage_of(yard, crane)) == ([], "provisional")


@pytest.mark.parametrize("known", [True, False], ids=["a draft", "unknown to filing"])
def test_what_was_never_submitted_is_freed_after_one_question(yard: Yard, filing: FilingDouble, known: bool) -> None:
    crane = provisional(yard)
    if known:
        filing.say("notice", "install_notice", "draft", 4)
    yard.clock.advance(5 * MINUTE)

    assert lapse(yard.sessions, filing, yard.clock) == 1

    assert filing.asked == [[f.an_id("notice")]]
    assert stage_of(yard, crane) == "released"
    assert yard.told("machine_locked", "machine_unlocked") == [], "nobody was told that it was locked"
    assert yard.reserve("install_notice", "theirs", OTHER, **on_machine(crane))["granted_until"]


@pytest.mark.parametrize("stage", ["countersigning", "submitted", "accepted", "reviewed", "returned"])
def test_what_was_submitted_is_kept_though_the_event_is_still_under_way(
    yard: Yard, filing: FilingDouble, stage: str
) -> None:
    crane = provisional(yard)
    filing.say("notice", "install_notice", stage, 2, machine_id=crane)
    yard.clock.advance(6 * MINUTE)

    lapse(yard.sessions, filing, yard.clock)

    assert (stage_of(yard, crane), yard.machine(crane).stage) == ("reserved", "locked")
    yard.tell("submitted", "install_notice", "notice", 1, INSTALLER, **on_machine(crane))
    assert len(yard.told("machine_locked")) == 1


@pytest.mark.parametrize(
    ("outcome", "left"), [("approved", "held"), ("rejected", "released"), ("withdrawn", "released")]
)
def test_what_was_decided_meanwhile_is_as_it_was_decided(
    yard: Yard, filing: FilingDouble, outcome: str, left: str
) -> None:
    crane = provisional(yard)
    filing.say("notice", "install_notice", "closed", 5, outcome=outcome, machine_id=crane)
    yard.clock.advance(6 * MINUTE)

    lapse(yard.sessions, filing, yard.clock)

    assert stage_of(yard, crane) == left


def test_while_filing_does_not_answer_the_lock_is_kept_and_asked_about_again(yard: Yard, filing: FilingDouble) -> None:
    crane = provisional(yard)
    filing.is_away = True
    yard.clock.advance(60 * MINUTE)
    assert lapse(yard.sessions, filing, yard.clock) == 0
    with pytest.raises(Conflict, match="machine_locked"):
        yard.reserve("install_notice", "theirs", OTHER, **on_machine(crane))

    filing.is_away = False
    assert lapse(yard.sessions, filing, yard.clock) == 1
    assert stage_of(yard, crane) == "released"


def test_who_asks_again_while_filing_is_being_asked_keeps_the_lock(yard: Yard, filing: FilingDouble) -> None:
    crane = provisional(yard)
    yard.clock.advance(5 * MINUTE)
    filing.meanwhile = lambda: yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))

    lapse(yard.sessions, filing, yard.clock)

    assert stage_of(yard, crane) == "provisional"


def test_a_submission_heard_while_filing_is_being_asked_wins_over_the_older_answer(
    yard: Yard, filing: FilingDouble
) -> None:
    crane = provisional(yard)
    filing.say("notice", "install_notice", "draft", 1)
    yard.clock.advance(5 * MINUTE)
    filing.meanwhile = lambda: yard.tell("submitted", "install_notice", "notice", 2, INSTALLER, **on_machine(crane))

    lapse(yard.sessions, filing, yard.clock)

    assert stage_of(yard, crane) == "reserved"


def test_a_choice_that_was_tried_but_not_submitted_lapses_and_the_submitted_one_stays(
    yard: Yard, filing: FilingDouble
) -> None:
    first, second = yard.filed("first"), yard.filed("second")
    yard.noticed(first)
    yard.tell("returned", "install_notice", "notice", 2, INSTALLER, **on_machine(first))
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(second))
    for told in ({"machine_id": first}, {}):
        filing.say("notice", "install_notice", "returned", 3, **told)
    yard.clock.advance(6 * MINUTE)

    lapse(yard.sessions, filing, yard.clock)

    assert (stage_of(yard, first), stage_of(yard, second)) == ("reserved", "released")


def test_a_filing_that_lapses_frees_its_serial_number(yard: Yard, filing: FilingDouble) -> None:
    yard.reserve("machine_filing", "a", f.enterprise("甲租赁"), particulars=f.particulars())
    yard.clock.advance(5 * MINUTE)

    lapse(yard.sessions, filing, yard.clock)

    assert yard.reserve("machine_filing", "b", f.enterprise("乙租赁"), particulars=f.particulars())["granted_until"]
    with pytest.raises(Conflict, match="machine_under_review"):
        yard.reserve("machine_filing", "a", f.enterprise("甲租赁"), particulars=f.particulars())


def test_a_filing_tried_again_after_it_lapsed_is_the_same_machine(yard: Yard, filing: FilingDouble) -> None:
    lessor = f.enterprise()
    first = yard.reserve("machine_filing", "a", lessor, particulars=f.particulars())
    yard.clock.advance(5 * MINUTE)
    lapse(yard.sessions, filing, yard.clock)

    again = yard.reserve("machine_filing", "a", lessor, particulars=f.particulars())

    assert again["machine"] == first["machine"]


# Reconciling


def unrepaired() -> float:
    return telemetry.reconciler_unrepaired.labels("equipment")._value.get()


def repairs() -> float:
    return telemetry.reconciler_repairs.labels("equipment")._value.get()  # type: ignore[no-any-return]


def run_twice(yard: Yard, filing: FilingDouble) -> list[int]:
    """A comparison now, and the next one a minute later."""
    reconciler = Reconciler(yard.sessions, filing, yard.clock)
    first = reconciler.run()
    yard.clock.advance(MINUTE)
    return [first, reconciler.run()]


def test_where_both_sides_agree_nothing_is_repaired(yard: Yard, filing: FilingDouble) -> None:
    cranes = {name: yard.filed(name) for name in ("noticed", "returned", "installed", "used")}
    yard.noticed(cranes["noticed"], "noticed")
    filing.say("noticed", "install_notice", "accepted", 2, machine_id=cranes["noticed"])
    yard.noticed(cranes["returned"], "returned")
    filing.say("returned", "install_notice", "returned", 2, machine_id=cranes["returned"])
    for name in ("installed", "used"):
        yard.installed(cranes[name], name)
        filing.say(name, "install_notice", "closed", 3, outcome="approved", machine_id=cranes[name])
    yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(cranes["used"]), evidence=f.evidence())
    yard.tell("submitted", "use_registration", "use", 1, CONTRACTOR, **on_machine(cranes["used"]))
    filing.say("use", "use_registration", "submitted", 1, machine_id=cranes["used"])
    filing.say("site", "safety_filing", "submitted", 1)
    before = repairs()

    assert run_twice(yard, filing) == [0, 0]
    assert repairs() == before


Breach = Callable[[Yard, FilingDouble], tuple[str, str]]


def an_approval_was_never_heard(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = yard.filed()
    yard.noticed(crane)
    filing.say("notice", "install_notice", "closed", 3, outcome="approved", machine_id=crane)
    return crane, "installed"


def a_rejection_was_never_heard(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = yard.filed()
    yard.noticed(crane)
    filing.say("notice", "install_notice", "closed", 3, outcome="rejected", machine_id=crane)
    return crane, "filed"


def the_application_is_unknown_to_filing(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = yard.filed()
    yard.noticed(crane)
    return crane, "filed"


def a_submission_was_never_heard(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = provisional(yard)
    filing.say("notice", "install_notice", "submitted", 1, machine_id=crane)
    return crane, "locked"


def the_lock_was_lost(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = yard.filed()
    who = {"applicant_id": INSTALLER.organisation_id, "applicant_name": INSTALLER.organisation_name}
    filing.say("notice", "install_notice", "accepted", 2, machine_id=crane, project=f.project(), **who)
    return crane, "locked"


def the_lock_lapsed_too_early(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = provisional(yard)
    yard.clock.advance(5 * MINUTE)
    lapse(yard.sessions, filing, yard.clock)
    filing.say("notice", "install_notice", "accepted", 2, machine_id=crane)
    return crane, "locked"


def a_registration_was_approved_unheard(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = yard.filed()
    yard.installed(crane)
    filing.say("notice", "install_notice", "closed", 3, outcome="approved", machine_id=crane)
    yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(crane), evidence=f.evidence())
    yard.tell("submitted", "use_registration", "use", 1, CONTRACTOR, **on_machine(crane))
    given = {"machine_id": crane, "certificate": f.certificate("U-7"), "evidence": f.evidence()}
    filing.say("use", "use_registration", "closed", 2, outcome="approved", **given)
    return crane, "registered"


def a_dismantling_was_handled_unheard(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    crane = yard.filed()
    yard.installed(crane)
    filing.say("notice", "install_notice", "closed", 3, outcome="approved", machine_id=crane)
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane))
    yard.tell("submitted", "dismantling_notice", "down", 1, INSTALLER, **on_machine(crane))
    filing.say("down", "dismantling_notice", "closed", 2, outcome="approved", machine_id=crane)
    return crane, "filed"


def a_filing_was_approved_unheard(yard: Yard, filing: FilingDouble) -> tuple[str, str]:
    lessor = f.enterprise()
    crane = yard.reserve("machine_filing", "a", lessor, particulars=f.particulars())["machine"]["machine_id"]
    yard.tell("submitted", "machine_filing", "a", 1, lessor, particulars=f.particulars())
    given = {"certificate": f.certificate("冀AA-T00099"), "machine_id": crane}
    filing.say("a", "machine_filing", "closed", 3, outcome="approved", **given)
    return str(crane), "filed"


BREACHES: list[Breach] = [
    an_approval_was_never_heard,
    a_rejection_was_never_heard,
    the_application_is_unknown_to_filing,
    a_submission_was_never_heard,
    the_lock_was_lost,
    the_lock_lapsed_too_early,
    a_registration_was_approved_unheard,
    a_dismantling_was_handled_unheard,
    a_filing_was_approved_unheard,
]


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.__name__)
def test_a_difference_older_than_a_minute_is_repaired_counted_and_on_record(
    yard: Yard, filing: FilingDouble, breach: Breach
) -> None:
    crane, stage = breach(yard, filing)
    before = repairs()

    assert run_twice(yard, filing) == [0, 1]

    assert yard.machine(crane).stage == stage
    assert repairs() == before + 1
    with transaction(yard.sessions) as session:
        acts = session.scalars(select(JournalRow.act).order_by(JournalRow.number)).all()
    assert acts[-1] == "repair"
    assert run_twice(yard, filing) == [0, 0], "and then all is well"


def test_a_difference_that_an_event_settles_within_the_minute_is_no_repair(yard: Yard, filing: FilingDouble) -> None:
    crane = yard.filed()
    yard.noticed(crane)
    filing.say("notice", "install_notice", "closed", 3, outcome="approved", machine_id=crane)
    reconciler = Reconciler(yard.sessions, filing, yard.clock)
    reconciler.run()
    yard.clock.advance(MINUTE)
    yard.tell("approved", "install_notice", "notice", 3, INSTALLER, **on_machine(crane))

    assert reconciler.run() == 0


def test_what_was_dismantled_is_not_locked_again(yard: Yard, filing: FilingDouble) -> None:
    """The application stays approved at filing; its lock is over for good here."""
    crane = yard.filed()
    yard.installed(crane)
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane))
    yard.tell("approved", "dismantling_notice", "down", 2, INSTALLER, **on_machine(crane))
    filing.say("notice", "install_notice", "closed", 3, outcome="approved", machine_id=crane)
    filing.say("down", "dismantling_notice", "closed", 2, outcome="approved", machine_id=crane)

    assert run_twice(yard, filing) == [0, 0]
    assert yard.machine(crane).stage == "filed"


def test_what_cannot_be_repaired_is_left_and_the_rest_goes_on(yard: Yard, filing: FilingDouble) -> None:
    crane, other = yard.filed("crane"), yard.filed("other")
    yard.noticed(crane, "theirs")
    filing.say("theirs", "install_notice", "submitted", 1, machine_id=crane)
    filing.say("lost", "install_notice", "submitted", 1, machine_id=crane)  # two applications, one machine
    yard.noticed(other, "decided")
    filing.say("decided", "install_notice", "closed", 2, outcome="rejected", machine_id=other)

    assert run_twice(yard, filing) == [0, 1]

    assert (yard.machine(crane).stage, yard.machine(other).stage) == ("locked", "filed")


def test_what_no_repair_ends_is_counted_until_it_is_over(yard: Yard, filing: FilingDouble) -> None:
    crane = yard.filed("crane")
    yard.noticed(crane, "theirs")
    filing.say("theirs", "install_notice", "submitted", 1, machine_id=crane)
    filing.say("lost", "install_notice", "submitted", 1, machine_id=crane)
    reconciler = Reconciler(yard.sessions, filing, yard.clock)

    counted = []
    for _ in range(3):
        reconciler.run()
        yard.clock.advance(PATIENCE)
        counted.append(unrepaired())
    filing.say("lost", "install_notice", "closed", 2, outcome="rejected")
    reconciler.run()

    assert (counted, unrepaired()) == ([0, 0, 1], 0)


def test_while_filing_does_not_answer_nothing_is_repaired(yard: Yard, filing: FilingDouble) -> None:
    crane = yard.filed()
    yard.noticed(crane)
    filing.is_away = True

    assert run_twice(yard, filing) == [0, 0]
    assert yard.machine(crane).stage == "locked"


def test_many_locks_are_compared_in_pages_of_200(yard: Yard, filing: FilingDouble, database: Database) -> None:
    crane = yard.filed()
    yard.noticed(crane)
    with transaction(yard.sessions) as session:  # 450 more, as a copy of the first would look
        session.execute(
            text(
                "insert into machine select (jsonb_populate_record(m, jsonb_build_object('id', 'm' || n, 'serial_key',"
                " 'k' || n, 'filing_number', 'f' || n))).* from machine m, generate_series(1, 450) n"
            )
        )
        session.execute(
            text(
                "insert into machine_lock select (jsonb_populate_record(l, jsonb_build_object('id', 'l' || n,"
                " 'machine_id', 'm' || n, 'application_id', 'a' || n))).* from machine_lock l, generate_series(1, 450) n"
            )
        )
    for number in range(1, 451):
        filing.said[f"a{number}"] = {"matter": "install_notice", "stage": "submitted", "outcome": None, "version": 1}
    filing.say("notice", "install_notice", "submitted", 1)

    assert Reconciler(yard.sessions, filing, yard.clock).run() == 0
    assert [len(each) for each in filing.asked] == [200, 200, 51]


def test_an_ended_claim_is_not_opened_again(yard: Yard, filing: FilingDouble) -> None:
    crane = yard.filed()
    yard.installed(crane)
    filing.say("notice", "install_notice", "closed", 3, outcome="approved", machine_id=crane)
    yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(crane), evidence=f.evidence())
    yard.tell("submitted", "use_registration", "use", 1, CONTRACTOR, **on_machine(crane))
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane))
    yard.tell("approved", "dismantling_notice", "down", 2, INSTALLER, **on_machine(crane))
    filing.say("down", "dismantling_notice", "closed", 2, outcome="approved", machine_id=crane)
    filing.say("use", "use_registration", "submitted", 1, machine_id=crane)  # filing has not cancelled it yet

    assert run_twice(yard, filing) == [0, 0]
    with transaction(yard.sessions) as session:
        assert session.scalars(select(MachineClaim).where(MachineClaim.released_at.is_(None))).all() == []
