"""Documents of law enforcement as PDF: all that stands in them stands on the paper; and anybody can check one by its code."""

import io
import json
from html import unescape
from typing import Any

import pypdfium2
import pytest

from chassis.errors import NotFound
from gateway.documents.enforcement import code_of
from gateway.documents.money import yuan
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit
from gateway.tests.portal.replies import AT, SERVICES, id_of

PAPER = id_of("paper")
HASH = "0123456789abcdef0123" + "4" * 44
BY = {
    "user_id": id_of("user"),
    "user_name": "张执法",
    "organisation_id": id_of("agency"),
    "organisation_name": "长安区监督站",
}
FINDING = {
    "finding_id": id_of("finding"),
    "clause": "JGJ 59-2011 表B.13：临边防护",
    "severity": "serious",
    "description": "三层临边无防护栏杆",
    "part": "3号楼",
}
ALL, LEFT = (
    [FINDING],
    [FINDING | {"is_put_right": True}, FINDING | {"description": "灭火器过期", "is_put_right": False}],
)
SITE = {"project_name": "长安广场", "project_number": "13010220260001"}
OFFICERS = [
    {"name": "张执法", "certificate_number": "冀执001"},
    {"name": "李执法", "certificate_number": "冀执002"},
]
CASE = {
    **SITE, "agency_name": "长安区监督站", "party_name": "河北某建筑公司", "party_kind": "firm",
    "party_number": "91130100MA07A1B2X3", "case_number": "冀建立（130102）字〔2026〕第0003号", "investigators": OFFICERS,
    "conduct": ["未按专项施工方案组织施工"], "basis": "《中华人民共和国行政处罚法》", "issued_by": BY,
}  # fmt: skip
REASONS = {
    "clause": "《建设工程安全生产管理条例》第六十五条第四项", "weighing": "法定幅度 5,000–30,000 元\n第二档", "several": "",
    "measures": ["责令停业整顿"], "suggested": 50000, "deviation": {"text": "高于建议金额", "reason": "一年内第二次"},
}  # fmt: skip
REVIEW = ["救济途径", "六十日内申请行政复议，或者六个月内提起行政诉讼"]
PAY = ["履行方式和期限", "自收到本决定书之日起十五日内缴纳罚款"]
BASIS = {"basis": "《中华人民共和国安全生产法》第六十五条"}
CONTENTS: dict[str, dict[str, Any]] = {
    "rectification_order": {
        "title": "责令限期整改通知书", **SITE, **BASIS, "demands": "逐条整改", "due_on": "2026-12-05", "findings": ALL, "scope": "",
        "notices": [["整改要求", "逾期未整改的，依法予以行政处罚"], REVIEW],
    },
    "partial_stop_order": {
        "title": "局部停工整改通知书", **SITE, **BASIS, "scope": "3号楼脚手架", "demands": "停止3号楼施工", "due_on": "2026-12-05",
        "findings": ALL, "notices": [["停工要求", "经复查同意方可复工"], REVIEW],
    },
    "full_stop_order": {
        "title": "停工整改通知书", **SITE, **BASIS, "scope": "全部施工作业", "demands": "立即停工", "due_on": "2026-12-05",
        "findings": ALL, "notices": [["停工要求", "经复查同意方可复工"], REVIEW],
    },
    "lifting": {
        "title": "复工通知书", **SITE, **BASIS, "order_number": "冀建安停第0001号", "scope": "全部施工作业", "reason": "隐患已消除",
        "notices": [["复工要求", "自送达之日起可以恢复施工"]],
    },
    "inspection_record": {
        "title": "检查记录", **SITE, **BASIS, "kind": "double_random", "started_at": AT, "ended_at": AT, "score": 88.89,
        "grade": "failed", "remark": "抽查3号楼", "findings": ALL, "officers": OFFICERS, "orders": ["冀建安改第0001号"],
        "parties": {"contractor": "河北某建筑公司", "supervisor": "某监理公司"},
        "scored": {
            "tables": [{"key": "B.17", "name": "塔式起重机", "score": 0.0, "why_zero": "guarantee_item"}],
            "groups": [{"name": "塔式起重机与起重吊装", "weight": 10, "points": 0.0}],
        },
        "signatures": [{"name": each["name"], "signed_at": AT} for each in OFFICERS],
        "site_signature": {"refused": True, "reason": "负责人离场", "witnesses": "监理赵工"},
        "notices": [["当事人的权利", "有权要求执法人员出示执法证件"]],
    },
    "recheck_record": {
        "title": "复查记录", **SITE, **BASIS, "order_number": "冀建安改第0001号", "round": 2, "opinion": "灭火器仍过期",
        "findings": LEFT,
    },
    "transfer": {
        "title": "行政处罚移交表", **SITE, "party_name": "河北某建筑公司", "party_credit_code": "91130100MA07A1B2X3",
        "order_number": "冀建安改第0001号", "facts": "逾期未整改", "addressee_name": "石家庄市综合执法局",
        "attachments": [{"name": "责令限期整改通知书"}, {"name": "现场照片"}],
        "notices": [["办理要求", "请将处理结果书面告知本机关"]],
    },
    "case_filing": {"title": "立案审批表", **CASE, "source": "inspection", "opinion": "同意立案"},
    "investigation_report": {
        "title": "调查终结报告", **CASE, **REASONS, "conclusion": "违法事实清楚", "proposed": 50000,
    },
    "legal_review": {"title": "法制审核意见书", **CASE, **REASONS, "opinion": "程序合法", "agrees": True, "proposed": 50000},
    "collective_discussion": {"title": "集体讨论记录", **CASE, "facts": "参加人：王局长、赵科长", "conclusion": "一致同意"},
    "prior_notice": {
        "title": "行政处罚事先告知书", **CASE, **REASONS, "fine": 50000, "hearing_right": True, "facts": "架体未验收即使用",
        "notices": [["陈述和申辩", "你（单位）有权进行陈述和申辩"]],
    },
    "hearing_notice": {
        "title": "行政处罚听证告知书", **CASE, **REASONS, "fine": 50000, "hearing_right": True, "facts": "架体未验收即使用",
        "notices": [["听证权利", "自收到本告知书之日起五个工作日内提出"]],
    },
    "hearing_invitation": {
        "title": "行政处罚听证通知书", **CASE, "held_on": "2026-12-03", "place": "三楼会议室",
        "notices": [["听证中的权利", "可以亲自参加听证，也可以委托一至二人代理"]],
    },
    "penalty_decision": {
        "title": "行政处罚决定书", **CASE, **REASONS, "fine": 50000, "facts": "架体未验收即使用", "days_late": 3,
        "notices": [PAY, REVIEW],
    },
    "summary_decision": {
        "title": "当场行政处罚决定书", **CASE, "party_kind": "person", "party_name": "王某", "party_number": "130102********1234",
        "clause": "《安全生产法》第九十九条", "facts": "未设置安全警示标志", "fine": 150, "handed_to": "王某",
        "notices": [PAY, REVIEW],
    },
    "no_penalty_decision": {
        "title": "不予行政处罚决定书", **CASE, **REASONS, "weighing": "违法行为轻微并及时改正", "fine": 0, "days_late": 0,
        "facts": "已于当日改正", "measures": [], "notices": [REVIEW],
    },
    "payment_reminder": {
        "title": "催告书", **CASE, "decision_number": "冀建罚第0009号", "fine": 50000, "surcharge": "1500.50", "left": "51500.50",
        "pay_by": "2026-11-01", "text": "请立即履行",
        "notices": [["履行方式和期限", "自收到本催告书之日起十日内缴清"], ["陈述和申辩", "有权进行陈述和申辩"]],
    },
    "case_closure": {
        "title": "结案审批表", **CASE, "outcome": "penalty", "fine": 50000, "paid": "50000", "surcharge": "0",
        "summary": "已执行完毕",
    },
    "evidence_holding": {
        "title": "先行登记保存证据通知书", **CASE, "facts": "塔机安全装置一套", "reason": "可能灭失", "due_on": "2026-12-01",
        "notices": [["保存要求", "不得销毁或者转移证据"]],
    },
    "evidence_release": {"title": "先行登记保存证据处理通知书", **CASE, "text": "予以返还"},
}  # fmt: skip
ADDRESSED = "河北某建筑公司："
SAYS = {
    "rectification_order": ("2026年12月5日", "整改期限", "逐条整改", "三层临边无防护栏杆", ADDRESSED, "第六十五条", "签收人"),
    "partial_stop_order": ("停工部位", "3号楼脚手架", ADDRESSED, "经复查同意方可复工", "六个月"),
    "full_stop_order": ("全部施工作业", ADDRESSED, "第六十五条", "六十日"),
    "lifting": ("准予复工部位", "隐患已消除", "冀建安停第0001号"),
    "inspection_record": (
        "88.89", "不合格", "双随机抽查", "冀执001", "冀执002", "2026-11-20 10:00 签字", "负责人离场", "监理赵工",
        "冀建安改第0001号", "施工单位：河北某建筑公司", "塔式起重机与起重吊装", "有保证项目得零分", "出示执法证件",
    ),
    "recheck_record": ("已整改", "未整改到位", "灭火器仍过期", "冀建安改第0001号"),
    "transfer": ("91130100MA07A1B2X3", "逾期未整改", "现场照片", "书面告知本机关"),
    "case_filing": ("监督检查", "未按专项施工方案组织施工", "同意立案", "批准人", "承办人"),
    "investigation_report": ("违法事实清楚", "拟处罚款", "伍万元整", "第二档", "一年内第二次"),
    "legal_review": ("程序合法", "审核人", "第六十五条"),
    "collective_discussion": ("王局长、赵科长", "一致同意"),
    "prior_notice": ("拟处罚款", "50,000", "架体未验收即使用", "第六十五条", "陈述和申辩", "见行政处罚听证告知书", ADDRESSED),
    "hearing_notice": ("五个工作日", "50,000", ADDRESSED),
    "hearing_invitation": ("2026年12月3日", "三楼会议室", "委托一至二人代理"),
    "penalty_decision": (
        "91130100MA07A1B2X3", "50,000 元（人民币伍万元整）", "第二档", "责令停业整顿", "十五日", "六十日", "六个月",
        "架体未验收即使用", "超过办案期限（天）", ADDRESSED,
    ),
    "summary_decision": ("身份证号", "130102********1234", "150 元（人民币壹佰伍拾元整）", "当场交付", "十五日", "行政复议"),
    "no_penalty_decision": ("违法行为轻微并及时改正", "六十日"),
    "payment_reminder": ("冀建罚第0009号", "尚欠", "51,500.50", "2026年11月1日", "十日", "陈述和申辩"),
    "case_closure": ("给予处罚", "已执行完毕", "批准人"),
    "evidence_holding": ("登记保存的物品", "塔机安全装置一套", "2026年12月1日", "作出处理决定的期限", "不得销毁"),
    "evidence_release": ("处理决定", "予以返还"),
}  # fmt: skip
NEVER = {
    "case_filing": ("签收人", ADDRESSED),
    "collective_discussion": ("签收人", ADDRESSED),
    "no_penalty_decision": ("罚款（", "0 元", "超过办案期限"),
    "case_closure": ("加处罚款", "签收人"),
    "penalty_decision": ("身份证号",),
}
KEPT = ("case_filing", "investigation_report", "legal_review", "collective_discussion", "case_closure")
FOUND = {"title": "停工整改通知书", "number": "第0007号", "agency_name": "长安区监督站", "issued_on": "2026-11-20"}


