"""The building projects of the province: what is built, where, by whom, and how far its safety filing has come."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from deploy.demo import firms, names, numbers_of, places
from deploy.demo.boundaries import boundary
from deploy.demo.chance import chance
from deploy.demo.firms import Firm

# How many projects in each city.
COUNTS = {
    "130100": 9, "130200": 7, "130300": 4, "130400": 6, "130500": 4, "130600": 6, "130700": 4, "130800": 4, "130900": 4,
    "131000": 5, "131100": 3, "133100": 2, "130682": 1, "130181": 1,
}  # fmt: skip
# How far the safety filing gets; the rest is filed. Two of the filed ones are stopped and two closed in the end.
STAGES = {
    **dict.fromkeys((8, 26, 52), "submitted"),
    **dict.fromkeys((17, 38, 58), "accepted"),
    **dict.fromkeys((13, 45), "reviewed"),
    **dict.fromkeys((22, 49), "returned"),
    **dict.fromkeys((31, 55), "draft"),
    35: "rejected",
    42: "withdrawn",
}
ENDINGS = {3: "suspended", 20: "suspended", 11: "closed", 41: "closed"}
SHAPES = ("plain", "corner", "plain", "hole", "plain", "two", "corner")
BUILDINGS = (
    ("{estate}住宅小区{section}期工程", "building", "剪力墙结构", (18, 34), (18_000, 120_000)),
    ("{estate}{section}号院住宅楼及地下车库工程", "building", "剪力墙结构", (11, 27), (8_000, 60_000)),
    ("{town}人民医院门诊综合楼工程", "building", "框架剪力墙结构", (8, 16), (15_000, 48_000)),
    ("{town}第{section}中学教学楼及宿舍楼工程", "building", "框架结构", (4, 6), (6_000, 26_000)),
    ("{estate}商业综合体工程", "building", "框架核心筒结构", (6, 28), (40_000, 150_000)),
    ("{town}保障性住房{section}期工程", "building", "剪力墙结构", (18, 33), (30_000, 90_000)),
    ("{town}产业园标准厂房{section}期工程", "building", "钢结构", (1, 4), (9_000, 50_000)),
)
MUNICIPAL = (
    ("{town}污水处理厂扩建工程", "municipal", "钢筋混凝土结构", (1, 3), (3_000, 9_000)),
    ("{town}综合管廊{section}标段工程", "pipeline", "钢筋混凝土结构", (1, 2), (2_000, 8_000)),
)
SECTIONS = "一二三四五"


@dataclass(frozen=True)
class HazardousWork:
    """A dangerous sub-project (危大工程) with its planned days; the codes and quantities are filing's, and so is the tier."""

    code: str
    description: str
    starts_on: date
    finishes_on: date
    quantities: dict[str, float]


@dataclass(frozen=True)
class Site:
    """A project. `stage` of its safety filing; `ending`: "", suspended or closed, after the filing. Prices in yuan."""

    key: str
    number: int
    name: str
    division: str
    address: str
    owner: Firm
    contractor: Firm
    supervisor: Firm
    works_kind: str
    structure: str
    floors: int
    floor_area: float
    land_area: float
    contract_price: float
    starts_on: date
    finishes_on: date
    permit_number: str
    investment_code: str
    civilised_standard: str
    boundary: dict[str, Any]
    hazardous: tuple[HazardousWork, ...]
    stage: str
    ending: str

    @property
    def is_filed(self) -> bool:
        return self.stage == "approved"

    @property
    def safety_officers(self) -> int:
        """How many full-time safety officers the general contractor must name (建质[2008]91号)."""
        by_area = self.works_kind in ("building", "decoration")
        size, steps = (self.floor_area, (10_000, 50_000)) if by_area else (self.contract_price, (50e6, 100e6))
        return 1 + sum(size >= step for step in steps)


@cache
def all_sites(today: date) -> tuple[Site, ...]:
    """Sixty projects; owners and contractors of the same city where there are any."""
    taken: set[str] = set()
    where = [(division, number) for number, division in enumerate(_divisions(), start=1)]
    return tuple(_site(number, division, taken, today) for division, number in where)


