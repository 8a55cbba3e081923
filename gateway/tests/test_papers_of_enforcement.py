"""Documents of law enforcement as PDF: all that stands in them stands on the paper; and anybody can check one by its code."""

import io
from html import unescape
from typing import Any

import pypdfium2
import pytest

from chassis.errors import NotFound
from gateway.documents.enforcement import code_of
from gateway.testing.rooms import Rooms
from gateway.testing.visits import Visit
from gateway.tests.portal.replies import AT, id_of

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
ALL, RIGHT = [FINDING], FINDING | {"is_put_right": True}
SITE = {"project_name": "长安广场", "project_number": "13010220260001"}
CONTENTS: dict[str, dict[str, Any]] = {
    "rectification_order": {"title": "责令限期整改通知书", **SITE, "demands": "逐条整改", "due_on": "2026-12-05", "findings": ALL},
    "full_stop_order": {"title": "停工整改通知书", **SITE, "scope": "全部施工作业", "demands": "立即停工", "findings": ALL},
    "inspection_record": {
        "title": "检查记录", **SITE, "started_at": AT, "ended_at": AT, "score": 88.89, "remark": "抽查3号楼", "findings": [FINDING],
        "officers": [{"name": "李执法", "certificate_number": "冀执002"}], "orders": ["冀建安改第0001号"],
        "site_signature": {"refused": True, "reason": "负责人离场", "witnesses": "监理赵工"},
    },
    "recheck_record": {"title": "复查记录", **SITE, "order_number": "冀建安改第0001号", "findings": [RIGHT]},
    "penalty_decision": {
        "title": "行政处罚决定书", **SITE, "agency_name": "长安区监督站", "party_name": "河北某建筑公司", "fine": 50000,
        "weighing": "法定幅度 5,000–30,000 元\n第二档", "duty": "15日内缴纳", "review": "60日内复议",
        "investigators": [{"name": "李执法", "certificate_number": "冀执002"}],
    },
}  # fmt: skip
FOUND = {"title": "停工整改通知书", "number": "第0007号", "agency_name": "长安区监督站", "issued_on": "2026-11-20"}
SAYS = {
    "rectification_order": ("2026年12月5日", "逐条整改", "三层临边无防护栏杆", "河北某建筑公司"),
    "full_stop_order": ("全部施工作业",),
    "inspection_record": ("88.89", "冀执002", "负责人离场", "监理赵工", "冀建安改第0001号"),
    "recheck_record": ("已整改", "冀建安改第0001号"),
    "penalty_decision": ("50,000", "第二档", "河北某建筑公司", "15日内缴纳", "60日内复议"),
}


def told(kind: str) -> dict[str, Any]:
    return {
        "document_id": PAPER, "kind": kind, "number": "冀建安改（130102）字〔2026〕第0007号", "subject_kind": "order",
        "subject_id": id_of("order"), "project_id": id_of("site"), "addressee_id": id_of("firm"),
        "addressee_name": "河北某建筑公司", "issued_at": AT, "issued_by": BY, "signed_at": None, "served_on_paper": None,
        "content": CONTENTS[kind], "hash": HASH, "openings": [], "may_serve": False,
    }  # fmt: skip


@pytest.fixture
def officer(town: Any) -> Visit:
    found: Visit = town.account(town.administrator(town.agency(), "head"), "officer", ["inspector"])
    return found


@pytest.mark.parametrize("kind", CONTENTS)
def test_all_that_stands_in_a_document_stands_on_its_paper(officer: Visit, rooms: Rooms, kind: str) -> None:
    rooms.say("enforcement.get_document", told(kind))
    answer = officer.get(f"/documents/{PAPER}/document.pdf")

    assert answer.status_code == 200 and answer.mimetype == "application/pdf"
    pages = pypdfium2.PdfDocument(io.BytesIO(answer.data))
    text = "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "").replace("\n", "")
    for words in (
        CONTENTS[kind]["title"],
        "第0007号",
        "长安区监督站",
        "长安广场",
        "0123-4567-89AB-CDEF-0123",
        *SAYS[kind],
    ):
        assert words in text, words


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
