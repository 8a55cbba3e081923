"""Whatever is sent to whatever route, the answer is a problem that names what is wrong: never a 500, never a hang."""

import re
import time
from typing import Any

import httpx
import pytest

from chassis.identifiers import new_id
from deploy.demo.client import Problem, new_key
from tests.journeys import forms
from tests.journeys.site import Site
from tests.journeys.world import World

HOSTILE: tuple[Any, ...] = (
    [],
    7,
    None,
    "text",
    {"unheard_of": True},
    {"version": "1", "form": [], "attachments": {}, "corrections": 3},
    {"version": -1, "reason": "\u0000", "opinion": "x" * 100_000, "remarks": ["a"]},
    {"version": 2**80, "form": {"a": {"b": {"c": [[[[[]]]]]}}}},
    {"matter": "../../etc/passwd", "application_id": "' or 1=1 --", "organisation_id": "\ud800"},
    {"identity_number": "13010219000101001X", "name": "<script>alert(1)</script>", "certificates": [{}]},
    {"at": "not a moment", "limit": 10**9, "after": "%%%"},
)
BROKEN = (b"", b"{", b"\xff\xfe\x00", b'{"a": NaN}', b'{"a": 1e999}', b"[" * 50_000, b'{"version": 1} trailing')


def operations(world: World) -> list[tuple[str, str]]:
    paths = world.door.get("/openapi.json")["paths"]
    return [(method.upper(), path) for path, each in paths.items() for method in each]


def filled(path: str, value: str) -> str:
    return re.sub(r"\{[^}]+\}", value, path)


def send(world: World, token: str | None, method: str, path: str, **sent: Any) -> httpx.Response:
    headers = {"Idempotency-Key": new_key(), **({"Authorization": f"Bearer {token}"} if token else {})}
    headers |= sent.pop("headers", {})
    answer = world.door.http.request(method, world.door.base_url + path, headers=headers, **sent)
    assert answer.status_code < 500 or answer.status_code == 503, f"{method} {path} {sent} → {answer.text}"
    if answer.status_code >= 400:
        assert answer.headers["Content-Type"].startswith("application/problem+json"), f"{method} {path}"
        problem = answer.json()
        assert problem["code"] and problem["title"] and re.search(r"[\u4e00-\u9fff]", problem["title"]), problem
    return answer


def test_no_body_makes_any_route_stumble(world: World, site: Site) -> None:
    tokens = (None, site.lessor.client.token, world.county.approver.token)
    for method, path in operations(world):
        if method == "GET":
            continue
        for token in tokens:
            for body in HOSTILE:
                text = json_text(body)
                sent = {"content": text, "headers": {"Content-Type": "application/json"}}
                answer = send(world, token, method, filled(path, new_id()), **sent)
                assert answer.status_code >= 400 or method == "DELETE" or path.endswith("sessions"), (
                    method,
                    path,
                    body,
                )
                if answer.status_code == 429:
                    time.sleep(1)


def json_text(body: Any) -> bytes:
    import json

    return json.dumps(body).encode()


@pytest.mark.parametrize("content", BROKEN, ids=range(len(BROKEN)))
def test_broken_json_is_told_as_such(world: World, site: Site, content: bytes) -> None:
    sent = {"content": content, "headers": {"Content-Type": "application/json"}}
    answer = send(world, site.lessor.client.token, "POST", "/api/v1/applications", **sent)
    assert answer.status_code in (400, 415, 422)


def test_a_body_of_ten_megabytes_is_turned_away(world: World, site: Site) -> None:
    sent = {"content": b'{"form": "' + b"x" * 10_000_000 + b'"}', "headers": {"Content-Type": "application/json"}}
    answer = send(world, site.lessor.client.token, "POST", "/api/v1/applications", **sent)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "value", ["../../etc/passwd", "%00", "'; drop table application; --", "9" * 4000, "тест", "\U0001f3d7"]
)
def test_no_id_in_a_path_makes_a_route_stumble(world: World, site: Site, value: str) -> None:
    from urllib.parse import quote

    for method, path in operations(world):
        if "{" in path and method == "GET":
            send(world, site.lessor.client.token, method, filled(path, quote(value, safe="")))


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "ten"}, {"after": "!!"}, {"q": "\x00"}, {"surprise": "1"}])
def test_no_query_makes_a_list_stumble(world: World, site: Site, query: dict[str, str]) -> None:
    for method, path in operations(world):
        if method == "GET" and "{" not in path and not path.endswith(("openapi.json", "docs")):
            send(world, site.lessor.client.token, method, path, params=query)


def test_a_draft_stays_as_it_was_when_a_save_is_refused(world: World, site: Site) -> None:
    draft = world.draft(site.lessor.client, "machine_filing", forms.machine_filing())
    before = site.lessor.client.get(f"/applications/{draft['application_id']}")
    for form in ({"made_on": "2026-02-30"}, {"unheard_of": 1}, {"rated_moment_knm": "800"}, {"made_on": "0001-01-01"}):
        body = {"version": draft["version"], "form": {**forms.machine_filing(), **form}, "attachments": []}
        with pytest.raises(Problem) as refused:
            site.lessor.client.put(f"/applications/{draft['application_id']}/draft", body)
        assert refused.value.status == 422
        assert [each["path"] for each in refused.value.fields] == [f"form.{name}" for name in form]
    assert site.lessor.client.get(f"/applications/{draft['application_id']}") == before


def test_a_key_used_again_with_another_body_is_refused(world: World, site: Site) -> None:
    key = new_key()
    first = site.lessor.client.post("/applications", {"matter": "machine_filing"}, key=key)
    assert site.lessor.client.post("/applications", {"matter": "machine_filing"}, key=key) == first
    with pytest.raises(Problem) as refused:
        site.lessor.client.post("/applications", {"matter": "lessor_filing"}, key=key)
    assert (refused.value.status, refused.value.code) == (422, "idempotency_key_reused")


@pytest.mark.parametrize(("size", "taken"), [(614_400, True), (614_401, False)])
def test_T32_an_attachment_has_its_limit_and_the_hint_to_split(
    world: World, site: Site, size: int, taken: bool
) -> None:
    from deploy.demo import papers

    content = papers.pdf("大文件")
    content += b"%" * (size - len(content))
    try:
        site.lessor.client.upload("/attachments", content, name="big.pdf")
    except Problem as problem:
        assert not taken
        assert problem.status == 413 and "拆分" in problem.detail
    else:
        assert taken


@pytest.mark.parametrize("content", [b"<html><script>", b"MZ\x90\x00", b"PK\x03\x04", b"", b"%PD", b"GIF89a"])
def test_an_attachment_is_what_its_content_says(world: World, site: Site, content: bytes) -> None:
    with pytest.raises(Problem) as refused:
        site.lessor.client.upload("/attachments", content, name="合格证.pdf")
    assert refused.value.status in (415, 422)
