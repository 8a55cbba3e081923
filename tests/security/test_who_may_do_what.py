"""Every page, every form and every call of the API, by everybody, with the ids of one enterprise: seen and done only by whom
it is for. Made from the routes themselves, so that a new one without its row in `expected` fails."""

import re
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask
from werkzeug.routing import Rule

from deploy.demo.client import PREFIX, new_key
from gateway import portal
from gateway.api.routes import Route, Who
from gateway.api.v1 import ROUTES
from tests.journeys.world import Body
from tests.security.expected import FORMS, OWN, PAGES
from tests.security.scene import ANONYMOUS, EVERYBODY, OPERATOR, OTHER, STRANGER, Scene

LETTERS = {200: "S", 404: "N", 403: "F", 422: "R"}
ON_DUTY = ("/duty/", "/people/<uuid:person_id>/duty", "/people/<uuid:person_id>/phone")
DRAFTS = ("/edit", "/check", "/autosave", "/agency", "/submit")
REGISTERS = (
    ("projects", "project_id", "close_project"),
    ("projects", "project_id", "record_stoppage"),
    ("machines", "machine_id", "retire_machine"),
    ("certificates", "certificate_id", "cancel_certificate"),
    ("person-locks", "lock_id", "unlock_person"),
    ("site-months", "project_id", "reopen_month"),
    ("shifts", "shift_id", "decide_shift"),
)


def routes(method: str) -> list[str]:
    app = Flask("portal")
    for blueprint in portal.BLUEPRINTS:
        app.register_blueprint(blueprint)
    rules: Iterator[Rule] = app.url_map.iter_rules()
    return sorted(each.rule for each in rules if method in (each.methods or ()) and each.endpoint != "static")


def address(scene: Scene, rule: str, register: tuple[str, str, str] = REGISTERS[0]) -> str:
    """With the ids of the scene's enterprise."""
    ids = scene.ids | {
        "matter": "machine_filing",
        "reference": "people",
        "sha256": scene.ids["attachment"],
        "subject_kind": "order",
    }
    ids |= {"register": register[0], "record_id": scene.ids[register[1]], "name": register[2]}
    if rule.startswith(ON_DUTY):
        ids["person_id"] = scene.ids["locked_id"]
    if "application_id" in rule and rule.endswith(DRAFTS) and "review" not in rule:
        ids["application_id"] = scene.draft
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: ids[found[1]], rule)


def met(answer: httpx.Response) -> str:
    if answer.status_code == 303:
        return "L" if answer.headers["Location"].startswith("/login") else "G"
    return LETTERS.get(answer.status_code, str(answer.status_code))


def test_every_route_of_the_portal_has_its_row() -> None:
    assert routes("GET") == sorted(PAGES)
    assert routes("POST") == sorted(FORMS)


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_sees_which_page(scene: Scene, who: str) -> None:
    place, browser = EVERYBODY.index(who), scene.browsers[who]
    seen = {rule: met(browser.http.get(address(scene, rule), params=_asked(scene, rule))) for rule in PAGES}

    assert seen == {rule: row[place] for rule, row in PAGES.items()}


def _asked(scene: Scene, rule: str) -> dict[str, str]:
    return {"day": scene.ids["day"]} if rule.endswith("/other") else {}


def typed(version: int) -> dict[str, str]:
    """Something for every field that any form of the portal has."""
    words = (
        "reason",
        "remarks",
        "words",
        "opinion",
        "title",
        "text",
        "note",
        "name",
        "weather",
        "work_done",
        "measures",
    )
    return {
        **dict.fromkeys(words, "越权的改动，不应成功"),
        "version": str(version), "_version": str(version), "_matter": "machine_filing", "act": "approve", "agrees": "yes",
        "decision.reason": "越权的改动，不应成功", "since": "2026-01-05", "cause_by": "other", "owner_consents": "yes",
        "username": f"evil{version}", "roles": "administrator", "kind": "C3", "number": "冀建安C3(2025)0000001",
        "phone": "13800000000", "posts": "经理", "agency_id": "", "model": "EVIL", "_do": "save", "left_on": "2026-01-05",
    }  # fmt: skip


def test_nobody_else_changes_anything_by_any_form(scene: Scene) -> None:
    before, allowed = scene.state(), []
    for rule, holders in FORMS.items():
        if holders is None:
            continue
        trying = [ANONYMOUS] if holders == OWN else [each for each in EVERYBODY if each not in holders.split()]
        for who in trying:
            for register in REGISTERS if "<register>" in rule else REGISTERS[:1]:
                for version in (1, 2, 3):
                    answer = post(scene, who, address(scene, rule, register), version)
                    if answer.status_code < 400 and not answer.headers.get("Location", "").startswith("/login"):
                        allowed.append((who, rule, register[2], answer.status_code, answer.headers.get("Location")))

    assert not allowed
    assert scene.state() == before


