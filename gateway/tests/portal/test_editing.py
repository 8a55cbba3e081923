"""Writing an application: any matter is drawn, nothing typed is lost, and filing gets what it wants."""

import io
import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from chassis.errors import Conflict, Invalid
from gateway.tests.portal import made_up as told
from gateway.tests.portal.conftest import Browser
from gateway.tests.portal.made_up import APPLICATION, PERSON, SHA256

EDIT = f"/applications/{APPLICATION}/edit"
FORM = {
    "kind": "T",
    "height": 42.5,
    "on": "2026-12-01",
    "leased": False,
    "division": "130102",
    "crew": [{"role": "lead", "person_id": PERSON}, {"role": "worker"}],
}
FILE = {"code": "N1", "sha256": SHA256, "name": "<script>.pdf", "size": 1000, "media_type": "application/pdf"}
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def clerk(town: Any, rooms: Any, browser: Callable[[], Browser]) -> Browser:
    town.administrator(town.enterprise(), "clerk-one")
    rooms.say("filing.get_matter", told.matter())
    rooms.say("filing.list_divisions", told.DIVISIONS)
    rooms.say("filing.print_application", told.printed(FORM, attachments=[FILE]))
    rooms.say("filing.save_draft", told.saved())
    rooms.say(
        "personnel.name_people", {"items": [{"person_id": PERSON, "name": "<b>张三</b>", "employer_name": "甲公司"}]}
    )
    return browser().sign_in("clerk-one")


def sent(page: str) -> dict[str, list[str]]:
    """What a browser would send of the page's form as it stands."""
    form = page[page.index("enctype=") : page.rindex("</form>")]
    form = re.sub(r"<template>.*?</template>", "", form, flags=re.S)
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        kind = re.search(r' type="([^"]*)"', tag)
        if name and kind and (kind[1] not in ("radio", "checkbox") or " checked" in tag) and kind[1] != "file":
            found.setdefault(unescape(name[1]), []).append(unescape(value[1]) if value else "")
    for name, inside in re.findall(r'<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]* selected', inside)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    for name, inside in re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        found.setdefault(name, []).append(unescape(inside))
    return found


def test_a_draft_is_drawn_and_sent_back_as_it_was(clerk: Browser, rooms: Any) -> None:
    page = clerk.get(EDIT)

    moved = clerk.post(EDIT, sent(page.text) | {"_do": "check"})

    assert moved.headers["Location"] == f"/applications/{APPLICATION}/check"
    asked = rooms.asked_of("filing.save_draft")[0]
    assert asked.request["form"] == FORM
    assert asked.request["version"] == 3
    assert asked.request["attachments"] == [{name: FILE[name] for name in ("code", "sha256", "name")}]
    assert asked.key


def test_labels_helps_units_and_documents_are_shown_and_names_are_escaped(clerk: Browser) -> None:
    page = clerk.get(EDIT).text

    for text in ("编造的事项", "安装高度", "自基础顶面起", ">m<", "作业人员", "N1", "600 KB", "长安区", "张三"):
        assert text in page
    assert "<script>.pdf" not in page and "<b>张三" not in page
    assert 'type="text" inputmode="decimal"' in page and 'type="date"' in page


def test_what_was_typed_comes_again_with_what_is_wrong_beside_it(clerk: Browser, rooms: Any) -> None:
    rooms.say(
        "filing.save_draft",
        Invalid({"form.height": [{"rule": "not_number"}], "form.crew.0.role": [{"rule": "not_a_choice"}]}),
    )
    form = sent(clerk.get(EDIT).text) | {
        "height": "四十二米 <i>",
        "crew.0.role": "boss",
        "crew.1.role": "",
        "on": "明天",
    }

    page = clerk.post(EDIT, form)

    assert page.status_code == 422
    again = sent(page.text)
    assert again["height"] == ["四十二米 <i>"] and again["crew.0.role"] == ["boss"] and again["on"] == ["明天"]
    assert rooms.asked_of("filing.save_draft")[0].request["form"]["height"] == "四十二米 <i>"
    assert 'href="#form.height"' in page.text and 'id="form.height-error"' in page.text
    assert "安装高度：应为数字" in page.text and "<i>" not in page.text


def test_rows_come_and_go_without_scripts_and_without_saving(clerk: Browser, rooms: Any) -> None:
    page = clerk.post(EDIT, sent(clerk.get(EDIT).text) | {"height": "7", "_do": "add:crew"}).text
    assert sent(page)["crew.2.role"] == [""]
    assert sent(page)["height"] == ["7"]

    page = clerk.post(EDIT, sent(page) | {"_do": "remove:crew.0"}).text

    assert sent(page)["crew.0.role"] == ["worker"] and "crew.1.role" not in sent(page)
    assert rooms.asked_of("filing.save_draft") == []


