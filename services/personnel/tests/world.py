"""Filing, equipment, the agency and the clock around the locks, all at the hand of a test, and a model beside them.

Applications of every matter name managers, a chief, drivers and installers; projects stop, are accepted, merged and
closed; machines leave; agencies unlock. What is told arrives in any order, twice, or long after.
"""

import itertools
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis.call import Call
from chassis.clock import day_of
from chassis.database import Sessions, transaction
from chassis.envelope import Event
from chassis.errors import Conflict
from chassis.identifiers import new_id
from chassis.testing.clock import FrozenClock
from personnel import acts, hearing, ledger
from personnel.models import LedgerEntry, PersonArea, PersonLock
from personnel.reconcile import lapse
from personnel.reserve import reserve
from personnel.terms import Contradiction, Exemption, Role
from services.personnel.tests import factories
from services.personnel.tests.factories import CHANGAN, CONTRACTOR, FILING, QIAOXI, TANGSHAN
from services.personnel.tests.model import Case, Model, Taken, Wanted, Works

AREAS = (CHANGAN, QIAOXI, TANGSHAN)
MACHINES = 2
MANAGERS, CHIEFS, DRIVERS, WORKERS = (0, 1, 2, 3), (4,), (5, 6, 7), (8, 9, 10)
KINDS = (
    *[("B", "builder")] * len(MANAGERS),
    *[("supervising_engineer",)] * len(CHIEFS),
    *[("special_operation:06",)] * len(DRIVERS),
    *[("special_operation:09",)] * len(WORKERS),
)
MOST_SITES = 4
PAIRED = 6
SOON = timedelta(seconds=20)

ACTS = (
    *("claim committed",) * 8,
    *("claim broken", "claim broken"),
    *("decide approved",) * 6,
    *("decide returned", "decide returned", "decide rejected", "withdraw"),
    *("deliver once",) * 9,
    *("deliver kept", "deliver copied", "deliver copied"),
    *("wait 1", "wait 301", "lapse", "lapse"),
    *("unlock person", "unlock machine"),
    *("change stop", "change resume", "change accept", "change close", "change merge"),
)


@dataclass
class Application:
    """What filing knows: `case` is what it would be handed in with, `submitted` with what it was."""

    case: Case
    stage: str = "draft"
    version: int = 1
    at: datetime | None = None
    submitted: Case | None = None

    @property
    def is_living(self) -> bool:
        return self.stage in ("submitted", "returned")


@dataclass
class Site:
    """A project, as filing knows it; `manager` holds its post by what was approved."""

    told: dict[str, Any]
    stage: str
    manager: int | None = None
    works: Works = field(default_factory=Works)


@dataclass
class News:
    """Something told and not heard yet. `effect` is what the model makes of it."""

    event: Event
    handler: Callable[..., None]
    effect: Callable[[], None]
    is_heard: bool = False


