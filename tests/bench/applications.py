"""Rows of applications with all that belongs to one: what was handed in, its steps, its certificate."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from chassis.identifiers import derived_id
from chassis.searching import search_words
from filing import divisions
from tests.bench.copying import Written, words, written
from tests.bench.registers import NOW, Known, Named, agency_id, machine_told, words_of, words_of_machine

MONTHS = 36
# How many of a thousand applications are of each matter, with the time that the law gives and how many still run.
MATTERS = {
    "install_notice": (260, 2),
    "dismantling_notice": (220, 2),
    "use_registration": (230, 5),
    "machine_filing": (90, 7),
    "machine_registration": (20, 7),
    "safety_filing": (80, 5),
    "personnel_change": (90, 5),
    "lessor_filing": (5, 7),
    "installer_filing": (5, 7),
}
OPEN_SHARE = 0.03
APPLICATION = (
    *("id", "matter", "stage", "outcome", "version", "round", "applicant_id", "applicant_name", "agency_id", "area"),
    *("project_id", "project_name", "machine_id", "form", "attachments", "machine", "people", "findings", "remarks"),
    *("corrections", "acceptance_number", "clock_unit", "clock_limit", "clock_used", "clock_since", "due_at"),
    *("due_provisional", "workdays_used", "created_at", "changed_at", "submitted_at", "closed_at", "search"),
)
SUBMISSION = (
    *(
        "application_id",
        "round",
        "form",
        "attachments",
        "claims",
        "machine",
        "people",
        "findings",
        "agency_id",
        "at",
        "by",
    ),
)
STEP = (
    *("application_id", "number", "round", "act", "stage_before", "stage_after", "at", "user_id", "user_name"),
    *("organisation_id", "organisation_name", "words", "detail"),
)
CERTIFICATE = (
    *("id", "kind", "title", "number", "verification_code", "application_id", "holder_id", "holder_name", "agency_id"),
    *("agency_name", "area", "project_id", "project_name", "machine_id", "issued_at", "issued_on", "stage"),
    *("cancel_reason", "shown", "version"),
)
PAPER = written(
    [
        {"code": code, "sha256": "0" * 64, "name": f"{code}.pdf", "size": 20_000, "media_type": "application/pdf"}
        for code in ("N1", "N2", "N3", "N4")
    ]
)
EMPTY, NONE = written({}), written([])


@dataclass
class Application:
    id: str
    number: int
    matter: str
    applicant: Named
    project: Named
    machine: tuple[str, str, str, str]
    stage: str
    outcome: str | None
    round: int
    limit: int
    submitted: datetime
    due: datetime | None
    closed: datetime | None
    workdays: int | None

    @property
    def agency(self) -> str:
        return agency_id(self.project.area)

    @property
    def accepted_as(self) -> str:
        return f"{divisions.of_area(self.project.area).code}受{self.submitted:%Y}{self.number:07d}"

    @property
    def certificate_number(self) -> str:
        return f"冀{self.matter[:2].upper()}{divisions.of_area(self.project.area).code}{self.submitted:%Y}{self.number:07d}"

    @cached_property
    def form(self) -> Written:
        crew = [{"person_id": self.id, "role": "install_worker"}] * 4
        return written(self._typed() | {"crew": crew})

    def _typed(self) -> dict[str, Any]:
        return {
            "project_id": self.project.id,
            "machine_id": self.machine[0],
            "position": "2 号楼东侧",
            "planned_start": "2026-03-20",
            "planned_finish": "2026-04-05",
            "contract_number": f"HT-{self.number:08d}",
        }

    def row(self) -> tuple[Any, ...]:
        told = machine_told(self.machine)
        issued = self.certificate_number if self.outcome == "approved" else None
        known = (words_of(self.applicant.name), words_of(self.project.name), words_of_machine(self.machine))
        found_by = sorted({*search_words([self.accepted_as, issued])}.union(*known))
        changed = self.closed or self.submitted + timedelta(hours=self.number % 40)
        return (
            *(self.id, self.matter, self.stage, self.outcome, 5, self.round, self.applicant.id, self.applicant.name),
            *(self.agency, self.project.area, self.project.id, self.project.name, None, self.form, PAPER, told, NONE),
            *(
                NONE,
                "",
                NONE,
                self.accepted_as,
                "workdays",
                self.limit,
                0,
                None if self.stage == "returned" else self.submitted,
            ),
            *(self.due, False, self.workdays, self.submitted, changed, self.submitted, self.closed, words(found_by)),
        )

    def submissions(self) -> Iterator[tuple[Any, ...]]:
        by = {"user_id": "u", "user_name": "经办人", "organisation_id": self.applicant.id, "organisation_name": ""}
        for round_ in range(1, self.round + 1):
            at = self.submitted + timedelta(days=3 * (round_ - 1))
            told = machine_told(self.machine)
            yield (self.id, round_, self.form, PAPER, EMPTY, told, NONE, NONE, self.agency, at, by)

    def steps(self) -> Iterator[tuple[Any, ...]]:
        firm = ("u", "经办人", self.applicant.id, self.applicant.name, "", EMPTY)
        office = ("o", "监督员", self.agency, "监督站", "", EMPTY)
        yield (self.id, 1, 1, "submit", "draft", "submitted", self.submitted, *firm)
        if self.stage != "submitted":
            yield (self.id, 2, 1, "accept", "submitted", "accepted", self.submitted, *office)
        if self.closed:
            yield (self.id, 3, 1, "approve", "accepted", "closed", self.closed, *office)
            yield (self.id, 4, 1, "close", "closed", "closed", self.closed, *office)

    def certificate(self) -> tuple[Any, ...]:
        assert self.closed is not None
        code = derived_id("bench code", self.id)[:20].upper()
        return (
            *(derived_id("bench certificate", self.id), self.matter, "证书", self.certificate_number, code, self.id),
            *(self.applicant.id, self.applicant.name, self.agency, "监督站", self.project.area, self.project.id),
            *(self.project.name, self.machine[0], self.closed, self.closed.date(), "valid", "", {}, 1),
        )


def application(number: int, known: Known, chance: Random) -> Application:
    matter = chance.choices(list(MATTERS), [share for share, _ in MATTERS.values()])[0]
    limit = MATTERS[matter][1]
    is_open = chance.random() < OPEN_SHARE
    age = chance.randint(0, 12 * 24 * 60) if is_open else chance.randint(15 * 24 * 60, MONTHS * 30 * 24 * 60)
    submitted = NOW - timedelta(minutes=age)
    workdays = None if is_open else min(int(chance.expovariate(1 / limit)), 40)
    closed = None if workdays is None else submitted + timedelta(days=workdays * 1.4, minutes=chance.randint(1, 300))
    stage = (
        chance.choices(("submitted", "accepted", "reviewed", "returned"), (40, 30, 20, 10))[0] if is_open else "closed"
    )
    outcome = None if is_open else chance.choices(("approved", "rejected", "withdrawn"), (93, 4, 3))[0]
    return Application(
        id=derived_id("bench application", str(number)),
        number=number,
        matter=matter,
        applicant=chance.choice(known.enterprises),
        project=chance.choice(known.projects),
        machine=chance.choice(known.machines),
        stage=stage,
        outcome=outcome,
        round=chance.choices((1, 2, 3), (75, 20, 5))[0],
        limit=limit,
        submitted=submitted,
        due=None if stage == "returned" else submitted + timedelta(days=limit * 1.4),
        closed=closed,
        workdays=workdays,
    )
