"""The agencies (安全监督机构) of the province and their officers."""

from dataclasses import dataclass
from functools import cache

from deploy.demo import names, numbers_of, places
from deploy.demo.chance import chance
from deploy.demo.places import Place

# Development zones have offices of their own and no code in GB/T 2260: (division, statistical code, name).
ZONES = (
    ("130100", "130171", "石家庄高新技术产业开发区"),
    ("130200", "130274", "唐山海港经济开发区"),
    ("130600", "130671", "保定高新技术产业开发区"),
)
LARGE_OFFICE = (
    ("administrator", "acceptor", "inspector", "editor"),
    ("acceptor", "reviewer"),
    ("approver",),
    ("inspector",),
)
TWO_OFFICERS = (("administrator", "acceptor", "reviewer", "editor"), ("approver",))
ONE_OFFICER = (("administrator", "acceptor", "reviewer", "approver", "editor"),)


@dataclass(frozen=True)
class Officer:
    """An account of an agency; `username` is unique in the province."""

    username: str
    name: str
    phone: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Agency:
    """`key` is its division's code or, in a zone, the zone's. The first officer is the agency's administrator."""

    key: str
    name: str
    division: str
    level: str
    zone: str
    address: str
    phone: str
    officers: tuple[Officer, ...]

    def who(self, role: str, other_than: str = "") -> Officer:
        """An officer with this role, another than the named one where there is one."""
        able = [each for each in self.officers if role in each.roles]
        return next((each for each in reversed(able) if each.username != other_than), able[-1])


@cache
def all_agencies() -> tuple[Agency, ...]:
    """The province, its cities, the counties, the zone offices: whoever stands above comes first."""
    order = ("province", "city", "county")
    ranked = sorted(places.all_places().values(), key=lambda each: (order.index(each.level), each.code))
    offices = [_of(place) for place in ranked]
    return (*offices, *(_zone(*each) for each in ZONES))


def agency_of(division: str) -> Agency:
    """The agency of a division itself (not of a zone in it)."""
    return next(each for each in all_agencies() if each.division == division and not each.zone)


def _of(place: Place) -> Agency:
    title = {
        "province": "河北省建筑工程安全监督管理办公室",
        "city": f"{place.name}建筑工程施工安全监督站",
        "county": f"{_county_title(place)}建设工程安全监督站",
    }[place.level]
    return _agency(place.code, title, place, place.level, "", _staffing(place))


def _county_title(place: Place) -> str:
    """新华区 and 桥西区 stand in two cities each: the city's name tells them apart."""
    twins = [each for each in places.all_places().values() if each.name == place.name]
    return place.name if len(twins) == 1 else places.place(place.city).name + place.name


def _zone(division: str, code: str, name: str) -> Agency:
    return _agency(code, f"{name}建设工程安全监督站", places.place(division), "county", name, TWO_OFFICERS)


def _staffing(place: Place) -> tuple[tuple[str, ...], ...]:
    if place.level != "county":
        return LARGE_OFFICE
    return TWO_OFFICERS if place.busy else ONE_OFFICER


def _agency(key: str, name: str, place: Place, level: str, zone: str, staffing: tuple[tuple[str, ...], ...]) -> Agency:
    draw = chance("agency", key)
    officers = tuple(_officer(key, number, roles) for number, roles in enumerate(staffing, start=1))
    address = places.full_name(place.code) + names.street_address(draw)
    return Agency(
        key,
        name,
        place.code,
        level,
        zone,
        address,
        f"0{draw.randint(310, 319)}-{draw.randint(2000000, 8999999)}",
        officers,
    )


def _officer(key: str, number: int, roles: tuple[str, ...]) -> Officer:
    draw = chance("officer", key, number)
    name = names.person(draw, male=draw.random() < 0.6)
    serial = int(key) * 10 + number
    return Officer(
        f"aj{key}-{number}" if number > 1 else f"aj{key}", name, numbers_of.phone(10_000_000 + serial), roles
    )
