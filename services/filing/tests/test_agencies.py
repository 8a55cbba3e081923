"""Agencies from province to zone office, and who sees whose organisations (T34)."""

import pytest

from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.principal import Principal
from chassis.searching import search_words
from filing.agencies import create_agency, list_agencies, offer_agencies
from filing.desk import Command
from filing.models import Organisation
from filing.queries.organisations import (
    get_organisation,
    list_organisations,
    name_organisations,
    sign_in_profile,
)
from services.filing.tests import forms
from services.filing.tests.factories import (
    CITY,
    CONTRACTOR,
    COUNTY,
    INSTALLER,
    LESSOR,
    OTHER_COUNTY,
    PROVINCE,
    Stage,
    id_of,
    officer,
)
from services.filing.tests.steps import REGISTRANT, approved, events

OPERATOR = Principal(user_id="operator", organisation_kind="platform", roles=("operator",))
PAGE = {"kind": None, "enterprise_kind": None, "stage": None, "area": None, "q": None, "limit": 100, "after": None}


def administrator(area: str) -> Principal:
    return officer(area, "administrator", ("administrator",))


def create(stage: Stage, by: Principal, **told):
    return create_agency(stage.desk, Command(by), **({"name": "某某监督站", "division": "130202"} | told))


def test_the_operator_enters_the_agency_of_any_division(stage: Stage):
    county = create(stage, OPERATOR)
    dingzhou = create(stage, OPERATOR, division="130682")

    assert (county["area"], county["level"], county["code"]) == ("13.1302.130202", "county", "130202")
    assert (dingzhou["area"], dingzhou["level"]) == ("13.130682", "city")
    assert [each["area"] for each in events(stage, "organisation_opened")] == ["13.1302.130202", "13.130682"]
    with pytest.raises(Conflict) as refused:
        create(stage, OPERATOR)
    assert refused.value.detail["organisation_id"] == county["organisation_id"]


def test_several_offices_sit_in_one_division_each_with_an_area_of_its_own(stage: Stage):
    zone = create(stage, administrator(CITY), name="高新区监督站", division="130100", zone_code="130171")
    inner = create(stage, administrator(COUNTY), name="某园区监督站", division="130102", zone_code="130191")

    assert (zone["area"], zone["code"], zone["level"]) == ("13.1301.130171", "130171", "county")
    assert inner["area"] == "13.1301.130102.130191"
    offered = offer_agencies(stage.desk, LESSOR, matter="machine_filing", form={})["items"]
    assert [each["area"] for each in offered] == [COUNTY, inner["area"], zone["area"]]


@pytest.mark.parametrize("told", [{"division": "130102"}, {"division": "130202"}, {"division": "130100"}])
def test_an_agency_enters_only_those_below_itself(stage: Stage, told):
    with pytest.raises(Forbidden) as refused:
        create(stage, administrator(COUNTY), **told)

    assert refused.value.code == "area_not_below_own"


@pytest.mark.parametrize("by", [officer(CITY, roles=("approver",)), INSTALLER, REGISTRANT])
def test_nobody_else_enters_agencies(stage: Stage, by):
    with pytest.raises(Forbidden):
        create(stage, by)


@pytest.mark.parametrize(
    ("told", "path"),
    [
        ({"division": "990000"}, "division"),
        ({"zone_code": "130203"}, "zone_code"),
        ({"division": "130000", "zone_code": "130071"}, "zone_code"),
    ],
)
def test_a_zone_code_is_no_divisions_code(stage: Stage, told, path):
    with pytest.raises(Invalid) as refused:
        create(stage, OPERATOR, **told)

    assert path in refused.value.fields


def test_anybody_may_know_the_agencies(stage: Stage):
    def areas(**filters):
        return [each["area"] for each in list_agencies(stage.desk, **filters)["items"]]

    assert areas() == [PROVINCE, CITY, COUNTY, OTHER_COUNTY]
    assert areas(area=CITY) == [CITY, COUNTY, OTHER_COUNTY]
    assert areas(level="city") == [CITY]


def test_agencies_are_offered_as_far_as_the_form_says_where(stage: Stage):
    def offered(matter, form, by=INSTALLER):
        told = offer_agencies(stage.desk, by, matter=matter, form=form)
        return told["route"], [each["area"] for each in told["items"]]

    assert offered("safety_filing", {}) == ("project", [])
    assert offered("safety_filing", {"division": "130104"}) == ("project", [OTHER_COUNTY])
    assert offered("install_notice", {"project_id": id_of("project")}) == ("project", [COUNTY])
    assert offered("install_notice", {"unfiled_project": forms.unfiled_project()}) == ("project", [OTHER_COUNTY])
    assert offered("machine_filing", {"division": "130104"}, LESSOR) == ("applicant", [COUNTY])  # T1: the owner's seat
    assert offered("installer_filing", {}) == ("province", [PROVINCE])
    assert offered("enterprise_registration", {"division": "130105"}, REGISTRANT) == ("applicant", [CITY])