def _divisions() -> Iterator[str]:
    """A busy county for each project, cities in turn."""
    for city, count in COUNTS.items():
        counties = [code for code in places.busy_counties() if places.place(code).city == city] or [city]
        yield from (counties[index % len(counties)] for index in range(count))


def _site(number: int, division: str, taken: set[str], today: date) -> Site:
    draw = chance("site", number)
    place = places.place(division)
    pattern, works_kind, structure, floors, area = draw.choice(MUNICIPAL if number % 11 == 0 else BUILDINGS)
    floor_area = float(round(draw.uniform(*area), -1))
    land = max(floor_area / draw.uniform(1.4, 3.2), 2_500.0)
    storeys = draw.randint(*floors)
    starts = today - timedelta(days=draw.randint(20, 420))
    longitude, latitude = place.longitude + draw.uniform(-0.02, 0.02), place.latitude + draw.uniform(-0.015, 0.015)
    return Site(
        key=f"site-{number:02d}",
        number=number,
        name=_name(pattern, place.name, draw, taken),
        division=division,
        address=places.full_name(division) + names.street_address(draw),
        owner=_party("owner", number, place.city, today),
        contractor=_party("contractor", number, place.city, today),
        supervisor=_party("supervisor", number, place.city, today),
        works_kind=works_kind,
        structure=structure,
        floors=storeys,
        floor_area=floor_area,
        land_area=round(land, 1),
        contract_price=float(round(floor_area * draw.uniform(1_900, 3_400), -4)),
        starts_on=starts,
        finishes_on=starts + timedelta(days=draw.randint(480, 900)),
        permit_number=numbers_of.construction_permit(division, starts - timedelta(days=15), number),
        investment_code=numbers_of.investment_project(division, starts.year - 1, draw.randint(1, 12), number),
        civilised_standard=draw.choice(("provincial", "municipal", "municipal", "none")),
        boundary=boundary(draw, longitude, latitude, land, SHAPES[number % len(SHAPES)]),
        hazardous=tuple(_hazardous(draw, works_kind, storeys, starts)),
        stage=STAGES.get(number, "approved"),
        ending=ENDINGS.get(number, ""),
    )


def _name(pattern: str, town: str, draw: Random, taken: set[str]) -> str:
    while True:
        estate = names.estate(draw, taken) if "{estate}" in pattern else ""
        name = pattern.format(estate=estate, town=town, section=draw.choice(SECTIONS))
        if name not in taken:
            taken.add(name)
            return name
        pattern = BUILDINGS[0][0]


def _party(kind: str, number: int, city: str, today: date) -> Firm:
    """A firm of the kind, from the city if it has one; neighbours in the list take turns."""
    able = firms.open_firms(today, kind)
    near = [each for each in able if each.city == city] or able
    return near[number % len(near)]


def _hazardous(draw: Random, works_kind: str, floors: int, starts: date) -> Iterator[HazardousWork]:
    def work(code: str, text: str, after: int, days: int, **quantities: float) -> HazardousWork:
        begins = starts + timedelta(days=after)
        return HazardousWork(code, text, begins, begins + timedelta(days=days), quantities)

    yield work("pit", "基坑土方开挖、支护及降水", 10, 60, depth=round(draw.uniform(3.2, 9.5), 1))
    if works_kind != "building":
        return
    height = float(floors * 3 + 25)
    yield work("machine_installation", "塔式起重机、施工升降机安装拆卸", 30, 330, capacity=60.0, height=height)
    if (clear := round(draw.uniform(4.5, 9.0), 1)) >= 5:
        span = round(draw.uniform(8, 16), 1)
        yield work("formwork_support", "高大模板支撑体系", 90, 120, height=clear, span=span)
    if draw.random() < 0.5:
        section = round(draw.uniform(16, 21), 1)
        yield work("cantilever_scaffold", "悬挑式脚手架搭设", 150, 200, section_height=section)