class World:
    """Filing, equipment, the agency and the clock around the locks, all at the hand of the test."""

    def __init__(self, sessions: Sessions, seen: Counter[str]) -> None:
        self.sessions = sessions
        self.clock = FrozenClock()
        self.model = Model(seen)
        self.people = factories.people(sessions, *KINDS)
        self.applications: list[Application] = []
        self.sites: list[Site] = []
        self.ids: list[str] = []
        self.places: dict[int, int | None] = dict.fromkeys(range(MACHINES))
        self.machine_ids = [new_id() for _ in range(MACHINES)]
        self.pending: list[News] = []

    def happen(self, act: str, place: int, pick: int) -> None:
        """`place` picks among what there is to act on, `pick` among what can be chosen. Then the locks are looked at."""
        name, _, way = act.partition(" ")
        getattr(self, name)(place, pick, way)
        if name in ("claim", "deliver", "lapse", "unlock"):
            self.check()

    # Filing's applications

    def claim(self, place: int, pick: int, way: str) -> None:
        """Claim its people; then filing commits, or (something else was refused, or it died) it does not."""
        number = self._editable(place)
        if number is None:
            return
        own = self.applications[number]
        case = self._people_chosen(own.case, pick)
        on = day_of(self.clock())
        request = self._request(number, case) | {"on": on}
        try:
            reserve(self.sessions, FILING, request, self.clock)
            granted = True
        except Conflict:
            granted = False
        assert granted == self.model.reserve(number, case, self.clock(), on)
        if granted and way == "committed":
            own.case = own.submitted = case
            self._tell(number, "submitted")

    def decide(self, place: int, pick: int, way: str) -> None:
        number = self._pick(place, lambda each: each.stage == "submitted")
        if number is None:
            return
        if way == "approved" and not self._can_be_approved(self.applications[number].case):
            way = "rejected"
        self._tell(number, way)
        if way == "approved":
            self._approve(number)

    def withdraw(self, place: int, pick: int, way: str) -> None:
        number = self._pick(place, lambda each: each.is_living)
        if number is not None:
            self._tell(number, "withdrawn")

    # What is told of projects, machines and people by others

    def change(self, place: int, pick: int, way: str) -> None:
        """An agency's act on a project that allows it."""
        ready = {"merge": ("unfiled",), "close": ("filed", "unfiled")}.get(way, ("filed",))
        found = [number for number, each in enumerate(self.sites) if each.stage in ready]
        if not found:
            return
        number = found[place % len(found)]
        site, works = self.sites[number], replace(self.sites[number].works)
        today = day_of(self.clock())
        if way == "stop":
            works.stopped_since = today - timedelta(days=119 + pick % 3)
        elif way == "resume":
            works.stopped_since = None
        elif way == "accept":
            works.accepted_on = today - timedelta(days=pick % 3)
        elif self._is_in_use(number):
            return
        elif way == "close":
            site.stage, works.is_closed = "closed", True
        else:
            filed = [other for other, each in enumerate(self.sites) if each.stage == "filed"]
            if not filed:
                return
            into = filed[pick % len(filed)]
            site.stage, works.merged_into = "merged", into
            self.places = {machine: into if at == number else at for machine, at in self.places.items()}
        site.works = works
        self._tell_project(number)

    def unlock(self, place: int, pick: int, way: str) -> None:
        if way == "machine":
            standing = [number for number, at in self.places.items() if at is not None]
            if standing and not self._living_about(standing[place % len(standing)]):
                self._leave(standing[place % len(standing)])
            return
        held = self.model.active(lambda each: each.stage == "held")
        if not held:
            return
        lock = held[place % len(held)]
        with transaction(self.sessions) as session:
            (row,) = [each for each in self._active(session) if self._key(each) == self._modelled(lock)]
        request = {"lock_id": row.id, "reason": "合同已解除，人员已离岗"}
        officer = factories.officer(self.sites[lock.project].told["area"])
        acts.unlock(self.sessions, Call(principal=officer), request, self.clock)
        self.model.release(lock, "unlocked", self.clock(), self.clock())

    # What arrives here

    def deliver(self, place: int, pick: int, way: str) -> None:
        """Any of what is under way: late, out of order, and again if it is kept; a copy has an id of its own."""
        if not self.pending:
            return
        told = self.pending[place % len(self.pending)]
        event = replace(told.event, id=new_id()) if way == "copied" else told.event
        try:
            told.handler(self.sessions, event, self.clock)
        except Contradiction:
            with pytest.raises(Taken):
                told.effect()
            return  # it is tried again
        if way == "copied" or not told.is_heard:
            told.effect()
        told.is_heard = told.is_heard or way != "copied"
        if way == "once":
            self.pending.remove(told)

    def wait(self, place: int, pick: int, way: str) -> None:
        self.clock.advance(timedelta(seconds=int(way)))

    def lapse(self, place: int, pick: int, way: str) -> None:
        lapse(self.sessions, self, self.clock)

    def stages(self, application_ids: list[str]) -> dict[str, Any]:
        """Filing is asked, of all whose time is up; what its answers will do is done to the model first."""
        now = self.clock()
        due = self.model.active(lambda each: each.lapses_at is not None and each.lapses_at <= now)
        mine = [each for each in application_ids if each in self.ids]  # others are left over from an earlier story
        assert set(mine) == {self.ids[each.application] for each in due}
        answers: dict[str, Any] = dict.fromkeys(application_ids)
        for number in map(self.ids.index, mine):
            own = self.applications[number]
            standing = "gone" if own.stage == "draft" else own.stage
            case = own.submitted or Case(own.case.matter, own.case.project)
            with suppress(Taken):
                self.model.hear(number, standing, own.version, case, own.at or now, now, asked=True)
            answers[self.ids[number]] = self._answer(number)
        return answers

    # What must hold

    def check(self) -> None:
        """The locks are the model's; nobody stands above his limit but by an exception; who may see whom is true."""
        with transaction(self.sessions) as session:
            active = self._active(session)
            expected = [self._modelled(each) for each in self.model.active(lambda _: True)]
            assert sorted(map(self._key, active)) == sorted(expected)
            for person in self.people:
                posts = sorted(
                    (each.slot, each.exemption is not None)
                    for each in active
                    if each.person_id == person and each.capacity_group == "full_time"
                )
                # Whoever has no exception must find the ordinary slot taken.
                assert not posts or (posts[0][0] == 1 and all(excused for _, excused in posts[1:]))
            seen = session.execute(
                select(PersonArea.person_id, PersonArea.area).where(PersonArea.person_id.in_(self.people))
            )
            assert {(each.person_id, each.area) for each in seen} == self._sight(active)

    def finish(self) -> None:
        with transaction(self.sessions) as session:
            for number, person in enumerate(self.people):
                mine = [each for each in self.model.locks if each.person == number]
                for at, known_at in itertools.product(self._moments(session, person), repeat=2):
                    found = [
                        (each.application_id, each.role, each.stage, each.project_id)
                        for each in ledger.holders(session, person, at, known_at)
                    ]
                    expected = [
                        (self.ids[each.application], each.role.value, then[0], self._project_id(then[1]))
                        for each in mine
                        if (then := each.then(at, known_at))
                    ]
                    assert sorted(found) == sorted(expected), (at, known_at)

    def _moments(self, session: Session, person: str) -> list[datetime]:
        """The times in the ledger and just before them; of many, some from everywhere."""
        entries = session.scalars(select(LedgerEntry).where(LedgerEntry.person_id == person)).all()
        times = {time for row in entries for time in (row.effective_at, row.recorded_at)}
        moments = sorted(times | {time - timedelta(microseconds=1) for time in times} | {self.clock()})
        return moments[:: max(1, len(moments) // PAIRED)]

    # Filing, at work

    def _editable(self, place: int) -> int | None:
        """One that can be handed in: every other time a new one, if there is anything to apply for."""
        if place % 2 and (case := self._new_case(place // 2)):
            self.applications.append(Application(case))
            self.ids.append(new_id())
            return len(self.applications) - 1
        return self._pick(place // 2, lambda each: each.stage in ("draft", "returned") and self._makes_sense(each))

    def _new_case(self, place: int) -> Case | None:
        """Of the kinds of application that are possible now, the one at this place."""
        filed = [number for number, each in enumerate(self.sites) if each.stage == "filed"]
        under_filing = sum(each.stage == "under_filing" for each in self.sites)
        idle = [number for number in self.places if not self._living_about(number)]
        free = [number for number in idle if self.places[number] is None]
        standing = [(number, at) for number in idle if (at := self.places[number]) is not None]
        cases = []
        if len(filed) + under_filing < MOST_SITES:
            cases.append(lambda: Case("safety_filing", self._new_site("under_filing")))
        if filed:
            there = filed[place % len(filed)]
            cases.append(lambda: Case("personnel_change", there))
            cases += [lambda number=each: Case("install_notice", there, number) for each in free]  # type: ignore[misc]
        if free:
            cases.append(lambda: Case("install_notice", self._new_site("unfiled"), free[0]))
        for number, at in standing:
            cases.append(lambda number=number, at=at: Case("use_registration", at, number))  # type: ignore[misc]
            cases.append(lambda number=number, at=at: Case("dismantling_notice", at, number))  # type: ignore[misc]
        return cases[place % len(cases)]() if cases else None

    def _makes_sense(self, own: Application) -> bool:
        """Filing's own checks: of project and machine as they are by now."""
        case, stage = own.case, self.sites[own.case.project].stage
        if case.matter == "safety_filing":
            return stage == "under_filing"
        if case.machine is None:
            return stage == "filed"
        at = self.places[case.machine]
        others = [each for each in self._living_about(case.machine) if each is not own]
        if others or stage not in ("filed", "unfiled"):
            return False
        return at is None if case.matter == "install_notice" else at == case.project

    def _can_be_approved(self, case: Case) -> bool:
        """What was unlocked meanwhile is not approved: filing has marked it."""
        return case.machine is None or self.places[case.machine] in (
            (None,) if case.matter == "install_notice" else (case.project,)
        )

    def _people_chosen(self, case: Case, pick: int) -> Case:
        def one_of(people: tuple[int, ...]) -> int:
            """Mostly somebody who is free, if anybody is."""
            busy = {each.person for each in self.model.active(lambda _: True)}
            found = [each for each in people if pick % 3 == 0 or each not in busy] or people
            return found[pick % len(found)]

        if case.matter == "safety_filing":
            named = (self._excused(Wanted(one_of(MANAGERS), Role.PROJECT_MANAGER), pick),)
            return replace(case, people=(*named, Wanted(one_of(CHIEFS), Role.CHIEF_SUPERVISOR)))
        if case.matter == "personnel_change":
            old = self.sites[case.project].manager
            replaced = old if old != one_of(MANAGERS) else None
            return replace(
                case, people=(self._excused(Wanted(one_of(MANAGERS), Role.PROJECT_MANAGER, replaced), pick),)
            )
        if case.matter == "use_registration":
            return replace(case, people=(Wanted(one_of(DRIVERS), Role.DRIVER),))
        return replace(case, people=(Wanted(one_of(WORKERS), Role.INSTALL_WORKER),))

    def _excused(self, wanted: Wanted, pick: int) -> Wanted:
        """A manager who holds a project already asks to be excused there, mostly."""
        there = [number for number, each in enumerate(self.sites) if each.manager == wanted.person]
        if not there or pick % 5 == 0:
            return wanted
        by = (Exemption.LONG_STOPPAGE, Exemption.WORKS_ACCEPTED)[pick % 2]
        return replace(wanted, by=by, excused_on=there[pick % len(there)])

    def _approve(self, number: int) -> None:
        case = self.applications[number].case
        if case.matter in ("safety_filing", "personnel_change"):
            site = self.sites[case.project]
            site.stage, site.manager = "filed", case.people[0].person
            self._tell_project(case.project)
        elif case.matter == "install_notice":
            self.places[case.machine or 0] = case.project
        elif case.matter == "dismantling_notice":
            self._leave(case.machine or 0)

    def _leave(self, machine: int) -> None:
        """Equipment has unlocked it, and says so."""
        at, now = self.places[machine], self.clock()
        assert at is not None
        self.places[machine] = None
        event = factories.machine_unlocked(self.machine_ids[machine], self._project_id(at), now)
        self.pending.append(
            News(event, hearing.machine_unlocked, lambda: self.model.machine_left(machine, at, now, self.clock()))
        )

    def _living_about(self, machine: int) -> list[Application]:
        return [each for each in self.applications if each.is_living and each.case.machine == machine]

    def _is_in_use(self, site: int) -> bool:
        """Something is to be decided about it, or (of a project that is to be closed) machines stand on it."""
        applied_for = any(each.is_living and each.case.project == site for each in self.applications)
        return applied_for or (self.sites[site].stage == "filed" and site in self.places.values())

    def _new_site(self, stage: str) -> int:
        number = len(self.sites)
        self.sites.append(Site(factories.project(f"工程{number}", AREAS[number % len(AREAS)]), stage))
        return number

    def _pick(self, place: int, is_meant: Callable[[Application], bool]) -> int | None:
        found = [number for number, each in enumerate(self.applications) if is_meant(each)]
        return found[place % len(found)] if found else None

    # How it is told

    def _tell(self, number: int, stage: str) -> None:
        own, now = self.applications[number], self.clock()
        own.stage, own.version, own.at = stage, own.version + 1, now
        version, case = own.version, own.submitted
        assert case is not None
        event = factories.told(self._request(number, case), stage, version, now)
        self.pending.append(
            News(
                event,
                hearing.application,
                lambda: self.model.hear(number, stage, version, case, now, self.clock()),
            )
        )

    def _tell_project(self, number: int) -> None:
        site, now = self.sites[number], self.clock()
        site.works = works = replace(site.works, version=site.works.version + 1)
        stopped = works.stopped_since
        told = {
            "stage": site.stage,
            "merged_into": None if works.merged_into is None else self._project_id(works.merged_into),
            "works_accepted_on": works.accepted_on and works.accepted_on.isoformat(),
            "suspended": stopped
            and {"since": stopped.isoformat(), "cause_by": "other", "owner_consents": True, "reason": ""},
        }
        event = factories.project_told(site.told, works.version, now, **told)
        self.pending.append(
            News(event, hearing.project, lambda: self.model.hear_project(number, works, now, self.clock()))
        )

    def _request(self, number: int, case: Case) -> dict[str, Any]:
        people = [
            factories.named(
                self.people[each.person],
                each.role.value,
                replaces=None if each.replaces is None else self.people[each.replaces],
                exemption=each.by and {"kind": each.by.value, "project_id": self._project_id(each.excused_on or 0)},
            )
            for each in case.people
        ]
        machine = None if case.machine is None else {"machine_id": self.machine_ids[case.machine], "kind": "S"}
        site = self.sites[case.project].told
        return factories.claim(
            *people, matter=case.matter, application_id=self.ids[number], project=site, machine=machine
        )

    def _answer(self, number: int) -> dict[str, Any]:
        own = self.applications[number]
        closed = own.stage in ("approved", "rejected", "withdrawn")
        told: dict[str, Any] = {
            "matter": own.case.matter,
            "stage": "closed" if closed else own.stage,
            "outcome": own.stage if closed else None,
            "version": own.version,
            "at": own.at and own.at.isoformat(),
            "applicant_id": CONTRACTOR,
        }
        if own.submitted is None:
            return told
        request = self._request(number, own.submitted)
        people = [{name: each[name] for name in ("person_id", "role", "replaces")} for each in request["people"]]
        machine = request["machine"] or {}
        return told | {"people": people, "project": request["project"], "machine_id": machine.get("machine_id")}

    # How it is compared

    def _sight(self, active: list[PersonLock]) -> set[tuple[str, str]]:
        """Every territory, up to the province, in which somebody works or is locked."""
        works = {(person, CHANGAN) for person in self.people}
        there = works | {(each.person_id, each.project.area) for each in active}
        parts = [(person, area.split(".")) for person, area in there]
        return {(person, ".".join(area[:depth])) for person, area in parts for depth in range(1, len(area) + 1)}

    def _project_id(self, number: int) -> str:
        return str(self.sites[number].told["project_id"])

    def _active(self, session: Session) -> list[PersonLock]:
        mine = PersonLock.person_id.in_(self.people)
        return list(session.scalars(select(PersonLock).where(PersonLock.released_at.is_(None), mine)))

    def _key(self, lock: PersonLock) -> tuple[str, ...]:
        machine = lock.machine_id or ""
        return lock.person_id, lock.application_id, lock.role, lock.project_id, machine, lock.stage

    def _modelled(self, lock: Any) -> tuple[str, ...]:
        machine = "" if lock.machine is None else self.machine_ids[lock.machine]
        who = (self.people[lock.person], self.ids[lock.application], lock.role.value)
        return *who, self._project_id(lock.project), machine, lock.stage
