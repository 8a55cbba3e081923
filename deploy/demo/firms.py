"""The enterprises of the province, of every kind, and a few from outside."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from deploy.demo import names, numbers_of, places
from deploy.demo.chance import chance

# What kinds of enterprise there are, and how many of each.
PLAN: tuple[tuple[tuple[str, ...], int], ...] = (
    (("owner",), 36),
    (("contractor",), 36),
    (("contractor", "owner"), 2),
    (("contractor", "lessor"), 3),
    (("lessor",), 18),
    (("lessor", "installer"), 6),
    (("installer",), 10),
    (("supervisor",), 22),
)
# Installers from other provinces: registration area, place, short name of their province.
OUTSIDE = (
    ("110105", "北京", "京"),
    ("120112", "天津", "津"),
    ("370102", "济南", "鲁"),
    ("410105", "郑州", "豫"),
    ("110112", "北京", "京"),
    ("140105", "太原", "晋"),
    ("370203", "青岛", "鲁"),
    ("320102", "南京", "苏"),
)
# Those whose registration is still under way, or came to nothing: kinds and the stage reached.
UNDER_WAY: tuple[tuple[tuple[str, ...], str], ...] = (
    (("contractor",), "submitted"),
    (("owner",), "submitted"),
    (("lessor",), "submitted"),
    (("installer",), "submitted"),
    (("contractor",), "accepted"),
    (("supervisor",), "accepted"),
    (("owner",), "returned"),
    (("lessor", "installer"), "returned"),
    (("contractor",), "returned"),
    (("lessor",), "rejected"),
)
BUSINESS = {
    ("owner",): ("房地产开发有限公司", "城市建设投资有限公司", "置业有限公司", "产业园区开发有限公司"),
    ("contractor",): ("建筑工程有限公司", "建设集团有限公司", "建工有限公司", "建筑安装工程有限公司"),
    ("contractor", "owner"): ("建设开发集团有限公司",),
    ("contractor", "lessor"): ("建设机械施工有限公司",),
    ("lessor",): ("建筑机械租赁有限公司", "机械设备租赁有限公司"),
    ("lessor", "installer"): ("建筑起重设备租赁安装有限公司",),
    ("installer",): ("起重设备安装工程有限公司", "建筑设备安装有限公司"),
    ("supervisor",): ("工程项目管理有限公司", "建设监理有限公司"),
}
CONTRACTOR_GRADES = ("特级", "一级", "一级", "二级", "二级", "二级")
INSTALLER_GRADES = ("一级", "一级", "二级", "二级", "三级")
SUPERVISOR_GRADES = ("甲级", "甲级", "乙级")
# Firms sit in busy counties and here, so that what they file finds two officers.
SMALL_DIRECT_UNITS = ("130181", "130682")
CLERK_EACH = 7  # one enterprise in so many has a clerk


Outside = tuple[str, str, str]
Wanted = tuple[tuple[str, ...], str, str, Outside | None]  # kinds, stage of the registration, division, where from


@dataclass(frozen=True)
class Licence:
    """A qualification (`name`, `grade`) or, with both empty, a safety production licence."""

    number: str
    issued_on: date
    valid_to: date
    name: str = ""
    grade: str = ""


@dataclass(frozen=True)
class Firm:
    """An enterprise. `registration`: how far its registration gets (approved, submitted, accepted, returned, rejected).

    `letter` stands in its people's certificate numbers; `province` is the short name of where it is from.
    """

    key: str
    serial: int
    name: str
    credit_code: str
    kinds: tuple[str, ...]
    division: str
    address: str
    legal_representative: str
    contact: str
    phone: str
    established_on: date
    capital: int
    registration: str = "approved"
    province: str = "冀"
    qualification: Licence | None = None
    safety_licence: Licence | None = None

    @property
    def username(self) -> str:
        return f"{self.kinds[0]}{self.serial:03d}"

    @property
    def has_clerk(self) -> bool:
        """Whether its administrator has given an account to a clerk (R-A5)."""
        return self.is_open and self.serial % CLERK_EACH == 0

    @property
    def clerk(self) -> str:
        return f"{self.username}-2"

    @property
    def is_open(self) -> bool:
        return self.registration == "approved"

    @property
    def city(self) -> str:
        return places.place(self.division).city


@cache
def all_firms(today: date) -> tuple[Firm, ...]:
    """Every enterprise, numbered from 1; the names and credit codes are unique."""
    taken: set[str] = set()
    seats = (*places.busy_counties(), *SMALL_DIRECT_UNITS)
    wanted: list[Wanted] = [
        (kinds, "approved", seats[(number * 7 + row * 5) % len(seats)], None)
        for row, (kinds, count) in enumerate(PLAN)
        for number in range(count)
    ]
    wanted += [(("installer",), "approved", places.PROVINCE, outside) for outside in OUTSIDE]
    wanted += [(kinds, stage, seats[number * 3], None) for number, (kinds, stage) in enumerate(UNDER_WAY)]
    return tuple(_firm(serial, each, taken, today) for serial, each in enumerate(wanted, start=1))


def open_firms(today: date, kind: str) -> list[Firm]:
    """Those of a kind whose registration is approved."""
    return [each for each in all_firms(today) if kind in each.kinds and each.is_open]


def _firm(serial: int, wanted: Wanted, taken: set[str], today: date) -> Firm:
    kinds, stage, division, outside = wanted
    draw = chance("firm", serial)
    area, town, province = outside or (division, _town(division), "冀")
    business = BUSINESS[kinds][draw.randrange(len(BUSINESS[kinds]))]
    street = names.street_address(draw)
    return Firm(
        key=f"firm-{serial:03d}",
        serial=serial,
        name=f"{town}{names.brand(draw, taken)}{business}",
        credit_code=numbers_of.credit_code(area, serial),
        kinds=kinds,
        division=division,
        address=f"{town}市{street}" if outside else places.full_name(division) + street,
        legal_representative=names.person(draw, male=draw.random() < 0.8),
        contact=names.person(draw, male=draw.random() < 0.5),
        phone=numbers_of.phone(20_000_000 + serial),
        established_on=date(draw.randint(1995, 2021), draw.randint(1, 12), draw.randint(1, 28)),
        capital=draw.choice((500, 1000, 2000, 3000, 5000, 8000, 10000)) * 10_000,
        registration=stage,
        province=province,
        qualification=_qualification(draw, serial, kinds, today),
        safety_licence=_safety_licence(draw, serial, kinds, province, today),
    )


def _town(division: str) -> str:
    """石家庄 for 长安区"""
    return places.place(places.place(division).city).name.removesuffix("市").removesuffix("新区")


def _qualification(draw: Random, serial: int, kinds: tuple[str, ...], today: date) -> Licence | None:
    """Owners and mere lessors need none."""
    issued = today - timedelta(days=draw.randint(100, 1500))
    until = issued + timedelta(days=5 * 365)
    if "contractor" in kinds:
        name, grade = "建筑工程施工总承包", draw.choice(CONTRACTOR_GRADES)
    elif "installer" in kinds:
        name, grade = "起重设备安装工程专业承包", draw.choice(INSTALLER_GRADES)
    elif "supervisor" in kinds:
        name, grade = "房屋建筑工程监理", draw.choice(SUPERVISOR_GRADES)
    else:
        return None
    return Licence(numbers_of.qualification(serial), issued, until, name, grade)


def _safety_licence(draw: Random, serial: int, kinds: tuple[str, ...], province: str, today: date) -> Licence | None:
    """Three years from issue; every builder and installer has one (令397)."""
    if not {"contractor", "installer"} & set(kinds):
        return None
    issued = today - timedelta(days=draw.randint(60, 1000))
    return Licence(numbers_of.safety_licence(issued.year, serial, province), issued, issued + timedelta(days=3 * 365))
