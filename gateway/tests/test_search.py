"""The one box: three services at the same time, and what came."""

from typing import Any

import pytest

from gateway.testing.visits import Visit


@pytest.fixture
def clerk(town: Any) -> Visit:
    town.rooms.say("filing.search", {"applications": {"items": [], "next": None, "total": 0, "total_is_exact": True}})
    town.rooms.say("equipment.list_machines", {"items": [{"model": "QTZ80"}], "next": None, "total": 1})
    town.rooms.say("personnel.list_people", {"items": [{"name": "张建国"}], "next": None, "total": 1})
    return town.administrator(town.enterprise(), "acme-admin")


def test_one_question_goes_to_each_service_and_each_answer_is_shown(town: Any, clerk: Visit) -> None:
    found = clerk.get("/search?q=zjg").json

    assert found["people"]["items"] == [{"name": "张建国"}]
    assert found["machines"]["items"] == [{"model": "QTZ80"}]
    assert found["filing"]["applications"]["total"] == 0
    assert found["silent"] == []
    for name in ("filing.search", "equipment.list_machines", "personnel.list_people"):
        assert [each.request for each in town.rooms.asked_of(name)] == [{"q": "zjg", "limit": 5}]


def test_what_came_is_shown_when_one_is_down(town: Any, clerk: Visit) -> None:
    town.rooms.shut("equipment")

    found = clerk.get("/search?q=zjg").json

    assert (found["machines"], found["silent"]) == (None, ["equipment"])
    assert found["people"]["total"] == 1


@pytest.mark.parametrize("query", ["", "?q=a", "?q=zjg&limit=21", "?q=zjg&who=all"])
def test_a_question_must_be_one(clerk: Visit, query: str) -> None:
    assert clerk.get(f"/search{query}").status_code == 422
