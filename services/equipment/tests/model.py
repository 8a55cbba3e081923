"""A small model of who has which machine, by the rules of design.md §4 alone; the state machine holds PostgreSQL against it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LIFE = timedelta(minutes=5)


@dataclass
class Application:
    """What filing knows: where it stands, in which version, and the machine it was last submitted with."""

    stage: str = "draft"
    version: int = 1
    machine: int | None = None


@dataclass
class Registration:
    """A registration of use that was submitted, about the lock that the machine had then."""

    machine: int
    about: int  # the application that holds the machine
    is_open: bool = True


@dataclass
class Hold:
    stage: str
    since: datetime
    project: int
    lapses_at: datetime | None = None
    may_return: bool = False
    heard: int = 0


@dataclass
class Known:
    """One line of the model's own ledger: who held the machine from `effective` on, as we knew from `recorded` on."""

    effective: datetime
    recorded: datetime
    holder: tuple[int, str, int] | None  # application, stage, project


@dataclass
class Model:
    """Who has which machine by the rules of design.md §4, with no word about how that is kept."""

    seen: Counter[str]
    holds: dict[tuple[int, int], Hold] = field(default_factory=dict)
    known: dict[int, list[Known]] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    registrations: list[Registration] = field(default_factory=list)
    in_use: set[int] = field(default_factory=set)

    def holder(self, machine: int) -> tuple[int, Hold] | None:
        found = [(a, h) for (a, m), h in self.holds.items() if m == machine and h.stage != "released"]
        assert len(found) <= 1
        return found[0] if found else None

    def of(self, application: int) -> list[tuple[int, Hold]]:
        return [(m, h) for (a, m), h in sorted(self.holds.items()) if a == application]

    def resolved(self, project: int) -> int:
        return self.resolved(self.merged[project]) if project in self.merged else project

    def put(
        self, application: int, machine: int, stage: str, at: datetime, now: datetime, project: int | None = None
    ) -> Hold:
        """Bring a hold to a stage and write it down; `project` where it is granted, or moved."""
        hold = self.holds.setdefault((application, machine), Hold(stage, now, project or 0))
        if project is not None:
            hold.project = project
        if stage == "provisional":
            hold.since, hold.lapses_at = now, now + LIFE
        else:
            hold.lapses_at = None
        hold.stage = stage
        self.seen[stage] += 1
        self.write(application, machine, hold, at, now)
        return hold

    def write(self, application: int, machine: int, hold: Hold, at: datetime, now: datetime) -> None:
        lines = self.known.setdefault(machine, [])
        earliest = lines[-1].effective if lines else at
        holder = None if hold.stage == "released" else (application, hold.stage, hold.project)
        lines.append(Known(min(max(at, earliest), now), now, holder))

    def aim(self, application: int, machine: int, hold: Hold, project: int, at: datetime, now: datetime) -> None:
        """Not decided yet, it names another project (by now)."""
        if hold.project != project:
            hold.project = project
            self.write(application, machine, hold, at, now)

    def end(self, application: int, machine: int, at: datetime, now: datetime, may_return: bool = False) -> None:
        """What stood on the lock ends with it."""
        self.put(application, machine, "released", at, now).may_return = may_return
        self.in_use.discard(machine)
        for each in self.registrations:
            each.is_open = each.is_open and (each.machine, each.about) != (machine, application)

    def merge(self, project: int, into: int, at: datetime, now: datetime) -> None:
        """The locks on an unfiled project stay, on the filed one."""
        if project in self.merged:
            return
        self.merged[project] = into
        for (application, machine), hold in self.holds.items():
            if hold.stage != "released" and hold.project == project:
                hold.project = self.resolved(into)
                self.seen["moved"] += 1
                self.write(application, machine, hold, at, now)

    def register(self, machine: int) -> Registration | None:
        """Of a machine that stands, and is not in use nor applied for."""
        held = self.holder(machine)
        applied_for = any(each.is_open and each.machine == machine for each in self.registrations)
        if held is None or held[1].stage != "held" or machine in self.in_use or applied_for:
            return None
        self.registrations.append(Registration(machine, held[0]))
        return self.registrations[-1]

    def registered(self, registration: Registration) -> None:
        if registration.is_open:
            registration.is_open = False
            self.in_use.add(registration.machine)
            self.seen["registered"] += 1

    def reserve(self, application: int, machine: int, project: int, now: datetime) -> bool:
        held = self.holder(machine)
        if held and held[0] != application:
            self.seen["refused"] += 1
            return False
        if held is None:
            self.put(application, machine, "provisional", now, now, self.resolved(project))
        else:
            if held[1].stage == "provisional":
                held[1].lapses_at = now + LIFE
            self.aim(application, machine, held[1], self.resolved(project), now, now)
        for other, hold in self.of(application):
            if other != machine and hold.stage == "provisional":
                self.end(application, other, now, now)
        return True

    def hear(
        self, application: int, standing: str, version: int, told: tuple[int | None, int], at: datetime, now: datetime
    ) -> None:
        """An event: which machine and which project the application was about, as it was told."""
        machine, project = told
        if any(hold.heard > version for _, hold in self.of(application)):
            return
        if standing in ("rejected", "withdrawn"):
            for other, hold in self.of(application):
                if hold.stage != "released":
                    self.end(application, other, at, now)
        else:
            assert machine is not None
            for other, hold in self.of(application):
                if other != machine and hold.stage == "reserved":
                    self.end(application, other, at, now)
            self.advance(application, machine, standing, at, now, project)
        for _, hold in self.of(application):
            hold.heard = version

    def advance(
        self, application: int, machine: int, standing: str, at: datetime, now: datetime, project: int | None = None
    ) -> None:
        """`project` is None where filing was asked: then it stays what it was."""
        hold = self.holds.get((application, machine))
        if hold is None or (hold.stage == "released" and hold.may_return):
            site = self.resolved(hold.project if hold and project is None else project or 0)
            hold = self.put(application, machine, "provisional", at, now, site)
        if project is not None and hold.stage in ("provisional", "reserved"):
            self.aim(application, machine, hold, self.resolved(project), at, now)
        if hold.stage == "provisional":
            self.put(application, machine, "reserved", at, now)
        if hold.stage == "reserved" and standing == "approved":
            self.put(application, machine, "held", at, now)

    def lapse(self, filing: list[Application], now: datetime) -> None:
        due = {a for (a, _), h in self.holds.items() if h.stage == "provisional" and h.lapses_at and h.lapses_at <= now}
        for application in sorted(due):
            told = filing[application]
            if any(hold.heard > told.version for _, hold in self.of(application)):
                continue
            self.settle(application, told, now)
            for _, hold in self.of(application):
                hold.heard = told.version

    def settle(self, application: int, told: Application, now: datetime) -> None:
        gone = told.stage == "draft"
        over = told.stage in ("rejected", "withdrawn")
        for machine, hold in self.of(application):
            is_due = hold.lapses_at is not None and hold.lapses_at <= now
            is_other = not gone and not over and machine != told.machine
            if hold.stage == "released" or (gone and hold.stage == "provisional" and not is_due):
                continue
            if gone or over:
                self.end(application, machine, now, now, may_return=gone)
            elif is_other and (hold.stage == "reserved" or is_due):
                self.end(application, machine, now, now)
        if not gone and not over and told.machine is not None:
            self.advance(application, told.machine, told.stage, now, now)

    def stage(self, machine: int) -> str:
        """Of the machine itself."""
        held = self.holder(machine)
        if machine in self.in_use:
            return "registered"
        return {"reserved": "locked", "held": "installed"}.get(held[1].stage if held else "", "filed")

    def answer(self, machine: int, at: datetime, known_at: datetime) -> tuple[int, str, int] | None:
        lines = [each for each in self.known.get(machine, []) if each.recorded <= known_at and each.effective <= at]
        return lines[-1].holder if lines else None
