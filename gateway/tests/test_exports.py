"""Exports over HTTP: started at the service that keeps the list, followed, and downloaded by their asker alone."""

from typing import Any

import pytest

from chassis.errors import NotFound
from gateway.parts import Parts
from gateway.testing.rooms import Asked
from gateway.testing.visits import Visit

EXPORT = "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e"


def told(**changed: Any) -> dict[str, Any]:
    return {
        "export_id": EXPORT,
        "list": "machines",
        "title": "机械设备",
        "filter": {},
        "stage": "running",
        "promised": 60000,
        "written": 2000,
        "file_name": "机械设备-20261122-0900.xlsx",
        "sha256": None,
        "size": None,
        "asked_at": "2026-11-22T01:00:00+00:00",
        "done_at": None,
        "expires_at": None,
    } | changed


@pytest.fixture
def clerk(town: Any) -> Visit:
    for service in ("filing", "equipment", "personnel", "attendance"):
        town.rooms.say(f"{service}.start_export", told())
        town.rooms.say(f"{service}.get_export", told())
        town.rooms.say(f"{service}.list_exports", {"items": [], "next": None})
    return town.administrator(town.enterprise(), "acme-admin")


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("applications", "filing"),
        ("projects", "filing"),
        ("machines", "equipment"),
        ("people", "personnel"),
        ("duty_months", "attendance"),
    ],
)
def test_an_export_is_begun_by_the_service_that_keeps_the_list(
    town: Any, clerk: Visit, name: str, service: str
) -> None:
    reply = clerk.post("/exports", {"list": name, "filter": {"q": "石家庄"}})

    assert (reply.status_code, reply.json["stage"]) == (202, "running")
    [asked] = town.rooms.asked_of(f"{service}.start_export")
    assert asked.request == {"list": name, "filter": {"q": "石家庄"}}
    assert asked.key


def test_only_lists_that_there_are_can_be_exported(clerk: Visit) -> None:
    assert clerk.post("/exports", {"list": "secrets"}).status_code == 422
    assert clerk.get(f"/exports/secrets/{EXPORT}").status_code == 422


def test_all_of_ones_exports_are_listed_though_a_service_be_silent(town: Any, clerk: Visit) -> None:
    newer = told(asked_at="2026-11-22T02:00:00+00:00", list="people")
    town.rooms.say("equipment.list_exports", {"items": [told()], "next": None})
    town.rooms.say("personnel.list_exports", {"items": [newer], "next": None})
    town.rooms.shut("filing")

    reply = clerk.get("/exports").json

    assert [each["list"] for each in reply["items"]] == ["people", "machines"]
    assert reply["silent"] == ["filing"]


def test_a_file_that_is_done_is_downloaded_whole(town: Any, clerk: Visit, parts: Parts) -> None:
    content = b"PK" + bytes(range(256)) * 3000
    town.rooms.say("equipment.get_export", told(stage="done", sha256=parts.blobs.put(content), size=len(content)))

    reply = clerk.get(f"/exports/machines/{EXPORT}/file")

    assert reply.data == content
    assert reply.headers["Content-Length"] == str(len(content))
    assert reply.headers["Content-Disposition"].startswith("attachment;")


def test_one_that_is_not_done_says_how_far_it_is(clerk: Visit) -> None:
    reply = clerk.get(f"/exports/machines/{EXPORT}/file")

    assert (reply.status_code, reply.json["code"]) == (409, "export_not_done")
    assert "2000" in reply.json["detail"]


def test_what_the_service_does_not_know_is_not_there(town: Any, clerk: Visit) -> None:
    def unknown(asked: Asked) -> NotFound:
        return NotFound("export_unknown")

    town.rooms.say("equipment.get_export", unknown)

    assert clerk.get(f"/exports/machines/{EXPORT}").status_code == 404
    assert clerk.get(f"/exports/machines/{EXPORT}/file").status_code == 404