def test_a_list_is_searched_without_scripts_and_what_would_be_refused_cannot_be_picked(
    clerk: Browser, rooms: Any
) -> None:
    pick = {
        "identity_number": "130102********0014",
        "employer_id": None,
        "employer_name": "甲公司",
        "certificates": [],
        "locks": [],
    }
    rooms.say(
        "personnel.find_people",
        {
            "items": [
                {"person_id": "p-1", "name": "李四", "is_locked": False, "lacks": ["certificate_expired"]} | pick,
                {"person_id": "p-2", "name": "王五", "is_locked": False, "lacks": []} | pick,
            ],
            "next": None,
        },
    )
    form = sent(clerk.get(EDIT).text) | {"crew.1.person_id~q": "王", "_do": "pick:crew.1.person_id"}

    page = clerk.post(EDIT, form).text

    asked = rooms.asked_of("personnel.find_people")[0].request
    assert (asked["role"], asked["machine_kind"], asked["q"]) == ("worker", "T", "王")
    options = re.search(r'<select[^>]*name="crew.1.person_id"[^>]*>(.*?)</select>', page, re.S)
    assert options is not None
    assert re.search(r'value="p-1" disabled>.*证书已过期', options[1])
    assert options[1].index("王五") < options[1].index("李四")


def test_suggestions_are_told_what_the_row_says(clerk: Browser, rooms: Any) -> None:
    rooms.say("personnel.find_people", {"items": [], "next": None})
    asked = {"matter": "made_up", "field": "crew.0.person_id", "q": "张", "crew.0.role": "lead", "kind": "T"}

    assert clerk.get("/pick/people", query_string=asked).status_code == 200
    assert "请先选择岗位" in clerk.get("/pick/people", query_string=asked | {"crew.0.role": ""}).text

    request = rooms.asked_of("personnel.find_people")[0].request
    assert (request["role"], request["machine_kind"]) == ("lead", "T")
    assert clerk.get("/pick/machines", query_string=asked).status_code == 404


def test_a_draft_saves_itself_and_says_its_new_version(clerk: Browser, rooms: Any) -> None:
    form = sent(clerk.get(EDIT).text) | {"height": "50"}

    told_ = clerk.post(f"/applications/{APPLICATION}/autosave", form)

    assert told_.json["version"] == 4  # type: ignore[index]
    assert rooms.asked_of("filing.save_draft")[0].request["form"]["height"] == 50


