"""Claims on people: who is granted, who is refused, and that the database decides however many ask at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden
from chassis.identifiers import new_id
from chassis.testing.clock import FrozenClock
from personnel.locks import LAPSES_AFTER
from personnel.models import PersonLock
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named


def active(sessions: Sessions, *person_ids: str) -> list[tuple[str, str]]:
    with transaction(sessions) as session:
        rows = session.scalars(
            select(PersonLock).where(PersonLock.released_at.is_(None), PersonLock.person_id.in_(person_ids))
        )
        return sorted((each.person_id, each.stage) for each in rows)


def refused(sessions: Sessions, request: dict, clock: FrozenClock) -> Conflict:
    with pytest.raises(Conflict) as refusal:
        reserve(sessions, FILING, request, clock)
    return refusal.value


def test_claim_is_granted_provisionally_with_the_peoples_certificates(sessions, clock):
    manager = factories.manager(sessions)

    reply = reserve(sessions, FILING, claim(named(manager)), clock)

    assert reply["granted_until"] == clock() + LAPSES_AFTER
    assert [each["kind"] for each in reply["people"][0]["certificates"]] == ["B", "builder"]
    assert active(sessions, manager) == [(manager, "provisional")]


def test_second_project_is_told_who_holds_the_manager_and_since_when(sessions, clock):
    manager = factories.manager(sessions)
    reserve(sessions, FILING, claim(named(manager), project=factories.project("一号工程")), clock)

    refusal = refused(sessions, claim(named(manager)), clock)

    assert refusal.code == "person_locked"
    assert refusal.detail["held_by"] == "一号工程"
    assert refusal.detail["since"] == clock().isoformat()
    assert refusal.detail["role"] == "project_manager"


def test_all_or_none(sessions, clock):
    taken, free = factories.manager(sessions), factories.people(sessions, ("C3",))[0]
    reserve(sessions, FILING, claim(named(taken)), clock)

    refused(sessions, claim(named(free, "safety_officer"), named(taken)), clock)

    assert active(sessions, free) == []


def test_repeat_finds_its_own_and_is_kept_longer(sessions, clock):
    request = claim(named(factories.manager(sessions)))
    first = reserve(sessions, FILING, request, clock)
    clock.advance(timedelta(minutes=2))

    second = reserve(sessions, FILING, request, clock)

    assert second["people"] == first["people"]
    assert second["granted_until"] == clock() + LAPSES_AFTER
    assert len(active(sessions, request["people"][0]["person_id"])) == 1


def test_changed_choice_replaces_the_applications_earlier_one(sessions, clock):
    first, second = factories.manager(sessions), factories.manager(sessions)
    request = claim(named(first))
    reserve(sessions, FILING, request, clock)

    reserve(sessions, FILING, request | {"people": [named(second)]}, clock)
    reserve(sessions, FILING, claim(named(first)), clock)

    assert active(sessions, first, second) == sorted([(first, "provisional"), (second, "provisional")])


def test_choice_changed_back_is_granted_again(sessions, clock):
    first, second = factories.manager(sessions), factories.manager(sessions)
    request = claim(named(first))
    for choice in (first, second, first):
        reserve(sessions, FILING, request | {"people": [named(choice)]}, clock)

    assert active(sessions, first, second) == [(first, "provisional")]


def test_check_only_tells_all_findings_and_locks_nobody(sessions, clock):
    manager = factories.people(sessions, ("C2",))[0]
    reserve(sessions, FILING, claim(named(manager, "safety_officer")), clock)

    reply = reserve(sessions, FILING, claim(named(manager), check_only=True), clock)

    assert reply["granted_until"] is None
    assert [each["code"] for each in reply["findings"]] == [
        "certificate_missing",
        "certificate_missing",
        "person_locked",
    ]
    assert len(active(sessions, manager)) == 1


def test_only_filing_or_the_applicant_himself_may_claim(sessions, clock):
    for principal in (factories.clerk(new_id()), factories.officer()):
        with pytest.raises(Forbidden):
            reserve(sessions, principal, claim(), clock)
        assert reserve(sessions, principal, claim(check_only=True), clock)["findings"] == []


def test_one_person_cannot_fill_two_full_time_posts(sessions, clock):
    person = factories.people(sessions, ("B", "builder", "C3"))[0]

    refusal = refused(sessions, claim(named(person), named(person, "safety_officer")), clock)

    assert refusal.code == "person_named_twice"


def test_owners_lead_is_recorded_without_limit(sessions, clock):
    lead = factories.people(sessions, ())[0]
    for _ in range(5):
        reserve(sessions, FILING, claim(named(lead, "owner_lead")), clock)

    assert len(active(sessions, lead)) == 5


def race(sessions: Sessions, clock: FrozenClock, person: str, role: str, threads: int = 32) -> list[str]:
    """The outcome of each of so many claims for one person by different projects at once."""

    def one(_: int) -> str:
        try:
            reserve(sessions, FILING, claim(named(person, role)), clock)
        except Conflict as refusal:
            return refusal.code
        return "granted"

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(one, range(threads)))


def test_T14_of_thirty_two_projects_at_once_exactly_one_gets_the_manager(sessions, clock):
    manager = factories.manager(sessions)

    outcomes = race(sessions, clock, manager, "project_manager")

    assert outcomes.count("granted") == 1
    assert outcomes.count("person_locked") == 31
    assert len(active(sessions, manager)) == 1


def test_of_thirty_two_projects_at_once_exactly_three_get_the_chief_supervisor(sessions, clock):
    chief = factories.chief(sessions)

    outcomes = race(sessions, clock, chief, "chief_supervisor")

    assert outcomes.count("granted") == 3
    assert outcomes.count("person_locked_too_often") == 29


def test_the_database_refuses_a_second_lock_in_a_slot_whatever_the_code_does(sessions, clock):
    manager = factories.manager(sessions)
    reserve(sessions, FILING, claim(named(manager)), clock)
    with transaction(sessions) as session:
        lock = session.scalars(select(PersonLock).where(PersonLock.person_id == manager)).one()
        copy = {c.name: getattr(lock, c.name) for c in PersonLock.__table__.columns}

    for slot in (1, 2):
        with pytest.raises(IntegrityError), transaction(sessions) as session:
            session.add(PersonLock(**copy | {"id": f"{slot}", "application_id": "another", "slot": slot}))

    with transaction(sessions) as session:
        assert session.scalar(select(func.count()).select_from(PersonLock)) == 1
