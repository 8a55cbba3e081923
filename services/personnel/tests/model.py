"""A small model of who is locked to what, by the rules alone: design.md §4, 建市〔2008〕48号 Art. 9, docs of this service.

It knows nothing of tables, slots or versions of rows; the tests compare it with what PostgreSQL holds.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from personnel.terms import GROUPS, Exemption, Group, Role

LIFE = timedelta(minutes=5)
LIMITS = {Group.FULL_TIME: 1, Group.CHIEF_SUPERVISOR: 3, Group.OPERATOR: 1, Group.CREW: 1}
AT_MACHINE = (Group.OPERATOR, Group.CREW)
MAY_RETURN = ("lapsed", "choice_changed")


@dataclass(frozen=True)
class Wanted:
    """Somebody named in an application; `excused_on` is the project from which he asks to be excused, `by` what."""

    person: int
    role: Role
    replaces: int | None = None
    by: Exemption | None = None
    excused_on: int | None = None

    @property
    def group(self) -> Group:
        return GROUPS[self.role]


@dataclass(frozen=True)
class Case:
    """What an application names."""

    matter: str
    project: int
    machine: int | None = None
    people: tuple[Wanted, ...] = ()


@dataclass
class Works:
    """What has been heard of a project."""

    version: int = 0
    merged_into: int | None = None
    is_closed: bool = False
    accepted_on: date | None = None
    stopped_since: date | None = None


@dataclass
class Lock:
    application: int
    matter: str
    person: int
    role: Role
    project: int
    machine: int | None
    replaces: int | None
    excused: bool
    granted_at: datetime
    stage: str = "provisional"
    lapses_at: datetime | None = None
    cause: str | None = None
    story: list[tuple[datetime, datetime, str, int]] = field(
        default_factory=list
    )  # effective, recorded, stage, project

    @property
    def group(self) -> Group:
        return GROUPS[self.role]

    @property
    def is_active(self) -> bool:
        return self.stage != "released"

    def then(self, at: datetime, known_at: datetime) -> tuple[str, int] | None:
        """Stage and project at a moment, by what was known at another."""
        told = [
            (stage, site) for effective, recorded, stage, site in self.story if effective <= at and recorded <= known_at
        ]
        return told[-1] if told and told[-1][0] != "released" else None


class Taken(Exception):
    """What was heard cannot be so: somebody whom it names is another's by now. It is to be heard again."""