def told(kind: str) -> dict[str, Any]:
    to_firm = {"addressee_id": id_of("firm"), "addressee_name": "河北某建筑公司"}
    return {
        "document_id": PAPER, "kind": kind, "number": "冀建安改（130102）字〔2026〕第0007号", "subject_kind": "order",
        "subject_id": id_of("order"), "project_id": id_of("site"),
        **({"addressee_id": None, "addressee_name": ""} if kind in KEPT else to_firm), "issued_at": AT, "issued_by": BY,
        "signed_at": None, "served_on_paper": None,
        "content": CONTENTS[kind], "hash": HASH, "openings": [], "may_serve": False,
    }  # fmt: skip


@pytest.fixture
def officer(town: Any) -> Visit:
    found: Visit = town.account(town.administrator(town.agency(), "head"), "officer", ["inspector"])
    return found


def text_of(answer: Any) -> str:
    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    pages = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "").replace("\n", "")


def test_every_kind_of_document_is_tried() -> None:
    contract = json.loads((SERVICES / "enforcement/contract/rpc/list_documents.json").read_text(encoding="utf-8"))
    kinds = contract["properties"]["request"]["properties"]["kind"]["x-words"]
    assert set(kinds) == set(CONTENTS) == set(SAYS)


@pytest.mark.parametrize("kind", CONTENTS)
def test_all_that_the_law_wants_in_a_document_stands_on_its_paper(officer: Visit, rooms: Rooms, kind: str) -> None:
    rooms.say("enforcement.get_document", told(kind))
    text = text_of(officer.get(f"/documents/{PAPER}/document.pdf"))

    for words in (
        CONTENTS[kind]["title"],
        "第0007号",
        "长安区监督站",
        "2026年11月20日",
        "长安广场",
        CONTENTS[kind].get("basis", ""),
        "0123-4567-89AB-CDEF-0123",
        *SAYS[kind],
    ):
        assert words in text, words
    for words in NEVER.get(kind, ()):
        assert words not in text, words


