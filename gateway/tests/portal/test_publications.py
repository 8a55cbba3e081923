"""Bulletins and downloads by page: anybody reads what is public, an editor publishes with files and loses nothing."""

import io
from collections.abc import Callable
from typing import Any

import pytest

from chassis.errors import Invalid, NotFound
from gateway.testing.rooms import Rooms
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.replies import AT, id_of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
ONE = id_of("bulletin")
EVIL = "<script>alert(1)</script>"


def published(**told: Any) -> dict[str, Any]:
    return {
        "bulletin_id": ONE,
        "version": 2,
        "title": "关于冬季施工的通知",
        "agency_id": id_of("agency"),
        "agency_name": "石家庄市监督站",
        "is_public": True,
        "stage": "published",
        "published_at": AT,
        "changed_at": AT,
        **told,
    }


def whole(**told: Any) -> dict[str, Any]:
    return published() | {"body": "各单位：\n请注意。", "attachments": [], "acts": []} | told


@pytest.fixture
def editor(town: Any, rooms: Rooms, browser: Callable[[], Browser]) -> Browser:
    leader = town.administrator(town.agency(), "leader")
    town.account(leader, "editor", ["editor"])
    rooms.say("filing.list_bulletins", {"items": [published()], "next": None})
    rooms.say("filing.list_downloads", {"items": [], "next": None})
    return browser().sign_in("editor")


def test_anybody_reads_bulletins_without_an_account(rooms: Rooms, browser: Callable[[], Browser]) -> None:
    rooms.say("filing.list_bulletins", {"items": [published(title=EVIL)], "next": "more"})
    rooms.say("filing.get_bulletin", whole(body=EVIL, title=EVIL))
    here = browser()

    listed, shown = here.get("/bulletins?q=冬季").text, here.get(f"/bulletins/{ONE}").text

    assert f"/bulletins/{ONE}" in listed and "after=more" in listed and EVIL not in listed
    assert EVIL not in shown and "石家庄市监督站" in shown
    assert "发布公告" not in listed and "/edit" not in shown
    assert rooms.asked_of("filing.list_bulletins")[-1].request["q"] == "冬季"


def test_a_file_is_given_to_whoever_may_read_the_bulletin(rooms: Rooms, browser: Callable[[], Browser]) -> None:
    rooms.say("filing.get_bulletin", NotFound("not_found"))
    assert browser().get(f"/bulletins/{ONE}/files/{'a' * 64}").status_code == 404


def test_an_editor_publishes_with_files(editor: Browser, rooms: Rooms) -> None:
    rooms.say("filing.publish_bulletin", published())
    editor.get("/bulletins/new")

    form = {"title": "通知", "text": "正文", "is_public": "yes", "file": (io.BytesIO(PDF), "附表.pdf")}
    reply = editor.post("/bulletins/new", form, content_type="multipart/form-data")

    asked = rooms.asked_of("filing.publish_bulletin")[-1].request
    assert (asked["title"], asked["body"], asked["is_public"]) == ("通知", "正文", True)
    assert [each["file_name"] for each in asked["attachments"]] == ["附表.pdf"]
    assert reply.headers["Location"] == f"/bulletins/{asked['bulletin_id']}"


def test_what_is_refused_comes_back_with_text_and_files(editor: Browser, rooms: Rooms) -> None:
    rooms.say("filing.publish_bulletin", Invalid.field("title", "required"))
    editor.get("/bulletins/new")

    form = {"title": "", "text": "写了很久的正文", "is_public": "no", "file": (io.BytesIO(PDF), "附表.pdf")}
    reply = editor.post("/bulletins/new", form, content_type="multipart/form-data")

    assert reply.status_code == 422
    assert "写了很久的正文" in reply.text and "附表.pdf" in reply.text and 'name="attachment"' in reply.text


def test_a_file_that_runs_is_refused_by_name_and_the_rest_is_kept(editor: Browser, rooms: Rooms) -> None:
    editor.get("/bulletins/new")

    form = {"title": "通知", "text": "正文", "file": (io.BytesIO(b"<html><script>1</script>"), "表.pdf")}
    reply = editor.post("/bulletins/new", form, content_type="multipart/form-data")

    assert reply.status_code == 422 and "表.pdf：" in reply.text and ">正文</textarea>" in reply.text
    assert not rooms.asked_of("filing.publish_bulletin")


def test_an_editor_changes_and_withdraws_what_his_agency_published(editor: Browser, rooms: Rooms) -> None:
    rooms.say("filing.get_bulletin", whole(acts=["change_bulletin"]))
    rooms.say("filing.change_bulletin", published(version=3, stage="withdrawn"))
    assert "各单位：" in editor.get(f"/bulletins/{ONE}/edit").text

    editor.post(f"/bulletins/{ONE}/edit", {"version": "2", "title": "新标题", "text": "新正文", "is_public": "no"})
    editor.post(f"/bulletins/{ONE}/withdraw", {"version": "3", "withdrawn": "yes"})

    changed, withdrawn = [each.request for each in rooms.asked_of("filing.change_bulletin")]
    assert changed["changes"] == {"title": "新标题", "body": "新正文", "is_public": False, "attachments": []}
    assert withdrawn == {"bulletin_id": ONE, "version": 3, "changes": {"withdrawn": True}}


def test_a_download_is_offered_and_withdrawn(editor: Browser, rooms: Rooms) -> None:
    record = published() | {
        "download_id": ONE,
        "note": "",
        "sha256": "a" * 64,
        "file_name": "表.pdf",
        "size": 1,
        "media_type": "application/pdf",
    }
    rooms.say("filing.publish_download", record)
    rooms.say("filing.get_download", record)
    rooms.say("filing.change_download", record)
    editor.get("/downloads/new")

    form = {"title": "登记表", "text": "打印后盖章", "is_public": "yes", "file": (io.BytesIO(PDF), "登记表.pdf")}
    assert editor.post("/downloads/new", form, content_type="multipart/form-data").status_code == 303
    editor.get(f"/downloads/{ONE}/edit")
    editor.post(f"/downloads/{ONE}/edit", {"version": "2", "title": "登记表", "withdrawn": "yes"})

    asked = rooms.asked_of("filing.publish_download")[-1].request
    assert asked["file"]["file_name"] == "登记表.pdf" and asked["note"] == "打印后盖章"
    assert rooms.asked_of("filing.change_download")[-1].request["changes"] == {"withdrawn": True}
