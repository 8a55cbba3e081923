"""The ledger: what held whom then, and what did we know then; and a state machine over locks and ledger."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.identifiers import new_id
from chassis.testing.clock import START, FrozenClock
from personnel import hearing, ledger, reading
from personnel.models import Person, PersonArea, PersonLock
from personnel.reconcile import lapse
from personnel.reserve import reserve
from services.personnel.tests import factories
from services.personnel.tests.factories import FILING, claim, named

HOUR = timedelta(hours=1)
AREAS = (factories.QIAOXI, factories.TANGSHAN)


def held_by(sessions: Sessions, person_id: str, at: datetime, known_at: datetime) -> list[tuple[str, str]]:
    with transaction(sessions) as session:
        return sorted((each.project_name, each.stage) for each in ledger.holders(session, person_id, at, known_at))


def test_an_event_heard_late_changes_the_past_but_not_what_was_known_of_it(sessions, clock):
    manager, request = factories.manager(sessions), None
    request = claim(named(manager), project=factories.project("一号工程"))
    reserve(sessions, FILING, request, clock)
    granted = clock()
    hearing.application(sessions, factories.told(request, "submitted", 2, granted), clock)
    clock.advance(HOUR)
    approved = clock()
    clock.advance(HOUR)
    late = clock()

    hearing.application(sessions, factories.told(request, "approved", 3, approved), clock)

    assert held_by(sessions, manager, approved, approved) == [("一号工程", "reserved")]
    assert held_by(sessions, manager, approved, late) == [("一号工程", "held")]
    assert held_by(sessions, manager, granted, late) == [("一号工程", "reserved")]
    assert held_by(sessions, manager, granted - HOUR, late) == []


def test_question_is_answered_for_who_may_see_the_person(sessions, clock):
    manager = factories.manager(sessions)
    request = claim(named(manager), project=factories.project("一号工程"))
    reserve(sessions, FILING, request, clock)

    answer = reading.get_person_holder(sessions, factories.clerk(), manager, clock(), None, clock)

    assert [(each["project_name"], each["role"], each["since"]) for each in answer["holders"]] == [
        ("一号工程", "project_manager", clock())
    ]


@pytest.mark.parametrize("statement", ["update person_ledger set stage = 'held'", "delete from person_ledger"])
def test_the_service_itself_cannot_change_the_ledger(sessions, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), transaction(sessions) as session:
        session.execute(text(statement))


def sight_of(session: Session, person_ids: list[str]) -> set[tuple[str, str]]:
    rows = select(PersonArea.person_id, PersonArea.area).where(PersonArea.person_id.in_(person_ids))
    return {(each.person_id, each.area) for each in session.execute(rows)}


def sight_from_scratch(session: Session, person_ids: list[str]) -> set[tuple[str, str]]:
    """Every territory, up to the province, in which somebody works or is locked."""
    found = set()
    for person in session.scalars(select(Person).where(Person.id.in_(person_ids))):
        locks = select(PersonLock).where(PersonLock.person_id == person.id, PersonLock.released_at.is_(None))
        for area in (person.area, *(each.project.area for each in session.scalars(locks))):
            parts = area.split(".")
            found |= {(person.id, ".".join(parts[:depth])) for depth in range(1, len(parts) + 1)}
    return found


MOVES = {
    "draft": ("submitted",),
    "submitted": ("returned", "approved", "rejected", "withdrawn"),
    "returned": ("submitted", "withdrawn"),
}


class Application:
    """The truth of filing about one application, and what was told of it and not yet heard."""

    def __init__(self, place: int) -> None:
        self.request = claim(project=factories.project(f"工程{place}", AREAS[place]))
        self.stage, self.version, self.changed_at = "draft", 1, START
        self.claimed: str | None = None  # whom its granted claim names
        self.submitted: str | None = None  # whom its newest submission names
        self.seen = 0  # the newest version that was put into effect
        self.events: list[Event] = []

    @property
    def id(self) -> str:
        return self.request["application_id"]


class LocksAndLedger(RuleBasedStateMachine):
    """Two applications want two managers. The model: who has whom, by the rules of design.md §4 alone.

    `has` maps (person, application) to the moment of the grant while the lock is provisional, to None after.
    """

    sessions: Sessions

    @initialize(heard=st.booleans())
    def start(self, heard: bool) -> None:
        """In the middle of things: one application is submitted (whether or not that has been heard), one begun."""
        self.clock = FrozenClock()
        self.people = [factories.manager(self.sessions) for _ in range(2)]
        self.applications = [Application(place) for place in range(2)]
        self.has: dict[tuple[str, Application], datetime | None] = {}
        self.known: list[tuple[datetime, str, list[tuple[str, str]]]] = []
        self.claims(0, 0)
        self.moves(0, heard)

    @precondition(lambda self: self.able_to_claim())
    @rule(which=st.integers(0, 1), who=st.integers(0, 1))
    def claims(self, which: int, who: int) -> None:
        able = self.able_to_claim()
        application, person = able[which % len(able)], self.people[who]
        self.clock.advance(timedelta(seconds=30))
        request = application.request | {"people": [named(person)]}
        try:
            reserve(self.sessions, FILING, request, self.clock)
        except Conflict as refusal:
            assert refusal.code == "person_locked"
            assert self.holder(person) not in (None, application)
            return
        assert self.holder(person) in (None, application)
        application.request, application.claimed = request, person
        self.drop(application, lambda other, granted: other != person and granted is not None)
        if self.has.get((person, application), self) is not None:
            self.has[person, application] = self.clock()

    @precondition(lambda self: self.possible_moves())
    @rule(which=st.integers(0, 7), at_once=st.booleans())
    def moves(self, which: int, at_once: bool) -> None:
        """Filing lets an application move on, and tells: what it tells may arrive at once."""
        possible = self.possible_moves()
        application, type_ = possible[which % len(possible)]
        self.clock.advance(timedelta(seconds=30))
        application.version, application.stage, application.changed_at = application.version + 1, type_, self.clock()
        if type_ == "submitted":
            application.submitted = application.claimed
        request = application.request | {"people": [named(application.submitted)]}
        event = factories.told(request, type_, application.version, self.clock())
        application.events.append(event)
        if at_once:
            self.arrives(application, event)

    @precondition(lambda self: any(each.events for each in self.applications))
    @rule(which=st.integers(0, 9), twice=st.booleans())
    def hears(self, which: int, twice: bool) -> None:
        """Anything that was told arrives: late, out of order, again."""
        told = [(application, event) for application in self.applications for event in application.events]
        application, event = told[which % len(told)]
        self.clock.advance(timedelta(seconds=1))
        self.arrives(application, event)
        if twice:  # known to the inbox, and replayed under an id of its own
            self.arrives(application, event)
            self.arrives(application, replace(event, id=new_id()))

    @rule()
    def lapses(self) -> None:
        """Minutes go by, and filing is asked about what is provisional still."""
        self.clock.advance(timedelta(minutes=6))
        lapse(self.sessions, self, self.clock)

    def able_to_claim(self) -> list[Application]:
        return [each for each in self.applications if each.stage in ("draft", "returned")]

    def possible_moves(self) -> list[tuple[Application, str]]:
        """Submission needs a claim that still stands: filing looks at `granted_until`."""
        return [
            (application, type_)
            for application in self.applications
            for type_ in MOVES.get(application.stage, ())
            if type_ != "submitted" or (application.claimed, application) in self.has
        ]

    def holder(self, person: str) -> Application | None:
        return next((application for other, application in self.has if other == person), None)

    def drop(self, application: Application, gone: Callable[[str, datetime | None], bool]) -> None:
        self.has = {
            (person, each): granted
            for (person, each), granted in self.has.items()
            if each is not application or not gone(person, granted)
        }

    def arrives(self, application: Application, event: Event) -> None:
        hearing.application(self.sessions, event, self.clock)
        if event.data["version"] > application.seen:
            application.seen = event.data["version"]
            (person,) = event.data["people"]
            self.put_into_effect(
                application, event.type.removeprefix("application_"), person["person_id"], event.occurred_at
            )

    def put_into_effect(self, application: Application, type_: str, person: str, at: datetime) -> None:
        if type_ in ("rejected", "withdrawn"):
            self.drop(application, lambda *_: True)
        elif type_ == "returned":
            for key, granted in list(self.has.items()):
                if key[1] is application and granted is not None and granted <= at:
                    self.has[key] = None
        else:
            self.drop(application, lambda other, granted: other != person and (granted is None or granted <= at))
            if self.holder(person) in (None, application):
                self.has[person, application] = None

    def stages(self, application_ids: list[str]) -> dict[str, Any]:
        """Filing is asked; what its answer will do is done to the model first."""
        asked = [each for each in self.applications if each.id in application_ids]
        for application in asked:
            if application.stage == "draft":
                self.drop(application, lambda _, granted: granted is not None)
                continue
            application.seen = application.version
            self.put_into_effect(application, application.stage, str(application.submitted), application.changed_at)
            if application.stage == "returned":
                self.drop(application, lambda _, granted: granted is not None)
        return {each.id: self.answer(each) for each in asked}

    def answer(self, application: Application) -> dict[str, Any]:
        closed = application.stage in ("approved", "rejected", "withdrawn")
        people = [{"person_id": application.submitted, "role": "project_manager"}] if application.submitted else []
        project = application.request["project"]
        return {
            "matter": "safety_filing",
            "stage": "closed" if closed else application.stage,
            "outcome": application.stage if closed else None,
            "version": application.version,
            "at": application.changed_at.isoformat(),
            "applicant_id": factories.CONTRACTOR,
            "project": project,
            "people": people,
        }

    @invariant()
    def nobody_is_locked_twice_and_the_ledger_is_true(self) -> None:
        """The locks are the model's, the ledger tells the present, and what was known once is never told otherwise."""
        now = self.clock()
        with transaction(self.sessions) as session:
            mine = PersonLock.person_id.in_(self.people)
            active = session.scalars(select(PersonLock).where(PersonLock.released_at.is_(None), mine)).all()
            assert sorted(
                (each.person_id, each.application_id, each.stage == "provisional") for each in active
            ) == sorted(
                (person, application.id, granted is not None) for (person, application), granted in self.has.items()
            )
            for person in self.people:
                found = [(each.application_id, each.stage) for each in ledger.holders(session, person, now, now)]
                assert found == [(each.application_id, each.stage) for each in active if each.person_id == person]
                self.known.append((now, person, found))
            assert sight_of(session, self.people) == sight_from_scratch(session, self.people)
            moment, person, found = self.known[len(self.known) // 2]
            then = ledger.holders(session, person, moment, moment)
            assert [(each.application_id, each.stage) for each in then] == found
        self.clock.advance(timedelta(milliseconds=1))


@pytest.mark.timeout(600)  # a failure is shrunk to its shortest history first
def test_any_history_leaves_each_manager_to_one_application_and_a_true_ledger(sessions):
    machine = type("Machine", (LocksAndLedger,), {"sessions": sessions})

    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
