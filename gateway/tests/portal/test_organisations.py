"""The register of enterprises and agencies; setting up an agency and its first administrator."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Conflict
from gateway.testing.rooms import Rooms
from gateway.tests.conftest import OPERATOR_PASSWORD
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of

ONE = id_of("organisation")
EVIL = "<img src=x onerror=alert(1)>"


def organisation(**told: Any) -> dict[str, Any]:
    return {
        "organisation_id": ONE,
        "version": 1,
        "kind": "enterprise",
        "name": "河北某建筑公司",
        "credit_code": None,
        "kinds": ["contractor"],
        "level": "",
        "division": "130104",
        "area": "13.1301.130104",
        "place": "河北省石家庄市桥西区",
        "stage": "open",
        "created_at": AT,
        **told,
    }


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.agency(), "officer")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say(
        "filing.list_divisions",
        {"items": [{"area": "13.1301.130104", "name": "桥西区", "level": "county", "code": "130104"}]},
    )
    return browser().sign_in("officer")


@pytest.fixture
def platform(officer: Browser, browser: Callable[[], Browser]) -> Browser:
    return browser().sign_in("operator", OPERATOR_PASSWORD)


def test_the_register_is_searched_and_filtered_by_its_address(officer: Browser, rooms: Rooms) -> None:
    rooms.say("filing.list_organisations", {"items": [organisation(name=EVIL)], "next": "more"})

    shown = officer.get("/organisations?q=建筑&enterprise_kind=contractor&stage=open").text

    asked = rooms.asked_of("filing.list_organisations")[-1].request
    assert (asked["q"], asked["enterprise_kind"], asked["stage"]) == ("建筑", "contractor", "open")
    assert f"/organisations/{ONE}" in shown and "施工企业" in shown and EVIL not in shown and "after=more" in shown


def test_an_enterprises_card_shows_its_registration_in_the_words_of_the_form(officer: Browser, rooms: Rooms) -> None:
    details = {"legal_person": EVIL}  # filing keeps the rest of the form in columns of their own
    card = organisation(
        credit_code="91130100MA07CEU22X",
        address="某路 1 号",
        contact="",
        phone="13800000000",
        details=details,
        application_id=id_of("a"),
        opened_at=AT,
    )
    rooms.say("filing.get_organisation", checked("get_organisation", card))
    fields = [
        {"name": "name", "label": "企业名称", "required": True, "type": "text"},
        {"name": "credit_code", "label": "信用代码", "required": True, "type": "text"},
        {"name": "division", "label": "行政区划", "required": True, "type": "text", "reference": "divisions"},
        {"name": "address", "label": "注册地址", "required": True, "type": "text"},
        {"name": "phone", "label": "手机号", "required": True, "type": "text"},
        {"name": "legal_person", "label": "法定代表人", "required": True, "type": "text"},
        {
            "name": "kinds",
            "label": "单位类型",
            "required": True,
            "type": "rows",
            "item": {"type": "choice", "choices": [{"code": "contractor", "label": "施工企业"}]},
        },
    ]
    rooms.say("filing.get_matter", {"sections": [{"title": "基本信息", "fields": fields}]})

    shown = officer.get(f"/organisations/{ONE}").text

    assert "法定代表人" in shown and EVIL not in shown
    form = shown.split('<section class="panel shown"')[1].split("</section>")[0]
    assert "—" not in form
    for said in ("河北某建筑公司", "91130100MA07CEU22X", "施工企业", "桥西区", "某路 1 号", "13800000000"):
        assert said in form
    assert "<dd>企业（施工企业）</dd>" in shown
    assert f"/applications?applicant_id={ONE}" in shown
    assert "开通管理员账号" not in shown


def test_an_enterprise_is_asked_for_a_name_before_anything_is_looked_up(
    town: Any, rooms: Rooms, browser: Callable[[], Browser]
) -> None:
    town.administrator(town.enterprise(), "clerk")
    rooms.say("filing.list_divisions", {"items": []})
    rooms.say("filing.list_organisations", {"items": [organisation()], "next": None})
    clerk = browser().sign_in("clerk")

    for address in ("/organisations", "/organisations?q=建&stage=open"):
        page = clerk.get(address)
        assert page.status_code == 200 and 'id="q"' in page.text and "两个字以上" in page.text
    assert not rooms.asked_of("filing.list_organisations")
    assert f"/organisations/{ONE}" in clerk.get("/organisations?q=建筑").text


def test_only_the_operator_sets_up_agencies(officer: Browser, rooms: Rooms) -> None:
    assert officer.get("/agencies/new").status_code == 403
    assert officer.post("/agencies/new", {"name": "某站", "division": "130104"}).status_code == 403
    assert officer.post(f"/organisations/{ONE}/administrator", {"username": "newone"}).status_code == 403
    assert not rooms.asked_of("filing.create_agency")


def test_the_operator_sets_up_an_agency_and_gives_it_an_administrator(
    platform: Browser, rooms: Rooms, town: Any, browser: Callable[[], Browser]
) -> None:
    agency_id = town.agency("新华区安监站")
    rooms.say("filing.create_agency", {"organisation_id": agency_id})
    rooms.say("filing.get_organisation", organisation(organisation_id=agency_id, kind="agency", name="新华区安监站"))
    platform.get("/agencies/new")

    made = platform.post("/agencies/new", {"name": "新华区安监站", "division": "130105"})
    assert made.headers["Location"] == f"/organisations/{agency_id}"
    platform.get(f"/organisations/{agency_id}")
    reply = platform.post(f"/organisations/{agency_id}/administrator", {"username": "xinhua", "name": "赵六"})

    asked = rooms.asked_of("filing.create_agency")[-1].request
    assert (asked["name"], asked["division"]) == ("新华区安监站", "130105") and "zone_code" not in asked
    assert reply.status_code == 200 and "xinhua" in reply.text
    password = reply.text.split("data-copy>")[2].split("<")[0]
    first = browser()
    first.get("/login")
    assert first.post("/login", {"username": "xinhua", "password": password}).headers["Location"] == "/account/password"


def test_a_user_name_that_is_taken_is_said_beside_what_was_typed(platform: Browser, rooms: Rooms, town: Any) -> None:
    agency_id = town.agency("新华区安监站")
    rooms.say("filing.get_organisation", organisation(organisation_id=agency_id, kind="agency"))
    platform.get(f"/organisations/{agency_id}")

    reply = platform.post(f"/organisations/{agency_id}/administrator", {"username": "officer", "name": "赵六"})

    assert reply.status_code == 409 and 'value="officer"' in reply.text and 'value="赵六"' in reply.text
