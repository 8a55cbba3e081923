"""Penalty cases on the portal: the next step on top, the form of a new case filled in, the calculator line by line."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of

CASE, SITE, FIRM, AGENCY, ORDER, FINDING = (
    id_of(name) for name in ("case", "site", "firm", "agency", "order", "finding")
)
ONE, OTHER = id_of("officer one"), id_of("officer other")
PAGE = f"/enforcement/cases/{CASE}"
BY = {"user_id": id_of("user"), "user_name": "张执法", "organisation_id": AGENCY, "organisation_name": "长安区监督站"}
CLOCK = {
    "clock_id": "C16", "text": "作出处罚决定", "bound": "处罚机关", "clause": "《行政处罚法》第六十条", "kind": "limit",
    "started_on": "2026-11-01", "due_on": "2027-01-30", "provisional": True, "extensions": 0, "stands_still": False,
    "ended_on": None, "days_left": 64, "late_by": 0,
}  # fmt: skip
ITEM = {
    "case_id": CASE, "number": "冀建立（130102）字〔2026〕第0001号", "kind": "ordinary", "stage": "answering",
    "agency_id": AGENCY, "agency_name": "长安区监督站", "area": "13.1301.130102", "project_id": SITE,
    "project_name": "长安花园", "order_id": ORDER, "party_kind": "firm", "party_id": FIRM, "party_name": "某建筑公司",
    "offence_keys": ["166-28"], "conduct": "未按照规定办理备案", "clause": "《建筑起重机械安全监督管理规定》第二十八条",
    "outcome": None, "fine": None, "opened_at": AT, "decided_at": None, "decision_number": None, "closed_at": None,
    "turn": "decide", "clock": CLOCK,
}  # fmt: skip
WEIGHING = {
    "offence_key": "166-28", "clause": "《建筑起重机械安全监督管理规定》第二十八条", "subject": "lessor", "party": "firm",
    "on": "2026-11-27", "law_day": "2026-11-27", "legal_low": 5000, "legal_high": 10000, "is_provisional": True,
    "lines": [{"step": "tier", "text": "裁量档次：较轻", "clause": "样本", "in_force": "2021-07-15"}], "refusals": [],
    "tier": "light", "tier_low": 5000, "tier_high": 6000, "level": "normal", "result_low": 5300, "result_high": 5700,
    "suggested": 5500, "may_reduce": False, "may_exempt": False, "measures": [], "measures_grave": [], "needs": [],
    "text": "裁量档次：较轻〔样本，自2021-07-15起〕", "several": "", "yielding": [],
}  # fmt: skip
FACTS = [
    {"name": "acts", "kind": "number", "label": "违法行为处数", "help": "", "default": 1, "required": False, "at_least": 1,
     "choices": {}},
    {"name": "corrected", "kind": "flag", "label": "及时改正", "help": "", "default": False, "required": False,
     "at_least": None, "choices": {}},
    {"name": "harm", "kind": "choice", "label": "危害后果", "help": "", "default": "none", "required": False,
     "at_least": None, "choices": {"none": "没有", "slight": "轻微"}},
    {"name": "deadline", "kind": "day", "label": "改正期限", "help": "", "default": None, "required": False,
     "at_least": None, "choices": {}},
]  # fmt: skip
OFFENCE = {
    "offence_key": "166-28", "clause": "《规定》第二十八条", "conduct": "未按照规定办理备案", "subject": "lessor", "shape": "D",
}  # fmt: skip


def start(**told: Any) -> dict[str, Any]:
    order = {
        "order_id": ORDER, "number": "冀建安改（130102）字〔2026〕第0001号", "kind": "rectify", "stage": "issued",
        "due_on": "2026-11-20", "addressee_id": FIRM,
        "findings": [{"finding_id": FINDING, "description": "塔吊未备案", "clause": "备案", "case_id": None}],
    }  # fmt: skip
    reply = {
        "order": order, "project_id": SITE, "project_name": "长安花园", "parties": [{"party_id": FIRM, "name": "某建筑公司"}],
        "officers": [
            {"officer_id": ONE, "name": "张执法", "chosen": True}, {"officer_id": OTHER, "name": "李执法", "chosen": True},
        ],
        "offences": [OFFENCE], "facts": FACTS, "sites": [],
        "proved": {"order_number": "冀建安改第1号", "deadline": "2026-11-20", "rechecked_on": "2026-11-23", "recheck_failed": True},
        **told,
    }  # fmt: skip
    return checked("get_case_start", reply, "enforcement")


def case(**told: Any) -> dict[str, Any]:
    reply = ITEM | {
        "source": "inspection", "party_number": None, "order_number": "冀建安改第1号", "facts": {"acts": 2},
        "found_on": "2026-11-01", "acted_on": None, "grave": False,
        "investigators": [
            {"officer_id": ONE, "name": "张执法", "user_id": None, "certificate_number": "冀执1"},
            {"officer_id": OTHER, "name": "李执法", "user_id": None, "certificate_number": "冀执2"},
        ],
        "filed_at": AT, "proposed": 5500, "reviewed_by": BY, "noticed": 5500, "noticed_at": AT,
        "notice_served_on": "2026-11-20", "hearing_right": False, "waived_on": None, "hearing_asked_on": None,
        "hearing_on": None, "decided_by": None, "days_late": None, "served_on": None, "pay_by": None, "reminded_on": None,
        "challenges": [], "published_on": None, "removed_on": None, "weighing": WEIGHING,
        "deviation": {"verdict": "inside_tier", "from_tier": 0, "from_suggested": 0, "reason": "", "text": "在档次内"},
        "measures": [], "clocks": [CLOCK], "documents": [], "payments": [], "surcharge": "0.00", "paid": "0.00",
        "left": None, "overpaid": None, "days_overdue": 0, "acts": ["decide_case", "return_case", "replace_investigators"],
        "others": [{"officer_id": id_of("third"), "name": "孙执法"}],
        "timeline": [
            {"act": "open_case", "at": AT, "by": BY, "detail": {"description": "塔吊未备案"}},
            {"act": "notify_party", "at": AT, "by": BY, "detail": {"facts_found": "塔吊未备案即使用", "number": "告1"}},
        ],
    } | told  # fmt: skip
    return checked("get_case", reply, "enforcement")


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    head = town.administrator(town.agency(), "head")
    town.account(head, "inspector", ["inspector"])
    rooms.say("filing.list_divisions", {"items": []})
    page = {"items": [ITEM], "next": None, "total": 1, "total_is_exact": True}
    rooms.say("enforcement.list_cases", checked("list_cases", page, "enforcement"))
    rooms.say("enforcement.get_case", case())
    rooms.say("enforcement.get_case_start", start())
    listed = [OFFENCE | {"party": "firm", "confirmed": True, "decided_by": ""}]
    rooms.say("enforcement.list_offences", checked("list_offences", {"items": listed}, "enforcement"))
    rooms.say("enforcement.list_nearest_cases", {"items": [nearest()]})
    return browser().sign_in("inspector")


def nearest() -> dict[str, Any]:
    return {
        "case_id": None, "decision_number": "冀建罚（130202）字〔2026〕第0009号", "agency_name": "路南区监督站",
        "party_name": None, "decided_at": AT, "tier": "light", "level": "normal", "fine": 5600, "suggested": 5500,
        "distance": 1.0, "differences": [{"label": "危害后果", "here": "没有", "there": "轻微"}],
    }  # fmt: skip


def test_the_list_tells_stage_and_the_clock_that_is_over_first(officer: Browser, rooms: Rooms) -> None:
    shown = officer.get("/enforcement/cases?stage=answering&open=1").text

    for said in ("陈述申辩期", "作出处罚决定 2027-01-30（暂定）", "剩 64 天", "某建筑公司", "登记案件"):
        assert said in shown, said
    assert rooms.asked_of("enforcement.list_cases")[-1].request == {"stage": "answering", "open": True, "after": None}


def test_each_line_of_the_timeline_says_what_it_was_about(officer: Browser, rooms: Rooms) -> None:
    told = {
        "clock_past": {"clock": "C16", "due_on": "2027-01-30"},
        "answer_notice": {"answer": "hearing", "text": "对数额有异议"},
        "serve_case": {"number": "告1", "how": "post", "served_on": "2026-11-20"},
        "record_payment": {"amount": "300.00", "paid_on": "2026-11-21", "receipt": "票0001", "left": "700.00"},
        "review_case": {"number": "审1", "agrees": False, "opinion": "证据不足"},
        "replace_investigators": {
            "leaves": ONE,
            "comes": OTHER,
            "who_left": "张执法",
            "who_comes": "孙执法",
            "reason": "回避",
        },
        "end_challenge": {"result": "annulled", "ended_on": "2026-11-22", "fine": 0},
    }
    rooms.say(
        "enforcement.get_case",
        case(timeline=[{"act": name, "at": AT, "by": BY, "detail": detail} for name, detail in told.items()]),
    )
    shown = unescape(officer.get(PAGE).text)

    for said in (
        "期限：作出处罚决定；截止日：2027-01-30",
        "答复：要求听证",
        "送达方式：邮寄送达；送达日期：2026-11-20",
        "金额（元）：300.00；缴款日期：2026-11-21；票据号：票0001；尚欠（元）：700.00",
        "审核结论：不同意，退回调查",
        "退出的办案人员：张执法；接替的办案人员：孙执法",
        "罚款（元）：0；结果：撤销；结果作出日期：2026-11-22",
    ):
        assert said in shown, said


def test_a_right_that_ran_out_is_not_late_and_too_much_paid_is_given_back(officer: Browser, rooms: Rooms) -> None:
    asked = CLOCK | {
        "clock_id": "C17",
        "text": "要求听证",
        "due_on": "2026-11-20",
        "days_left": -7,
        "provisional": False,
    }
    rooms.say("enforcement.get_case", case(clocks=[asked], left="-1000.00", overpaid="1000.00"))
    shown = unescape(officer.get(PAGE).text)

    assert "已到期" in shown and "超期" not in shown
    assert "应退还（元）" in shown and "-1000.00" not in shown


def test_the_file_has_the_next_step_on_top_filled_in_and_everything_else_below(officer: Browser) -> None:
    shown = unescape(officer.get(PAGE).text)

    assert shown.index(f'action="/acts/cases/{CASE}/decide_case"') < shown.index(
        f'action="/acts/cases/{CASE}/return_case"'
    )
    assert "塔吊未备案即使用</textarea>" in shown
    assert '<option value="penalty" selected>' in shown
    for said in ("裁量档次：较轻", "冀建罚（130202）字〔2026〕第0009号", "危害后果：没有 → 轻微", "孙执法</option>"):
        assert said in shown, said


def test_a_decision_goes_to_the_service_with_its_amount_as_a_number(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.decide_case", {"case_id": CASE, "stage": "decided", "number": "冀建罚第1号"})
    officer.get(PAGE)

    typed = {"outcome": "penalty", "amount": "5400", "reason": "", "facts_found": "塔吊未备案", "back": PAGE}
    reply = officer.post(f"/acts/cases/{CASE}/decide_case", typed)

    assert reply.headers["Location"] == PAGE
    asked = rooms.asked_of("enforcement.decide_case")[-1]
    assert asked.request["amount"] == 5400 and asked.key == officer.hidden("_key")


def test_a_new_case_from_an_order_begins_with_all_that_is_known(officer: Browser) -> None:
    shown = unescape(officer.get(f"/enforcement/cases/new?order_id={ORDER}&offence_keys=166-28").text)

    assert "塔吊未备案</textarea>" in shown and f'<option value="{FIRM}" selected>' in shown
    for id_ in (ONE, OTHER):
        assert f'value="{id_}" checked' in shown
    assert 'name="facts.acts"' in shown and 'name="facts.deadline"' not in shown
    assert "2026-11-23 复查未改正" in shown


def test_on_the_spot_is_one_form_and_its_decision_one_press(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.decide_on_the_spot", {"case_id": CASE, "stage": "served", "number": "冀建当罚第1号"})
    officer.get(f"/enforcement/cases/new?order_id={ORDER}&offence_keys=166-28")

    reply = officer.post("/enforcement/cases/new", TYPED | {"_do": "spot", "handed_to": "现场负责人", "amount": "3000"})

    assert reply.headers["Location"] == PAGE
    asked = rooms.asked_of("enforcement.decide_on_the_spot")[-1]
    assert asked.request == {
        "order_id": ORDER, "party_id": FIRM, "description": "塔吊未备案", "offence_keys": ["166-28"], "finding_ids": [FINDING],
        "officer_ids": [ONE, OTHER], "facts": {"acts": 2, "corrected": True, "harm": "none"}, "handed_to": "现场负责人",
        "reason": "", "amount": 3000,
    }  # fmt: skip
    assert asked.key == officer.hidden("_key")


def test_a_firm_that_is_typed_goes_before_the_one_that_stands_chosen(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.open_case", {"case_id": CASE, "stage": "clue", "number": None})
    officer.get(f"/enforcement/cases/new?order_id={ORDER}&offence_keys=166-28")

    officer.post("/enforcement/cases/new", TYPED | {"_do": "open", "party_firm": "某租赁公司"})

    asked = rooms.asked_of("enforcement.open_case")[-1].request
    assert asked["party_firm"] == "某租赁公司" and "party_id" not in asked


def test_weighing_on_the_way_changes_nothing_and_loses_nothing(officer: Browser, rooms: Rooms) -> None:
    rooms.say(
        "enforcement.weigh_penalty", checked("weigh_penalty", {"weighing": WEIGHING, "judged": None}, "enforcement")
    )
    officer.get(f"/enforcement/cases/new?order_id={ORDER}&offence_keys=166-28")

    shown = officer.post("/enforcement/cases/new", TYPED | {"_do": "weigh"}).text

    assert "建议 5,500 元" in shown or "建议 5 500 元" in shown
    assert 'name="facts.acts" type="text" inputmode="numeric" value="2"' in shown
    assert rooms.asked_of("enforcement.weigh_penalty")[-1].request["facts"]["recheck_failed"] is True
    assert not rooms.asked_of("enforcement.open_case")


def test_a_refused_case_keeps_what_was_typed_and_names_the_fact(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.open_case", Invalid.field("facts.acts", "fact_too_small"))
    officer.get(f"/enforcement/cases/new?order_id={ORDER}&offence_keys=166-28")

    reply = officer.post("/enforcement/cases/new", TYPED | {"_do": "open", "facts.acts": "0"})

    assert reply.status_code == 422 and "数值太小" in reply.text
    assert 'href="#facts.acts"' in reply.text and 'value="0"' in reply.text


def test_the_investigation_is_concluded_with_the_facts_as_they_are_now(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.conclude_investigation", {"case_id": CASE, "stage": "review", "number": "冀建调第1号"})
    form = officer.get(f"{PAGE}/conclude").text
    assert 'id="facts.acts" name="facts.acts" type="text" inputmode="numeric" value="2"' in form

    officer.post(
        f"{PAGE}/conclude", {"conclusion": "事实清楚", "facts.acts": "3", "amount": "", "offence_keys": "166-28"}
    )

    asked = rooms.asked_of("enforcement.conclude_investigation")[-1].request
    assert asked == {"case_id": CASE, "conclusion": "事实清楚", "reason": "", "grave": False, "facts": {"acts": 3}}


def test_before_it_is_concluded_the_amount_is_weighed_and_nothing_typed_is_lost(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.weigh_case", checked("weigh_case", {"weighing": WEIGHING, "judged": None}, "enforcement"))
    officer.get(f"{PAGE}/conclude")
    shown = officer.post(
        f"{PAGE}/conclude",
        {"_do": "weigh", "conclusion": "事实清楚", "facts.acts": "3", "amount": "5400", "offence_keys": "166-28"},
    ).text

    assert "建议 5 500 元" in shown or "建议 5,500 元" in shown
    assert "事实清楚</textarea>" in shown and "2026-11-23" in shown
    asked = rooms.asked_of("enforcement.weigh_case")[-1].request
    assert asked == {"case_id": CASE, "facts": {"acts": 3}, "amount": 5400}
    assert not rooms.asked_of("enforcement.conclude_investigation")


def test_the_calculator_stands_in_its_address_and_tells_every_line(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_offence", checked("get_offence", OFFENCE | {"facts": FACTS}, "enforcement"))
    judged = {"verdict": "outside_tier", "text": "9 000元超出裁量档次", "needs": ["reason"]}
    rooms.say(
        "enforcement.weigh_penalty", checked("weigh_penalty", {"weighing": WEIGHING, "judged": judged}, "enforcement")
    )

    address = "/enforcement/calculator?offence_key=166-28&facts.acts=2&facts.corrected=yes&amount=9000&_do=weigh"
    first, again = (officer.get(address).text for _ in range(2))

    assert rooms.asked_of("enforcement.weigh_penalty")[-1].request == {
        "offence_keys": ["166-28"], "facts": {"acts": 2, "corrected": True}, "amount": 9000,
    }  # fmt: skip
    for said in ("裁量档次：较轻〔样本，自2021-07-15起〕", "9 000元超出裁量档次", "超出档次"):
        assert said in first and said in again


def test_fairness_lists_agencies_and_officers(officer: Browser, rooms: Rooms) -> None:
    row = {
        "id": AGENCY, "name": "长安区监督站", "agency_name": "", "cases": 12, "outside": 2, "above": 3, "below": 1,
        "mean_apart": 4.2, "furthest": 60.0,
    }  # fmt: skip
    told = {"since": "2025-11-27", "agencies": [row], "officers": [row | {"name": "张执法"}]}
    rooms.say("enforcement.get_fairness", checked("get_fairness", told, "enforcement"))

    shown = officer.get("/enforcement/fairness").text

    assert "长安区监督站" in shown and "张执法" in shown and "60.0" in shown


def test_a_firm_sees_its_case_and_answers_the_notice(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> None:
    rooms.say("filing.summarise", Conflict("not_now"))
    town.administrator(town.enterprise(), "clerk")
    rooms.say("enforcement.get_case", case(acts=["answer_notice"], proposed=None, reviewed_by=None))
    clerk = browser().sign_in("clerk")

    shown = clerk.get(PAGE).text

    assert f'action="/acts/cases/{CASE}/answer_notice"' in shown and "要求听证" in shown
    assert not rooms.asked_of("enforcement.list_nearest_cases")
    assert clerk.get("/enforcement/cases/new").status_code == 403


TYPED: dict[str, Any] = {
    "order_id": ORDER, "offence_keys": ["166-28"], "party_id": FIRM, "description": "塔吊未备案", "finding_ids": [FINDING],
    "officer_ids": [ONE, OTHER], "facts.acts": "2", "facts.corrected": "yes", "facts.harm": "none",
}  # fmt: skip
