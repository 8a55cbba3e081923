"""A release asked of the agency: nobody is locked by asking, and the approval unlocks for the agency's reason (R-P5)."""

from datetime import timedelta

import pytest

from chassis.errors import Conflict
from chassis.identifiers import new_id
from personnel import hearing
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.factories import CONTRACTOR, FILING, claim, named
from services.personnel.tests.reading import active, locks_of, recorded

MINUTE = timedelta(minutes=1)
REASON = {"reason": "已解除劳动合同，人员已离岗"}


@pytest.fixture
def tell(sessions, clock):
    versions = iter(range(2, 100))

    def tell(request, *types, **more):
        for type_ in types:
            clock.advance(MINUTE)
            event = factories.told(request, type_, next(versions), clock(), **more)
            hearing.application(sessions, event, clock)

    return tell


@pytest.fixture
def held(sessions, clock, tell):
    """A project manager held on a project: (person, project)."""
    manager, project = factories.manager(sessions), factories.project()
    request = claim(named(manager), project=project)
    reserve(sessions, FILING, request, clock)
    tell(request, "submitted", "approved")
    return manager, project


def asked(person_id, project, role="project_manager", **more):
    return claim(named(person_id, role, **more), matter="person_release", project=project)


def test_asking_locks_nobody_and_an_approval_frees_for_the_agencys_reason(sessions, clock, tell, held) -> None:
    manager, project = held
    request = asked(manager, project)

    reply = reserve(sessions, FILING, request, clock)
    tell(request, "submitted")
    assert (reply["granted_until"], [each["person_id"] for each in reply["people"]]) == (None, [manager])
    assert len(active(sessions, manager)) == 1

    tell(request, "approved", decision=REASON)

    assert active(sessions, manager) == []
    lock = locks_of(sessions, manager)[-1]
    assert (lock.cause, lock.reason) == ("unlocked", REASON["reason"])
    told = recorded(sessions, "person_unlocked")
    assert [each["data"]["reason"] for each in told] == [REASON["reason"]]


@pytest.mark.parametrize("type_", ["returned", "rejected", "withdrawn"])
def test_whatever_else_becomes_of_the_request_the_lock_stays(sessions, clock, tell, held, type_) -> None:
    manager, project = held
    request = asked(manager, project)
    reserve(sessions, FILING, request, clock)

    tell(request, "submitted", type_)

    assert len(active(sessions, manager)) == 1


def test_an_approval_that_comes_twice_or_late_frees_no_later_lock(sessions, clock, tell, held) -> None:
    manager, project = held
    request = asked(manager, project)
    reserve(sessions, FILING, request, clock)
    late = factories.told(request, "approved", 50, clock(), decision=REASON)
    tell(request, "approved", decision=REASON)
    next_one = claim(named(manager), project=factories.project())
    reserve(sessions, FILING, next_one, clock)
    tell(next_one, "submitted", "approved")

    hearing.application(sessions, late, clock)

    held_by = [each.application_id for each in locks_of(sessions, manager) if each.released_at is None]
    assert held_by == [next_one["application_id"]]


def test_only_who_is_held_on_the_project_in_that_post_is_asked_for(sessions, clock, held) -> None:
    manager, project = held
    free = factories.manager(sessions)

    for request in (
        asked(free, project),
        asked(manager, factories.project()),
        asked(manager, project, "safety_officer"),
    ):
        with pytest.raises(Conflict, match="person_not_locked_here"):
            reserve(sessions, FILING, request, clock)
    with pytest.raises(Conflict, match="person_unknown"):
        reserve(sessions, FILING, asked(new_id(), project), clock)


def test_others_than_the_parties_ask_for_their_own_people_only(sessions, clock, held) -> None:
    manager, project = held

    assert reserve(sessions, FILING, asked(manager, project, employer_id=CONTRACTOR), clock)["findings"] == []
    with pytest.raises(Conflict, match="person_not_employed"):
        reserve(sessions, FILING, asked(manager, project, employer_id=new_id()), clock)


def test_a_lock_that_is_not_decided_yet_is_not_asked_for(sessions, clock, tell) -> None:
    manager, project = factories.manager(sessions), factories.project()
    request = claim(named(manager), project=project)
    reserve(sessions, FILING, request, clock)
    tell(request, "submitted")

    with pytest.raises(Conflict, match="person_not_locked_here"):
        reserve(sessions, FILING, asked(manager, project), clock)
