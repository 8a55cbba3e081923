"""The API's description: every route is in it with its schemas, it is valid, and the page that shows it stands alone."""

import re
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from gateway.api.contracts import Contracts
from gateway.api.routes import Route
from gateway.api.v1 import PREFIX, ROUTES
from gateway.api.v1.keys import SCOPES
from gateway.bus import Rpc
from gateway.settings import REPOSITORY
from gateway.testing.visits import Visit

CONTRACTS = Contracts(REPOSITORY / "services")
NOT_FOR_THE_PUBLIC = {"reserve", "get_claim_stages", "list_living_claims"}  # between services
ASKED_BY_THE_GATEWAY = {
    "collect_evidence",
    "verify_document",
    "sign_in_profile",
    "register_enterprise",
    "summarise",
    "staff_template",
    "search",
    "start_export",
    "get_export",
    "list_exports",
    "open_device",
    "close_device",
    "get_download",
    "find_used_files",
    "print_application",
    "name_people",
    "name_machines",
    "name_organisations",
    "show_track",
    "get_case_start",
    "weigh_case",
    "get_officer_day",
    "get_inspection_calendar",
    "get_inspection_map",
    "get_safety_history",
    "get_enforcement_figures",
}


@pytest.fixture
def described(visit: Callable[..., Visit]) -> dict[str, Any]:
    document: dict[str, Any] = visit().get("/openapi.json").json  # type: ignore[assignment]
    return document


def operations(described: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (path, method.upper()): operation
        for path, item in described["paths"].items()
        for method, operation in item.items()
    }


def test_every_address_of_the_api_that_answers_is_described_and_the_other_way_round(
    described: dict[str, Any], visit: Callable[..., Visit]
) -> None:
    answering = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in visit().client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith(PREFIX)  # all else are pages of the portal, for people
    }
    pages = {(f"{PREFIX}/{page}", "GET") for page in ("openapi.json", "docs", "docs/docs.css", "docs/docs.js")}

    assert answering - pages == operations(described).keys()


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


@pytest.mark.parametrize("route", [each for each in ROUTES if isinstance(each.act, Rpc)], ids=named)
def test_every_route_to_a_service_has_a_contract_that_names_what_its_address_names(route: Route) -> None:
    assert isinstance(route.act, Rpc)
    assert CONTRACTS.knows(route.act), f"services/{route.act.service}/contract/rpc/{route.act.method}.json is missing"
    asked = CONTRACTS.request(route.act)
    assert set(route.parameters) <= set(asked["properties"])
    assert not route.derived or route.derived in asked["properties"]
    if route.asks_by_query:
        words = {name: each for name, each in asked["properties"].items() if name not in route.parameters}
        assert not [name for name, each in words.items() if "object" in each.get("type", [])]


def test_every_method_that_a_service_answers_has_a_route() -> None:
    answered = {(file.parts[-4], file.stem) for file in REPOSITORY.glob("services/*/contract/rpc/*.json")}
    routed = {(each.act.service, each.act.method) for each in ROUTES if isinstance(each.act, Rpc)}
    others = {name for name in answered - routed if name[1] not in NOT_FOR_THE_PUBLIC | ASKED_BY_THE_GATEWAY}

    assert others == set()


def test_the_description_is_valid_openapi_with_schemas_for_everything(described: dict[str, Any]) -> None:
    assert described["openapi"] == "3.1.0"
    for (path, method), operation in operations(described).items():
        where = f"{method} {path}"
        assert operation["summary"] and operation["tags"][0] in {each["name"] for each in described["tags"]}, where
        assert set(re.findall(r"{(\w+)}", path)) == {
            each["name"] for each in operation["parameters"] if each["in"] == "path"
        }, where
        for each in operation["parameters"]:
            jsonschema.Draft202012Validator.check_schema(each["schema"])
        good = next(told for status, told in operation["responses"].items() if status.startswith("2"))
        [content] = good["content"].values()
        jsonschema.Draft202012Validator.check_schema(content["schema"])
        assert content["schema"].get("type"), where
        for media in operation.get("requestBody", {"content": {}})["content"].values():
            jsonschema.Draft202012Validator.check_schema(media["schema"])
            assert media["schema"].get("properties") or media["schema"].get("format") == "binary", where
    ids = [operation["operationId"] for operation in operations(described).values()]
    assert len(ids) == len(set(ids))


def test_every_post_but_signing_in_demands_an_idempotency_key(described: dict[str, Any]) -> None:
    for (path, method), operation in operations(described).items():
        header = next((each for each in operation["parameters"] if each["name"] == "Idempotency-Key"), None)
        if method == "GET" or (path.endswith("/sessions") and method == "POST"):
            assert header is None, path
        else:
            assert header is not None and header["required"] == (method == "POST"), path


def test_what_an_address_decides_is_not_asked_again_in_the_body(described: dict[str, Any]) -> None:
    body = operations(described)[f"{PREFIX}/machines/{{machine_id}}/unlock", "POST"]["requestBody"]

    assert sorted(body["content"]["application/json"]["schema"]["required"]) == ["reason", "version"]
    started = operations(described)[f"{PREFIX}/applications", "POST"]["requestBody"]["content"]["application/json"]
    assert "application_id" in started["schema"]["properties"]
    assert started["schema"]["required"] == ["matter"]


def test_what_the_gateway_puts_together_is_described_from_the_contracts_too(described: dict[str, Any]) -> None:
    def reply(method: str, path: str, status: str) -> dict[str, Any]:
        content = operations(described)[f"{PREFIX}{path}", method]["responses"][status]["content"]
        properties: dict[str, Any] = content["application/json"]["schema"]["properties"]
        return properties

    home = reply("GET", "/home", "200")
    assert home["equipment"]["type"] == ["object", "null"] and "by_stage" in home["equipment"]["properties"]
    assert home["silent"]["type"] == "array"
    assert {"application_id", "account_id", "findings"} <= reply("POST", "/registrations", "201").keys()
    finding = reply("POST", "/applications/{application_id}/check", "200")["findings"]["items"]
    assert "message" in finding["properties"]


def test_every_scope_that_a_route_asks_for_can_be_given_to_a_key_and_none_is_idle() -> None:
    assert {scope for each in ROUTES for scope in each.scopes_needed} == set(SCOPES)


def test_the_page_loads_nothing_from_elsewhere_and_runs_nothing_inline(visit: Callable[..., Visit]) -> None:
    page, script, style = (visit().get(path) for path in ("/docs", "/docs/docs.js", "/docs/docs.css"))

    assert page.content_type == "text/html; charset=utf-8" and "安监接口文档" in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    for text in (page.text, script.text, style.text):
        assert not re.search(r"(https?:)?//[\w.-]+\.\w+", text)
    assert not re.search(r"\son\w+=|<style|style=|javascript:", page.text)
    assert "innerHTML" not in script.text
    linked = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {visit().get(each.removeprefix(PREFIX)).status_code for each in linked} == {200}
