"""Inspections on the portal: begun by two, filled in on one page, completed; nothing typed is lost on the way."""

import io
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, checked, id_of
from gateway.tests.portal.test_orders import PNG

VISIT, SITE, FIRST, SECOND = (id_of(each) for each in ("visit", "site", "first officer", "second officer"))
FILL = f"/enforcement/inspections/{VISIT}/fill"
NAMED = [
    {"officer_id": FIRST, "name": "张执法", "certificate_number": "冀执001"},
    {"officer_id": SECOND, "name": "李执法", "certificate_number": "冀执002"},
]
LIBRARY = {
    "version": "2012-07-01", "documents": ["JGJ 59-2011"],
    "tables": [
        {"key": "B.13", "name": "高处作业", "group": "高处作业",
         "items": [{"key": "B.13-04", "name": "临边防护", "points": 10, "is_guarantee": False}]}
    ],
    "clauses": [
        {"key": "B.13-04", "kind": "check_item", "reference": "JGJ 59-2011 表B.13", "text": "高处作业—临边防护",
         "since": "2012-07-01", "confirmed": True}
    ],
}  # fmt: skip


def visit(stage: str = "started", **told: Any) -> dict[str, Any]:
    shown = {
        "inspection_id": VISIT, "kind": "routine", "stage": stage, "project_id": SITE, "project_name": "长安广场",
        "area": "13.1301.130102", "started_at": AT, "ended_at": None, "officers": NAMED, "findings_count": 0, "score": None,
        "grade": None, "marks": [{"mark": "far_from_site", "metres": 7000}], "is_mine": True, "plan_id": None,
        "rechecks": None, "parties": {"contractor": {"organisation_id": id_of("firm"), "name": "某建筑公司"}}, "remark": "",
        "library": None, "tables": [], "groups": [], "findings": [], "orders": [], "documents": [], "signatures": [],
        "site_signature": None, "seal": None, "sealed_at": None, **told,
    }  # fmt: skip
    return checked("get_inspection", shown, "enforcement")


