"""The officer's inbox and review page: what is due first, all that he needs on one page, nothing typed is lost."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Forbidden, Invalid
from gateway.portal.review import queue
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import FORM, MATTER, PERSON, SHA, decided, detail, id_of, item, page, printed, step

ONE = id_of("one")
GRADES = [{"code": "qualified", "label": "合格"}, {"code": "failed", "label": "不合格"}]
GROUNDS = [{"code": "accident", "label": "发生事故"}, {"code": "other", "label": "其他情形"}]
CONCLUSION = [
    {
        "title": "基本信息",
        "fields": [
            {"name": "grade", "label": "评定等级", "required": True, "type": "choice", "choices": GRADES},
            {
                "name": "grounds",
                "label": "不合格情形",
                "required": False,
                "type": "rows",
                "item": {"type": "choice", "choices": GROUNDS},
            },
            {"name": "note", "label": "说明", "required": False, "type": "text", "max_length": 1000},
        ],
    }
]
TO_GRADE = MATTER | {"decision": CONCLUSION}
APPROVING = ["approve_application", "return_application"]
ALL_ACTS = ["accept_application", "return_application"]
EVIL = '<script>alert("x")</script>'


@dataclass
class Office:
    """An officer at his browser, and the filing that he asks."""

    browser: Browser
    rooms: Rooms
    agency_id: str

    def opens(self, application: dict[str, Any], **told: Any) -> str:
        self.rooms.say("filing.print_application", printed(application, **told))
        reply = self.browser.get(f"/review/{ONE}")
        assert reply.status_code == 200
        return unescape(reply.text)

    def decides(self, form: dict[str, Any], **told: Any) -> Any:
        given = {"version": "2", "seen": "1", "queue": "", "_matter": "install_notice"} | form
        return self.browser.post(f"/review/{ONE}", given, **told)


@pytest.fixture
def office(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Office:
    agency = town.agency()
    leader = town.administrator(agency, "leader")
    town.account(leader, "officer", ["acceptor", "approver"])
    rooms.say("filing.list_applications", page())
    rooms.say("filing.list_matters", {"items": [{"code": "install_notice", "title": "安装告知"}]})
    rooms.say("filing.get_matter", MATTER)
    rooms.say("filing.list_divisions", {"items": [{"area": "13.1301.130104", "name": "桥西区", "level": "county"}]})
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    return Office(browser().sign_in("officer"), rooms, agency)


def test_the_inbox_asks_for_what_waits_for_this_officer_the_first_deadline_first(office: Office) -> None:
    late = item("one", overdue=True, workdays_left=-2)
    hours = item(
        "two", matter_title="企业注册", hours_left=3, workdays_left=None, deadline_unit="hours", deadline_limit=24
    )
    office.rooms.say("filing.list_applications", page(late, hours, next="cursor"))

    shown = office.browser.get("/inbox?matter=install_notice&stage=submitted").text

    asked = office.rooms.asked_of("filing.list_applications")[-1].request
    assert asked["waits_for_me"] is True and asked["sort"] == "deadline"
    assert (asked["matter"], asked["stage"]) == ("install_notice", "submitted")
    assert "逾期 2 个工作日" in shown and "row-late" in shown
    assert "剩 3 小时" in shown and "限 24 小时" in shown and "row-hours" in shown
    assert shown.index("逾期 2 个工作日") < shown.index("剩 3 小时")
    assert "after=cursor" in shown and "共 2 件" in shown


def test_an_empty_inbox_says_what_would_be_here(office: Office) -> None:
    assert "没有等待您办理的事项" in office.browser.get("/inbox").text
    assert "没有符合条件的办件" in office.browser.get("/inbox?matter=install_notice").text


def test_the_agencys_and_the_areas_queue_are_other_questions(office: Office) -> None:
    office.browser.get("/inbox?scope=agency")
    office.browser.get("/inbox?scope=area&area=13.1301.130104&due=late")

    own, area = [each.request for each in office.rooms.asked_of("filing.list_applications")][-2:]
    assert own["agency_id"] == office.agency_id and "waits_for_me" not in own
    assert area["area"] == "13.1301.130104" and area["overdue"] is True and "agency_id" not in area


def test_what_is_back_with_the_enterprises_is_listed_though_it_runs_no_deadline(office: Office) -> None:
    """Sorted by deadline, filing lists only what runs one: 退回补正 would always be empty."""
    office.rooms.say("filing.list_applications", page(item("one", stage="returned")))

    shown = office.browser.get("/inbox?scope=agency&stage=returned").text

    assert office.rooms.asked_of("filing.list_applications")[-1].request["sort"] == "submitted"
    assert "最近上报的在前" in shown and "期限最近的在前" not in shown


def test_everything_needed_to_decide_stands_on_one_page_and_costs_one_question(office: Office) -> None:
    finding = {"code": "machine_over_age", "severity": "warning", "path": "form.crew.0.person_id", "detail": {}}
    returned = step(2, "return", words="请补正", detail={"corrections": [{"path": "attachments.N2", "text": "缺盖章"}]})
    application = detail("one", ALL_ACTS, findings=[finding], steps=[step(1, "submit"), returned])

    shown = office.opens(application)

    asked = [each.name for each in office.rooms.asked if each.name not in ("filing.sign_in_profile",)]
    assert asked[-1] == "filing.print_application" and asked.count("filing.get_application") == 0
    assert "某小区一期" in shown and "李四（某安装公司）" in shown and "安拆负责人" in shown
    assert f'href="/people/{PERSON}"' in shown
    assert f"/api/v1/applications/{ONE}/attachments/{SHA}?round=1" in shown
    assert '<b class="missing">缺</b>' in shown  # the second document did not come
    assert 'href="#form.crew.0.person_id">安装人员 第 1 行 · 人员</a>' in shown
    assert "上次要求：缺盖章" in shown and "请补正" in shown
    assert 'value="accept"' in shown and 'value="return"' in shown and 'value="approve"' not in shown


def test_what_changed_since_the_last_round_is_marked_with_what_stood_there_before(office: Office) -> None:
    old = {"person_id": id_of("gone"), "role": "install_worker"}
    changes = {
        "against": 1,
        "form": [
            {"path": "form.installs_on", "kind": "changed", "before": "2026-11-20", "after": "2026-11-30"},
            {"path": "form.crew.1", "kind": "added", "before": None, "after": FORM["crew"][1]},
            {"path": "form.crew.2", "kind": "removed", "before": old, "after": None},
        ],
        "attachments": [
            {"code": "N1", "kind": "changed", "before": [{"name": "旧证明.pdf", "sha256": SHA}], "after": []},
            {"code": "N2", "kind": "added", "before": [], "after": [{"name": "合同.pdf", "sha256": SHA}]},
        ],
    }

    shown = office.opens(detail("one", ALL_ACTS, round=2, changes=changes))

    assert "与第 1 次上报相比" in shown and "有 5 处改动" in shown
    assert "<del>2026-11-20</del>" in shown
    assert f'/attachments/{SHA}?round=1" target="preview" rel="noopener">旧证明.pdf</a>' in shown
    assert "删去一行" in shown and "岗位 安装拆卸工" in shown
    assert shown.count("本次新增") == 2


def test_a_late_objection_is_marked_where_it_is_told(office: Office) -> None:
    correction = {"path": "form.installs_on", "text": "日期不妥", "late": True, "reviewed_in_round": 1}
    returned = step(3, "return", round=2, detail={"corrections": [correction]})

    assert "迟到的意见" in office.opens(detail("one", [], steps=[step(1, "submit"), returned]))


def test_who_may_do_nothing_is_offered_nothing(office: Office) -> None:
    assert 'name="act"' not in office.opens(detail("one", []))


def test_accepting_opens_the_next_one_by_itself(office: Office) -> None:
    office.opens(detail("one", ALL_ACTS))
    office.rooms.say("filing.accept_application", decided("one", "accepted"))
    office.rooms.say("filing.list_applications", page(item("two")))

    reply = office.decides({"act": "accept", "words": "材料齐全", "queue": "matter=install_notice"})

    accepted = office.rooms.asked_of("filing.accept_application")[-1]
    assert accepted.request == {"application_id": ONE, "version": 2, "remarks": "材料齐全"}
    assert accepted.key == office.browser.hidden("_key")
    led = office.browser.get(reply.headers["Location"])
    assert led.headers["Location"] == f"/review/{id_of('two')}?queue=matter%3Dinstall_notice"
    assert "已受理" in office.browser.get(led.headers["Location"]).text


def test_when_nothing_is_left_the_inbox_says_so(office: Office) -> None:
    assert office.browser.get("/inbox/next").headers["Location"] == "/inbox"


def test_the_correction_list_goes_whole_and_empty_rows_do_not_count(office: Office) -> None:
    office.opens(detail("one", ALL_ACTS))
    office.rooms.say("filing.return_application", decided("one", "returned"))

    office.decides(
        {
            "act": "return",
            "words": "",
            "standard": "请一次补正",
            "correction_path": ["form.installs_on", "attachments.N2", "form"],
            "correction_text": ["日期已过", "缺页", " "],
        }
    )

    asked = office.rooms.asked_of("filing.return_application")[-1].request
    assert asked["remarks"] == "请一次补正"
    assert asked["corrections"] == [
        {"path": "form.installs_on", "text": "日期已过"},
        {"path": "attachments.N2", "text": "缺页"},
    ]


def test_more_rows_of_the_list_come_without_a_script_and_keep_what_is_typed(office: Office) -> None:
    office.opens(detail("one", ALL_ACTS))

    reply = office.decides(
        {"act": "more", "correction_path": ["form.crew.1"] * 3, "correction_text": ["甲", "乙", "丙"]}
    )

    assert reply.text.count('name="correction_text"') == 6
    assert all(f'value="{word}"' in reply.text for word in "甲乙丙")
    assert not office.rooms.asked_of("filing.return_application")


def test_two_officers_at_once_the_second_is_told_who_decided_what_and_keeps_his_words(office: Office) -> None:
    office.opens(detail("one", ALL_ACTS))
    office.rooms.say("filing.accept_application", Conflict("stale_version", version=3, stage="accepted"))
    meanwhile = step(2, "accept", user_name="王五", words="先受理了")
    application = detail("one", [], version=3, stage="accepted", steps=[step(1, "submit"), meanwhile])
    office.rooms.say("filing.print_application", printed(application))

    reply = office.decides({"act": "accept", "words": "我写了很久的意见"})

    assert reply.status_code == 409
    assert "王五" in reply.text and "先受理了" in reply.text and "已被他人办理" in reply.text
    assert "我写了很久的意见" in reply.text
    assert re.search(r'name="version" value="3"', reply.text)


def test_a_refusal_keeps_what_was_typed_and_says_why(office: Office) -> None:
    office.opens(detail("one", ["approve_application", "reject_application"], stage="reviewed"))
    office.rooms.say("filing.approve_application", Forbidden("same_officer"))

    reply = office.decides({"act": "approve", "words": "同意"})

    assert reply.status_code == 403 and ">同意</textarea>" in reply.text and 'id="problem"' in reply.text


def test_what_an_approval_has_to_decide_is_asked_for_as_filing_describes_it_and_sent(office: Office) -> None:
    office.rooms.say("filing.get_matter", TO_GRADE)
    shown = office.opens(detail("one", APPROVING, stage="accepted"), matter=TO_GRADE)
    office.rooms.say("filing.approve_application", decided("one", "closed", outcome="approved"))

    office.decides(
        {
            "act": "approve",
            "decision.grade": "failed",
            "decision.grounds": ["accident", "other"],
            "decision.note": " 另 ",
        }
    )

    assert "评定等级" in shown and '<option value="failed">不合格</option>' in shown and "其他情形" in shown
    asked = office.rooms.asked_of("filing.approve_application")[-1].request
    assert asked["decision"] == {"grade": "failed", "grounds": ["accident", "other"], "note": "另"}


def test_a_return_takes_no_decision_with_it(office: Office) -> None:
    office.rooms.say("filing.get_matter", TO_GRADE)
    office.opens(detail("one", APPROVING, stage="accepted"), matter=TO_GRADE)
    office.rooms.say("filing.return_application", decided("one", "returned"))

    office.decides({"act": "return", "decision.grade": "qualified", "words": "请补正"})

    assert "decision" not in office.rooms.asked_of("filing.return_application")[-1].request


def test_what_is_wrong_with_a_decision_stands_beside_its_field_and_what_was_typed_stays(office: Office) -> None:
    office.rooms.say("filing.get_matter", TO_GRADE)
    office.opens(detail("one", APPROVING, stage="accepted"), matter=TO_GRADE)
    office.rooms.say("filing.approve_application", Invalid.field("decision.grade", "required"))

    reply = office.decides({"act": "approve", "words": "同意", "decision.note": "已写说明"})

    page = unescape(reply.text)
    assert reply.status_code == 422
    assert 'id="form.decision.grade-error"' in page and '<a href="#form.decision.grade">审批结论 评定等级：' in page
    assert 'value="已写说明"' in page or ">已写说明</textarea>" in page or "\n已写说明</textarea>" in page


def test_most_matters_ask_for_no_decision(office: Office) -> None:
    shown = office.opens(detail("one", APPROVING, stage="accepted"))
    office.rooms.say("filing.approve_application", decided("one", "closed", outcome="approved"))

    office.decides({"act": "approve", "decision.grade": "forged"})

    assert "审批结论" not in shown
    assert "decision" not in office.rooms.asked_of("filing.approve_application")[-1].request


def test_what_was_decided_is_told_on_the_application(office: Office) -> None:
    application = detail(
        "one", [], stage="closed", outcome="approved", decision={"grade": "failed", "grounds": ["other"]}
    )
    office.rooms.say("filing.print_application", printed(application, matter=TO_GRADE))

    shown = office.browser.get(f"/applications/{ONE}").text

    assert re.search(r"<dt>评定等级</dt>\s*<dd>不合格</dd>", shown) and "其他情形" in shown


def test_phones_of_a_form_are_shown_in_full_for_a_reason_and_once(office: Office) -> None:
    """The page tells them masked; who decides may ask for them, and that he did is on record at filing."""
    masked = detail("one", ALL_ACTS, may_unmask=True)
    office.rooms.say("filing.print_application", printed(masked))
    number = {"path": "form.lead_phone", "number": "13800000001"}
    office.rooms.say("filing.unmask_application", {"application_id": ONE, "phones": [number]})
    page = office.browser.get(f"/applications/{ONE}").text
    assert f'action="/applications/{ONE}/unmask?round=1"' in page

    shown = office.browser.post(f"/applications/{ONE}/unmask?round=1", {"reason": "核实安装负责人"}).text

    asked = office.rooms.asked_of("filing.unmask_application")[-1].request
    assert (asked["reason"], asked["round"]) == ("核实安装负责人", 1)
    assert "13800000001" in shown and "13800000001" not in office.browser.get(f"/applications/{ONE}").text

    office.rooms.say("filing.unmask_application", Invalid.field("reason", "too_short", min=5))
    refused = office.browser.post(f"/applications/{ONE}/unmask", {"reason": "看看"})
    assert refused.status_code == 422 and 'value="看看"' in refused.text and 'href="#unmask-reason"' in refused.text


def test_who_may_not_is_not_offered_to_unmask(office: Office) -> None:
    office.rooms.say("filing.print_application", printed(detail("one", ALL_ACTS, may_unmask=False)))

    assert "/unmask" not in office.browser.get(f"/applications/{ONE}").text


def test_names_and_remarks_are_text_whatever_they_say(office: Office) -> None:
    told = step(2, "return", words=EVIL, detail={"corrections": [{"path": "form.crew", "text": EVIL}]})
    application = detail("one", ALL_ACTS, steps=[told]) | {"applicant_name": EVIL, "project_name": EVIL}
    office.rooms.say("filing.print_application", printed(application, labels={PERSON: EVIL}))
    office.rooms.say("filing.list_applications", page(item("one", applicant_name=EVIL)))

    assert EVIL not in office.browser.get(f"/review/{ONE}").text
    assert EVIL not in office.browser.get(f"/inbox?q={EVIL}").text


def test_a_forged_decision_does_nothing(office: Office) -> None:
    office.opens(detail("one", ALL_ACTS))

    assert office.decides({"act": "accept", "_csrf": "guessed"}).status_code == 403
    assert not office.rooms.asked_of("filing.accept_application")


def test_an_applicant_is_led_to_his_own_pages(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> None:
    town.administrator(town.enterprise(), "clerk")
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    here = browser().sign_in("clerk")

    assert here.get("/inbox").headers["Location"] == "/applications"
    assert here.get(f"/review/{ONE}").headers["Location"] == f"/applications/{ONE}"


def test_the_pre_checks_can_be_asked_anew(office: Office) -> None:
    office.opens(detail("one", ALL_ACTS))
    office.rooms.say("filing.check_application", {"findings": []})

    assert "未发现问题" in office.browser.post(f"/review/{ONE}/check", {"queue": ""}).text


def test_looking_at_the_next_one_goes_round_the_queue() -> None:
    items = [item("one"), item("two"), item("three")]

    assert queue.after(items, id_of("one")) == id_of("two")
    assert queue.after(items, id_of("three")) == id_of("one")
    assert queue.after(items[:1], id_of("one")) is None
    assert queue.after([], id_of("one")) is None
