"""Rows of the registers: agencies and enterprises, projects, machines, people; plausible names, numbers of their own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from chassis.identifiers import derived_id
from chassis.searching import search_words
from deploy.demo import names
from filing import divisions
from filing.tallies import territories
from tests.bench.copying import Written, words, written

PROVINCE = "13"
Crane = tuple[str, str, str, str]
NOW = datetime.now(UTC).replace(microsecond=0)
KINDS = {"T": "塔式起重机", "S": "施工升降机", "W": "物料提升机"}
MAKER = "中联重科股份有限公司"
PEOPLE_POSTS = ("项目负责人", "专职安全员", "起重机械司机", "信号司索工", "安装拆卸工", "施工员", "资料员")


@dataclass(frozen=True)
class Named:
    id: str
    name: str
    area: str


@dataclass
class Known:
    """Whom and what rows may name: enterprises, projects, and of machines id, kind, model|serial number, filing number."""

    enterprises: list[Named] = field(default_factory=list)
    projects: list[Named] = field(default_factory=list)
    machines: list[Crane] = field(default_factory=list)


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


def agency_id(area: str) -> str:
    return derived_id("bench agency", area)


@cache
def _counties() -> list[divisions.Division]:
    return [each for each in divisions.all_divisions() if each.level == "county"]


def _somewhere(chance: Random) -> divisions.Division:
    """Some counties have ten times the work of others."""
    counties = _counties()
    return counties[min(int(chance.paretovariate(0.9) * 6) - 6, len(counties) - 1)]


def agency_row(place: divisions.Division) -> tuple[Any, ...]:
    name = f"{place.name}建设工程安全监督站"
    own = (agency_id(place.area), "agency", name, place.code, place.area, "", "", "", {}, "open", 1)
    return (*own, words(search_words([name])), NOW, NOW, "{}", place.level, place.code)


def enterprise(number: int, chance: Random) -> Named:
    place = _somewhere(chance)
    brand = chance.choice(names.BRANDS_FIRST) + chance.choice(names.BRANDS_SECOND)
    kind = chance.choice(("建筑工程", "建设集团", "机械租赁", "起重设备安装", "房地产开发", "工程监理"))
    return Named(derived_id("bench enterprise", str(number)), f"河北{brand}{kind}有限公司", place.area)


def enterprise_row(number: int, each: Named, chance: Random) -> tuple[Any, ...]:
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


def project(number: int, chance: Random) -> Named:
    place = _somewhere(chance)
    estate = chance.choice(names.ESTATES) + chance.choice(names.ESTATE_ENDINGS)
    name = f"{place.name}{estate}{chance.choice('一二三四五')}期{chance.randint(1, 30)}号楼"
    return Named(derived_id("bench project", str(number)), name, place.area)


def project_row(number: int, each: Named, firms: list[Named], chance: Random) -> tuple[Any, ...]:
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


def machine_row(number: int, known: Known, chance: Random) -> tuple[Any, ...]:
    id_, kind, described, filed = known.machines[number]
    model, _, serial = described.partition("|")
    owner = chance.choice(known.enterprises)
    stage = "registered" if is_locked(number) else "filed"
    made = NOW.date() - timedelta(days=chance.randint(0, 3600))  # past its ten years a machine leaves the register
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


def machine_lock_row(number: int, known: Known) -> tuple[Any, ...]:
    project = known.projects[number % len(known.projects)]
    firm = known.enterprises[number % len(known.enterprises)]
    machine_id = known.machines[number][0]
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


def machine_area_rows(number: int, row: tuple[Any, ...], known: Known) -> Iterator[tuple[Any, ...]]:
    """Where its owner sits, and where it stands if it is locked."""
    told = dict(zip(MACHINE, row, strict=True))
    areas = {told["owner_area"], *([known.projects[number % len(known.projects)].area] if is_locked(number) else [])}
    for area in {wide for each in areas for wide in territories(each)}:
        yield (area, told["id"], told["recorded_at"])


def is_locked(number: int) -> bool:
    return number % 5 < 2


def person_row(number: int, known: Known, chance: Random) -> tuple[tuple[Any, ...], str]:
    firm = chance.choice(known.enterprises)
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


def person_area_rows(people: list[tuple[tuple[Any, ...], str]]) -> Iterator[tuple[Any, ...]]:
    for row, area in people:
        for each in territories(area):
            yield (each, row[0], row[9])


def employment_row(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return (derived_id("bench employment", row[0]), row[0], row[5], row[6], row[9])


def certificate_row(number: int, row: tuple[Any, ...]) -> tuple[Any, ...]:
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


def person_lock_row(number: int, row: tuple[Any, ...], known: Known) -> tuple[Any, ...]:
    project = known.projects[number % len(known.projects)]
    id_ = derived_id("bench person lock", str(number))
    own = (id_, row[0], "driver", "operator", 1, id_, 1, "use_registration", row[5], project.id, "held")
    return (*own, NOW - timedelta(days=60), NOW - timedelta(days=60))