@pytest.fixture
def inspector(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    for name in ("summarise", "list_bulletins", "list_downloads", "list_applications"):
        rooms.say(f"filing.{name}", Conflict("not_now"))
    rooms.say("enforcement.get_inspection", visit())
    rooms.say("enforcement.get_check_library", checked("get_check_library", LIBRARY, "enforcement"))
    town.account(town.administrator(town.agency(), "head"), "officer", ["inspector"])
    return browser().sign_in("officer")


def typed(**told: Any) -> dict[str, Any]:
    finding = id_of("finding")
    return {
        "_finding": finding, f"description.{finding}": "三层临边无防护栏杆", f"clause_key.{finding}": "B.13-04",
        f"severity.{finding}": "serious", f"part.{finding}": "3号楼", f"treatment.{finding}": "rectify",
        "rectify.due_on": "2026-12-01", "rectify.addressee": "contractor", "rectify.demands": "逐条整改",
        "off.B.13-04": "5", "signed": [FIRST, SECOND], "site.name": "王建国", "site.role": "项目负责人", "_do": "complete",
        **told,
    }  # fmt: skip


def test_the_form_shows_who_inspects_where_and_what_is_odd(inspector: Browser) -> None:
    page = unescape(inspector.get(FILL).text)
    for words in ("长安广场", "张执法、李执法", "位置远离工地", "7000 米", "高处作业—临边防护", "施工单位：某建筑公司"):
        assert words in page


def test_the_form_is_filled_in_by_the_library_of_the_day_on_which_it_began(inspector: Browser, rooms: Rooms) -> None:
    rooms.say("enforcement.get_inspection", visit(started_at="2026-03-02T23:30:00+00:00"))
    inspector.get(FILL)
    assert rooms.asked_of("enforcement.get_check_library")[-1].request == {"on": "2026-03-03"}


def test_what_is_filled_in_is_sent_as_one_inspection_with_its_order(inspector: Browser, rooms: Rooms) -> None:
    done = {
        "inspection_id": VISIT, "stage": "completed", "marks": [], "number": "冀建安检第1号", "document_id": id_of("paper"),
        "score": 50.0, "grade": "failed", "orders": [], "seal": "ab" * 32,
    }  # fmt: skip
    rooms.say("enforcement.complete_inspection", done)
    answer = inspector.post(FILL, typed())

    assert answer.headers["Location"] == f"/enforcement/inspections/{VISIT}"
    asked = rooms.asked_of("enforcement.complete_inspection")[-1].request
    assert asked["tables"] == [{"table": "B.13", "off": [{"item": "B.13-04", "points": 5.0}], "missing": []}]
    (order,) = asked["orders"]
    assert (order["kind"], order["finding_ids"]) == ("rectify", [id_of("finding")])
    assert [each["officer_id"] for each in asked["signatures"]] == [FIRST, SECOND]


def test_a_refusal_keeps_all_that_was_typed_and_says_what_is_missing(inspector: Browser, rooms: Rooms) -> None:
    refusal = Invalid(
        {"signatures": [{"rule": "signature_missing", "names": "李执法"}], "orders.0.due_on": [{"rule": "required"}]}
    )
    rooms.say("enforcement.complete_inspection", refusal)
    answer = inspector.post(FILL, typed(signed=[FIRST]))

    page = unescape(answer.text)
    assert answer.status_code == 422
    for words in ("三层临边无防护栏杆", "李执法尚未签字", 'href="#rectify.due_on"', "王建国", 'value="5"'):
        assert words in page


def test_a_photo_stays_on_the_page_and_another_row_comes(inspector: Browser, rooms: Rooms) -> None:
    finding = id_of("finding")
    photo = (io.BytesIO(PNG), "现场.png")
    page = unescape(inspector.post(FILL, typed(_do="add") | {f"photos.{finding}": photo}).text)

    assert "现场.png" in page and "问题 2" in page and "三层临边无防护栏杆" in page
    assert not rooms.asked_of("enforcement.complete_inspection")


def test_two_officers_begin_and_he_who_signs_in_is_chosen_already(inspector: Browser, rooms: Rooms) -> None:
    people = [
        each | {"certificate_valid_to": "2028-12-31", "user_id": None, "is_me": n == 0} for n, each in enumerate(NAMED)
    ]
    rooms.say("enforcement.list_officers", {"items": people})
    rooms.say("filing.get_project", {"project_id": SITE, "name": "长安广场"})
    page = unescape(inspector.get(f"/enforcement/inspections/new?project_id={SITE}").text)
    assert f'value="{FIRST}" checked' in page and f'value="{SECOND}">' in page

    rooms.say("enforcement.start_inspection", {"inspection_id": VISIT, "stage": "started", "marks": []})
    told = {"project_id": SITE, "kind": "routine", "officer_ids": [FIRST, SECOND], "_inspection": VISIT}
    answer = inspector.post(
        "/enforcement/inspections/new", told | {"longitude": "114.5", "latitude": "38.0", "accuracy": "12"}
    )
    assert answer.headers["Location"] == f"/enforcement/inspections/{VISIT}"
    asked = rooms.asked_of("enforcement.start_inspection")[-1].request
    assert asked["place"] == {"longitude": 114.5, "latitude": 38.0, "accuracy": 12.0}


def test_the_sealed_record_tells_score_findings_and_seal(inspector: Browser, rooms: Rooms) -> None:
    rooms.say(
        "enforcement.get_inspection",
        visit(
            "completed", seal="ab" * 32, sealed_at=AT, score=88.9, grade="excellent", library="2012-07-01",
            tables=[{"key": "B.13", "name": "高处作业", "score": 0, "why_zero": "guarantee_item"}],
            site_signature={"refused": True, "reason": "拒绝", "witnesses": "监理", "signed_at": AT, "name": "", "role": ""},
        ),
    )  # fmt: skip
    page = unescape(inspector.get(f"/enforcement/inspections/{VISIT}").text)
    for words in ("优良", "有保证项目得零分", "现场拒绝签字", "ab" * 32):
        assert words in page


def test_the_photos_of_what_was_found_are_shown_as_pictures_and_given_to_who_sees_the_inspection(
    inspector: Browser, rooms: Rooms
) -> None:
    def photo(name: str, media_type: str | None, sha256: str) -> dict[str, Any]:
        return {
            "evidence_id": id_of(name), "name": name, "sha256": sha256, "media_type": media_type, "taken_at": AT, "marks": [],
        }  # fmt: skip

    finding = {
        "finding_id": id_of("finding"), "inspection_id": VISIT, "project_id": SITE, "clause_key": "B.13-04", "clause": "JGJ 59",
        "severity": "serious", "description": "三层临边无防护栏杆", "part": "3号楼", "found_on": "2026-11-20", "order_id": None,
        "closed_at": None,
        "photos": [
            photo("现场.jpg", "image/jpeg", "a" * 64),
            photo("说明.pdf", "application/pdf", "b" * 64),
            photo("丢失.jpg", None, "c" * 64),
        ],
    }  # fmt: skip
    rooms.say("enforcement.get_inspection", visit("completed", findings=[finding], sealed_at=AT))
    page = unescape(inspector.get(f"/enforcement/inspections/{VISIT}").text)
    address = f"/api/v1/inspections/{VISIT}/photos"
    assert f'<img src="{address}/{"a" * 64}" alt="照片：三层临边无防护栏杆（现场.jpg）" loading="lazy"' in page
    assert f'href="{address}/{"b" * 64}"' in page and f'<img src="{address}/{"b" * 64}"' not in page
    assert "丢失.jpg" in page and "c" * 64 not in page

    assert inspector.get(f"{address}/{'d' * 64}").status_code == 404
    assert inspector.get(f"{address}/{'a' * 64}").json["code"] == "file_missing"
