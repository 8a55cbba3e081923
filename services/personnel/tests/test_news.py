"""What follows for people from what filing and equipment tell: once, in one step, and in any order."""

from datetime import timedelta

import pytest

from chassis.call import Call
from chassis.database import Sessions
from chassis.errors import Conflict
from chassis.identifiers import new_id
from chassis.testing.clock import FrozenClock
from personnel import acts, hearing
from personnel.reconcile import lapse
from personnel.reserve import reserve
from personnel.terms import Contradiction
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named
from services.personnel.tests.reading import active, locks_of, recorded

MINUTE = timedelta(minutes=1)


class Filing:
    """Plays filing for one application: claims, then tells."""

    def __init__(self, sessions: Sessions, clock: FrozenClock, request: dict) -> None:
        self.sessions, self.clock, self.request, self.version = sessions, clock, request, 1

    def claims(self, **changes) -> "Filing":
        self.request |= changes
        reserve(self.sessions, FILING, self.request, self.clock)
        return self

    def event(self, type_: str):
        self.clock.advance(MINUTE)
        self.version += 1
        return factories.told(self.request, type_, self.version, self.clock())

    def tells(self, *types: str) -> "Filing":
        for type_ in types:
            hearing.application(self.sessions, self.event(type_), self.clock)
        return self


@pytest.fixture
def filing(sessions, clock):
    return lambda *people, **more: Filing(sessions, clock, claim(*people, **more)).claims()


class StagesOf:
    """A filing by which every application stands the same."""

    def __init__(self, answer: dict | None) -> None:
        self.answer = answer

    def stages(self, application_ids):
        return dict.fromkeys(application_ids, self.answer)

    def living(self, after):
        return [], None


def tower(machine_id: str | None = None) -> dict:
    return {"machine_id": machine_id or new_id(), "kind": "T"}


def operators(sessions: Sessions) -> list[dict]:
    driver, signaller = factories.people(sessions, ("special_operation:05",), ("special_operation:04",))
    return [named(driver, "driver"), named(signaller, "signaller")]


def crew(sessions: Sessions) -> list[dict]:
    return [named(factories.people(sessions, ("special_operation:08",))[0], "install_worker")]


def test_submission_reserves_and_approval_holds(sessions, filing):
    manager = factories.manager(sessions)
    application = filing(named(manager)).tells("submitted")
    assert active(sessions) == [(manager, "reserved")]

    application.tells("approved")

    assert active(sessions) == [(manager, "held")]
    assert [each["type"] for each in recorded(sessions)] == ["person_locked"]


@pytest.mark.parametrize("end", ["rejected", "withdrawn"])
def test_rejection_and_withdrawal_release_and_a_return_keeps(sessions, filing, end):
    manager = factories.manager(sessions)
    application = filing(named(manager)).tells("submitted", "returned")
    assert active(sessions) == [(manager, "reserved")]

    application.tells(end)

    assert active(sessions) == []
    assert locks_of(sessions, manager)[0].cause == end
    assert recorded(sessions) == []


def test_after_a_return_another_choice_takes_the_place_of_the_first(sessions, filing):
    first, second = factories.manager(sessions), factories.manager(sessions)
    application = filing(named(first)).tells("submitted", "returned").claims(people=[named(second)])
    assert active(sessions) == sorted([(first, "reserved"), (second, "provisional")])

    application.tells("submitted")
    assert active(sessions) == [(second, "reserved")]
    application.tells("approved")

    assert active(sessions) == [(second, "held")]


def test_resubmission_that_fails_half_way_costs_nothing(sessions, clock, filing):
    first, second = factories.manager(sessions), factories.manager(sessions)
    application = filing(named(first)).tells("submitted", "returned").claims(people=[named(second)])
    returned = {"stage": "returned", "outcome": None, "matter": "safety_filing", "version": application.version}
    clock.advance(timedelta(minutes=6))

    lapse(sessions, StagesOf(returned | {"at": (clock() - timedelta(minutes=7)).isoformat()}), clock)

    assert active(sessions) == [(first, "reserved")]


def test_person_named_in_another_post_of_the_same_group_changes_over_at_once(sessions, filing):
    person = factories.people(sessions, ("special_operation:05", "special_operation:04"))[0]
    signaller = factories.people(sessions, ("special_operation:04",))[0]
    driver = factories.people(sessions, ("special_operation:05",))[0]
    first = [named(person, "driver"), named(signaller, "signaller")]
    application = filing(*first, matter="use_registration", machine=tower()).tells("submitted", "returned")

    application.claims(people=[named(person, "signaller"), named(driver, "driver")])

    assert active(sessions) == sorted([(person, "provisional"), (driver, "provisional"), (signaller, "reserved")])