def test_a_paper_signed_without_coverage_bears_the_day_of_the_signature(officer: Visit, rooms: Rooms) -> None:
    rooms.say("enforcement.get_document", told("full_stop_order") | {"signed_at": "2026-11-18T03:00:00+00:00"})
    text = text_of(officer.get(f"/documents/{PAPER}/document.pdf"))
    assert "2026年11月18日" in text and "2026年11月20日" not in text


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (150, "150 元（人民币壹佰伍拾元整）"),
        (10_005, "10,005 元（人民币壹万零伍元整）"),
        (1_000_000, "1,000,000 元（人民币壹佰万元整）"),
        ("51500.50", "51,500.50 元（人民币伍万壹仟伍佰元伍角整）"),
        ("100.07", "100.07 元（人民币壹佰元零柒分）"),
        ("0.30", "0.30 元（人民币叁角整）"),
    ],
)
def test_amounts_stand_in_figures_and_in_capitals(amount: int | str, written: str) -> None:
    assert yuan(amount) == written


def test_anybody_checks_it_by_its_code_and_a_made_up_one_is_unknown(visit: Any, rooms: Rooms) -> None:
    code = code_of(told("full_stop_order"))
    rooms.say(
        "enforcement.verify_document",
        FOUND | {"withdrawn": False},
    )
    page = unescape(visit().client.get(f"/v/{code.lower()}").text)
    for words in ("真实有效", "停工整改通知书", "第0007号", "长安区监督站"):
        assert words in page

    rooms.say("enforcement.verify_document", FOUND | {"withdrawn": True})
    assert "已撤销" in unescape(visit().client.get(f"/v/{code}").text)

    rooms.say("enforcement.verify_document", NotFound("document_unknown"))
    answer = visit().client.get("/v/00000000000000000000")
    assert answer.status_code == 404 and "信息不符" in unescape(answer.text)
