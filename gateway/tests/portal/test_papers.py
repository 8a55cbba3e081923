"""执法文书 in a list: which of them reached whom, and which nobody."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of

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


@pytest.fixture
def clerk(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    town.administrator(town.enterprise(), "clerk")
    return browser().sign_in("clerk")


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
