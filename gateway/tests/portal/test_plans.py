"""Officers, plans and draws by page: entered, approved, drawn, and the file that anybody recomputes."""

import json
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of

PLAN, DRAW, SITE, OFFICER, INTEREST = (id_of(each) for each in ("plan", "draw", "site", "officer", "interest"))
ACTED = {
    "user_id": id_of("u"),
    "user_name": "张执法",
    "organisation_id": id_of("agency"),
    "organisation_name": "桥西区安监站",
}
TYPED = {
    "kind": "double_random", "title": "一季度双随机", "starts_on": "2026-11-01", "ends_on": "2026-12-31",
    "basis": "年度检查计划", "visits": "1", "cap": "4", "in_works": "yes", "project_numbers": "1301, 1302\n1303",
    "not_inspected_since": "",
}  # fmt: skip
FILE = {"format": "anjian-draw-1", "title": "双随机抽查", "committed": {"sites": []}, "digest": "d" * 64}


def plan_item(**told: Any) -> dict[str, Any]:
    return {
        "plan_id": PLAN, "kind": "double_random", "title": "一季度双随机", "area": "13.1301.130104",
        "agency_id": id_of("agency"), "agency_name": "桥西区安监站", "starts_on": "2026-11-01", "ends_on": "2026-12-31",
        "basis": "年度检查计划", "visits": 1, "cap": 4, "stage": "running", "version": 3, "drafted_at": AT,
        "drafted_by": ACTED, "approved_at": AT, "approved_by": ACTED, "finished_at": None, "summary": None, "planned": 5,
        "inspected": 2, **told,
    }  # fmt: skip


def draw_item(**told: Any) -> dict[str, Any]:
    return {
        "draw_id": DRAW, "plan_id": PLAN, "plan_title": "一季度双随机", "agency_name": "桥西区安监站", "stage": "committed",
        "commitment": "c" * 64, "committed_at": AT, "committed_by": "张执法", "seed_source": "双色球第 2026138 期",
        "sites_wanted": 6, "sites_count": 40, "officers_a_site": 2, "officers_count": 9, "due_on": "2026-12-31",
        "seed": None, "seed_announced_at": None, "revealed_at": None, "acts": ["reveal_draw"], **told,
    }  # fmt: skip


def plan(**told: Any) -> dict[str, Any]:
    site = {
        "project_id": SITE, "project_name": "长安花园", "project_number": "1301", "area": "13.1301.130104", "planned": 1,
        "inspected": 0, "due_on": "2026-12-31",
    }  # fmt: skip
    reply = plan_item() | {
        "criteria": {"in_works": True, "not_inspected_since": None, "project_numbers": []}, "sites_count": 5,
        "sites_left": 3, "sites": [site], "over_cap": [], "draws": [], "acts": [], **told,
    }  # fmt: skip
    return checked("get_plan", reply, "enforcement")


def drawn(**told: Any) -> dict[str, Any]:
    one = {
        "place": 1, "project_id": SITE, "project_name": "长安花园", "project_number": "1301", "weight": 45,
        "why": [{"factor": "failed_grade", "count": 1, "points": 20}],
        "officers": [{"officer_id": OFFICER, "name": "李执法"}], "without": None, "inspection_ids": [],
    }  # fmt: skip
    alone = one | {"place": 2, "project_name": "回避的工程", "officers": [], "without": "too_few_officers"}
    opened = {"stage": "revealed", "seed": "3-7-12", "seed_announced_at": AT, "revealed_at": AT, "acts": []}
    reply = draw_item(**opened) | {"result": [one, alone], "file": FILE, "digest": "d" * 64, "is_shown": True, **told}
    return checked("get_draw", reply, "enforcement")


