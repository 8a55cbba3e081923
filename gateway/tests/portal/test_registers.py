"""Registers by page: lists ask what their address says, records show where things stand, staff is entered by hand and sheet."""

import html
import io
import re
from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid, NotFound
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of
from gateway.tests.test_uploads import workbook

EVIL = "<script>alert(1)</script>"
PERSON, MACHINE, PROJECT = id_of("person"), id_of("machine"), id_of("project")


def place(**told: Any) -> dict[str, Any]:
    return {
        "project_id": PROJECT,
        "project_name": "金色府一号院",
        "project_area": "13.1301.130104",
        "project_stage": "filed",
        "application_id": id_of("notice"),
        "organisation_id": id_of("installer"),
        "organisation_name": "某安装公司",
        "stage": "held",
        "since": AT,
        **told,
    }


def machine(**told: Any) -> dict[str, Any]:
    return {
        "machine_id": MACHINE,
        "kind": "T",
        "model": "QTZ63",
        "maker": "某厂",
        "serial_number": "S-1",
        "filing_number": "冀AC-T00001",
        "owner_id": id_of("owner"),
        "owner_name": "某租赁公司",
        "owner_area": "13.1301.130104",
        "stage": "installed",
        "made_on": "2020-01-01",
        "runs_out_on": "2020-02-01",
        "frozen": False,
        "version": 3,
        "place": place(),
        **told,
    }


def person(**told: Any) -> dict[str, Any]:
    return {
        "person_id": PERSON,
        "version": 4,
        "name": "张三",
        "identity_number": "130102********0014",
        "phone": "139****0000",
        "posts": ["安全员"],
        "employer_id": id_of("firm"),
        "employer_name": "某建筑公司",
        "area": "13.1301.130104",
        "certificates": [],
        "locks": [],
        "photo": None,
        "entered_at": AT,
        "changed_at": AT,
        "employments": [],
        "acts": ["change_person", "release_person", "unmask_person"],
        **told,
    }


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk")
    rooms.say("personnel.get_person", person())
    return browser().sign_in("clerk")


