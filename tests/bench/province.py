"""A province of any size, put straight into the databases: plausible names and numbers, found by what the services write.

Everything is drawn from one chance, so that a run can be repeated. `grow` may be called again for more of the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from random import Random
from typing import Any

import psycopg

from chassis.identifiers import derived_id
from chassis.searching import search_words
from deploy.demo import names
from filing import divisions
from filing.tallies import RECOUNT
from tests.bench.copying import Written, copy, without_indexes, words, written

PROVINCE = "13"
NOW = datetime.now(UTC).replace(microsecond=0)
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
ENTERPRISE_EVERY, PROJECT_EVERY = 50, 33  # one of them for so many applications
KINDS = {"T": "塔式起重机", "S": "施工升降机", "W": "物料提升机"}
MAKER = "中联重科股份有限公司"
PEOPLE_POSTS = ("项目负责人", "专职安全员", "起重机械司机", "信号司索工", "安装拆卸工", "施工员", "资料员")


@dataclass(frozen=True)
class Sizes:
    applications: int
    people: int
    machines: int

    def part(self, of: int) -> "Sizes":
        return Sizes(self.applications // of, self.people // of, self.machines // of)


@dataclass(frozen=True)
class Named:
    id: str
    name: str
    area: str


@dataclass
class Province:
    """`owner_uris` are the databases by service, as superuser."""

    uris: dict[str, str]
    done: Sizes = Sizes(0, 0, 0)
    enterprises: list[Named] = field(default_factory=list)
    projects: list[Named] = field(default_factory=list)
    machines: list[tuple[str, str, str, str]] = field(default_factory=list)

    def grow(self, to: Sizes, tell: Callable[[str], None]) -> None:
        """More of everything, up to these sizes; indexes and statistics are as good as new afterwards."""
        chance = Random(to.applications)
        with self._connected("filing") as filing, without_indexes(filing):
            self._agencies(filing)
            self._enterprises(filing, to.applications // ENTERPRISE_EVERY, chance)
            self._projects(filing, to.applications // PROJECT_EVERY, chance)
            self._describe_machines(to.machines, chance)
            self._applications(filing, to.applications, chance)
            tell(f"{to.applications} applications")
        self._finish("filing", RECOUNT)
        with self._connected("equipment") as equipment, without_indexes(equipment):
            self._machines(equipment, to.machines, chance)
        self._finish("equipment")
        tell(f"{to.machines} machines")
        with self._connected("personnel") as personnel, without_indexes(personnel):
            self._people(personnel, to.people, chance)
        self._finish("personnel")
        tell(f"{to.people} people")
        self.done = to

    def _connected(self, service: str) -> psycopg.Connection:
        return psycopg.connect(self.uris[service])

    def _finish(self, service: str, statements: tuple[str, ...] = ()) -> None:
        with psycopg.connect(self.uris[service], autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]
            connection.execute("vacuum analyze")

    def _agencies(self, connection: psycopg.Connection) -> None:
        if self.enterprises:
            return
        columns = (*ORGANISATION, "kinds", "level", "code")
        copy(connection, "organisation", columns, (_agency(each) for each in divisions.all_divisions()))

    def _enterprises(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = len(self.enterprises)
        fresh = [_enterprise(number, chance) for number in range(start, max(to, 50))]
        self.enterprises += fresh
        columns = (*ORGANISATION, "kinds", "credit_code", "level")
        rows = (_enterprise_row(start + n, each, chance) for n, each in enumerate(fresh))
        copy(connection, "organisation", columns, rows)

    def _projects(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = len(self.projects)
        fresh = [_project(number, chance) for number in range(start, max(to, 50))]
        self.projects += fresh
        rows = (_project_row(start + n, each, self.enterprises, chance) for n, each in enumerate(fresh))
        copy(connection, "project", PROJECT, rows)

    def _describe_machines(self, to: int, chance: Random) -> None:
        for number in range(len(self.machines), max(to, 50)):
            kind = chance.choice(list(KINDS))
            model = chance.choice(("QTZ63", "QTZ80(TC5610)", "QTZ125", "SC200/200", "SS100"))
            serial, filed = (
                f"{chance.randint(100, 999)}{number:06d}",
                f"冀{chance.choice('ABCDEF')}A-{kind}{number:05d}",
            )
            self.machines.append((derived_id("bench machine", str(number)), kind, f"{model}|{serial}", filed))

    def _applications(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        cut = range(self.done.applications, to)
        made = [_application(number, self, chance) for number in cut]
        copy(connection, "application", APPLICATION, (each.row() for each in made))
        copy(connection, "submission", SUBMISSION, (row for each in made for row in each.submissions()))
        copy(connection, "step", STEP, (row for each in made for row in each.steps()))
        copy(
            connection, "certificate", CERTIFICATE, (each.certificate() for each in made if each.outcome == "approved")
        )

    def _machines(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = self.done.machines
        self._project_copies(connection)
        numbers = range(start, to)
        copy(connection, "machine", MACHINE, (_machine_row(n, self, chance) for n in numbers))
        copy(connection, "machine_lock", MACHINE_LOCK, (_machine_lock(n, self) for n in numbers if n % 5 < 2))

    def _project_copies(self, connection: psycopg.Connection) -> None:
        known = set(connection.execute("select project_id from project_copy").fetchall())
        fresh = [(each.id, 1, each.name, each.area, "filed") for each in self.projects if (each.id,) not in known]
        copy(connection, "project_copy", ("project_id", "version", "name", "area", "stage"), fresh)

    def _people(self, connection: psycopg.Connection, to: int, chance: Random) -> None:
        start = self.done.people
        self._project_copies(connection)
        people = [_person(number, self, chance) for number in range(start, to)]
        copy(connection, "person", PERSON, (row for row, _ in people))
        copy(connection, "person_area", ("area", "person_id", "entered_at"), _person_areas(people))
        copy(connection, "employment", EMPLOYMENT, (_employment(row) for row, _ in people))
        copy(
            connection,
            "certificate",
            PERSON_CERTIFICATE,
            (_certificate(n, row) for n, (row, _) in enumerate(people, start)),
        )
        locked = ((n, row) for n, (row, _) in enumerate(people, start) if n % 6 == 0)
        copy(connection, "person_lock", PERSON_LOCK, (_person_lock(n, row, self) for n, row in locked))


ORGANISATION = (
    *("id", "kind", "name", "division", "area", "address", "contact", "phone", "details", "stage", "version"),
    *("search", "created_at", "opened_at"),
)
PROJECT = (
    *("id", "stage", "version", "number", "application_id", "name", "division", "area", "address", "agency_id"),
    *("owner_id", "owner_name", "contractor_id", "contractor_name", "supervisor_id", "supervisor_name", "works_kind"),
    *(
        "floor_area",
        "contract_price",
        "starts_on",
        "finishes_on",
        "key_people",
        "hazardous_works",
        "civilised_standard",
    ),
    *("stoppages", "details", "search", "created_at", "changed_at"),
)
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
MACHINE = (
    *("id", "version", "stage", "kind", "name", "model", "maker", "maker_key", "maker_licence", "serial_number"),
    *("serial_key", "made_on", "supervision_inspection_no", "service_ends_on", "owner_id", "owner_name", "owner_area"),
    *(
        "filing_number",
        "filed_on",
        "filing_agency",
        "filed_at",
        "inspection_valid_to",
        "search",
        "recorded_at",
        "changed_at",
    ),
)
MACHINE_LOCK = (
    *("id", "machine_id", "application_id", "application_version", "matter", "applicant_id", "applicant_name"),
    *("project_id", "stage", "granted_at"),
)
PERSON = (
    *("id", "identity_number", "name", "phone", "posts", "employer_id", "employer_name", "area", "version"),
    *("entered_at", "changed_at", "search"),
)
EMPLOYMENT = ("id", "person_id", "employer_id", "employer_name", "entered_at")
PERSON_CERTIFICATE = ("id", "person_id", "kind", "trade", "number", "issuer", "issued_on", "valid_to")
PERSON_LOCK = (
    *("id", "person_id", "role", "capacity_group", "slot", "application_id", "application_version", "matter"),
    *("applicant_id", "project_id", "stage", "granted_at", "held_at"),
)
PAPER = written(
    [
        {"code": code, "sha256": "0" * 64, "name": f"{code}.pdf", "size": 20_000, "media_type": "application/pdf"}
        for code in ("N1", "N2", "N3", "N4")
    ]
)


def agency_id(area: str) -> str:
    return derived_id("bench agency", area)


@cache
def _counties() -> list[divisions.Division]:
    return [each for each in divisions.all_divisions() if each.level == "county"]


def _somewhere(chance: Random) -> divisions.Division:
    """Some counties have ten times the work of others."""
    counties = _counties()
    return counties[min(int(chance.paretovariate(0.9) * 6) - 6, len(counties) - 1)]


def _agency(place: divisions.Division) -> tuple[Any, ...]:
    name = f"{place.name}建设工程安全监督站"
    own = (agency_id(place.area), "agency", name, place.code, place.area, "", "", "", {}, "open", 1)
    return (*own, words(search_words([name])), NOW, NOW, "{}", place.level, place.code)


def _enterprise(number: int, chance: Random) -> Named:
    place = _somewhere(chance)
    brand = chance.choice(names.BRANDS_FIRST) + chance.choice(names.BRANDS_SECOND)
    kind = chance.choice(("建筑工程", "建设集团", "机械租赁", "起重设备安装", "房地产开发", "工程监理"))
    return Named(derived_id("bench enterprise", str(number)), f"河北{brand}{kind}有限公司", place.area)


def _enterprise_row(number: int, each: Named, chance: Random) -> tuple[Any, ...]:
    code = f"91130100MA{number:08d}"
    place = divisions.of_area(each.area)
    own = (each.id, "enterprise", each.name, place.code, each.area, names.street_address(chance), "", "", {}, "open", 1)
    return (
        *own,
        words(search_words([each.name, code])),
        NOW - timedelta(days=900),
        NOW,
        "{contractor,lessor}",
        code,
        "",
    )


def _project(number: int, chance: Random) -> Named:
    place = _somewhere(chance)
    estate = chance.choice(names.ESTATES) + chance.choice(names.ESTATE_ENDINGS)
    name = f"{place.name}{estate}{chance.choice('一二三四五')}期{chance.randint(1, 30)}号楼"
    return Named(derived_id("bench project", str(number)), name, place.area)


def _project_row(number: int, each: Named, firms: list[Named], chance: Random) -> tuple[Any, ...]:
    owner, contractor, supervisor = (chance.choice(firms) for _ in range(3))
    stage = chance.choices(("filed", "closed", "suspended", "under_filing"), (60, 34, 2, 4))[0]
    filed = f"{divisions.of_area(each.area).code}2025{number:06d}"
    changed = NOW - timedelta(minutes=chance.randint(0, 3 * 365 * 24 * 60))
    return (
        *(each.id, stage, 3, filed, derived_id("bench filing", str(number)), each.name, "130102", each.area),
        *(names.street_address(chance), agency_id(each.area), owner.id, owner.name, contractor.id, contractor.name),
        *(supervisor.id, supervisor.name, "building", 20_000, 50_000_000, date(2025, 3, 1), date(2027, 3, 1), [], []),
        *(chance.choice(("county", "city", "province", "none")), [], {}),
        *(words(search_words([each.name, filed, owner.name, contractor.name])), changed, changed),
    )


EMPTY, NONE = written({}), written([])
Crane = tuple[str, str, str, str]


@cache
def words_of(name: str) -> frozenset[str]:
    return frozenset(search_words([name]))


@cache
def words_of_machine(machine: Crane) -> frozenset[str]:
    model, _, serial = machine[2].partition("|")
    return frozenset(search_words([machine[3], model, MAKER, serial]))


@cache
def machine_told(machine: Crane) -> Written:
    model, _, serial = machine[2].partition("|")
    return written(
        {
            "machine_id": machine[0],
            "kind": machine[1],
            "model": model,
            "maker": MAKER,
            "serial_number": serial,
            "filing_number": machine[3],
        }
    )


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


def _application(number: int, province: Province, chance: Random) -> Application:
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
        applicant=chance.choice(province.enterprises),
        project=chance.choice(province.projects),
        machine=chance.choice(province.machines),
        stage=stage,
        outcome=outcome,
        round=chance.choices((1, 2, 3), (75, 20, 5))[0],
        limit=limit,
        submitted=submitted,
        due=None if stage == "returned" else submitted + timedelta(days=limit * 1.4),
        closed=closed,
        workdays=workdays,
    )


def _machine_row(number: int, province: Province, chance: Random) -> tuple[Any, ...]:
    id_, kind, described, filed = province.machines[number]
    model, _, serial = described.partition("|")
    owner = chance.choice(province.enterprises)
    stage = "registered" if number % 5 < 2 else "filed"
    made = date(2012, 1, 1) + timedelta(days=chance.randint(0, 5000))
    recorded = NOW - timedelta(minutes=chance.randint(0, 1_500_000))
    checked = None if stage == "filed" else NOW.date() + timedelta(days=chance.randint(-20, 340))
    return (
        *(
            id_,
            2,
            stage,
            kind,
            KINDS[kind],
            model,
            MAKER,
            f"中联重科{number}",
            "TS2410",
            serial,
            serial,
        ),
        *(made, "", made + timedelta(days=3650), owner.id, owner.name, owner.area, filed, made, "", recorded, checked),
        *(words(search_words([filed, serial, None, model, KINDS[kind], owner.name])), recorded, recorded),
    )


def _machine_lock(number: int, province: Province) -> tuple[Any, ...]:
    project = province.projects[number % len(province.projects)]
    firm = province.enterprises[number % len(province.enterprises)]
    machine_id = province.machines[number][0]
    lock = derived_id("bench lock", machine_id)
    return (
        lock,
        machine_id,
        lock,
        3,
        "install_notice",
        firm.id,
        firm.name,
        project.id,
        "held",
        NOW - timedelta(days=90),
    )


def _person(number: int, province: Province, chance: Random) -> tuple[tuple[Any, ...], str]:
    firm = chance.choice(province.enterprises)
    name = names.person(chance, male=chance.random() < 0.8)
    identity = f"130102{1960 + number % 40}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}{number % 10000:04d}"
    entered = NOW - timedelta(minutes=chance.randint(0, 2_000_000))
    phone = f"1{chance.choice('3578')}{chance.randint(0, 10**9 - 1):09d}"
    id_ = derived_id("bench person", str(number))
    # The numbers need not be true ones, but no two may be the same.
    row = (
        id_,
        f"{identity[:6]}{number:012d}",
        name,
        phone,
        [chance.choice(PEOPLE_POSTS)],
        firm.id,
        firm.name,
        firm.area,
        1,
    )
    return (*row, entered, entered, words(search_words([name]))), firm.area


def _person_areas(people: list[tuple[tuple[Any, ...], str]]) -> Iterator[tuple[Any, ...]]:
    for row, area in people:
        steps = area.split(".")
        for depth in range(1, len(steps) + 1):
            yield (".".join(steps[:depth]), row[0], row[9])


def _employment(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (derived_id("bench employment", row[0]), row[0], row[5], row[6], row[9])


def _certificate(number: int, row: tuple[Any, ...]) -> tuple[Any, ...]:
    kind, trade = (("special_operation", "05"), ("C3", None), ("B", None), ("special_operation", "08"))[number % 4]
    ends = NOW.date() + timedelta(days=(number * 7) % 1100 - 60)
    id_ = derived_id("bench person certificate", str(number))
    return (
        id_,
        row[0],
        kind,
        trade,
        f"冀{kind[:1]}{number:010d}",
        "河北省住房和城乡建设厅",
        ends - timedelta(days=1095),
        ends,
    )


def _person_lock(number: int, row: tuple[Any, ...], province: Province) -> tuple[Any, ...]:
    project = province.projects[number % len(province.projects)]
    id_ = derived_id("bench person lock", str(number))
    own = (id_, row[0], "driver", "operator", 1, id_, 1, "use_registration", row[5], project.id, "held")
    return (*own, NOW - timedelta(days=60), NOW - timedelta(days=60))
