"""Orders on the portal: the firm answers, the agency decides, transfers go out; nothing typed is lost on the way."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.languages import COOKIE, ENGLISH
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, SHA, checked, id_of

ORDER, SITE, FIRM, AGENCY, PAPER, REPORT = (
    id_of(each) for each in ("order", "site", "firm", "agency", "paper", "report")
)
FIRST, SECOND = id_of("first"), id_of("second")
ADDRESS = f"/enforcement/orders/{ORDER}"
BY = {"user_id": id_of("user"), "user_name": "张执法", "organisation_id": AGENCY, "organisation_name": "长安区监督站"}
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + b"\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    + b"0" * 40
)
ITEM = {
    "order_id": ORDER, "kind": "full_stop", "stage": "issued", "number": "冀建安停（130102）字〔2026〕第0001号",
    "project_id": SITE, "project_name": "长安花园", "area": "13.1301.130102", "agency_id": AGENCY,
    "agency_name": "长安区监督站", "addressee_id": FIRM, "addressee_name": "某建筑公司", "scope": "全部施工作业",
    "issued_at": AT, "first_due_on": "2026-11-25", "due_on": "2026-11-30", "extensions": 1, "reported_at": None,
    "closed_at": None, "is_stopping": True, "turn": "firm", "days_left": 2, "is_late": False, "late_by": 0,
    "agency_days": None,
}  # fmt: skip
FINDINGS = [
    {"finding_id": id_, "clause": "临边防护应符合规范", "severity": "serious", "description": name, "part": "3号楼",
     "closed_at": None, "is_open": name == "临边无防护"}
    for id_, name in ((FIRST, "临边无防护"), (SECOND, "灭火器过期"))
]  # fmt: skip


def answer(finding: str, done: str, *photos: str) -> dict[str, Any]:
    return {
        "finding_id": finding, "done": done, "description": "临边无防护", "is_accepted": None,
        "photos": [
            {"evidence_id": id_of(name), "name": name, "sha256": SHA, "purpose": "after", "note": "", "taken_at": None,
             "taken_place": None, "marks": [{"mark": "place_missing"}]}
            for name in photos
        ],
    }  # fmt: skip


def report(stage: str = "draft") -> dict[str, Any]:
    opinion = {"agrees": False, "remark": "3号楼仍未整改", "by": BY, "at": AT}
    sent = AT if stage != "draft" else None
    return {
        "rectification_id": REPORT, "order_id": ORDER, "round": 1, "stage": stage, "saved_at": AT, "submitted_at": sent,
        "submitted_by": BY if sent else None, "decided_at": None, "decided_by": None, "checked_by": None, "opinion": None,
        "supervisor_opinion": opinion if sent else None, "owner_opinion": None,
        "answers": [answer(FIRST, "已加装防护栏", "照片甲.jpg"), answer(SECOND, "")],
    }  # fmt: skip


def order(*may: str, **told: Any) -> dict[str, Any]:
    shown = ITEM | {
        "demands": "立即停工整改", "document_id": PAPER, "inspection_id": None, "issued_by": BY, "follows": None,
        "on_paper": False, "lifted_at": None, "escalated_to": None, "findings": FINDINGS, "rounds": [], "report": None,
        "documents": [paper(openings=1, first_opened_at=AT)],
        "timeline": [
            {"act": "issue", "at": AT, "by": BY, "detail": {"number": "第0001号"}},
            {"act": "extend", "at": AT, "by": BY, "detail": {"from": "2026-11-25", "to": "2026-11-30", "reason": "材料未到场"}},
            {"act": "overdue", "at": AT, "by": BY, "detail": {"step": "agency"}},
        ],
        "transfers": [], "may": list(may), "receivers": [{"agency_id": AGENCY, "name": "城管执法局"}],
        "rechecks": [{"inspection_id": id_of("visit"), "kind": "recheck", "started_at": AT}], **told,
    }  # fmt: skip
    return checked("get_order", shown, "enforcement")


def paper(**told: Any) -> dict[str, Any]:
    return {
        "document_id": PAPER, "kind": "full_stop_order", "number": ITEM["number"], "subject_kind": "order",
        "subject_id": ORDER, "project_id": SITE, "addressee_id": FIRM, "issued_at": AT, "issued_by": BY, "signed_at": None,
        "served_on_paper": None, **told,
    }  # fmt: skip


def acted(**told: Any) -> dict[str, Any]:
    return {
        "rectification_id": REPORT, "order_id": ORDER, "round": 1, "stage": "submitted", "saved_at": AT, "submitted_at": AT,
        **told,
    }  # fmt: skip


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    firm = town.enterprise()
    town.administrator(firm, "clerk")
    rooms.say("enforcement.get_order", order("save_rectification"))
    own = {"items": [ITEM | {"addressee_id": firm}, ITEM], "next": None, "total": 2, "total_is_exact": True}
    rooms.say("enforcement.list_orders", checked("list_orders", own, "enforcement"))
    return browser().sign_in("clerk")


@pytest.fixture
def officer(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    agency = town.agency()
    town.account(town.administrator(agency, "head"), "officer", ["inspector", "approver"])
    return browser().sign_in("officer")


def test_the_list_tells_what_stands_who_acts_next_and_how_many_working_days_are_left(
    clerk: Browser, rooms: Rooms
) -> None:
    late = ITEM | {"order_id": id_of("late"), "is_late": True, "days_left": None, "late_by": 3}
    page = {"items": [ITEM, late], "next": None, "total": 2, "total_is_exact": True}
    rooms.say("enforcement.list_orders", checked("list_orders", page, "enforcement"))

    shown = unescape(clerk.get("/enforcement/orders?state=overdue&kind=full_stop").text)

    for words in (ITEM["number"], "剩 2 个工作日", "逾期 3 个工作日", "停工中", "待责任单位整改", "已延期 1 次"):
        assert words in shown, words
    asked = rooms.asked_of("enforcement.list_orders")[-1].request
    assert asked == {"kind": "full_stop", "overdue": True, "after": None}


def test_from_the_list_a_firm_is_one_click_from_the_report_on_its_own_orders(clerk: Browser) -> None:
    assert clerk.get("/enforcement/orders").text.count(f'href="{ADDRESS}/report"') == 1


def test_a_firm_sees_its_next_act_first_and_the_whole_story(clerk: Browser) -> None:
    shown = unescape(clerk.get(ADDRESS).text)

    assert f'href="{ADDRESS}/report"' in shown and f'href="{ADDRESS}/decide"' not in shown
    for words in ("临边无防护", "由 2026-11-25 延至 2026-11-30", "材料未到场", "已提醒至监督机构", "首次查看"):
        assert words in shown, words


def test_a_report_is_written_and_submitted_in_one_form_with_its_photos(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.submit_rectification", checked("submit_rectification", acted(), "enforcement"))
    clerk.get(f"{ADDRESS}/report")
    form = {
        f"done.{FIRST}": "已加装防护栏", f"done.{SECOND}": "已更换", "_report": clerk.hidden("_report"), "_do": "submit",
        f"after.{FIRST}": (io.BytesIO(PNG), "整改后.png"), f"before.{SECOND}": (io.BytesIO(PNG), "整改前.png"),
    }  # fmt: skip

    reply = clerk.post(f"{ADDRESS}/report", form, content_type="multipart/form-data")

    assert reply.headers["Location"] == ADDRESS
    saved = rooms.asked_of("enforcement.submit_rectification")[-1].request
    assert (saved["order_id"], saved["rectification_id"]) == (ORDER, clerk.hidden("_report"))
    told = [
        (each["done"], [(photo["purpose"], photo["name"]) for photo in each["photos"]]) for each in saved["answers"]
    ]
    assert told == [("已加装防护栏", [("after", "整改后.png")]), ("已更换", [("before", "整改前.png")])]


def test_a_report_that_misses_something_comes_back_with_all_that_was_typed_and_chosen(
    clerk: Browser, rooms: Rooms
) -> None:
    rooms.say("enforcement.get_order", order("save_rectification", report=report(), rounds=[report()]))
    rooms.say(
        "enforcement.submit_rectification",
        Invalid({"answers.1.photos": [{"rule": "photo_after_missing", "finding": "灭火器过期"}]}),
    )
    assert "照片甲.jpg" in clerk.get(f"{ADDRESS}/report").text
    kept = unescape(clerk.hidden(f"photo.{FIRST}"))
    form = {f"done.{FIRST}": "已加装防护栏", f"photo.{FIRST}": kept, f"done.{SECOND}": "已更换新的", "_do": "submit"}

    reply = clerk.post(f"{ADDRESS}/report", form)

    shown = unescape(reply.text)
    assert reply.status_code == 422
    for words in ("“灭火器过期”缺少整改后的照片", "已更换新的", "照片甲.jpg", f'href="#after.{SECOND}"'):
        assert words in shown, words
    assert rooms.asked_of("enforcement.submit_rectification")[-1].request["rectification_id"] == REPORT


def test_a_draft_is_saved_without_being_complete_and_a_photo_taken_back(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_order", order("save_rectification", report=report(), rounds=[report()]))
    rooms.say("enforcement.save_rectification", checked("save_rectification", acted(stage="draft"), "enforcement"))
    clerk.get(f"{ADDRESS}/report")
    form = {f"done.{FIRST}": "正在整改", f"photo.{FIRST}": unescape(clerk.hidden(f"photo.{FIRST}"))}

    without = clerk.post(f"{ADDRESS}/report", form | {"_do": f"drop:{id_of('照片甲.jpg')}"}).text
    saved = clerk.post(f"{ADDRESS}/report", form | {"_do": "save"})

    assert "照片甲.jpg" not in without and "正在整改" in without
    assert saved.headers["Location"] == ADDRESS
    assert [
        len(each["photos"]) for each in rooms.asked_of("enforcement.save_rectification")[-1].request["answers"]
    ] == [1, 0]


def test_a_file_that_is_no_picture_is_told_and_the_rest_stays(clerk: Browser, rooms: Rooms) -> None:
    clerk.get(f"{ADDRESS}/report")
    form = {f"done.{FIRST}": "已加装防护栏", f"after.{FIRST}": (io.BytesIO(b"no picture"), "笔记.txt"), "_do": "submit"}

    reply = clerk.post(f"{ADDRESS}/report", form, content_type="multipart/form-data")

    assert reply.status_code == 422 and "笔记.txt" in reply.text and "已加装防护栏" in reply.text
    assert not rooms.asked_of("enforcement.submit_rectification")


def test_an_officer_decides_finding_by_finding_and_orders_the_rest_again(officer: Browser, rooms: Rooms) -> None:
    rooms.say(
        "enforcement.get_order",
        order("decide_rectification", stage="reported", turn="agency", agency_days=2, report=report("submitted")),
    )
    next_order = id_of("next")
    told = {
        "order_id": ORDER, "stage": "ordered_again", "rectification_id": REPORT, "rectification_stage": "returned",
        "closed_findings": 1, "next_order_id": next_order, "next_number": "第0002号", "lifting_number": None,
        "recheck_number": "第0001号",
    }  # fmt: skip
    rooms.say("enforcement.decide_rectification", checked("decide_rectification", told, "enforcement"))
    shown = unescape(officer.get(f"{ADDRESS}/decide").text)
    for words in ("已加装防护栏", "没有位置", "3号楼仍未整改", "准予复工，并签发复工通知书", "报告已等待 2 个工作日"):
        assert words in shown, words
    form = {
        f"finding.{FIRST}": "accepted", f"finding.{SECOND}": "left", "checked_by": "paper", "opinion": "灭火器仍过期",
        "again.kind": "full_stop", "again.due_on": "2026-12-10",
    }  # fmt: skip

    reply = officer.post(f"{ADDRESS}/decide", form)

    assert reply.headers["Location"] == f"/enforcement/orders/{next_order}"
    assert rooms.asked_of("enforcement.decide_rectification")[-1].request == {
        "rectification_id": REPORT, "accepted": [FIRST], "opinion": "灭火器仍过期", "lifts": False, "checked_by": "paper",
        "again": {"kind": "full_stop", "due_on": "2026-12-10", "demands": "", "scope": ""},
    }  # fmt: skip


def test_a_refused_decision_keeps_what_was_chosen(officer: Browser, rooms: Rooms) -> None:
    rooms.say(
        "enforcement.get_order",
        order("decide_rectification", stage="reported", turn="agency", agency_days=0, report=report("submitted")),
    )
    rooms.say("enforcement.decide_rectification", Conflict("stop_not_lifted", number="第0001号"))
    officer.get(f"{ADDRESS}/decide")
    chosen = {f"finding.{FIRST}": "accepted", "checked_by": "site", "opinion": "已到现场查看"}

    forgotten = officer.post(f"{ADDRESS}/decide", chosen)
    refused = officer.post(f"{ADDRESS}/decide", chosen | {f"finding.{SECOND}": "accepted"})

    assert forgotten.status_code == 422 and "请对每条检查发现选择复查结果" in forgotten.text
    assert refused.status_code == 409 and "办结前须准予复工" in refused.text and "已到现场查看" in refused.text


def test_the_head_extends_lifts_and_withdraws_from_the_orders_page(officer: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_order", order("lift_stop", "extend_order", "withdraw_order"))
    rooms.say("enforcement.extend_order", {})
    shown = officer.get(ADDRESS).text
    for act in ("lift_stop", "extend_order", "withdraw_order"):
        assert f'action="/acts/orders/{ORDER}/{act}"' in shown

    officer.post(
        f"/acts/orders/{ORDER}/extend_order", {"due_on": "2026-12-10", "reason": "材料未到场", "back": ADDRESS}
    )

    asked = rooms.asked_of("enforcement.extend_order")[-1].request
    assert asked == {"order_id": ORDER, "due_on": "2026-12-10", "reason": "材料未到场"}


def test_what_a_withdrawn_order_demanded_is_ordered_anew(officer: Browser, rooms: Rooms) -> None:
    withdrawn = order("issue_order", stage="withdrawn", turn="nobody", days_left=None, is_stopping=False)
    rooms.say("enforcement.get_order", withdrawn)
    issued = {
        "order_id": id_of("next"), "number": "第0002号", "stage": "issued", "due_on": "2026-12-10", "document_id": PAPER,
        "is_stopping": False,
    }  # fmt: skip
    rooms.say("enforcement.issue_order", checked("issue_order", issued, "enforcement"))
    assert f'href="{ADDRESS}/anew"' in officer.get(ADDRESS).text
    shown = officer.get(f"{ADDRESS}/anew").text
    assert "临边无防护" in shown and "灭火器过期" not in shown

    reply = officer.post(f"{ADDRESS}/anew", {"kind": "rectify", "due_on": "2026-12-10", "demands": "立即整改"})

    assert reply.headers["Location"] == f"/enforcement/orders/{id_of('next')}"
    asked = rooms.asked_of("enforcement.issue_order")[-1]
    assert asked.key == officer.hidden("_key")
    assert asked.request == {
        "kind": "rectify", "due_on": "2026-12-10", "demands": "立即整改", "finding_ids": [FIRST], "addressee_id": FIRM,
        "on_paper": False,
    }  # fmt: skip


def test_a_matter_is_transferred_with_the_findings_as_a_beginning_and_answered_from_the_list(
    officer: Browser, rooms: Rooms
) -> None:
    sent = {
        "transfer_id": id_of("transfer"), "order_id": ORDER, "document_id": PAPER, "number": "移第0001号",
        "project_id": SITE, "from_agency_id": AGENCY, "to_agency_id": AGENCY, "party_id": FIRM, "party_name": "某建筑公司",
        "facts": "逾期未整改，涉嫌违法", "attachments": [], "stage": "sent", "sent_at": AT, "answered_at": None,
        "reason": None, "case_number": None,
    }  # fmt: skip
    rooms.say("enforcement.get_order", order("transfer_order"))
    rooms.say("enforcement.transfer_order", checked("transfer_order", sent, "enforcement"))
    assert "3号楼 临边无防护（临边防护应符合规范）" in officer.get(f"{ADDRESS}/transfer").text
    reply = officer.post(f"{ADDRESS}/transfer", {"to_agency_id": AGENCY, "facts": "逾期未整改，涉嫌违法"})
    assert reply.headers["Location"] == ADDRESS

    listed = sent | {"to_agency_name": "城管执法局", "from_agency_name": "长安区监督站", "project_name": "长安花园"}
    page = {"items": [listed], "next": None, "total": 1, "total_is_exact": True}
    rooms.say("enforcement.list_transfers", checked("list_transfers", page, "enforcement"))
    rooms.say("enforcement.answer_transfer", {})
    address = f"/acts/transfers/{id_of('transfer')}/answer_transfer"
    assert f'action="{address}"' in officer.get("/enforcement/transfers").text
    officer.post(address, {"takes": "yes", "case_number": "石城立1号", "back": "/enforcement/transfers"})

    asked = rooms.asked_of("enforcement.answer_transfer")[-1].request
    assert asked == {"transfer_id": id_of("transfer"), "takes": True, "reason": "", "case_number": "石城立1号"}


def test_a_document_opened_on_the_page_is_read_as_a_paper_and_served_on_paper_else(
    officer: Browser, rooms: Rooms
) -> None:
    content = {"title": "停工整改通知书", "project_name": "长安花园", "demands": "立即停工整改", "findings": FINDINGS}
    content |= {"officers": [{"name": "李执法", "certificate_number": "冀执0002"}], "started_at": AT, "score": 82.5}
    told = paper(
        project_name="长安花园", addressee_name="某建筑公司", content=content, hash=SHA, may_serve=True,
        openings=[{"opened_at": AT, "by": BY, "way": "page"}],
    )  # fmt: skip
    rooms.say("enforcement.get_document", checked("get_document", told, "enforcement"))
    rooms.say("enforcement.serve_on_paper", paper())
    shown = unescape(officer.get(f"/enforcement/documents/{PAPER}").text)
    for words in (
        ITEM["number"],
        "致：某建筑公司",
        "立即停工整改",
        "灭火器过期",
        "网页",
        "登记纸质送达",
        "李执法（冀执0002）",
        "82.5",
    ):
        assert words in shown, words
    assert rooms.asked_of("enforcement.get_document")[-1].request == {"document_id": PAPER, "way": "page"}

    form = {"handed_to": "李经理", "served_at": "2026-11-26T10:30", "how": "direct"}
    officer.post(f"/enforcement/documents/{PAPER}/serve", form)

    assert rooms.asked_of("enforcement.serve_on_paper")[-1].request == {
        "document_id": PAPER, "handed_to": "李经理", "how": "direct", "served_at": "2026-11-26T10:30:00+08:00",
    }  # fmt: skip


def test_the_order_leads_to_its_recheck_on_site(officer: Browser, clerk: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_order", order())
    leads = f"/enforcement/inspections/new?project_id={SITE}&kind=recheck&rechecks={ORDER}"

    assert leads in unescape(officer.get(ADDRESS).text)
    assert leads not in unescape(clerk.get(ADDRESS).text)


def test_a_decision_opened_on_the_page_says_the_fine_why_and_what_its_reader_may_do(
    officer: Browser, rooms: Rooms
) -> None:
    content = {
        "title": "行政处罚决定书", "party_name": "某建筑公司", "party_kind": "firm", "party_number": "91130100MA07A1B2X3",
        "fine": 50000, "weighing": "第二档", "notices": [["救济途径", "六十日内申请行政复议"]], "basis": "行政处罚法第五十七条",
    }  # fmt: skip
    told = paper(project_name="", addressee_name="某建筑公司", content=content, hash=SHA, may_serve=False, openings=[])
    rooms.say("enforcement.get_document", checked("get_document", told, "enforcement"))
    shown = unescape(officer.get(f"/enforcement/documents/{PAPER}").text)
    for words in (
        "50,000 元（人民币伍万元整）",
        "第二档",
        "六十日内申请行政复议",
        "行政处罚法第五十七条",
        "统一社会信用代码",
    ):
        assert words in shown, words


def test_a_photo_is_given_to_who_may_see_the_order(clerk: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_order", order(report=report("submitted"), rounds=[report("submitted")]))

    assert clerk.get(f"/api/v1/orders/{ORDER}/photos/{'b' * 64}").status_code == 404
    assert clerk.get(f"/api/v1/orders/{ORDER}/photos/{SHA}").json["code"] == "file_missing"


def test_the_pages_read_in_english_too(officer: Browser, rooms: Rooms) -> None:
    everything = ("lift_stop", "extend_order", "withdraw_order", "transfer_order", "decide_rectification")
    shown = order(
        *everything,
        stage="reported",
        turn="agency",
        agency_days=1,
        report=report("submitted"),
        rounds=[report("submitted")],
    )
    rooms.say("enforcement.get_order", shown)
    rooms.say("enforcement.list_orders", {"items": [ITEM], "next": None, "total": 1, "total_is_exact": True})
    rooms.say("enforcement.list_transfers", {"items": [], "next": None, "total": 0, "total_is_exact": True})
    rooms.say("enforcement.list_documents", {"items": [], "next": None, "total": 0, "total_is_exact": True})
    officer.client.set_cookie(COOKIE, ENGLISH)
    names = (
        "姓名officer", "桥西区安监站", "中文", *(str(ITEM[each]) for each in ("number", "project_name", "agency_name", "scope")),
        "某建筑公司", "张执法", "3号楼仍未整改", "3号楼", "临边防护应符合规范", "临边无防护", "灭火器过期", "已加装防护栏",
        "照片甲.jpg", "立即停工整改", "材料未到场", "城管执法局", "第0001号",
    )  # fmt: skip
    for address in (
        ADDRESS, f"{ADDRESS}/decide", f"{ADDRESS}/transfer", "/enforcement/orders", "/enforcement/transfers",
        "/enforcement/documents",
    ):  # fmt: skip
        text = unescape(officer.get(address).text)
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, "")
        assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<!--.*?-->", "", text, flags=re.S)) == [], address


def test_the_form_of_a_decision_begins_as_the_usual_one_ends(officer: Browser, rooms: Rooms) -> None:
    told = order("decide_rectification", stage="reported", turn="agency", agency_days=0, report=report("submitted"))
    rooms.say("enforcement.get_order", told | {"rechecks": []})
    assert 'value="paper" required checked' in officer.get(f"{ADDRESS}/decide").text
    visit = {"inspection_id": id_of("recheck"), "kind": "recheck", "started_at": AT}
    rooms.say("enforcement.get_order", told | {"rechecks": [visit]})

    shown = officer.get(f"{ADDRESS}/decide").text

    assert 'value="site" required checked' in shown and f'value="{id_of("recheck")}" selected' in shown
    assert re.search(r'name="again\.due_on"[^>]*value="20', shown)