def test_submission_and_return_heard_in_the_wrong_order_keep_the_second_choice(sessions, clock, filing):
    first, second = factories.manager(sessions), factories.manager(sessions)
    application = filing(named(first)).tells("submitted", "returned").claims(people=[named(second)])
    resubmitted, returned = application.event("submitted"), application.event("returned")
    hearing.application(sessions, returned, clock)
    clock.advance(timedelta(minutes=6))
    answer = {"stage": "returned", "outcome": None, "matter": "safety_filing", "version": application.version}

    lapse(sessions, StagesOf(answer), clock)
    hearing.application(sessions, resubmitted, clock)

    assert (second, "reserved") in active(sessions)


def test_exempted_claim_that_had_lapsed_is_taken_up_again_with_its_exception(sessions, clock, filing):
    manager, first, second = factories.manager(sessions), factories.project("一期", works_code="C"), None
    second = factories.project("二期", works_code="C")
    filing(named(manager), project=first).tells("approved")
    exempt = named(manager, exemption={"kind": "adjacent_section", "project_id": first["project_id"]})
    application = filing(exempt, project=second)
    clock.advance(timedelta(minutes=6))
    lapse(sessions, StagesOf(None), clock)

    application.tells("submitted")

    (_, lapsed, again) = locks_of(sessions, manager)
    assert (lapsed.cause, again.stage, again.slot) == ("lapsed", "reserved", 2)
    assert again.exemption == {"kind": "adjacent_section", "project_id": first["project_id"]}


def test_a_submission_whose_person_is_anothers_meanwhile_is_a_contradiction_until_he_is_free(sessions, clock, filing):
    manager, officer = factories.manager(sessions), factories.people(sessions, ("C3",))[0]
    late = filing(named(manager), named(officer, "safety_officer"))
    clock.advance(timedelta(minutes=6))
    lapse(sessions, StagesOf(None), clock)
    other = filing(named(manager)).tells("submitted")
    submitted = late.event("submitted")

    with pytest.raises(Contradiction) as stopped:
        hearing.application(sessions, submitted, clock)

    assert (stopped.value.code, stopped.value.detail["person_id"]) == ("person_taken", manager)
    assert active(sessions) == [(manager, "reserved")], "all or none, and nobody twice"
    other.tells("withdrawn")
    hearing.application(sessions, submitted, clock)
    assert active(sessions) == sorted([(manager, "reserved"), (officer, "reserved")])


def test_an_old_submission_heard_again_does_not_bring_back_the_first_choice(sessions, clock, filing):
    first, second = factories.manager(sessions), factories.manager(sessions)
    application = filing(named(first))
    old = application.event("submitted")
    application.tells("returned").claims(people=[named(second)]).tells("submitted")

    hearing.application(sessions, old, clock)

    assert active(sessions) == [(second, "reserved")]


def test_claim_of_an_application_that_has_ended_is_refused(sessions, filing):
    application = filing(named(factories.manager(sessions))).tells("submitted", "withdrawn")

    with pytest.raises(Conflict, match="application_closed"):
        application.claims()


def test_T12_operator_locked_to_one_machine_cannot_be_named_for_another(sessions, filing):
    people = operators(sessions)
    filing(*people, matter="use_registration", machine=tower()).tells("submitted", "approved")

    with pytest.raises(Conflict) as refusal:
        filing(*people, matter="use_registration", machine=tower())

    assert refusal.value.code == "person_locked"
    assert [each["code"] for each in refusal.value.detail["findings"]] == ["person_locked", "person_locked"]


def test_T12_operator_can_be_named_elsewhere_once_the_authority_releases_him(sessions, clock, filing):
    people = operators(sessions)
    filing(*people, matter="use_registration", machine=tower()).tells("submitted", "approved")
    for each in people:
        request = {"lock_id": locks_of(sessions, each["person_id"])[0].id, "reason": "设备已退场"}
        acts.unlock(sessions, Call(principal=factories.officer()), request, clock)

    filing(*people, matter="use_registration", machine=tower()).tells("submitted", "approved")

    assert [stage for _, stage in active(sessions)] == ["held", "held"]


def test_T12_project_end_releases_everybody_on_it(sessions, clock, filing):
    project = factories.project()
    people = operators(sessions)
    filing(*people, matter="use_registration", machine=tower(), project=project).tells("submitted", "approved")
    manager = factories.manager(sessions)
    filing(named(manager), project=project).tells("submitted", "approved")
    clock.advance(MINUTE)

    hearing.project(sessions, factories.project_told(project, 7, clock(), "closed", stage="closed"), clock)

    assert active(sessions) == []
    assert len(recorded(sessions, "person_unlocked")) == 3


def test_T13_dismantling_frees_nobody_until_it_is_handled_and_then_all_at_once(sessions, filing):
    machine, project = tower(), factories.project()
    people = operators(sessions)
    filing(*people, matter="use_registration", machine=machine, project=project).tells("submitted", "approved")
    team = crew(sessions)
    dismantling = filing(*team, matter="dismantling_notice", machine=machine, project=project).tells("submitted")
    assert sorted(stage for _, stage in active(sessions)) == ["held", "held", "reserved"]

    dismantling.tells("approved")

    assert active(sessions) == []
    unlocked = recorded(sessions, "person_unlocked")
    assert sorted(each["data"]["person_id"] for each in unlocked) == sorted(each["person_id"] for each in people)


