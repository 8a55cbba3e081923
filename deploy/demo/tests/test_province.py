"""The made-up province: valid numbers that nobody holds, plausible places, counts as promised, the same every time."""

import json
import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from shapely.geometry import Point, shape
from stdnum.cn import ric, uscc

from deploy.demo import agencies, filings, firms, lives, machines, numbers_of, places, sites, staff
from deploy.demo.lives import Unfiled

ROOT = Path(__file__).resolve().parents[3]
OUTLINE = shape(json.loads((Path(__file__).parent / "data" / "hebei_outline.json").read_text()))
METRES_PER_DEGREE = 111_320.0
# A leap day, the ends of a year, and an ordinary day: dates are reckoned from the day of the load.
DAYS = (date(2026, 11, 23), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29))


@pytest.fixture(params=DAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    day: date = request.param
    return day


def test_the_numbers_agree_with_the_examples_of_the_standards() -> None:
    assert numbers_of.organisation_check("M000100Y") == "4"
    assert uscc.is_valid(numbers_of.credit_code("130100", 1))
    assert numbers_of.identity_number("110105", date(1949, 12, 31), "002") == "11010519491231002X"
    assert numbers_of.identity_number("130102", date(1900, 1, 1), "001") == "130102190001010014"


def test_the_divisions_are_those_of_filing() -> None:
    listed = tomllib.loads((ROOT / "services/filing/filing/data/divisions.toml").read_text(encoding="utf-8"))
    known = {each["code"]: each["name"] for each in (listed["province"], *listed["city"])}
    known |= {county["code"]: county["name"] for city in listed["city"] for county in city["counties"]}

    assert {code: place.name for code, place in places.all_places().items()} == known


def test_every_seat_lies_in_the_province() -> None:
    outside = [
        each.name for each in places.all_places().values() if not OUTLINE.contains(Point(each.longitude, each.latitude))
    ]

    assert outside == []


def test_every_division_has_an_agency_and_zones_have_offices_besides() -> None:
    everyone = agencies.all_agencies()
    usernames = [officer.username for agency in everyone for officer in agency.officers]

    assert {each.division for each in everyone if not each.zone} == set(places.all_places())
    assert len([each for each in everyone if each.zone]) == 3
    assert len({each.name for each in everyone}) == len(everyone) == 183
    assert len(set(usernames)) == len(usernames)


def test_a_review_and_an_approval_are_two_people_wherever_two_levels_are_needed(today: date) -> None:
    needed = {each.division for each in sites.all_sites(today)}
    needed |= {each.owner.division for each in machines.all_machines(today)} | {"130000"}
    needed |= {life.place.division for life in lives.all_lives(today)}

    for division in needed:
        agency = agencies.agency_of(division)
        reviewer = agency.who("reviewer")
        assert agency.who("approver", other_than=reviewer.username) != reviewer, agency.name


def test_enterprises_of_every_kind_with_valid_codes_that_are_nobodys(today: date) -> None:
    everyone = firms.all_firms(today)

    assert 145 <= len(everyone) <= 155
    assert all(uscc.is_valid(each.credit_code) and each.credit_code[8:12] == "MAYY" for each in everyone)
    for unique in ("credit_code", "name", "username", "phone"):
        assert len({getattr(each, unique) for each in everyone}) == len(everyone), unique
    for kind in ("owner", "contractor", "lessor", "installer", "supervisor"):
        assert len(firms.open_firms(today, kind)) >= 20, kind
    assert {each.registration for each in everyone} == {"approved", "submitted", "accepted", "returned", "rejected"}
    assert any(each.province != "冀" for each in everyone) and any(len(each.kinds) > 1 for each in everyone)


def test_nobodys_identity_phone_or_certificate(today: date) -> None:
    everybody = staff.all_people(today).values()
    certificates = [each for person in everybody for each in person.certificates]

    for person in everybody:
        number = person.identity_number
        assert ric.calc_check_digit(number) == number[-1] and number[14:17] in ("996", "997", "998", "999")
        born = ric.get_birth_date(number)
        assert 18 * 365 < (today - born).days < 60 * 366
        assert person.phone.startswith("154") and len(person.phone) == 11
    assert len({each.identity_number for each in everybody}) == len(everybody)
    assert len({each.phone for each in everybody}) == len(everybody)
    assert len({each.number for each in certificates}) == len(certificates)


def test_certificates_of_every_kind_some_expired_and_some_about_to(today: date) -> None:
    everybody = staff.all_people(today).values()
    certificates = [each for person in everybody for each in person.certificates]
    kinds = {"A", "B", "C1", "C2", "C3", "C", "builder", "supervising_engineer", "special_operation"}

    assert {each.kind for each in certificates} == kinds
    assert {each.trade for each in certificates if each.trade} == {f"{number:02d}" for number in range(1, 12)}
    assert all(each.issued_on < each.valid_to and each.issued_on <= today for each in certificates)
    assert 10 <= sum(each.valid_to < today for each in certificates) <= 120
    assert 20 <= sum(today <= each.valid_to <= today + timedelta(days=90) for each in certificates) <= 200


def test_whoever_is_named_in_a_post_has_certificates_that_hold(today: date) -> None:
    everybody = staff.all_people(today)
    named = [key for site in sites.all_sites(today) for _, key in staff.key_people(site, today)]
    named += [key for life in lives.all_lives(today) for _, key in (*life.crew, *life.operators)]

    for key in named:
        assert all(today <= each.valid_to for each in everybody[key].certificates), key


def test_no_chief_has_more_than_three_projects(today: date) -> None:
    named = Counter(
        key
        for site in sites.all_sites(today)
        for role, key in staff.key_people(site, today)
        if role == "chief_supervisor"
    )

    assert max(named.values()) <= 3


def test_sixty_projects_over_all_cities_in_every_stage(today: date) -> None:
    everything = sites.all_sites(today)
    cities = {places.place(each.division).city for each in everything}
    stages = {"draft", "submitted", "accepted", "reviewed", "returned", "approved", "rejected", "withdrawn"}

    assert len(everything) == len({each.name for each in everything}) == 60
    assert cities == {each.code for each in places.all_places().values() if each.level == "city"}
    assert {each.stage for each in everything} == stages
    assert {each.ending for each in everything} == {"", "suspended", "closed"}
    for each in everything:
        assert each.owner.is_open and each.contractor.is_open and each.supervisor.is_open
        assert each.contractor.key != each.supervisor.key


def test_boundaries_are_valid_shapes_of_a_sites_size_near_the_seat(today: date) -> None:
    kinds = set()
    for site in sites.all_sites(today):
        outline, seat = shape(site.boundary), places.place(site.division)
        middle = outline.centroid
        size = outline.area * METRES_PER_DEGREE**2 * 0.78  # cos 39°
        assert outline.is_valid and OUTLINE.contains(outline), site.name
        assert 1_500 < size < 200_000, site.name
        assert abs(middle.x - seat.longitude) < 0.04 and abs(middle.y - seat.latitude) < 0.04, site.name
        kinds.add((outline.geom_type, bool(getattr(outline, "interiors", ()))))

    assert kinds == {("Polygon", False), ("Polygon", True), ("MultiPolygon", False)}


def test_a_hundred_machines_of_every_type_and_age(today: date) -> None:
    everything = machines.all_machines(today)
    ages = [(today - each.made_on).days / 365.25 for each in everything]

    assert len(everything) == len({(each.maker, each.serial_number) for each in everything}) == 100
    assert {each.kind for each in everything} == set("TSWLQM")
    assert {each.model.drive for each in everything if each.kind == "S"} == {"SC", "SS"}
    assert min(ages) < 2 and max(ages) > 15
    assert {each.stage for each in everything} >= {"draft", "submitted", "accepted", "reviewed", "returned", "approved"}
    assert any(each.filed_earlier for each in everything)


def test_only_those_meant_to_be_are_past_their_age_without_an_assessment(today: date) -> None:
    for each in machines.all_machines(today):
        too_old = today > each.made_on.replace(
            year=each.made_on.year + each.model.oldest, day=min(each.made_on.day, 28)
        )
        covered = each.assessment is not None and each.assessment.valid_to >= today
        assert (too_old and not covered) == (each.stage in ("too_old", "banned")), each.key


def test_the_lives_of_machines_reach_every_stage_and_lock_nothing_twice(today: date) -> None:
    everything = lives.all_lives(today)
    now = [each for each in everything if each.story != lives.DISMANTLED]
    notices = {each.story.notice for each in everything}
    uses = {each.story.use for each in everything}

    assert notices >= {
        "draft",
        "countersigning",
        "submitted",
        "accepted",
        "returned",
        "approved",
        "rejected",
        "withdrawn",
    }
    assert uses >= {"draft", "submitted", "accepted", "reviewed", "returned", "approved", "rejected", ""}
    assert {each.story.dismantling for each in everything} >= {
        "countersigning",
        "submitted",
        "accepted",
        "approved",
        "",
    }
    assert any(isinstance(each.place, Unfiled) for each in everything) and any(each.again for each in everything)
    assert len({each.machine.key for each in now}) == len(now)


def test_machines_go_to_sites_only_as_the_rules_allow(today: date) -> None:
    for life in lives.all_lives(today):
        assert life.machine.is_filed and lives.may_install(life.installer, life.machine)
        assert isinstance(life.place, Unfiled) or (life.place.is_filed and not life.place.ending)
        assert filings.installer_filing(life.installer, today) in ("", "approved")


def test_the_same_day_gives_the_same_province() -> None:
    day = DAYS[0]
    first = (firms.all_firms(day), sites.all_sites(day), machines.all_machines(day), staff.all_people(day))
    for each in (firms.all_firms, sites.all_sites, machines.all_machines, staff.all_people, lives.all_lives):
        each.cache_clear()

    assert (firms.all_firms(day), sites.all_sites(day), machines.all_machines(day), staff.all_people(day)) == first
