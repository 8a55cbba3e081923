"""An enterprise registers itself on a page: one account and one application, however often it is sent; nothing typed is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.testing.rooms import Asked, Silence
from gateway.tests.portal import made_up as told
from gateway.tests.portal.conftest import PASSWORD, Browser
from gateway.tests.portal.test_editing import sent

ACCOUNT = {
    "_account.username": "acme",
    "_account.name": "张三",
    "_account.password": PASSWORD,
    "_account.again": PASSWORD,
}
KINDS = [{"code": "contractor", "label": "施工企业"}, {"code": "lessor", "label": "租赁企业"}]


@pytest.fixture
def stranger(town: Any, rooms: Any, browser: Callable[[], Browser]) -> Browser:
    name = told.field("name", "企业名称", required=True)
    kinds = told.field("kinds", "单位类型", "rows", item={"type": "choice", "choices": KINDS})
    place = told.field("division", "注册地", reference="divisions")
    matter = told.matter() | {
        "code": "enterprise_registration",
        "sections": [{"title": "基本信息", "fields": [name, kinds, place]}],
    }
    rooms.say("filing.get_matter", matter)
    rooms.say("filing.list_divisions", told.DIVISIONS)
    rooms.say("filing.register_enterprise", lambda asked: take(town, asked))
    return browser()


def take(town: Any, asked: Asked) -> Any:
    """As filing takes a registration: the enterprise is there from now on, and not open yet."""
    request = asked.request
    town.profiles[request["organisation_id"]] = {
        "organisation_id": request["organisation_id"],
        "name": request["form"]["name"],
        "kind": "enterprise",
        "kinds": ["contractor"],
        "level": "",
        "area": "13.1301.130102",
        "division": "130102",
        "stage": "pending",
        "registration": {"application_id": request["application_id"], "stage": "submitted"},
    }
    return told.saved(2, "submitted") | {
        "application_id": request["application_id"],
        "organisation_id": request["organisation_id"],
        "findings": [],
    }


def filled(page: str, **changed: Any) -> dict[str, Any]:
    return (
        sent(page)
        | {"name": "河北<某>公司", "kinds": ["contractor", "lessor"], "division": "130102"}
        | ACCOUNT
        | changed
    )


def test_who_registers_is_signed_in_and_sees_his_registration_and_nothing_else(stranger: Browser, rooms: Any) -> None:
    page = stranger.get("/register").text

    done = stranger.post("/register", filled(page))

    asked = rooms.asked_of("filing.register_enterprise")[0].request
    assert asked["form"] == {"name": "河北<某>公司", "kinds": ["contractor", "lessor"], "division": "130102"}
    assert done.headers["Location"] == "/registration"
    address = f"/applications/{asked['application_id']}"
    assert stranger.get("/registration").headers["Location"] == address
    rooms.say("filing.print_application", told.printed(stage="submitted", acts=["withdraw_application"]))
    assert stranger.get(address).status_code == 200
    assert stranger.get("/matters").headers["Location"] == "/registration"


def test_the_button_pressed_twice_registers_once(stranger: Browser, rooms: Any) -> None:
    form = filled(stranger.get("/register").text)

    for _ in range(2):
        stranger.client.delete_cookie("anjian_session")
        assert stranger.post("/register", form).status_code == 303

    first, second = rooms.asked_of("filing.register_enterprise")
    assert first.request["organisation_id"] == second.request["organisation_id"] and first.key == second.key


def test_a_lost_answer_is_asked_for_again_under_the_same_key(stranger: Browser, rooms: Any, town: Any) -> None:
    def silent(asked: Asked) -> Any:
        take(town, asked)
        raise Silence

    rooms.say("filing.register_enterprise", silent)
    page = stranger.post("/register", filled(stranger.get("/register").text))
    assert page.status_code == 503
    rooms.say("filing.register_enterprise", lambda asked: take(town, asked))
    stranger.page = page.text

    assert stranger.post("/register", filled(page.text)).headers["Location"] == "/registration"

    assert len({each.request["organisation_id"] for each in rooms.asked_of("filing.register_enterprise")}) == 1


def test_all_that_is_wrong_is_said_and_all_but_the_password_stays(stranger: Browser, rooms: Any) -> None:
    rooms.say("filing.register_enterprise", Invalid({"form.name": [{"rule": "required"}]}))

    page = stranger.post("/register", filled(stranger.get("/register").text, **{"_account.name": "<b>李四</b>"}))

    assert page.status_code == 422 and 'href="#form.name"' in page.text
    again = sent(page.text)
    assert again["name"] == ["河北<某>公司"] and again["kinds"] == ["contractor", "lessor"]
    assert again["_account.username"] == ["acme"] and again["_account.name"] == ["<b>李四</b>"]
    assert PASSWORD not in page.text and "<b>李四" not in page.text


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"_account.again": "Other-2026"}, "account.again"),
        ({"_account.username": "9"}, "account.username"),
        ({"_account.password": "weak", "_account.again": "weak"}, "account.password"),
        ({"_account.name": ""}, "account.name"),
    ],
)
def test_an_account_that_cannot_be_is_told_beside_its_field(
    stranger: Browser, rooms: Any, changed: dict[str, str], where: str
) -> None:
    page = stranger.post("/register", filled(stranger.get("/register").text, **changed))

    assert page.status_code == 422 and f'href="#{where}"' in page.text and f'id="{where}-error"' in page.text
    assert rooms.asked_of("filing.register_enterprise") == []


def test_a_refused_registration_leaves_no_account(stranger: Browser, rooms: Any) -> None:
    rooms.say("filing.register_enterprise", Conflict("credit_code_taken"))

    page = stranger.post("/register", filled(stranger.get("/register").text))

    assert page.status_code == 409 and stranger.client.get_cookie("anjian_session") is None
    stranger.get("/login")
    assert stranger.post("/login", {"username": "acme", "password": PASSWORD}).status_code == 401