def test_a_list_asks_what_its_address_says(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("equipment.list_machines", {"items": [machine(owner_name=EVIL)], "next": "further"})

    page = clerk.get("/machines?q=QTZ&kind=T&soon=90&after=here").text

    asked = rooms.asked_of("equipment.list_machines")[-1].request
    assert {name: asked[name] for name in ("q", "kind", "after")} == {"q": "QTZ", "kind": "T", "after": "here"}
    assert "runs_out_before" in asked
    assert "after=further" in page and "kind=T" in page
    assert '<a class="nowrap" href="/machines/' in page  # an identifier is never broken in two lines
    assert EVIL not in page


def test_a_city_asks_which_machines_stand_in_a_county_and_which_are_owned_there(
    rooms: Rooms, town: Any, browser: Callable[[], Browser]
) -> None:
    """Two questions: a crane of a lessor from elsewhere stands in the county, too."""
    town.administrator(town.agency("石家庄市安监站", "13.1301", "city"), "leader")
    here = browser().sign_in("leader")
    places = [("13.1301", "石家庄市", "city"), ("13.1301.130104", "桥西区", "county")]
    rooms.say("filing.list_divisions", {"items": [{"area": a, "name": n, "level": each} for a, n, each in places]})
    rooms.say("equipment.list_machines", {"items": [machine()], "next": None})

    page = here.get("/machines?place=13.1301.130104").text

    asked = rooms.asked_of("equipment.list_machines")[-1].request
    assert asked["place"] == "13.1301.130104" and "area" not in asked
    assert "所在工程辖区" in page and "产权单位辖区" in page


def test_a_machine_shows_where_it_is_since_when_and_that_it_has_run_out(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("equipment.get_machine", machine(acts=[], open=[], next=None, assessment=None))

    page = clerk.get(f"/machines/{MACHINE}").text

    assert f"/projects/{PROJECT}" in page and "金色府一号院" in page and "某安装公司" in page
    assert "2020-02-01 已过期" in page
    for firm in ("owner", "installer"):  # whose it is and who put it there is one press away
        assert f'href="/organisations/{id_of(firm)}"' in page


def test_what_is_not_his_to_see_is_a_page_that_says_so(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("equipment.get_machine", NotFound("not_found"))

    reply = clerk.get(f"/machines/{MACHINE}")

    assert reply.status_code == 404 and reply.mimetype == "text/html"


def test_a_project_is_shown_though_equipment_is_silent(rooms: Rooms, clerk: Browser) -> None:
    project = {"project_id": PROJECT, "name": "金色府", "stage": "filed", "acts": [], "key_people": []}
    rooms.say("filing.get_project", project | {"applications": [], "certificates": [], "boundary": None})
    rooms.shut("equipment")

    page = clerk.get(f"/projects/{PROJECT}").text

    assert "金色府" in page and "设备信息暂时无法取得" in page


def project() -> dict[str, Any]:
    """A filed project as filing tells of it."""
    work = {"kind": "pit", "part": "地下车库", "depth": 6, "conditions": ["complex_surroundings"], "tier": 2}
    return checked(
        "get_project",
        {
            "project_id": PROJECT,
            "version": 1,
            "number": "13020320260002",
            "name": "金色府",
            "stage": "filed",
            "division": "130104",
            "area": "13.1301.130104",
            "place": "河北省石家庄市桥西区",
            "address": "某路 1 号",
            "agency_id": id_of("agency"),
            "owner_id": id_of("owner"),
            "owner_name": "某建设单位",
            "contractor_id": id_of("contractor"),
            "contractor_name": "某施工公司",
            "supervisor_id": id_of("supervisor"),
            "supervisor_name": "某监理公司",
            "works_kind": "building",
            "civilised_standard": "municipal",
            "starts_on": "2026-01-01",
            "finishes_on": "2027-12-31",
            "changed_at": AT,
            "applications": [],
            "acts": [],
            "application_id": id_of("application"),
            "agency_name": "桥西区安监站",
            "works_code": None,
            "floor_area": 12000,
            "contract_price": 1e8,
            "boundary": None,
            "key_people": [
                {"role": role, "person_id": PERSON, "name": "张三", "application_id": id_of("application")}
                for role in ("project_manager", "safety_officer")
            ],
            "hazardous_works": [work | {"planned_start": "2026-04-01", "planned_finish": "2026-05-01"}],
            "details": {},
            "suspended": None,
            "works_accepted_on": None,
            "merged_into": None,
            "certificates": [],
        },
    )


def test_a_project_is_told_in_words_and_its_hazardous_works_with_it(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("filing.get_project", project())
    rooms.say("equipment.list_machines", {"items": [], "next": None})

    page = clerk.get(f"/projects/{PROJECT}").text

    cells = [re.sub("<[^>]*>", "", cell) for cell in re.findall("<(?:td|dd)[^>]*>(.*?)</(?:td|dd)>", page, re.DOTALL)]
    assert not [cell for cell in cells if re.search("[a-z_]{6,}", cell)]
    assert "项目负责人（项目经理）" in cells and "专职安全员" in cells
    works = [
        cell.strip()
        for cell in cells
        if cell.strip() in ("地下车库", "超过一定规模的危大工程", "2026-04-01", "2026-05-01")
    ]
    assert works == ["地下车库", "超过一定规模的危大工程", "2026-04-01", "2026-05-01"]


def test_the_logs_of_a_project_belong_to_their_own_entry_of_the_navigation(rooms: Rooms, clerk: Browser) -> None:
    """Also a page that says that there is no such thing stands under its entry."""
    for rpc in ("get_project", "list_owed_logs", "get_work_log"):
        rooms.say(f"filing.{rpc}", NotFound("not_found"))

    def entries(address: str) -> list[str]:
        return re.findall(
            '<a href="([^"]*)" aria-current="page">',
            clerk.get(address).text.split('aria-label="主导航"')[1].split("</nav>")[0],
        )

    assert entries(f"/projects/{PROJECT}/work-logs") == ["/work-logs"]
    assert entries(f"/projects/{PROJECT}/work-logs/2026-11-20") == ["/work-logs"]
    assert entries(f"/projects/{PROJECT}") == ["/projects"]
    assert entries("/account") == []


def test_what_was_typed_of_a_person_stays_when_it_is_refused(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("personnel.add_person", Invalid.field("identity_number", "wrong_check_digit"))
    clerk.get("/people/new")

    page = clerk.post("/people/new", {"name": "李四", "identity_number": "1", "phone": "2", "posts": "电工、架子工"})

    assert page.status_code == 422
    assert 'value="李四"' in page.text and 'value="电工、架子工"' in page.text
    assert rooms.asked_of("personnel.add_person")[-1].request["posts"] == ["电工", "架子工"]


def test_a_form_sent_twice_is_one_command(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("personnel.add_person", {"person_id": PERSON, "version": 1, "warnings": []})
    clerk.get("/people/new")

    for _ in range(2):
        clerk.post("/people/new", {"name": "李四", "identity_number": "130102190001010014", "phone": "13900000000"})

    first, second = rooms.asked_of("personnel.add_person")
    assert first.key == second.key


def test_the_full_numbers_are_shown_once_and_with_a_reason(rooms: Rooms, clerk: Browser) -> None:
    numbers = {"person_id": PERSON, "identity_number": "130102190001010014", "phone": "13900000000"}
    rooms.say("personnel.unmask_person", numbers)
    clerk.get(f"/people/{PERSON}")

    page = clerk.post(f"/people/{PERSON}/unmask", {"reason": "核对证件"}).text

    assert "130102190001010014" in page
    assert rooms.asked_of("personnel.unmask_person")[-1].request["reason"] == "核对证件"
    assert "130102190001010014" not in clerk.get(f"/people/{PERSON}").text


def test_a_stale_change_of_a_certificate_is_told_and_typed_values_stay(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("personnel.add_certificate", Conflict("stale_version", version=5))
    clerk.get(f"/people/{PERSON}")

    page = clerk.post(f"/people/{PERSON}/certificates", {"version": "4", "kind": "B", "number": "冀建安B"})

    assert page.status_code == 409 and "冀建安B" in page.text
    asked = rooms.asked_of("personnel.add_certificate")[-1].request
    assert asked["version"] == 4 and asked["certificate"] == {"kind": "B", "number": "冀建安B"}


def test_a_sheet_is_tried_first_and_then_entered_by_the_same_file(rooms: Rooms, clerk: Browser) -> None:
    cell = {"column": "phone", "title": "手机号", "rule": "required", "severity": "error", "detail": {}}
    rows = [{"row": 2, "outcome": "error", "cells": [cell]}, {"row": 3, "outcome": "new", "cells": []}]
    rooms.say("personnel.import_staff", {"rows": rows, "counts": {"error": 1, "new": 1}})
    clerk.get("/people/import")

    tried = clerk.post("/people/import", {"file": (io.BytesIO(workbook()), "人员.xlsx")}).text
    sha256 = rooms.asked_of("personnel.import_staff")[-1].request["sha256"]
    entered = clerk.post("/people/import", {"sha256": sha256, "act": "enter"}).text

    assert "手机号" in tried and "正式导入" in tried and f'value="{sha256}"' in tried
    trial, real = (each.request for each in rooms.asked_of("personnel.import_staff"))
    assert (trial["dry_run"], real["dry_run"]) == (True, False) and trial["sha256"] == real["sha256"]
    assert "导入结果" in entered


def test_an_account_is_opened_with_a_password_shown_once(clerk: Browser) -> None:
    clerk.get("/accounts")

    made = clerk.post("/accounts", {"username": "second", "name": "王五", "roles": ["clerk"]}).text

    assert "一次性密码" in made and "second" in made
    assert "王五" in clerk.get("/accounts").text


def test_the_last_administrator_stays_one(clerk: Browser) -> None:
    page = clerk.get("/accounts").text
    account_id = page.split("/accounts/")[2].split("/")[0]

    refused = clerk.post(f"/accounts/{account_id}/roles", {"version": "2", "roles": ["clerk"]})

    assert refused.status_code == 409


def test_who_is_no_administrator_has_no_page_of_accounts(
    town: Any, browser: Callable[[], Browser], rooms: Rooms
) -> None:
    leader = town.administrator(town.enterprise(), "leader")
    town.account(leader, "worker", ["clerk"])
    here = browser().sign_in("worker")

    assert here.get("/accounts").status_code == 403
    assert 'href="/accounts"' not in here.page


def test_a_key_is_shown_once_and_can_be_revoked(clerk: Browser) -> None:
    clerk.get("/keys")

    made = clerk.post("/keys", {"name": "ERP", "scopes": ["machines:read"], "days": "30"}).text
    secret = made.split("data-copy>")[1].split("<")[0]

    listed = clerk.get("/keys").text
    assert secret and secret not in listed and "ERP" in listed
    key_id = listed.split("/keys/")[1].split("/")[0]
    clerk.post(f"/keys/{key_id}/revoke")
    assert "已吊销" in clerk.get("/keys").text


def test_one_box_finds_in_every_service_and_one_may_be_silent(rooms: Rooms, clerk: Browser) -> None:
    nothing: dict[str, Any] = {"items": [], "next": None, "total": 0, "total_is_exact": True}
    rooms.say("filing.search", dict.fromkeys(("applications", "projects", "organisations"), nothing))
    rooms.say("equipment.list_machines", {"items": [machine(model=EVIL)], "next": None})
    rooms.shut("personnel")

    page = clerk.get("/search?q=冀AC").text

    assert f"/machines/{MACHINE}" in page and "部分信息暂时无法取得" in page
    assert EVIL not in page
    assert rooms.asked_of("filing.search")[-1].request["q"] == "冀AC"


def export(**told: Any) -> dict[str, Any]:
    return {
        "export_id": id_of("export"),
        "list": "machines",
        "title": "机械设备",
        "filter": {},
        "stage": "running",
        "promised": 60000,
        "written": 15000,
        "file_name": "机械设备.xlsx",
        "sha256": None,
        "size": None,
        "asked_at": AT,
        "done_at": None,
        "expires_at": None,
        **told,
    }


def test_a_list_is_exported_by_the_filter_that_its_page_shows(rooms: Rooms, clerk: Browser) -> None:
    rooms.say("equipment.list_machines", {"items": [], "next": None})
    rooms.say("equipment.start_export", export(stage="waiting"))
    page = clerk.get("/machines?kind=T&after=here").text
    shown = html.unescape(page.split('name="filter" value=')[1].split("'")[1])

    clerk.post("/exports", {"list": "machines", "filter": shown})

    asked = rooms.asked_of("equipment.start_export")[-1].request
    assert asked == {"list": "machines", "filter": {"kind": "T"}}


def test_an_export_tells_how_far_it_is_and_then_gives_its_file(rooms: Rooms, clerk: Browser) -> None:
    for service in ("filing", "personnel", "attendance"):
        rooms.say(f"{service}.list_exports", {"items": [], "next": None})
    rooms.say("equipment.list_exports", {"items": [export()], "next": None})
    running = clerk.get("/exports").text
    done = export(stage="done", written=60000, sha256="a" * 64, size=2048)
    rooms.say("equipment.list_exports", {"items": [done], "next": None})
    finished = clerk.get("/exports").text

    assert "60,000" in running and "15,000" in running and "every 2s" in running
    assert f"/api/v1/exports/machines/{done['export_id']}/file" in finished and "every 2s" not in finished