def post(scene: Scene, who: str, path: str, version: int, **headers: str) -> httpx.Response:
    browser = scene.browsers[who]
    browser.open("/bulletins")
    form = typed(version) | {"_csrf": token(browser.page), "_key": new_key()}
    return browser.http.post(path, data=form, headers=headers)


def token(page: str) -> str:
    found = re.search(r'<meta name="csrf" content="([^"]*)"', page)
    return found[1] if found else ""


def test_a_form_that_no_page_of_ours_gave_changes_nothing_whoever_sends_it(scene: Scene) -> None:
    """CSRF: without the token, with another session's, or from another site, though the right cookie comes along."""
    before = scene.state()
    others = {"owner": "county", "county": "owner", "operator": "owner"}
    for rule, holders in FORMS.items():
        who = next((each for each in ("owner", "county", "operator") if each in (holders or "owner").split()), "county")
        path, browser = address(scene, rule), scene.browsers[who]
        for forged in ("", token(scene.browsers[others[who]].open("/bulletins")), token(browser.open("/bulletins"))):
            elsewhere = {"Sec-Fetch-Site": "cross-site"} if forged == token(browser.page) else {}
            answer = browser.http.post(path, data=typed(1) | {"_csrf": forged}, headers=elsewhere)
            assert answer.status_code == 403, (rule, forged[:8], answer.status_code)

    assert scene.state() == before


# The API


def of_records() -> list[Route]:
    """Routes with somebody's id in their address."""
    return [each for each in ROUTES if each.who is not Who.ANYBODY and _names(each)]


def _names(route: Route) -> list[str]:
    return [each for each in route.parameters if each not in ("code", "matter", "day", "offence_key")]


# What another enterprise may well ask for: who an enterprise is, and what it sends about its own things.
OPEN_TO_OTHERS = {("GET", "/organisations/{organisation_id}")}
# Ends one's own session; for any other id it does nothing and says the same, so that nobody learns which there are.
SILENT = ("DELETE", "/sessions/{session_id}")


@pytest.mark.parametrize("who", [ANONYMOUS, STRANGER, OTHER, OPERATOR])
def test_no_call_of_the_api_reads_or_changes_what_is_another_enterprises(scene: Scene, who: str) -> None:
    before, given = scene.state(), []
    ids = scene.ids | {
        "sha256": scene.ids["attachment"],
        "unfiled_id": scene.ids["project_id"],
        "export_id": scene.draft,
        "absence_id": scene.draft,
        "correction_id": scene.draft,
        "list": "projects",
        "month": scene.ids["day"][:7],
    }
    described = scene.world.door.get("/openapi.json")["paths"]
    for route in of_records():
        path = re.sub(r"{(\w+)}", lambda found: ids[found[1]], route.path)
        for version in (1, 2) if not route.is_safe else (0,):
            headers = {"Idempotency-Key": new_key()}
            if who != ANONYMOUS:
                headers["Authorization"] = f"Bearer {scene.clients[who].token}"
            body = (
                None
                if route.asks_by_query
                else _body(described[f"{PREFIX}{route.path}"][route.method.lower()], scene, version)
            )
            answer = scene.world.door.http.request(
                route.method, scene.world.door.base_url + PREFIX + path, headers=headers, json=body
            )
            if answer.status_code < 400 and not _may(who, route):
                given.append((route.method, route.path, answer.status_code, answer.text[:80]))

    assert not given
    assert scene.state() == before


def _may(who: str, route: Route) -> bool:
    """The operator keeps the accounts of everybody and sees who is registered and which machines there are."""
    if (route.method, route.path) == SILENT:
        return who != ANONYMOUS
    if who == OPERATOR:
        return route.path.startswith(("/organisations", "/machines", "/accounts")) and route.is_safe
    return who == STRANGER and (route.method, route.path) in OPEN_TO_OTHERS


def _body(described: Body, scene: Scene, version: int) -> dict[str, object]:
    """What the call wants, so that it is refused for who sends it and not for what it says."""
    said: dict[str, object] = dict(typed(version)) | {
        "version": version, "form": {"model": "EVIL"}, "attachments": [], "agrees": True, "new_number": True,
        "owner_consents": True, "on": "2026-01-05", "corrections": [{"path": "form", "text": "越权"}], "roles": ["clerk"],
        "decision": {"reason": "越权的改动"}, "filed_id": scene.ids["project_id"], "photos": [], "works": [],
        "posts": [], "valid_to": "2030-01-01", "issued_on": "2025-01-01", "issuer": "某厅",
    }  # fmt: skip
    wanted = described.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    return {name: said[name] for name in wanted.get("properties", {}) if name in said}