class Model:
    def __init__(self, seen: Counter[str]) -> None:
        self.seen = seen
        self.locks: list[Lock] = []
        self.works: dict[int, Works] = {}
        self.heard: dict[int, tuple[int, str]] = {}  # of an application: newest version, and how it stood then

    # What there is

    def active(self, is_meant: Callable[[Lock], bool]) -> list[Lock]:
        return [each for each in self.locks if each.is_active and is_meant(each)]

    def of(self, application: int) -> list[Lock]:
        return self.active(lambda each: each.application == application)

    def resolved(self, project: int) -> int:
        into = self.works.setdefault(project, Works()).merged_into
        return project if into is None else self.resolved(into)

    # A claim

    def reserve(self, application: int, case: Case, now: datetime, today: date) -> bool:
        """All that are named, or nobody; another choice takes the place of one that was not submitted."""
        if self.heard.get(application, (0, ""))[1] in ("rejected", "withdrawn"):
            return False
        if not all(self._may_have(application, case, each, today) for each in case.people):
            self.seen["refused"] += 1
            return False
        project = self.resolved(case.project)
        standing = {}
        for lock in self.of(application):
            if self._is_claimed(lock, case, project):
                standing[lock.person, lock.role] = lock
            elif lock.stage == "provisional" or (lock.stage != "held" and self._is_in_the_way(lock, case)):
                self.release(lock, "choice_changed", now, now)
        for each in case.people:
            if (each.person, each.role) not in standing:
                excused = each.by is not None and bool(self._others(application, each))
                self.seen["excused"] += excused
                standing[each.person, each.role] = self._grant(application, case, each, project, excused, now, now)
        for lock in standing.values():
            if lock.stage == "provisional":
                lock.lapses_at = now + LIFE
        return True

    def _may_have(self, application: int, case: Case, wanted: Wanted, today: date) -> bool:
        if wanted.replaces is not None:
            held = (wanted.replaces, wanted.role, case.project, "held")
            if not self.active(lambda each: (each.person, each.role, each.project, each.stage) == held):
                return False
        others = self._others(application, wanted)
        if len(others) < LIMITS.get(wanted.group, len(others) + 1):
            return True
        if wanted.by is None or any(each.role is not Role.PROJECT_MANAGER for each in others):
            return False
        named = [each for each in others if each.project == wanted.excused_on]
        return bool(named) and all(
            self._proves(wanted.by, each.project, today)
            if each in named
            else any(self._proves(by, each.project, today) for by in Exemption)
            for each in others
        )

    def _proves(self, by: Exemption, project: int, today: date) -> bool:
        works = self.works.get(project, Works())
        if by is Exemption.WORKS_ACCEPTED:
            return works.accepted_on is not None and works.accepted_on <= today
        if by is Exemption.LONG_STOPPAGE:
            return works.stopped_since is not None and today - works.stopped_since >= timedelta(days=120)
        return False  # no two projects of these tests are sections of one

    def _others(self, application: int, wanted: Wanted) -> list[Lock]:
        mine = (wanted.person, wanted.group)
        return self.active(lambda each: (each.person, each.group) == mine and each.application != application)

    def _is_claimed(self, lock: Lock, case: Case, project: int) -> bool:
        named = {(each.person, each.role, each.replaces) for each in case.people}
        where = (lock.project, lock.machine) == (project, case.machine)
        return where and (lock.person, lock.role, lock.replaces) in named

    def _is_in_the_way(self, lock: Lock, case: Case) -> bool:
        return (lock.person, lock.group) in {(each.person, each.group) for each in case.people}

    def _grant(
        self, application: int, case: Case, wanted: Wanted, project: int, excused: bool, at: datetime, now: datetime
    ) -> Lock:
        who = (application, case.matter, wanted.person, wanted.role, project, case.machine, wanted.replaces, excused)
        lock = Lock(*who, granted_at=now, lapses_at=now + LIFE)
        self.locks.append(lock)
        self._write(lock, at, now)
        return lock

    # What is heard

    def hear(
        self,
        application: int,
        standing: str,
        version: int,
        case: Case,
        at: datetime,
        now: datetime,
        *,
        asked: bool = False,
    ) -> None:
        """An event, or (`asked`) what filing answers: its present state, "gone" for what was never submitted.

        Raises `Taken`; then nothing has changed.
        """
        seen = self.heard.get(application, (-1, ""))[0]
        if version < seen or (version == seen and not asked):
            self.seen["stale"] += 1
            return
        before = deepcopy((self.locks, self.heard))
        try:
            self._put_into_effect(application, standing, version, case, at, now, asked)
        except Taken:
            self.locks, self.heard = before
            raise

    def _put_into_effect(
        self, application: int, standing: str, version: int, case: Case, at: datetime, now: datetime, asked: bool
    ) -> None:
        self.heard[application] = (version, standing)
        if standing in ("rejected", "withdrawn"):
            self._release_all(self.of(application), standing, at, now)
        elif standing == "gone":
            due = [each for each in self.of(application) if each.stage != "provisional" or self._has_lapsed(each, now)]
            self._release_all(due, "lapsed", at, now)
        elif standing == "returned":
            self._hear_return(application, at, now, asked)
        elif standing == "submitted":
            self._hear_submission(application, case, at, now)
        elif case.matter == "dismantling_notice":
            self._release_all(self._there(application, case, at), "dismantled", at, now)
        else:
            self._hear_approval(application, case, at, now)

    def _hear_return(self, application: int, at: datetime, now: datetime, asked: bool) -> None:
        for lock in self.of(application):
            if lock.stage == "provisional" and lock.granted_at <= at:
                self._put(lock, "reserved", at, now)
            elif lock.stage == "provisional" and asked and self._has_lapsed(lock, now):
                self.release(lock, "lapsed", at, now)

    def _hear_submission(self, application: int, case: Case, at: datetime, now: datetime) -> None:
        named = {(each.person, each.role) for each in case.people}
        standing = {(each.person, each.role) for each in self.of(application)}
        for lock in self.of(application):
            if (lock.person, lock.role) not in named and (lock.stage != "provisional" or lock.granted_at <= at):
                self.release(lock, "choice_changed", at, now)
        for wanted in case.people:
            if (wanted.person, wanted.role) not in standing:
                self._take_up_again(application, case, wanted, at, now)
        for lock in self.of(application):
            if (lock.person, lock.role) in named and lock.stage == "provisional":
                self._put(lock, "reserved", at, now)

    def _take_up_again(self, application: int, case: Case, wanted: Wanted, at: datetime, now: datetime) -> None:
        """What had only lapsed, where the person is still to be had; for good is for good."""
        same = (application, wanted.person, wanted.role)
        before = [each for each in self.locks if (each.application, each.person, each.role) == same]
        last = before[-1] if before else None
        project = self.resolved(case.project)
        if (last is not None and last.cause not in MAY_RETURN) or self.works.setdefault(project, Works()).is_closed:
            return
        mine = (wanted.person, wanted.group)
        others = self.active(lambda each: (each.person, each.group) == mine)
        excused = last is not None and last.excused and bool(others)
        if not excused and len(others) >= LIMITS.get(wanted.group, len(others) + 1):
            self.seen["taken"] += 1
            raise Taken
        self.seen["taken up again"] += 1
        self._grant(application, case, wanted, project, excused, at, now)

    def _hear_approval(self, application: int, case: Case, at: datetime, now: datetime) -> None:
        there = self._there(application, case, at)
        self._hear_submission(application, case, at, now)
        for lock in self.of(application):
            if lock.replaces is not None and lock.stage != "held":
                replaced = (lock.replaces, lock.role, lock.project)
                for other in self.active(lambda each, who=replaced: (each.person, each.role, each.project) == who):  # type: ignore[misc]
                    if other.application != application:
                        self.release(other, "replaced", at, now)
            for stage in ("reserved", "held")[lock.stage == "reserved" :]:
                if lock.stage != "held":
                    self._put(lock, stage, at, now)
        if case.matter == "use_registration":
            self._release_all([each for each in there if each.group is Group.CREW], "registered", at, now)

    def _there(self, application: int, case: Case, at: datetime) -> list[Lock]:
        """Who is at the machine, less those who were named after the news."""
        return self.active(
            lambda each: (
                case.machine is not None
                and each.machine == case.machine
                and each.group in AT_MACHINE
                and (each.granted_at <= at or each.application == application)
            )
        )

    def machine_left(self, machine: int, project: int, at: datetime, now: datetime) -> None:
        site = self.resolved(project)
        left = self.active(lambda each: (each.machine, each.project) == (machine, site) and each.group in AT_MACHINE)
        due = [each for each in left if each.granted_at <= at and each.stage != "provisional"]
        self._release_all(due, "machine_unlocked", at, now)

    def hear_project(self, project: int, told: Works, at: datetime, now: datetime) -> None:
        if told.version <= self.works.setdefault(project, Works()).version:
            return
        self.works[project] = told
        there = self.active(lambda each: each.project == project)
        if told.merged_into is not None:
            site = self.resolved(told.merged_into)
            for lock in there:
                self.seen["moved"] += 1
                lock.project = site
                self._write(lock, at, now)
        elif told.is_closed:
            self._release_all(there, "project_closed", at, now)

    # How a lock changes

    def release(self, lock: Lock, cause: str, at: datetime, now: datetime) -> None:
        lock.stage, lock.cause, lock.lapses_at = "released", cause, None
        self.seen[cause] += 1
        self._write(lock, at, now)

    def _release_all(self, locks: Iterable[Lock], cause: str, at: datetime, now: datetime) -> None:
        for lock in list(locks):
            self.release(lock, cause, at, now)

    def _put(self, lock: Lock, stage: str, at: datetime, now: datetime) -> None:
        lock.stage, lock.lapses_at = stage, None
        self.seen[stage] += 1
        self._write(lock, at, now)

    def _write(self, lock: Lock, at: datetime, now: datetime) -> None:
        earliest = lock.story[-1][0] if lock.story else at
        lock.story.append((min(max(at, earliest), now), now, lock.stage, lock.project))

    def _has_lapsed(self, lock: Lock, now: datetime) -> bool:
        return lock.lapses_at is not None and lock.lapses_at <= now