def test_T13_what_equipment_tells_of_the_same_machine_changes_nothing_more(sessions, clock, filing):
    machine, project = tower(), factories.project()
    filing(*operators(sessions), matter="use_registration", machine=machine, project=project).tells("approved")
    unlocked = factories.machine_unlocked(machine["machine_id"], project["project_id"], clock())
    filing(*crew(sessions), matter="dismantling_notice", machine=machine, project=project).tells("approved")
    before = recorded(sessions)

    for _ in range(2):
        hearing.machine_unlocked(sessions, unlocked, clock)

    assert recorded(sessions) == before


def test_machine_unlocked_by_an_agency_frees_its_operators_but_not_those_named_later(sessions, clock, filing):
    machine, project = tower(), factories.project()
    filing(*operators(sessions), matter="use_registration", machine=machine, project=project).tells("approved")
    clock.advance(MINUTE)
    unlocked = factories.machine_unlocked(machine["machine_id"], project["project_id"], clock())
    clock.advance(MINUTE)
    later = crew(sessions)
    filing(*later, matter="install_notice", machine=machine, project=project).tells("submitted")

    hearing.machine_unlocked(sessions, unlocked, clock)

    assert active(sessions) == [(later[0]["person_id"], "reserved")]


def test_registration_of_use_frees_the_crew_that_put_the_machine_up(sessions, filing):
    machine, project = tower(), factories.project()
    filing(*crew(sessions), matter="install_notice", machine=machine, project=project).tells("submitted", "approved")
    people = operators(sessions)

    filing(*people, matter="use_registration", machine=machine, project=project).tells("submitted", "approved")

    assert active(sessions) == sorted((each["person_id"], "held") for each in people)


def test_change_of_key_personnel_is_one_step_and_one_event(sessions, filing):
    project = factories.project()
    old, new = factories.manager(sessions), factories.manager(sessions)
    filing(named(old), project=project).tells("submitted", "approved")
    change = filing(named(new, replaces=old), matter="personnel_change", project=project).tells("submitted")
    assert active(sessions) == sorted([(old, "held"), (new, "reserved")])

    change.tells("approved")

    assert active(sessions) == [(new, "held")]
    told = recorded(sessions)[1:]
    assert [(each["type"], each["data"]["person_id"]) for each in told] == [("person_replaced", new)]
    assert told[0]["data"]["replaced_person_id"] == old


def test_nobody_can_be_replaced_who_is_not_held_in_that_role(sessions, filing):
    stranger, new = factories.manager(sessions), factories.manager(sessions)

    with pytest.raises(Conflict, match="replaced_person_not_locked"):
        filing(named(new, replaces=stranger), matter="personnel_change")


def test_merge_of_an_unfiled_project_moves_its_locks(sessions, clock, filing):
    unfiled, filed = factories.project("未备案工程"), factories.project("已备案工程", factories.QIAOXI)
    manager = factories.manager(sessions)
    filing(named(manager), project=unfiled).tells("submitted", "approved")
    lock_id = locks_of(sessions, manager)[0].id
    hearing.project(sessions, factories.project_told(filed, 3, clock(), "registered"), clock)

    merged = factories.project_told(unfiled, 2, clock(), stage="merged", merged_into=filed["project_id"])
    hearing.project(sessions, merged, clock)

    (lock,) = locks_of(sessions, manager)
    assert (lock.id, lock.project.name, lock.project.area) == (lock_id, "已备案工程", factories.QIAOXI)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1), (0, 0, 2, 2, 1, 1)])
def test_every_order_and_repetition_of_events_comes_to_the_same_end(sessions, clock, filing, order):
    manager = factories.manager(sessions)
    application = filing(named(manager))
    events = [application.event(each) for each in ("submitted", "returned", "withdrawn")]

    for place in order:
        hearing.application(sessions, events[place], clock)

    assert active(sessions) == []


def test_late_approval_does_not_take_back_whom_the_dismantling_freed(sessions, clock, filing):
    machine, project = tower(), factories.project()
    registration = filing(*operators(sessions), matter="use_registration", machine=machine, project=project)
    late = [registration.event(each) for each in ("submitted", "approved")]
    filing(*crew(sessions), matter="dismantling_notice", machine=machine, project=project).tells("approved")

    for event in late:
        hearing.application(sessions, event, clock)

    assert active(sessions) == []


def test_what_had_lapsed_is_taken_up_again_when_the_submission_is_heard_after_all(sessions, clock, filing):
    manager = factories.manager(sessions)
    application = filing(named(manager))
    other = filing(named(factories.manager(sessions)))
    gone = {"stage": "draft", "outcome": None, "matter": "safety_filing", "version": 1}
    clock.advance(timedelta(minutes=6))
    lapse(sessions, StagesOf(gone), clock)
    assert active(sessions) == []

    application.tells("submitted")
    for event in reversed([other.event("submitted"), other.event("withdrawn")]):
        hearing.application(sessions, event, clock)

    assert active(sessions) == [(manager, "reserved")]