def test_a_page_that_is_behind_overwrites_nothing_until_it_is_told_to(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.save_draft", Conflict("stale_version", version=5))
    rooms.say("filing.print_application", told.printed(FORM, version=5))
    form = sent(clerk.get(EDIT).text) | {"_version": "3", "height": "99"}

    automatic = clerk.post(f"/applications/{APPLICATION}/autosave", form)
    page = clerk.post(EDIT, form)

    assert automatic.status_code == 409 and automatic.json["code"] == "stale_version"  # type: ignore[index]
    assert page.status_code == 409 and "没有任何内容被覆盖" in page.text
    again = sent(page.text)
    assert (again["_version"], again["_version_now"], again["height"]) == (["3"], ["5"], ["99"])
    rooms.say("filing.save_draft", told.saved(6))
    clerk.page = page.text
    assert clerk.post(EDIT, again | {"_do": "anyway"}).status_code == 303
    assert rooms.asked_of("filing.save_draft")[-1].request["version"] == 5


def test_files_come_with_the_form_where_no_script_runs(clerk: Browser, rooms: Any) -> None:
    form = sent(clerk.get(EDIT).text) | {
        "_file.N2": [(io.BytesIO(PDF), "合同-1.pdf"), (io.BytesIO(PDF + b" "), "合同-2.pdf")]
    }

    assert clerk.post(EDIT, form, content_type="multipart/form-data").status_code == 303

    kept = rooms.asked_of("filing.save_draft")[0].request["attachments"]
    assert [(each["code"], each["name"]) for each in kept] == [
        ("N1", FILE["name"]),
        ("N2", "合同-1.pdf"),
        ("N2", "合同-2.pdf"),
    ]


@pytest.mark.parametrize(
    ("content", "why"), [(b"%PDF-1.4" + b"x" * 620_000, "600 KB"), (b"MZ\x90 not a picture", "PDF")]
)
def test_a_file_that_cannot_be_taken_is_named_and_the_others_stay(
    clerk: Browser, rooms: Any, content: bytes, why: str
) -> None:
    form = sent(clerk.get(EDIT).text) | {
        "height": "8",
        "_file.N2": [(io.BytesIO(content), "大.pdf"), (io.BytesIO(PDF), "小.pdf")],
    }

    page = clerk.post(EDIT, form, content_type="multipart/form-data")

    assert page.status_code == 422 and "大.pdf" in page.text and why in page.text
    assert [json.loads(each)["name"] for each in sent(page.text)["_attachment"]] == [FILE["name"], "小.pdf"]
    assert sent(page.text)["height"] == ["8"] and rooms.asked_of("filing.save_draft") == []


def test_files_change_places_within_their_document(clerk: Browser) -> None:
    files = [FILE | {"name": name} for name in ("1.pdf", "2.pdf")]
    form = sent(clerk.get(EDIT).text) | {"_attachment": [json.dumps(each) for each in files], "_do": "down:0"}

    page = clerk.post(EDIT, form).text
    assert [json.loads(each)["name"] for each in sent(page)["_attachment"]] == ["2.pdf", "1.pdf"]

    page = clerk.post(EDIT, sent(page) | {"_do": "drop:1"}).text
    assert [json.loads(each)["name"] for each in sent(page)["_attachment"]] == ["2.pdf"]


def test_corrections_stand_on_top_and_beside_their_fields(clerk: Browser, rooms: Any) -> None:
    asked = [
        {"path": "form.crew.1.person_id", "text": "此人<u>证书</u>不符"},
        {"path": "attachments.0", "text": "看不清"},
    ]
    returned = told.printed(FORM, stage="returned", remarks="请补正", corrections=asked, attachments=[FILE])
    rooms.say("filing.print_application", returned)

    page = clerk.get(EDIT).text

    assert 'href="#form.crew.1.person_id"' in page and "作业人员 第 2 行 人员" in page and "请补正" in page
    assert page.count("此人&lt;u&gt;证书&lt;/u&gt;不符") == 2 and page.count("看不清") == 2
    assert 'href="#attachments.N1">N1 证明</a>' in page


def test_the_check_names_every_field_in_words_and_leads_to_it(clerk: Browser, rooms: Any) -> None:
    wrong = {"code": "required", "severity": "error", "path": "form.crew.1.person_id", "detail": {}}
    rooms.say("filing.check_application", told.checked(wrong))

    page = clerk.get(f"/applications/{APPLICATION}/check").text

    assert f'href="{EDIT}#form.crew.1.person_id">作业人员 第 2 行 人员</a>' in page and "此项必填" in page
    assert "/submit" not in page


def test_handing_in_names_the_agency_and_happens_once(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.check_application", told.checked())
    rooms.say("filing.submit_application", told.saved(5, "submitted") | {"findings": []})
    page = clerk.get(f"/applications/{APPLICATION}/check").text
    assert "长安区安监站" in page

    for _ in range(2):
        assert (
            clerk.post(f"/applications/{APPLICATION}/submit", {"_version": "4"}).headers["Location"]
            == f"/applications/{APPLICATION}"
        )

    first, second = rooms.asked_of("filing.submit_application")
    assert first.key == second.key and first.request == {"application_id": APPLICATION, "version": 4}


def test_a_refused_submission_says_who_holds_it_and_since_when(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.check_application", told.checked())
    held = {"held_by": "某广场", "held_by_organisation": "乙公司", "since": "2026-11-03T01:00:00+00:00"}
    rooms.say("filing.submit_application", Conflict("machine_locked", **held))
    clerk.get(f"/applications/{APPLICATION}/check")

    page = clerk.post(f"/applications/{APPLICATION}/submit", {"_version": "4"})

    assert page.status_code == 409 and "乙公司" in page.text and "2026-11-03" in page.text


def test_a_form_of_another_tab_with_broken_fields_harms_nothing(clerk: Browser, rooms: Any) -> None:
    broken = {
        "_matter": "made_up",
        "_version": "x",
        "_attachment": ["{", "[]", '{"code": 1}', "null"],
        "_do": "pick:nowhere",
    }

    assert clerk.post(EDIT, broken).status_code == 200
    assert clerk.post(EDIT, broken | {"_do": "save"}).status_code == 303
    assert rooms.asked_of("filing.save_draft")[0].request["attachments"] == []


def test_who_may_not_write_is_led_to_the_record(clerk: Browser, rooms: Any) -> None:
    rooms.say("filing.print_application", told.printed(FORM, stage="submitted", acts=[]))

    assert clerk.get(EDIT).headers["Location"] == f"/applications/{APPLICATION}"
