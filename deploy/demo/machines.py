"""The lifting machines of the province, of every age and type, and how far the filing of each has come."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from deploy.demo import filings, firms, places
from deploy.demo.chance import chance
from deploy.demo.firms import Firm

MAKERS = (
    "冀中起重机械制造有限公司",
    "太行建筑机械有限公司",
    "渤海塔机制造有限公司",
    "燕山工程机械股份有限公司",
    "滹沱河升降机制造有限公司",
    "华北建机集团有限公司",
)


@dataclass(frozen=True)
class Model:
    """A type as makers offer it; `oldest` is the greatest age in years that needs no assessment (domain.md §1.4)."""

    kind: str
    name: str
    code: str
    load_t: float
    height_m: float
    oldest: int
    moment_knm: float | None = None
    radius_m: float | None = None
    free_height_m: float | None = None
    drive: str | None = None


TOWER = "塔式起重机"
MODELS = (
    Model("T", TOWER, "QTZ40（TC4208）", 4, 100, 10, 400, 42, 27),
    Model("T", TOWER, "QTZ50（TC5008）", 5, 120, 10, 500, 50, 30),
    Model("T", TOWER, "QTZ63（TC5013）", 6, 140, 15, 630, 50, 40),
    Model("T", TOWER, "QTZ63（TC5013）", 6, 140, 15, 630, 50, 40),
    Model("T", TOWER, "QTZ80（TC5610）", 6, 162, 15, 800, 56, 40.5),
    Model("T", TOWER, "QTZ80（TC5610）", 6, 162, 15, 800, 56, 40.5),
    Model("T", TOWER, "QTZ80（TC6010）", 6, 180, 15, 800, 60, 40.5),
    Model("T", TOWER, "QTZ100（TC6012）", 8, 200, 15, 1000, 60, 45),
    Model("T", TOWER, "QTZ125（TC6015）", 10, 220, 20, 1250, 60, 50),
    Model("T", TOWER, "QTZ160（TC6516）", 10, 220, 20, 1600, 65, 50),
    Model("T", TOWER, "QTZ250（TC7030）", 16, 250, 20, 2500, 70, 52),
)
HOISTS = (
    Model("S", "施工升降机", "SC200/200", 2, 150, 8, drive="SC"),
    Model("S", "施工升降机", "SC200/200TD", 2, 200, 8, drive="SC"),
    Model("S", "施工升降机", "SC100", 1, 100, 8, drive="SC"),
    Model("S", "施工升降机", "SS100", 1, 60, 5, drive="SS"),
)
OTHERS = (
    Model("W", "物料提升机", "SSD100", 1, 60, 10),
    Model("L", "货用施工升降机", "SSDB100", 1, 80, 5, drive="SS"),
    Model("M", "门式起重机", "MH10-24", 10, 12, 15),
    Model("Q", "桥式起重机", "LD10-16.5", 10, 9, 15),
)
# One that the ministry forbade in 2007, still in somebody's yard.
BANNED = Model("T", "塔式起重机", "QTG25", 2, 40, 10, 250, 30, 25)
COUNT = 100
# How far the filing gets; the rest is approved. "too_old" and "banned" stay drafts: the check refuses them.
STAGES = {
    **dict.fromkeys((4, 46, 83), "submitted"),
    **dict.fromkeys((11, 60), "accepted"),
    **dict.fromkeys((18, 71), "reviewed"),
    **dict.fromkeys((24, 93), "returned"),
    **dict.fromkeys((39, 77, 98), "too_old"),
    33: "draft",
    53: "rejected",
    66: "withdrawn",
    88: "banned",
}
FILED_EARLIER_EACH = 7  # one in so many was filed on paper and is only registered now
ASSESSED = (5, 16, 27, 44, 58, 73)  # past their age, and assessed


@dataclass(frozen=True)
class Assessment:
    report_number: str
    on: date
    valid_to: date


@dataclass(frozen=True)
class Machine:
    """A machine. `stage` of its filing; `paper_number` is what it was filed under on paper, "" if it never was."""

    key: str
    number: int
    owner: Firm
    model: Model
    maker: str
    maker_licence: str
    serial_number: str
    made_on: date
    bought_on: date
    service_life_years: int
    supervision_inspection_no: str
    assessment: Assessment | None
    stage: str
    paper_number: str

    @property
    def kind(self) -> str:
        return self.model.kind

    @property
    def filed_earlier(self) -> bool:
        return bool(self.paper_number)

    @property
    def is_filed(self) -> bool:
        return self.stage == "approved"


@cache
def all_machines(today: date) -> tuple[Machine, ...]:
    """A hundred machines; lessors own most of them, contractors some."""
    lessors = [each for each in firms.open_firms(today, "lessor") if filings.may_have_machines(each, today)]
    builders = [each for each in firms.open_firms(today, "contractor") if each not in lessors][:8]
    owners = [*lessors, *lessors, *lessors, *builders]
    return tuple(_machine(number, owners[(number * 5) % len(owners)], today) for number in range(1, COUNT + 1))


def _machine(number: int, owner: Firm, today: date) -> Machine:
    draw = chance("machine", number)
    stage = STAGES.get(number, "approved")
    model = _model(draw, number, stage)
    made_on = _made_on(draw, model, number, stage, today)
    maker = draw.choice(MAKERS)
    return Machine(
        key=f"machine-{number:03d}",
        number=number,
        owner=owner,
        model=model,
        maker=maker,
        maker_licence=f"TS2413{900 + MAKERS.index(maker)}-{made_on.year + 3}",
        serial_number=f"{made_on:%Y%m}{draw.randint(10, 99)}{number:03d}",
        made_on=made_on,
        bought_on=made_on + timedelta(days=draw.randint(5, 40)),
        service_life_years=model.oldest,
        supervision_inspection_no=f"TSJ{made_on.year}{90_000 + number}",
        assessment=_assessment(draw, number, today),
        stage=stage,
        paper_number=_paper_number(number, owner, model, stage),
    )


def _model(draw: Random, number: int, stage: str) -> Model:
    """Six towers, three hoists and one other machine in ten."""
    if stage == "banned":
        return BANNED
    if number % 10 == 0:
        return OTHERS[number // 10 % len(OTHERS)]
    return draw.choice(HOISTS if number % 10 in (3, 6, 8) else MODELS)


def _made_on(draw: Random, model: Model, number: int, stage: str, today: date) -> date:
    """Any age that needs no assessment, except for those that have one, or lack it; some are near its end."""
    full_life = timedelta(days=round(model.oldest * 365.25))
    if stage in ("too_old", "banned") or number in ASSESSED:
        return today - full_life - timedelta(days=draw.randint(60, 700))
    if number % 13 == 0:
        return today - full_life + timedelta(days=draw.randint(25, 80))
    return today - _between(draw, timedelta(days=60), full_life - timedelta(days=100))


def _between(draw: Random, low: timedelta, high: timedelta) -> timedelta:
    return timedelta(days=draw.randint(low.days, high.days))


def _assessment(draw: Random, number: int, today: date) -> Assessment | None:
    """Passed within the last year and good for a year: the shortest that the standard gives."""
    if number not in ASSESSED:
        return None
    on = today - timedelta(days=draw.randint(20, 300))
    return Assessment(f"PG{on.year}-{9000 + number}", on, on + timedelta(days=364))


def _paper_number(number: int, owner: Firm, model: Model, stage: str) -> str:
    """A number as it stands on the old paper certificate."""
    if stage != "approved" or number % FILED_EARLIER_EACH:
        return ""
    return f"冀{places.place(owner.division).letter}B-{model.kind}{90_000 + number}"
