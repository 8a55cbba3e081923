"""The evidence of a subject on a page: what it is, why to look twice, more of it for a case, and the key of its bundle."""

import io
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, NotFound
from gateway.bundles.making import fingerprint_of
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, SHA, checked, id_of

CASE = id_of("case")
PAGE = f"/enforcement/evidence/case/{CASE}"
BY = {
    "user_id": id_of("user"),
    "user_name": "张执法",
    "organisation_id": id_of("agency"),
    "organisation_name": "监督站",
}
TOLD = {
    "title": "冀建立第1号",
    "items": [
        {
            "evidence_id": id_of("film"), "name": "塔机.mp4", "sha256": SHA, "size": 12_000_000, "media_type": None,
            "subject_kind": "case", "about": "", "purpose": "case", "note": "限位器失灵", "taken_at": None, "taken_place": None,
            "marks": [{"mark": "type_unusual"}, {"mark": "far_from_site", "metres": 700}], "added_at": AT, "added_by": BY,
        }
    ],
    "may_attach": True,
}  # fmt: skip


@pytest.fixture
def inspector(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("enforcement.list_evidence", checked("list_evidence", TOLD, "enforcement"))
    town.account(town.administrator(town.agency(), "head"), "officer", ["inspector"])
    return browser().sign_in("officer")


def test_it_says_what_is_odd_and_by_which_key_the_bundle_is_signed(inspector: Browser, parts: Any) -> None:
    page = unescape(inspector.get(PAGE).text)
    for words in ("塔机.mp4", "文件类型异常", "位置远离工地", "700 米", "张执法"):
        assert words in page
    assert fingerprint_of(parts.settings.principal_private_key) in page
    assert f"/api/v1/evidence-bundles/case/{CASE}" in page


def test_a_file_of_any_type_is_added_to_a_case(inspector: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.attach_evidence", {"case_id": CASE, "stage": "investigation", "number": None})
    inspector.get(PAGE)
    film = (io.BytesIO(b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 200), "塔机.mp4")
    answer = inspector.post(PAGE, {"files": film, "note": "限位器失灵"})

    assert answer.headers["Location"] == PAGE
    (file,) = rooms.asked_of("enforcement.attach_evidence")[-1].request["files"]
    assert (file["name"], file["note"], file["purpose"]) == ("塔机.mp4", "限位器失灵", "case")


def test_an_original_is_given_out_only_through_a_subject_that_has_it(inspector: Browser, rooms: Rooms) -> None:
    assert inspector.get(f"/api/v1/evidence/case/{CASE}/{'b' * 64}").status_code == 404
    rooms.say("enforcement.list_evidence", NotFound("case_unknown"))
    assert inspector.get(PAGE).status_code == 404
    assert inspector.get(f"/enforcement/evidence/firm/{CASE}").status_code == 404