def roster(**told: Any) -> dict[str, Any]:
    interest = {
        "interest_id": INTEREST, "firm_id": id_of("firm"), "firm_name": "某建筑公司", "reason": "配偶任职",
        "since": "2026-01-01", "until": None,
    }  # fmt: skip
    item = {
        "officer_id": OFFICER, "name": "李执法", "certificate_number": "03010120260", "certificate_valid_to": "2025-12-31",
        "user_id": None, "is_me": False, "interests": [interest],
    }  # fmt: skip
    return checked("list_officers", {"items": [item], "may_keep": True, **told}, "enforcement")


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    """An inspector of a county's agency, who is its administrator too."""
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    area = {"area": "13.1301.130104", "name": "桥西区", "level": "county"}
    rooms.say("filing.list_divisions", {"items": [area]})
    town.account(town.administrator(town.agency(), "chief"), "planner", ["inspector"])
    rooms.say("enforcement.list_officers", roster())
    rooms.say("enforcement.get_plan", plan())
    rooms.say("enforcement.get_draw", drawn())
    page = {"items": [plan_item()], "next": None, "total": 1, "total_is_exact": True, "may_draft": True}
    rooms.say("enforcement.list_plans", checked("list_plans", page, "enforcement"))
    return browser().sign_in("planner")


def test_the_roster_tells_who_keeps_away_from_whom_and_whose_certificate_has_run_out(officer: Browser) -> None:
    shown = officer.get("/enforcement/officers").text
    for words in ("李执法", "03010120260", "某建筑公司", "配偶任职", "已过期，不能检查", "姓名planner（planner）"):
        assert words in shown, words


