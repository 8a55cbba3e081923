"""执法文书 on pages: what stands on a paper stands on its page, for it is served by being opened there."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, SHA, checked, id_of

PAPER, CASE = id_of("paper"), id_of("case")
BY = {
    "user_id": id_of("user"),
    "user_name": "张执法",
    "organisation_id": id_of("agency"),
    "organisation_name": "监督站",
}
ITEM = {
    "document_id": PAPER, "kind": "prior_notice", "number": "冀建罚告（130102）字〔2026〕第0001号", "subject_kind": "case",
    "subject_id": CASE, "project_id": None, "addressee_id": id_of("firm"), "issued_at": AT, "issued_by": BY,
    "signed_at": None, "served_on_paper": None, "project_name": "长安花园", "addressee_name": "某建筑公司",
}  # fmt: skip
CONTENT = {
    "title": "行政处罚事先告知书", "party_name": "某建筑公司", "facts": "2号塔机未备案即使用", "fine": 5500,
    "clause": "《建筑起重机械安全监督管理规定》第二十八条", "measures": ["警告"], "hearing_right": True,
    "weighing": "法定幅度 5000–10000 元\n裁量档次：较轻", "rights": ["可以进行陈述和申辩", "可以自收到之日起5个工作日内要求听证"],
}  # fmt: skip


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    town.administrator(town.enterprise(), "clerk")
    return browser().sign_in("clerk")


def test_a_notice_is_read_whole_amount_clause_reasons_and_rights(clerk: Browser, rooms: Rooms) -> None:
    told = ITEM | {"content": CONTENT, "hash": SHA, "openings": [], "may_serve": False}
    rooms.say("enforcement.get_document", checked("get_document", told, "enforcement"))

    shown = unescape(clerk.get(f"/enforcement/documents/{PAPER}").text)

    reasons = ("法定幅度 5000–10000 元", "裁量档次：较轻")
    for words in ("5,500", CONTENT["clause"], "警告", *reasons, *CONTENT["rights"], f"/enforcement/cases/{CASE}"):
        assert str(words) in shown, words


def test_the_list_says_which_papers_reached_whom_and_is_narrowed_to_those_that_did_not(
    clerk: Browser, rooms: Rooms
) -> None:
    opened = ITEM | {"document_id": id_of("opened"), "first_opened_at": AT}
    on_paper = ITEM | {"document_id": id_of("handed"), "served_on_paper": {"how": "direct"}, "first_opened_at": None}
    page = {
        "items": [ITEM | {"first_opened_at": None}, opened, on_paper],
        "next": None,
        "total": 3,
        "total_is_exact": True,
    }
    rooms.say("enforcement.list_documents", checked("list_documents", page, "enforcement"))

    shown = unescape(clerk.get("/enforcement/documents?unserved=1").text)

    for words in ("尚未送达", "已查看", "已纸质送达"):
        assert words in shown, words
    assert rooms.asked_of("enforcement.list_documents")[-1].request["unserved"] is True
