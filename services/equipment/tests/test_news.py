"""What filing tells, put into effect: in order, twice, late, in every order; and the life of a crane end to end."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from chassis.clock import day_of
from chassis.database import transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from equipment import hearing
from equipment.models import LedgerEntry, Machine, MachineClaim, MachineEvent, MachineLock
from equipment.terms import Contradiction
from services.equipment.tests import factories as f
from services.equipment.tests.factories import CONTRACTOR, INSTALLER, Yard

MINUTE = timedelta(minutes=1)
SITE = f.project()

State = dict[str, Any]


def on_machine(machine_id: str, site: dict[str, Any] | None = None, **parts: Any) -> dict[str, Any]:
    return {"machine": {"machine_id": machine_id}, "project": site or SITE, **parts}


def state(yard: Yard, *machine_ids: str) -> State:
    """What is left when all has been heard: machines, locks, claims and the events told of them."""
    with transaction(yard.sessions) as session:
        rows = session.scalars(select(Machine).where(Machine.id.in_(machine_ids)).order_by(Machine.serial_number)).all()
        locks = session.scalars(select(MachineLock).where(MachineLock.machine_id.in_(machine_ids))).all()
        claims = session.scalars(select(MachineClaim).where(MachineClaim.machine_id.in_(machine_ids))).all()
        holds = [(each.application_id, each.stage, each.cause, each.application_version) for each in (*locks, *claims)]
        facts = [(row.stage, row.filing_number, row.registration_number, row.inspection_valid_to) for row in rows]
    return {"machines": facts, "holds": sorted(holds, key=str)}


def test_T13_the_life_of_a_crane_and_what_is_told_of_it_once(yard: Yard) -> None:
    crane = yard.filed(number="冀AA-T00001")
    stages = [yard.machine(crane).stage]
    yard.installed(crane)
    stages.append(yard.machine(crane).stage)
    yard.registered(crane)
    stages.append(yard.machine(crane).stage)

    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane))
    yard.tell("submitted", "dismantling_notice", "down", 1, INSTALLER, **on_machine(crane))
    still_locked = yard.machine(crane).stage
    yard.tell("approved", "dismantling_notice", "down", 2, INSTALLER, **on_machine(crane))

    assert stages == ["filed", "installed", "registered"]
    assert still_locked == "registered"
    freed = yard.machine(crane)
    assert (freed.stage, freed.registration_number, freed.inspection_valid_to) == ("filed", None, None)
    assert [each["type"] for each in yard.told()] == [
        "machine_filed",
        "machine_locked",
        "machine_installed",
        "machine_unlocked",
    ]
    unlocked = yard.told()[-1]["data"]
    assert (unlocked["cause"], unlocked["project_id"]) == ("dismantled", SITE["project_id"])
    assert yard.reserve("install_notice", "next", f.enterprise("另一安拆"), **on_machine(crane))["granted_until"]


def test_T13_freeing_the_machine_ends_its_open_registration_in_the_same_step(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(crane, evidence=f.evidence()))
    yard.tell("submitted", "use_registration", "use", 1, CONTRACTOR, **on_machine(crane, evidence=f.evidence()))
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane))
    yard.tell("approved", "dismantling_notice", "down", 2, INSTALLER, **on_machine(crane))

    late = on_machine(crane, evidence=f.evidence(), certificate=f.certificate("使用-9"))
    yard.tell("approved", "use_registration", "use", 2, CONTRACTOR, **late)

    assert (yard.machine(crane).stage, yard.machine(crane).registration_number) == ("filed", None)
    with transaction(yard.sessions) as session:
        acts = session.scalars(select(MachineEvent.act).where(MachineEvent.machine_id == crane)).all()
    assert acts.count("use_registration_void") == 1


def test_an_approved_registration_of_a_machine_that_is_not_installed_is_no_silent_no_op(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.reserve("use_registration", "use", CONTRACTOR, **on_machine(crane, evidence=f.evidence()))
    with transaction(yard.sessions) as session:
        session.get_one(Machine, crane).stage = "filed"

    with pytest.raises(Contradiction, match="machine_not_installed"):
        yard.tell("approved", "use_registration", "use", 1, CONTRACTOR, **on_machine(crane, evidence=f.evidence()))


def test_a_registration_whose_machine_was_freed_may_be_handed_in_again_when_it_stands_there_again(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane, "first notice")
    parts = on_machine(crane, evidence=f.evidence())
    yard.reserve("use_registration", "use", CONTRACTOR, **parts)
    yard.tell("submitted", "use_registration", "use", 1, CONTRACTOR, **parts)
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane))
    yard.tell("approved", "dismantling_notice", "down", 2, INSTALLER, **on_machine(crane))
    yard.tell("returned", "use_registration", "use", 2, CONTRACTOR, **parts)
    with pytest.raises(Conflict, match="machine_not_on_project"):
        yard.reserve("use_registration", "use", CONTRACTOR, **parts)

    yard.installed(crane, "second notice")
    yard.reserve("use_registration", "use", CONTRACTOR, **parts)
    yard.tell("submitted", "use_registration", "use", 3, CONTRACTOR, **parts)
    yard.tell("approved", "use_registration", "use", 4, CONTRACTOR, certificate=f.certificate("U-2"), **parts)

    assert (yard.machine(crane).stage, yard.machine(crane).registration_number) == ("registered", "U-2")


def test_a_machine_filed_earlier_keeps_the_number_it_had(yard: Yard) -> None:
    lessor = f.enterprise()
    told = f.particulars(filing_number="冀AB-T00007", filed_on="2021-01-05", filing_agency="市站")
    crane = yard.reserve("machine_registration", "a", lessor, particulars=told)["machine"]["machine_id"]
    yard.tell("submitted", "machine_registration", "a", 1, lessor, particulars=told)
    yard.tell(
        "approved", "machine_registration", "a", 2, lessor, particulars=told, certificate=f.certificate("冀AB-T00007")
    )

    found = yard.machine(crane)
    assert (found.stage, found.filing_number, str(found.filed_on)) == ("filed", "冀AB-T00007", "2021-01-05")


def test_a_returned_application_keeps_its_machine_and_an_ended_one_does_not(yard: Yard) -> None:
    for ending in ("rejected", "withdrawn"):
        crane = yard.filed(ending)
        yard.noticed(crane, f"notice {ending}")
        yard.tell("returned", "install_notice", f"notice {ending}", 2, INSTALLER, **on_machine(crane))
        assert yard.machine(crane).stage == "locked"

        yard.tell(ending, "install_notice", f"notice {ending}", 3, INSTALLER, **on_machine(crane))
        assert yard.machine(crane).stage == "filed"
        assert yard.told("machine_unlocked")[-1]["data"]["cause"] == ending


Story = Callable[[Yard], tuple[list[str], list[Event]]]


def notice_approved(yard: Yard) -> tuple[list[str], list[Event]]:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))
    steps = [("submitted", 1), ("returned", 2), ("submitted", 3), ("approved", 5)]
    return [crane], events("install_notice", steps, INSTALLER, yard, **on_machine(crane))


def notice_withdrawn(yard: Yard) -> tuple[list[str], list[Event]]:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))
    steps = [("submitted", 1), ("returned", 2), ("withdrawn", 3)]
    return [crane], events("install_notice", steps, INSTALLER, yard, **on_machine(crane))


def choice_changed(yard: Yard) -> tuple[list[str], list[Event]]:
    """Returned, then submitted with another machine; nothing heard so far."""
    first, second = yard.filed("first"), yard.filed("second")
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(first))
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(second))
    with_first = events("install_notice", [("submitted", 1), ("returned", 2)], INSTALLER, yard, **on_machine(first))
    with_second = events("install_notice", [("submitted", 3), ("approved", 4)], INSTALLER, yard, **on_machine(second))
    return [first, second], with_first + with_second


def filing_approved(yard: Yard) -> tuple[list[str], list[Event]]:
    lessor = f.enterprise()
    reply = yard.reserve("machine_filing", "filing", lessor, particulars=f.particulars())
    corrected = f.particulars(serial_number="corrected")
    told = events("machine_filing", [("submitted", 1), ("returned", 2)], lessor, yard, particulars=f.particulars())
    told += events("machine_filing", [("submitted", 3)], lessor, yard, particulars=corrected)
    told += events(
        "machine_filing",
        [("approved", 4)],
        lessor,
        yard,
        particulars=corrected,
        certificate=f.certificate("冀AA-T00009"),
    )
    return [reply["machine"]["machine_id"]], told


def filing_rejected(yard: Yard) -> tuple[list[str], list[Event]]:
    lessor = f.enterprise()
    reply = yard.reserve("machine_filing", "filing", lessor, particulars=f.particulars())
    steps = [("submitted", 1), ("rejected", 2)]
    return [reply["machine"]["machine_id"]], events("machine_filing", steps, lessor, yard, particulars=f.particulars())


def use_approved(yard: Yard) -> tuple[list[str], list[Event]]:
    crane = yard.filed()
    yard.installed(crane)
    parts = on_machine(crane, evidence=f.evidence())
    yard.reserve("use_registration", "use_registration", CONTRACTOR, **parts)
    told = events("use_registration", [("submitted", 1), ("returned", 2), ("submitted", 3)], CONTRACTOR, yard, **parts)
    approved = events(
        "use_registration", [("approved", 4)], CONTRACTOR, yard, certificate=f.certificate("U-1"), **parts
    )
    return [crane], told + approved


def dismantled(yard: Yard) -> tuple[list[str], list[Event]]:
    crane = yard.filed()
    yard.installed(crane)
    yard.registered(crane)
    yard.reserve("dismantling_notice", "dismantling_notice", INSTALLER, **on_machine(crane))
    steps = [("submitted", 1), ("returned", 2), ("approved", 3)]
    return [crane], events("dismantling_notice", steps, INSTALLER, yard, **on_machine(crane))


def events(matter: str, steps: list[tuple[str, int]], who: Any, yard: Yard, **parts: Any) -> list[Event]:
    name = {"install_notice": "notice", "machine_filing": "filing"}.get(matter, matter)
    return [
        f.event(kind, matter, name, version, who, yard.clock() + version * timedelta(seconds=1), **parts)
        for kind, version in steps
    ]


STORIES: list[Story] = [
    notice_approved,
    notice_withdrawn,
    choice_changed,
    filing_approved,
    filing_rejected,
    use_approved,
    dismantled,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_order_and_every_repetition_ends_in_the_same_state(yard: Yard, database: Any, story: Story) -> None:
    machine_ids, told = story(yard)
    yard.clock.advance(MINUTE)
    for event in told:
        hearing.application(yard.sessions, event, yard.clock)
    expected = state(yard, *machine_ids)

    for order in permutations(range(len(told))):
        database.restore()
        machine_ids, told = story(yard)
        yard.clock.advance(MINUTE)
        for place in order:
            hearing.application(yard.sessions, told[place], yard.clock)
            hearing.application(yard.sessions, told[place], yard.clock)
        for place in order:
            again = f.event_again(told[place])
            hearing.application(yard.sessions, again, yard.clock)

        assert state(yard, *machine_ids) == expected, order
        told_of = [(each["type"], each["data"]["application_id"]) for each in yard.told()]
        assert len(told_of) == len(set(told_of)), "a fact is told once"


def test_an_approval_heard_before_the_submission_tells_both_facts(yard: Yard) -> None:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))

    yard.tell("approved", "install_notice", "notice", 3, INSTALLER, **on_machine(crane))
    yard.tell("submitted", "install_notice", "notice", 1, INSTALLER, **on_machine(crane))

    assert [each["type"] for each in yard.told()[1:]] == ["machine_locked", "machine_installed"]


def test_a_matter_without_a_machine_is_nothing_to_us(yard: Yard) -> None:
    yard.tell("approved", "safety_filing", "site", 3, CONTRACTOR, project=SITE)

    assert yard.told() == []


def test_a_submission_whose_lock_is_anothers_meanwhile_is_a_contradiction_not_a_second_lock(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane, "theirs")

    with pytest.raises(Contradiction) as stopped:
        yard.tell("submitted", "install_notice", "lost", 1, f.enterprise("另一安拆"), **on_machine(crane))

    assert stopped.value.code == "machine_taken"
    with transaction(yard.sessions) as session:
        assert len(session.scalars(select(MachineLock)).all()) == 1


def test_an_approval_of_a_filing_without_its_number_is_tried_again_later(yard: Yard) -> None:
    lessor = f.enterprise()
    crane = yard.reserve("machine_filing", "a", lessor, particulars=f.particulars())["machine"]["machine_id"]

    with pytest.raises(Contradiction):
        yard.tell("approved", "machine_filing", "a", 2, lessor, particulars=f.particulars())

    assert yard.machine(crane).stage == "under_review"


def test_a_lock_that_the_database_lost_is_made_anew_by_the_event(yard: Yard) -> None:
    crane = yard.filed()

    yard.tell("submitted", "install_notice", "notice", 1, INSTALLER, **on_machine(crane))

    assert yard.machine(crane).stage == "locked"
    with pytest.raises(Conflict):
        yard.reserve("install_notice", "theirs", f.enterprise("另一安拆"), **on_machine(crane))


def test_an_event_takes_effect_when_it_happened_and_is_recorded_when_it_was_heard(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane)
    yard.clock.advance(MINUTE)
    approved = f.event("approved", "install_notice", "notice", 3, INSTALLER, yard.clock(), **on_machine(crane))
    yard.clock.advance(9 * MINUTE)

    hearing.application(yard.sessions, approved, yard.clock)

    with transaction(yard.sessions) as session:
        entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number.desc())).first()
    assert entry is not None
    assert (entry.act, entry.recorded_at - entry.effective_at) == ("held", 9 * MINUTE)


@pytest.mark.parametrize("seconds", [-3, 3], ids=["filing's clock is behind", "filing's clock is ahead"])
def test_clocks_that_differ_do_not_bring_the_ledger_out_of_order(yard: Yard, seconds: int) -> None:
    crane = yard.filed()
    yard.reserve("install_notice", "notice", INSTALLER, **on_machine(crane))
    granted = yard.clock()
    for kind, version in (("submitted", 1), ("withdrawn", 2)):
        at = yard.clock() + timedelta(seconds=seconds)
        told = f.event(kind, "install_notice", "notice", version, INSTALLER, at, **on_machine(crane))
        hearing.application(yard.sessions, told, yard.clock)

    with transaction(yard.sessions) as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    assert [(entry.act, entry.effective_at) for entry in entries] == [
        ("granted", granted),
        ("confirmed", granted),
        ("released", granted),
    ]


# Projects


def test_locks_move_with_an_unfiled_project_into_the_filed_one(yard: Yard) -> None:
    crane = yard.filed()
    unfiled, filed = f.project("未备案工地"), f.project("已备案工地")
    yard.installed(crane, site=unfiled)
    lock = yard.lock("notice", crane)

    hearing.project(yard.sessions, f.project_event("registered", 1, "已备案工地"), yard.clock)
    merged = f.project_event("changed", 2, "未备案工地", merged_into=filed["project_id"], stage="merged")
    hearing.project(yard.sessions, merged, yard.clock)

    moved = yard.lock("notice", crane)
    assert lock is not None and moved is not None
    assert (moved.id, moved.project_id, moved.stage) == (lock.id, filed["project_id"], "held")
    with transaction(yard.sessions) as session:
        entries = session.scalars(select(LedgerEntry).order_by(LedgerEntry.number)).all()
    assert (entries[-1].act, entries[-1].project_name) == ("project_merged", "已备案工地")
    yard.reserve("dismantling_notice", "down", INSTALLER, **on_machine(crane, unfiled))


def test_a_merge_heard_first_counts_for_what_comes_later(yard: Yard) -> None:
    crane = yard.filed()
    unfiled, filed = f.project("未备案工地"), f.project("已备案工地")
    merged = f.project_event("changed", 2, "未备案工地", merged_into=filed["project_id"], stage="merged")
    hearing.project(yard.sessions, merged, yard.clock)
    hearing.project(yard.sessions, f.project_event("registered", 1, "未备案工地", stage="unfiled"), yard.clock)
    hearing.project(yard.sessions, f.project_event("registered", 1, "已备案工地"), yard.clock)

    yard.noticed(crane, site=unfiled)

    lock = yard.lock("notice", crane)
    assert lock is not None
    assert (lock.project_id, lock.project.name) == (filed["project_id"], "已备案工地")


def test_the_newest_name_of_a_project_is_kept_whatever_order_it_comes_in(yard: Yard) -> None:
    crane = yard.filed()
    yard.noticed(crane)
    for version, name in ((3, "新名"), (2, "旧名"), (3, "新名")):
        told = f.project_event("changed", version, "长安广场", name=name)
        hearing.project(yard.sessions, told, yard.clock)

    lock = yard.lock("notice", crane)
    assert lock is not None and lock.project.name == "新名"


def test_a_closed_project_keeps_its_machine_until_it_is_dismantled_or_unlocked(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)

    hearing.project(yard.sessions, f.project_event("closed", 5, stage="closed"), yard.clock)

    assert yard.machine(crane).stage == "installed"
    lock = yard.lock("notice", crane)
    assert lock is not None and lock.project.stage == "closed"


def reported(yard: Yard, crane: str, application: str = "report", **brought: Any) -> None:
    """An inspection report on the machine, handed in and approved."""
    parts = on_machine(crane, evidence=brought)
    yard.reserve("inspection_report", application, CONTRACTOR, **parts, on=day_of(yard.clock()).isoformat())
    yard.tell("submitted", "inspection_report", application, 1, CONTRACTOR, **parts)
    yard.tell("approved", "inspection_report", application, 3, CONTRACTOR, **parts)


def test_an_approved_report_counts_from_then_on_and_an_older_one_takes_nothing_away(yard: Yard) -> None:
    """R-E5: the yearly inspection, and T5 for a crane that came over age on its site."""
    crane = yard.filed(made_on="2011-04-01")
    yard.installed(crane)
    yard.registered(crane)
    assert yard.machine(crane).inspection_valid_to == date(2027, 2, 20)
    yard.clock.set(datetime(2027, 1, 5, 1, 0, tzinfo=UTC))
    assessment = {"passed": True, "on": "2027-01-03", "valid_to": "2030-01-02"}

    reported(yard, crane, inspection={"passed": True, "on": "2027-01-04"}, assessment=assessment)

    kept = yard.machine(crane)
    assert (kept.inspection_valid_to, kept.service_ends_on) == (date(2028, 1, 4), date(2029, 1, 3))
    assert (kept.stage, kept.registration_number) == ("registered", "使用-0001")
    reported(yard, crane, "older", inspection={"passed": True, "on": "2026-06-01"})
    assert yard.machine(crane).inspection_valid_to == date(2028, 1, 4)


def test_a_report_approved_after_its_machine_has_left_changes_nothing(yard: Yard) -> None:
    crane = yard.filed()
    yard.installed(crane)
    yard.registered(crane)
    parts = on_machine(crane, evidence={"inspection": {"passed": True, "on": "2026-03-01"}})
    yard.reserve("inspection_report", "report", CONTRACTOR, **parts)
    yard.tell("submitted", "inspection_report", "report", 1, CONTRACTOR, **parts)
    yard.tell("approved", "dismantling_notice", "down", 3, INSTALLER, **on_machine(crane))

    yard.tell("approved", "inspection_report", "report", 3, CONTRACTOR, **parts)

    assert (yard.machine(crane).stage, yard.machine(crane).inspection_valid_to) == ("filed", None)
