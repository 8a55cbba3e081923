"""The pages of what is seen of enforcement: each number leads on, what is cut short says so, the next act comes first."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, NotFound
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of

AREA, COUNTY = "13.1301", "13.1301.130102"
SITE, ORDER, VISIT, PLAN, CASE = (id_of(each) for each in ("site", "order", "visit", "plan", "case"))
WHERE = {"project_id": SITE, "project_name": "长安花园", "area": COUNTY}
REPORTED = WHERE | {
    "act": "decide_rectification", "order_id": ORDER, "number": "第0001号", "kind": "rectify", "who": "某建筑公司",
    "since": AT, "due_on": "2026-11-18", "is_late": True,
}  # fmt: skip
TO_GO = WHERE | {
    "act": "start_inspection", "plan_id": PLAN, "plan_title": "四季度检查", "plan_kind": "routine", "who": "张执法、李执法",
    "due_on": "2026-11-30", "is_late": False,
}  # fmt: skip
FIGURES = {
    "planned": 120, "made": 90, "inspections": 1240, "officer_visits": 2480, "findings": 5000, "general": 4000, "serious": 900,
    "major": 100, "repeated": 450, "repeated_share": 9.0, "issued": 700, "closed": 600, "median_days": 6, "p90_days": 14,
    "refused": 12, "refused_share": 1.0, "scored": 1000, "score": 81.5,
}  # fmt: skip
NOW = {"open": 77, "overdue": 9, "officers": 20}


def day(**told: Any) -> dict[str, Any]:
    nothing = {"running": [], "visits": [], "visits_total": 0, "reported": [], "reported_total": 0, "overdue": [],
               "overdue_total": 0, "cases": [], "cases_total": 0, "escalated": [], "escalated_total": 0, "transfers_total": 0,
               "plans_total": 0}  # fmt: skip
    return checked(
        "get_officer_day", {"day": "2026-11-27", "officer": None, "next": None, **nothing, **told}, "enforcement"
    )


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    town.account(town.administrator(town.agency(area=AREA, level="city"), "head"), "officer", ["inspector"])
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    places = [{"area": AREA, "name": "石家庄市", "level": "city", "code": "130100"}]
    places += [{"area": COUNTY, "name": "长安区", "level": "county", "code": "130102"}]
    rooms.say("filing.list_divisions", {"items": places})
    return browser().sign_in("officer")


def test_cases_that_wait_for_the_officer_are_one_press_away_also_on_a_day_without_checks(
    officer: Browser, rooms: Rooms
) -> None:
    case = {
        "case_id": id_of("case"), "act": "review_case", "number": "冀建立第1号", "party_name": "某建筑公司", "area": COUNTY,
        "due_on": "2026-11-20", "is_late": True,
    }  # fmt: skip
    rooms.say("enforcement.get_officer_day", day(cases=[case], cases_total=1))

    shown = unescape(officer.get("/enforcement").text)

    for said in ("待办案件", f"/enforcement/cases/{id_of('case')}", "法制审核", "某建筑公司", "长安区", "（已逾期）"):
        assert said in shown, said


def test_what_agencies_below_let_lie_stands_apart_and_leads_to_its_list(officer: Browser, rooms: Rooms) -> None:
    late = REPORTED | {"act": "press_order", "since": None, "is_late": True}
    rooms.say("enforcement.get_officer_day", day(next=late, escalated=[late], escalated_total=31))

    shown = unescape(officer.get("/enforcement").text)

    assert "下级机构逾期未整改，已报本机构" in shown
    assert "/enforcement/orders?state=escalated" in shown


def test_the_next_act_comes_first_with_who_where_and_until(officer: Browser, rooms: Rooms) -> None:
    told = day(next=REPORTED, reported=[REPORTED], reported_total=31, visits=[TO_GO], visits_total=1)
    rooms.say("enforcement.get_officer_day", told)

    shown = unescape(officer.get("/enforcement").text)

    decide = f"/enforcement/orders/{ORDER}/decide"
    assert shown.index("下一步") < shown.index(decide) < shown.index("待复查的整改报告")
    start = f"/enforcement/inspections/new?project_id={SITE}&plan_id={PLAN}&kind=routine"
    for words in ("某建筑公司", "长安区", "张执法、李执法", start, "查看全部 31 项", "您不在本机构的执法人员名册中"):
        assert words in shown, words


def test_a_certificate_that_ended_is_told_and_a_quiet_day_too(officer: Browser, rooms: Rooms) -> None:
    who = {
        "officer_id": id_of("officer"), "name": "张执法", "certificate_number": "冀执001",
        "certificate_valid_to": "2026-11-01", "is_certified": False,
    }  # fmt: skip
    rooms.say("enforcement.get_officer_day", day(officer=who))
    shown = officer.get("/enforcement").text
    assert "您的执法证 冀执001 已于 2026-11-01 到期" in shown and "今天没有待办" in shown


def test_plans_to_approve_and_matters_handed_over_are_told_also_on_a_day_without_checks(
    officer: Browser, rooms: Rooms
) -> None:
    rooms.say("enforcement.get_officer_day", day(transfers_total=2, plans_total=1))
    shown = unescape(officer.get("/enforcement").text)
    for words in ("/enforcement/transfers?stage=sent", "/enforcement/plans?stage=draft"):
        assert words in shown, words
    assert "今天没有待办" not in shown


def test_days_of_the_calendar_lead_to_what_was_done_and_to_what_is_planned(officer: Browser, rooms: Rooms) -> None:
    told = {
        "month": "2026-11", "area": AREA, "day": "2026-11-30", "officers": [{"officer_id": id_of("officer"), "name": "张执法"}],
        "days": [{"day": "2026-11-30", "done": 3, "running": 1, "planned": 5, "made": 2}],
        "visits": [WHERE | {"plan_id": PLAN, "plan_title": "四季度检查", "who": "", "is_made": False}],
    }  # fmt: skip
    rooms.say("enforcement.get_inspection_calendar", checked("get_inspection_calendar", told, "enforcement"))

    shown = unescape(officer.get(f"/enforcement/calendar?month=2026-11&area={COUNTY}&day=2026-11-30").text)

    done = f"/enforcement/inspections?area={COUNTY}&first=2026-11-30&last=2026-11-30"
    for words in (
        done,
        "检查 4",
        "计划 2 / 5",
        "day=2026-11-30#visits",
        "未指定",
        f"/enforcement/plans/{PLAN}",
        "month=2026-12",
    ):
        assert words in shown, words


def test_a_map_that_is_cut_short_says_so(officer: Browser, rooms: Rooms) -> None:
    item = WHERE | {
        "position": [114.5, 38.04], "state": "overdue", "open": 2, "overdue": 1, "inspected_at": AT,
        "score": 72.5, "grade": "passed",
    }  # fmt: skip
    told = {"area": AREA, "items": [item], "total": 2750, "most": 500}
    rooms.say("enforcement.get_inspection_map", checked("get_inspection_map", told, "enforcement"))

    shown = officer.get("/enforcement/map").text

    for words in (
        "共 2,750 个在监工程",
        "这里是其中 1 个",
        'data-lon="114.5"',
        'data-stage="overdue"',
        "未办结 2",
        "72.5",
    ):
        assert words in shown, words


def test_figures_lead_to_their_lists_and_say_how_old_they_are(officer: Browser, rooms: Rooms) -> None:
    told = {
        "area": AREA, "first": "2026-10", "last": "2026-11", "counted_at": AT, "total": FIGURES | NOW,
        "places": [FIGURES | NOW | {"area": COUNTY}], "months": [FIGURES | {"month": "2026-11"}],
    }  # fmt: skip
    rooms.say("enforcement.get_enforcement_figures", checked("get_enforcement_figures", told, "enforcement"))

    shown = unescape(officer.get("/enforcement/figures").text)

    done = f"/enforcement/inspections?area={COUNTY}&stage=completed&first=2026-10-01&last=2026-11-30"
    for words in (
        done, f"/enforcement/orders?area={COUNTY}&state=overdue", "统计于 2026-11-20 10:00", 'data-chart="bars"',
        'data-chart="lines"', "长安区", "6 / 14", ">124<", 'name="list" value="findings"',
    ):  # fmt: skip
        assert words in shown, words
    rooms.say("enforcement.get_enforcement_figures", Forbidden("not_permitted"))
    assert officer.get("/enforcement/figures?area=13.1302").status_code == 403


def test_a_projects_record_marks_what_came_back_and_shows_stoppages_and_cases(officer: Browser, rooms: Rooms) -> None:
    order = {
        "order_id": ORDER, "number": "第0001号", "kind": "full_stop", "stage": "issued", "scope": "全部施工作业",
        "issued_at": AT, "due_on": "2026-11-30", "reported_at": None, "closed_at": None, "days": None, "is_stoppage": True,
        "stopped_until": None,
    }  # fmt: skip
    clause = {
        "clause_key": "B.13-04", "clause": "临边防护", "severity": "major", "count": 4, "repeated": 2, "open": 1,
        "last_found_on": "2026-11-20",
    }  # fmt: skip
    visit = {
        "inspection_id": VISIT, "kind": "routine", "stage": "completed", "started_at": AT, "score": 72.5, "grade": "passed",
        "findings_count": 3, "refused": True,
    }  # fmt: skip
    case = {
        "case_id": CASE, "number": "第0009号", "kind": "ordinary", "stage": "clue", "outcome": None, "party_name": "某公司",
        "opened_at": AT, "fine": None,
    }  # fmt: skip
    totals = {
        "inspections": 8, "score": 80.1, "findings": 12, "repeated": 2, "open_findings": 1, "orders": 3, "open_orders": 1,
        "overdue_orders": 0, "stoppages": 1, "median_days": 5,
    }  # fmt: skip
    told = WHERE | {
        "since": "2026-01-01", "totals": totals, "clauses": [clause], "inspections": [visit], "orders": [order], "cases": [case],
    }  # fmt: skip
    rooms.say("enforcement.get_safety_history", checked("get_safety_history", told, "enforcement"))

    shown = unescape(officer.get(f"/projects/{SITE}/safety").text)

    for words in (
        "仍在停工",
        "拒绝签字",
        f"/enforcement/cases/{CASE}",
        f"/enforcement/orders?state=open&project_id={SITE}",
    ):
        assert words in shown, words
    assert 'late" data-label="180 日内反复">2<' in shown
    rooms.say("enforcement.get_safety_history", NotFound("project_unknown"))
    assert officer.get(f"/projects/{SITE}/safety").status_code == 404


@pytest.mark.parametrize(
    ("kind", "links"),
    [
        (
            "agency",
            (
                "/enforcement/orders?state=overdue",
                "/enforcement/orders?stage=reported",
                "first=2026-11-23",
                "cases?mine=1",
            ),
        ),
        ("enterprise", ("/enforcement/orders?state=open", "/enforcement/orders?state=overdue", "2026-12-01")),
    ],
)
def test_the_home_page_leads_to_the_orders_that_it_counts(
    town: Any, rooms: Rooms, browser: Callable[[], Browser], kind: str, links: tuple[str, ...]
) -> None:
    town.administrator(town.agency() if kind == "agency" else town.enterprise(), "somebody")
    counts = {"waits_for_me": 0, "overdue": 0, "due_soon": 0, "closed_lately": {}, "closed_lately_from": "2026-10-29"}
    rooms.say("filing.summarise", counts | {"under_way": {}, "by_stage": {}, "projects": {}, "first": []})
    told = {
        "open": 5, "overdue": 2, "reported": 3, "next_due_on": "2026-12-01", "inspections": 7, "since": "2026-11-23", "cases": 4,
    }  # fmt: skip
    rooms.say("enforcement.summarise", checked("summarise", told, "enforcement"))

    shown = unescape(browser().sign_in("somebody").get("/").text)

    for words in (*links, "执法监督"):
        assert words in shown, words
