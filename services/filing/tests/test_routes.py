"""Which agency may handle what (R-F14, T1, T34)."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from filing import divisions
from filing.divisions import area_served
from filing.routes import Agency, choose


def agency(area: str, level: str = "county") -> Agency:
    return Agency(organisation_id=area, name=area, level=level, area=area)


PROVINCE = agency("13", "province")
SHIJIAZHUANG = agency("13.1301", "city")
CHANGAN = agency("13.1301.130102")
CHANGAN_ZONE = agency("13.1301.130102.130191")
HIGH_TECH_ZONE = agency("13.1301.130171")
TANGSHAN = agency("13.1302", "city")
DINGZHOU = agency("13.130682", "city")
XIONGAN = agency("13.133100", "city")
RONGCHENG = agency("13.133100.130629")
ALL = [
    TANGSHAN,
    HIGH_TECH_ZONE,
    PROVINCE,
    CHANGAN_ZONE,
    CHANGAN,
    SHIJIAZHUANG,
    XIONGAN,
    RONGCHENG,
    DINGZHOU,
]


@pytest.mark.parametrize(
    ("area", "offered"),
    [
        ("13.1301.130102", [CHANGAN, CHANGAN_ZONE, HIGH_TECH_ZONE]),  # the county's, its zone, the city's zone
        ("13.1301.130104", [SHIJIAZHUANG, HIGH_TECH_ZONE]),  # no agency of its own: its city's
        ("13.1301", [SHIJIAZHUANG, HIGH_TECH_ZONE]),
        ("13.1301.130171", [HIGH_TECH_ZONE]),
        ("13.1302.130281", [TANGSHAN]),
        ("13.1303.130302", [PROVINCE]),
        ("13.130682", [DINGZHOU]),
        ("13.130181", [PROVINCE]),
        ("13.133100.130629", [RONGCHENG]),
        ("13.133100.130638", [XIONGAN]),
        ("13", [PROVINCE]),
    ],
)
def test_the_agency_of_the_place_comes_first_and_others_only_within_the_rule(area, offered):
    assert choose(ALL, area) == offered


def test_a_zone_office_keeps_things_under_its_own_area_and_nobody_else_does():
    assert area_served("13.1301.130102", CHANGAN_ZONE.area) == CHANGAN_ZONE.area
    assert area_served("13.1301.130102", CHANGAN.area) == "13.1301.130102"
    assert area_served("13.1301.130104", SHIJIAZHUANG.area) == "13.1301.130104"
    assert area_served("13.1303.130302", PROVINCE.area) == "13.1303.130302"


AREAS = [each.area for each in divisions.all_divisions()]
ZONES = [f"{area}.130971" for area in ("13.1301", "13.1301.130102", "13.1306", "13.133100.130629")]


@given(some.sets(some.sampled_from([*AREAS, *ZONES]), max_size=40), some.sampled_from(AREAS))
def test_whatever_agencies_there_are_only_the_place_what_holds_it_and_zones_of_its_city_are_offered(there, place):
    with_province = [PROVINCE, *(agency(area) for area in sorted(there - {"13"}))]

    offered = choose(with_province, place)

    assert offered
    assert len(set(offered)) == len(offered)
    first, *others = offered
    assert divisions.is_within(place, first.area)
    nearer = [
        each for each in with_province if divisions.is_within(place, each.area) and len(each.area) > len(first.area)
    ]
    assert nearer == []
    assert all(each.is_zone_office for each in others)
