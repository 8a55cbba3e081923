"""Lists to pick from: those of use first, and why another cannot be picked, before anything is handed in."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Forbidden
from gateway.tests.portal import made_up as told
from gateway.tests.portal.conftest import Browser

FIELDS = [
    told.field("kind", "类型"),
    told.field("project_id", "工程", "id", reference="projects", wanted={"stage": ["filed"]}),
    told.field("machine_id", "设备", "id", reference="machines", given={"kind": "kind"}, wanted={"stage": ["filed"]}),
    told.field("firm_id", "单位", "id", reference="organisations", wanted={"kinds": ["supervisor"]}),
    told.field("old", "原人员", "id", reference="project_people", given={"project_id": "project_id"}),
    told.field(
        "new",
        "新任",
        "id",
        reference="people",
        given={"role": "kind", "organisation_id": {"kind": {"chief_supervisor": "project_id.supervisor_id"}}},
    ),
]
OVER_AGE = "使用年限已于 2020-04-01 届满，须有安全评估"
PLACE = {"project_name": "阳光<花园>", "since": "2026-11-03T01:00:00+00:00"}


def machine(name: str, **more: Any) -> dict[str, Any]:
    return {
        "machine_id": name,
        "kind": "T",
        "model": "QTZ80",
        "serial_number": f"SN-{name}",
        "filing_number": None,
        "owner_name": "某租赁公司",
        "stage": "filed",
        "frozen": False,
        "place": None,
    } | more


def project(name: str, stage: str) -> dict[str, Any]:
    return {
        "project_id": name,
        "name": name,
        "number": None,
        "place": "长安区",
        "contractor_name": "甲公司",
        "stage": stage,
    }


@pytest.fixture
def clerk(town: Any, rooms: Any, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk-one")
    rooms.say("filing.get_matter", told.matter() | {"sections": [{"title": "一", "fields": FIELDS}]})
    return browser().sign_in("clerk-one")


def picked(clerk: Browser, reference: str, field: str, **asked: str) -> list[tuple[str, bool, str]]:
    """(label, whether it can be picked, all that is said of it), in order."""
    page = clerk.get(f"/pick/{reference}", query_string={"matter": "made_up", "field": field, **asked})
    assert page.status_code == 200
    options = re.findall(r"<li(.*?)>\s*<b>(.*?)</b>(.*?)</li>", page.text, re.S)
    return [(label, "data-value" in head, rest) for head, label, rest in options]


def test_a_machine_that_is_locked_names_its_place_and_since_when(clerk: Browser, rooms: Any) -> None:
    locked = machine("a", stage="installed", place=PLACE)
    rooms.say("equipment.list_machines", {"items": [locked, machine("b", frozen=True), machine("c")], "next": None})

    free, first, second = picked(clerk, "machines", "machine_id", kind="T", q="QTZ")

    assert free[1] and not first[1] and not second[1]
    assert "已锁定于“阳光&lt;花园&gt;”（2026-11-03 起）" in first[2] and "已冻结" in second[2]
    asked = rooms.asked_of("equipment.list_machines")[0].request
    assert (asked["kind"], asked["q"]) == ("T", "QTZ")


def test_free_machines_come_first_though_twenty_others_are_newer(clerk: Browser, rooms: Any) -> None:
    newer = [machine(f"n{number}", stage="installed", place=PLACE) for number in range(20)]
    free = machine("free", service_ends_on="2020-04-01")
    rooms.say(
        "equipment.list_machines",
        lambda asked: {"items": [free] if asked.request.get("stage") == "filed" else newer, "next": None},
    )

    first, *others = picked(clerk, "machines", "machine_id", kind="T")

    assert first[1] and "SN-free" in first[0] and OVER_AGE in first[2]
    assert len(others) == 20 and not any(can for _, can, _ in others)


def test_a_register_that_is_silent_is_not_one_without_machines(clerk: Browser, rooms: Any) -> None:
    rooms.shut("equipment")

    page = clerk.get("/pick/machines", query_string={"matter": "made_up", "field": "machine_id", "kind": "T"})

    assert page.status_code == 503


def test_projects_are_ones_own_and_those_that_may_be_looked_up_each_once(clerk: Browser, rooms: Any) -> None:
    mine = {"items": [project("停工的", "suspended"), project("都有的", "filed")], "next": None}
    filed = {"items": [project("都有的", "filed"), project("别家的", "filed")], "next": None}
    rooms.say("filing.list_projects", lambda asked: filed if asked.request.get("scope") == "filed" else mine)

    found = picked(clerk, "projects", "project_id", q="工程")

    assert [(label, can) for label, can, _ in found] == [("都有的", True), ("别家的", True), ("停工的", False)]
    assert "中止监督" in found[2][2]


def test_who_may_not_look_projects_up_picks_among_his_own(clerk: Browser, rooms: Any) -> None:
    mine = {"items": [project("自己的", "filed")], "next": None}
    refused = Forbidden("not_permitted", act="look_up_projects")
    rooms.say("filing.list_projects", lambda asked: refused if asked.request.get("scope") == "filed" else mine)

    assert [label for label, _, _ in picked(clerk, "projects", "project_id", q="工程")] == ["自己的"]


def test_enterprises_are_looked_up_by_name_and_by_the_kind_that_is_wanted(clerk: Browser, rooms: Any) -> None:
    firm = {"organisation_id": "f", "name": "某监理", "place": "长安区", "credit_code": "9113"}
    rooms.say("filing.list_organisations", {"items": [firm], "next": None})

    assert picked(clerk, "organisations", "firm_id", q="某") == []
    assert [label for label, _, _ in picked(clerk, "organisations", "firm_id", q="某监")] == ["某监理"]

    (asked,) = rooms.asked_of("filing.list_organisations")
    assert asked.request["enterprise_kind"] == "supervisor"


def test_people_are_those_of_the_party_that_the_form_names(clerk: Browser, rooms: Any) -> None:
    rooms.say(
        "filing.get_project",
        {"supervisor_id": "firm-2", "key_people": [{"role": "x", "person_id": "p", "name": "赵六"}]},
    )
    rooms.say("personnel.find_people", {"items": [], "next": None})
    held = {"project_id": "p-1", "role": "driver"}
    driver = {"person_id": "d", "name": "孙七", "employer_name": "某公司", "locks": [held]}
    elsewhere = {"person_id": "e", "name": "周八", "employer_name": "某公司", "locks": [held | {"project_id": "p-2"}]}
    rooms.say("personnel.list_people", {"items": [driver, elsewhere], "next": None})

    picked(clerk, "people", "new", q="张三", kind="chief_supervisor", project_id="p-1")
    old = picked(clerk, "project_people", "old", project_id="p-1")

    assert rooms.asked_of("personnel.find_people")[0].request["organisation_id"] == "firm-2"
    assert [label for label, _, _ in old] == ["赵六", "孙七"]  # key personnel, and whom the project holds otherwise


def test_a_stranger_picks_nothing(town: Any, browser: Callable[[], Browser]) -> None:
    assert browser().get("/pick/people?matter=made_up&field=new").status_code == 303