def test_an_officer_is_entered_and_a_refusal_keeps_what_was_typed(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.enter_officer", checked("enter_officer", {"officer_id": OFFICER}, "enforcement"))
    officer.get("/enforcement/officers")
    typed = {"name": "赵执法", "certificate_number": "0301", "certificate_valid_to": "2028-01-01", "user_id": ""}

    assert officer.post("/enforcement/officers", typed).headers["Location"] == "/enforcement/officers"
    asked = rooms.asked_of("enforcement.enter_officer")[-1]
    assert asked.request == typed | {"user_id": None} and asked.key == officer.hidden("_key")

    rooms.say("enforcement.enter_officer", Conflict("certificate_on_roster"))
    refused = officer.post("/enforcement/officers", typed)
    assert (
        refused.status_code == 409 and 'value="赵执法"' in refused.text and "已登记在另一名执法人员名下" in refused.text
    )


def test_an_interest_is_entered_and_ended(officer: Browser, rooms: Rooms) -> None:
    for name in ("enter_interest", "end_interest"):
        rooms.say(f"enforcement.{name}", checked(name, {"interest_id": INTEREST}, "enforcement"))
    officer.get("/enforcement/officers")
    typed = {"officer_id": OFFICER, "firm": "某建筑公司", "reason": "配偶任职", "since": "2026-11-01", "until": ""}

    officer.post("/enforcement/officers/interests", typed)
    officer.post(f"/enforcement/officers/interests/{INTEREST}/end", {"until": "2026-12-01"})

    assert rooms.asked_of("enforcement.enter_interest")[-1].request == typed | {"until": None}
    ended = rooms.asked_of("enforcement.end_interest")[-1].request
    assert ended == {"interest_id": INTEREST, "until": "2026-12-01"}


def test_who_does_not_keep_the_roster_sees_it_without_accounts_or_forms(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.list_officers", roster(may_keep=False))
    shown = officer.get("/enforcement/officers").text
    assert "李执法" in shown and "planner）" not in shown and "移出名录" not in shown


def test_a_firm_has_no_roster(town: Any, rooms: Rooms, browser: Callable[[], Browser], officer: Browser) -> None:
    town.administrator(town.enterprise(), "clerk")
    rooms.say("enforcement.list_officers", Forbidden("not_permitted"))
    clerk = browser().sign_in("clerk")
    assert clerk.get("/enforcement/officers").status_code == 403
    assert clerk.get("/enforcement/plans/new").status_code == 403
    shown = clerk.get("/enforcement/plans").text
    assert "一季度双随机" in shown and f"/enforcement/plans/{PLAN}" not in shown


def test_the_plans_are_listed_with_how_far_they_are_carried_out(officer: Browser, rooms: Rooms) -> None:
    shown = officer.get("/enforcement/plans?stage=running").text
    for words in ("一季度双随机", "双随机抽查", "实施中", "2 / 5", '<progress max="5" value="2"', "拟定计划"):
        assert words in shown, words
    assert rooms.asked_of("enforcement.list_plans")[-1].request == {"stage": "running", "after": None}


def test_a_plan_is_drafted(officer: Browser, rooms: Rooms) -> None:
    saved = {"plan_id": PLAN, "version": 1, "stage": "draft", "sites": 3}
    rooms.say("enforcement.save_plan", checked("save_plan", saved, "enforcement"))
    officer.get("/enforcement/plans/new")

    assert officer.post("/enforcement/plans/new", TYPED).headers["Location"] == f"/enforcement/plans/{PLAN}"

    asked = rooms.asked_of("enforcement.save_plan")[-1]
    told = {name: TYPED[name] for name in ("kind", "title", "starts_on", "ends_on", "basis")}
    assert asked.request == told | {
        "visits": 1, "cap": 4, "in_works": True, "project_numbers": ["1301", "1302", "1303"],
    } and asked.key  # fmt: skip


def test_a_refused_draft_keeps_what_was_typed_and_says_where_it_is_wrong(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.save_plan", Invalid.field("project_numbers", "project_not_here", number="1302"))
    officer.get("/enforcement/plans/new")

    refused = officer.post("/enforcement/plans/new", TYPED)

    assert refused.status_code == 422 and "没有编号为 1302 的工程" in refused.text
    assert 'value="一季度双随机"' in refused.text and "1301, 1302\n1303" in refused.text


def test_a_draft_is_changed_in_the_version_that_was_seen(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_plan", plan(stage="draft", acts=["save_plan"]))
    rooms.say("enforcement.save_plan", Conflict("stale_version", version=4, stage="draft"))
    assert 'name="version" value="3"' in officer.get(f"/enforcement/plans/{PLAN}/edit").text

    assert officer.post(f"/enforcement/plans/{PLAN}/edit", TYPED | {"version": "3"}).status_code == 409

    asked = rooms.asked_of("enforcement.save_plan")[-1].request
    assert (asked["plan_id"], asked["version"]) == (PLAN, 3)


def test_the_head_approves_what_he_saw_and_is_told_who_is_inspected_too_often(officer: Browser, rooms: Rooms) -> None:
    over = {"firm_id": id_of("firm"), "firm_name": "某建筑公司", "inspected": 4, "planned": 1, "cap": 4}
    rooms.say("enforcement.get_plan", plan(kind="routine", stage="draft", acts=["approve_plan"], over_cap=[over]))
    rooms.say("enforcement.approve_plan", Forbidden("own_plan"))
    shown = officer.get(f"/enforcement/plans/{PLAN}").text
    assert "将超过年度检查次数上限的企业" in shown and "某建筑公司" in shown and "批准计划" in shown

    refused = officer.post(f"/enforcement/plans/{PLAN}/approve", {"version": "3"})

    assert refused.status_code == 403 and "须由拟定人以外的负责人批准" in refused.text
    assert rooms.asked_of("enforcement.approve_plan")[-1].request == {"plan_id": PLAN, "version": 3}


def test_a_draw_is_committed_from_the_plan(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_plan", plan(acts=["commit_draw", "finish_plan"], draws=[draw_item()]))
    reply = {"draw_id": DRAW, "commitment": "c" * 64, "committed_at": AT, "over_cap": []}
    rooms.say("enforcement.commit_draw", checked("commit_draw", reply, "enforcement"))
    shown = officer.get(f"/enforcement/plans/{PLAN}").text
    assert "6 个工程，从 40 个中抽取" in shown and "已承诺，待公布种子" in shown and ".json" not in shown
    typed = {"sites_wanted": "6", "officers_a_site": "2", "seed_source": "双色球第 2026138 期", "due_on": "2026-12-31"}

    assert officer.post(f"/enforcement/plans/{PLAN}/draws", typed).status_code == 303

    asked = rooms.asked_of("enforcement.commit_draw")[-1]
    assert asked.request == typed | {"plan_id": PLAN, "sites_wanted": 6, "officers_a_site": 2} and asked.key


def test_a_plan_is_finished_with_its_summary(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_plan", plan(acts=["finish_plan"]))
    rooms.say("enforcement.finish_plan", Conflict("draw_waits", draw_id=DRAW))
    assert "还有 3 个工程没有检查完" in officer.get(f"/enforcement/plans/{PLAN}").text

    refused = officer.post(f"/enforcement/plans/{PLAN}/finish", {"summary": "大部分已经完成"})

    assert refused.status_code == 409 and "大部分已经完成" in refused.text and "等待公布种子" in refused.text


def test_a_draw_tells_its_result_and_how_to_verify_it(officer: Browser) -> None:
    shown = unescape(officer.get(f"/enforcement/draws/{DRAW}").text)
    for words in ("长安花园", "最近一次评定不合格 +20", "李执法", "无需回避的执法人员不足", "怎样核对", "待检查"):
        assert words in shown, words
    assert f"python draw.py verify draw-{DRAW}.json {'c' * 64}" in shown


def test_the_published_file_is_sent_as_it_is_in_whatever_language(officer: Browser, rooms: Rooms) -> None:
    officer.client.set_cookie("anjian_language", "en")

    reply = officer.get(f"/enforcement/draws/{DRAW}.json")

    assert json.loads(reply.text) == FILE
    assert reply.mimetype == "application/json" and f"draw-{DRAW}.json" in reply.headers["Content-Disposition"]


def test_before_the_seed_there_is_a_commitment_and_no_file(officer: Browser, rooms: Rooms) -> None:
    waiting = draw_item() | {"result": [], "file": None, "digest": None, "is_shown": False}
    rooms.say("enforcement.get_draw", checked("get_draw", waiting, "enforcement"))
    shown = officer.get(f"/enforcement/draws/{DRAW}").text
    assert "c" * 64 in shown and "填写种子" in shown and "抽取结果" not in shown.replace("抽取结果不能", "")
    assert officer.get(f"/enforcement/draws/{DRAW}.json").status_code == 404


def test_the_seed_is_entered_in_shanghai_time_and_a_refusal_keeps_it(officer: Browser, rooms: Rooms) -> None:
    waiting = draw_item() | {"result": [], "file": None, "digest": None, "is_shown": False}
    rooms.say("enforcement.get_draw", checked("get_draw", waiting, "enforcement"))
    limits = {"min": "2026-11-20T02:00:00+00:00", "max": "2026-11-21T02:00:00+00:00"}
    rooms.say("enforcement.reveal_draw", Invalid.field("announced_at", "seed_not_after_commitment", **limits))
    officer.get(f"/enforcement/draws/{DRAW}")
    typed = {"seed": "03 07 12 19 22 31 + 05", "announced_at": "2026-11-20T09:15"}

    refused = officer.post(f"/enforcement/draws/{DRAW}/reveal", typed)

    assert refused.status_code == 422 and "应晚于承诺时间 2026-11-20 10:00" in refused.text
    assert 'value="03 07 12 19 22 31 + 05"' in refused.text
    asked = rooms.asked_of("enforcement.reveal_draw")[-1].request
    assert asked == {"draw_id": DRAW, "seed": typed["seed"], "announced_at": "2026-11-20T09:15:00+08:00"}


def test_firms_find_the_commitments_and_the_program_that_verifies(
    town: Any, rooms: Rooms, browser: Callable[[], Browser], officer: Browser
) -> None:
    town.administrator(town.enterprise(), "clerk")
    page = {"items": [draw_item(acts=[])], "next": None, "total": 1, "total_is_exact": True}
    rooms.say("enforcement.list_draws", checked("list_draws", page, "enforcement"))
    program = {"name": "draw.py", "source": "print('双随机')"}
    rooms.say("enforcement.get_draw_verifier", checked("get_draw_verifier", program, "enforcement"))
    clerk = browser().sign_in("clerk")

    shown = clerk.get("/enforcement/draws").text

    assert "c" * 64 in shown and f'href="/enforcement/draws/{DRAW}"' in shown
    assert clerk.get("/enforcement/draws/draw.py").text == program["source"]