@pytest.mark.parametrize(
    "form",
    [{"unfiled_project": "x"}, {"division": ["130104"]}, {"project_id": {}}, {"unfiled_project": {"division": 7}}],
)
def test_a_form_of_the_wrong_shape_says_no_place(stage: Stage, form):
    assert offer_agencies(stage.desk, INSTALLER, matter="install_notice", form=form)["items"] == []


SEATS = {
    "in the county": ("130102", COUNTY),
    "in the other county": ("130104", OTHER_COUNTY),
    "in tangshan": ("130202", "13.1302.130202"),
    "in dingzhou": ("130682", "13.130682"),
    "in xinji": ("130181", "13.130181"),
    "in xiongan": ("130638", "13.133100.130638"),
}


@pytest.fixture
def seated(stage: Stage) -> Stage:
    with transaction(stage.desk.sessions) as session:
        for name, (division, area) in SEATS.items():
            session.add(
                Organisation(
                    id=id_of(name),
                    kind="enterprise",
                    name=name,
                    kinds=["owner"],
                    division=division,
                    area=area,
                    stage="open",
                    details={"legal_representative": "张三"},
                    search=search_words([name]),
                    created_at=stage.desk.clock(),
                )
            )
    return stage


@pytest.mark.parametrize(
    ("area", "seen"),
    [
        (COUNTY, {"in the county"}),
        (OTHER_COUNTY, {"in the other county"}),
        (CITY, {"in the county", "in the other county"}),
        ("13.1302", {"in tangshan"}),
        ("13.130682", {"in dingzhou"}),
        ("13.130181", {"in xinji"}),
        ("13.1306", set()),  # 定州 and 雄安's counties are no longer Baoding's
        ("13.133100", {"in xiongan"}),
        ("13.133100.130638", {"in xiongan"}),
        (PROVINCE, set(SEATS)),
    ],
)
def test_t34_an_agency_sees_its_area_and_below_and_nothing_else(seated: Stage, area, seen):
    looking = officer(area)
    with transaction(seated.desk.sessions) as session:
        listed = list_organisations(session, looking, PAGE | {"enterprise_kind": "owner"})["items"]
        assert {each["name"] for each in listed} & set(SEATS) == seen
        for name in SEATS:
            if name in seen:
                assert get_organisation(session, looking, id_of(name))["details"] == {"legal_representative": "张三"}
            else:
                with pytest.raises(NotFound):
                    get_organisation(session, looking, id_of(name))


def test_an_agency_sees_who_applied_to_it_from_elsewhere(seated: Stage):
    far = Principal(user_id="u", organisation_id=id_of("in tangshan"), organisation_kind="enterprise", roles=("clerk",))
    form = forms.safety_filing(contractor_id=id_of("contractor"), supervisor_id=id_of("supervisor"))

    approved(seated, "safety_filing", form, far)

    with transaction(seated.desk.sessions) as session:
        assert get_organisation(session, officer(COUNTY), id_of("in tangshan"))["details"]
        with pytest.raises(NotFound):
            get_organisation(session, officer(OTHER_COUNTY), id_of("in tangshan"))


def test_names_of_organisations_are_told_to_anybody_of_one(seated: Stage):
    asked = [id_of("in tangshan"), id_of("nobody")]
    with transaction(seated.desk.sessions) as session:
        for looking in (CONTRACTOR, officer(COUNTY)):
            [told] = name_organisations(session, looking, asked)["items"]
            assert told["organisation_id"] == id_of("in tangshan") and told["name"]
        with pytest.raises(Forbidden):
            name_organisations(session, Principal(user_id="anonymous"), asked)


def test_an_enterprise_looks_others_up_by_name_and_reads_what_is_public(seated: Stage):
    with transaction(seated.desk.sessions) as session:
        with pytest.raises(Invalid):
            list_organisations(session, CONTRACTOR, PAGE)
        found = list_organisations(session, CONTRACTOR, PAGE | {"q": "Tangshan"})["items"]
        card = get_organisation(session, CONTRACTOR, id_of("in tangshan"))
        own = get_organisation(session, CONTRACTOR, id_of("contractor"))

    assert [each["name"] for each in found] == ["in tangshan"]
    assert "details" not in card
    assert "details" in own


def test_pages_follow_each_other_without_gap_or_repeat(seated: Stage):
    names, after = [], None
    with transaction(seated.desk.sessions) as session:
        while True:
            page = list_organisations(session, OPERATOR, PAGE | {"limit": 3, "after": after})
            names += [each["name"] for each in page["items"]]
            after = page["next"]
            if after is None:
                break

    assert len(names) == len(set(names)) == 11 + len(SEATS)


def test_only_the_gateway_asks_for_a_sign_in_profile(stage: Stage):
    with transaction(stage.desk.sessions) as session, pytest.raises(Forbidden):
        sign_in_profile(session, officer(PROVINCE), id_of("contractor"))
