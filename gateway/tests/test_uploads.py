"""Attachments (R-F13, T32): by content, at most 614,400 bytes, refused before anything is kept."""

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from openpyxl import Workbook, load_workbook

from chassis.errors import NotFound
from gateway.parts import Parts
from gateway.testing.visits import Visit

LIMIT = 614_400
APPLICATION = "0190b5f2-7b1e-7c3a-9d2e-1f2a3b4c5d6e"
PNG_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def pdf(size: int = 1000) -> bytes:
    return b"%PDF-1.7\n".ljust(size - 6, b"%") + b"%%EOF\n"


def jpeg(size: int = 1000) -> bytes:
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01".ljust(size - 2, b"\x00") + b"\xff\xd9"


def png(size: int = 1000) -> bytes:
    head = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00\x00\x00\x10\x00\x00\x00\x10\x08\x02\x00\x00\x00"
    return head.ljust(size - len(PNG_END), b"\x00") + PNG_END


def workbook() -> bytes:
    out, book = io.BytesIO(), Workbook()
    book.active.append(["姓名"])
    book.save(out)
    return out.getvalue()


def codes(reply: Any) -> tuple[int, str]:
    return reply.status_code, reply.json["code"]


def send(here: Visit, content: bytes, query: str = "") -> Any:
    return here.post(f"/attachments{query}", data=content, headers={"Content-Type": "application/octet-stream"})


def send_form(here: Visit, content: bytes, name: str, field: str = "file", **more: str) -> Any:
    return here.post("/attachments", data={field: (io.BytesIO(content), name), **more})


@pytest.fixture
def clerk(town: Any) -> Visit:
    return town.administrator(town.enterprise(), "acme-admin")


@pytest.mark.parametrize(
    ("content", "kind"), [(pdf(), "application/pdf"), (jpeg(), "image/jpeg"), (png(), "image/png")]
)
def test_a_file_is_kept_under_its_content_and_known_by_it(
    clerk: Visit, parts: Parts, content: bytes, kind: str
) -> None:
    reply = send(clerk, content, "?name=%E6%A3%80%E9%AA%8C%E6%8A%A5%E5%91%8A-1.exe")

    sha256 = hashlib.sha256(content).hexdigest()
    assert reply.status_code == 201
    assert reply.json == {"sha256": sha256, "size": len(content), "media_type": kind, "name": "检验报告-1.exe"}
    assert parts.blobs.get(sha256) == content


def test_a_form_brings_the_same(clerk: Visit) -> None:
    reply = send_form(clerk, pdf(), "..\\机密/检验报告<1>.pdf")

    assert reply.status_code == 201
    assert reply.json["name"] == "检验报告1.pdf"


@pytest.mark.parametrize("way", [send, lambda here, content: send_form(here, content, "大.pdf")], ids=["body", "form"])
def test_t32_614400_bytes_are_taken_one_more_is_refused_with_what_to_do(
    clerk: Visit, parts: Parts, way: Callable[[Visit, bytes], Any]
) -> None:
    assert way(clerk, pdf(LIMIT)).status_code == 201

    longer = pdf(LIMIT + 1)
    refused = way(clerk, longer)
    assert codes(refused) == (413, "attachment_too_large")
    assert refused.json["data"]["limit"] == LIMIT
    assert "拆分" in refused.json["detail"] and "编号" in refused.json["detail"]
    assert not parts.blobs.exists(hashlib.sha256(longer).hexdigest())
    assert codes(way(clerk, pdf(3_000_000))) == (413, "attachment_too_large")


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00 not a picture",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + b"\x00" * 100,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<script>alert(1)</script>" + pdf(),
        workbook(),
    ],
    ids=["exe", "html", "gif", "svg", "html-then-pdf", "xlsx"],
)
def test_whatever_its_name_only_pdf_jpeg_and_png_are_taken(clerk: Visit, content: bytes) -> None:
    assert codes(send(clerk, content, "?name=a.pdf")) == (415, "file_type_refused")
    refused = send_form(clerk, content, "a.pdf")
    assert codes(refused) == (415, "file_type_refused")
    assert "只接受 PDF、JPEG、PNG 文件" in refused.json["detail"]


def test_a_workbook_is_taken_for_an_import_and_nothing_else_is(clerk: Visit) -> None:
    assert send(clerk, workbook(), "?purpose=import").json["media_type"].endswith("spreadsheetml.sheet")
    assert codes(send(clerk, pdf(), "?purpose=import")) == (415, "file_type_refused")
    assert send(clerk, pdf(), "?purpose=fun").json["fields"][0]["rule"] == "not_a_choice"


def test_a_workbook_that_would_unpack_to_gigabytes_is_refused(clerk: Visit) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
        packed.writestr("xl/workbook.xml", b"0" * (101 * 1024 * 1024))

    assert codes(send(clerk, bomb.getvalue(), "?purpose=import")) == (415, "file_type_refused")


def test_no_file_an_empty_one_and_two_are_refused(clerk: Visit) -> None:
    assert codes(send(clerk, b"")) == (422, "invalid_fields")
    assert codes(send_form(clerk, pdf(), "a.pdf", field="other")) == (422, "invalid_fields")
    assert codes(send_form(clerk, pdf(), "a.pdf", extra="x")) == (422, "invalid_fields")


def test_a_repeat_is_known_by_the_file_not_by_how_it_was_packed(clerk: Visit) -> None:
    first = clerk.post("/attachments", data={"file": (io.BytesIO(pdf()), "a.pdf")}, key="k1")
    second = clerk.post("/attachments", data={"file": (io.BytesIO(pdf()), "a.pdf")}, key="k1")
    other = clerk.post("/attachments", data={"file": (io.BytesIO(pdf(2000)), "a.pdf")}, key="k1")

    assert second.json == first.json and second.headers["Idempotent-Replayed"] == "true"
    assert codes(other) == (422, "idempotency_key_reused")


def test_who_registers_may_send_files_before_he_has_an_account(visit: Callable[..., Visit]) -> None:
    assert send(visit(), pdf()).status_code == 201
    assert codes(send(visit(), workbook(), "?purpose=import")) == (401, "not_signed_in")


def attached(sha256: str, name: str) -> dict[str, Any]:
    return {"code": "N1", "sha256": sha256, "name": name, "size": 1000, "media_type": "text/html"}


def test_who_may_see_the_application_gets_its_file_with_harmless_headers(town: Any, clerk: Visit) -> None:
    sha256 = send(clerk, png()).json["sha256"]
    town.rooms.say("filing.get_application", {"attachments": [attached(sha256, "塔机 铭牌.png")]})

    reply = clerk.get(f"/applications/{APPLICATION}/attachments/{sha256}?round=2")

    assert reply.data == png()
    assert reply.headers["Content-Type"] == "image/png"
    assert unquote(reply.headers["Content-Disposition"]) == "inline; filename*=UTF-8''塔机 铭牌.png"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src" not in reply.headers["Content-Security-Policy"]
    [asked] = town.rooms.asked_of("filing.get_application")
    assert asked.request == {"application_id": APPLICATION, "round": 2}


def test_who_may_not_see_the_application_gets_nothing(town: Any, clerk: Visit, visit: Callable[..., Visit]) -> None:
    sha256, other = send(clerk, png()).json["sha256"], send(clerk, pdf()).json["sha256"]
    file = f"/applications/{APPLICATION}/attachments/{sha256}"

    town.rooms.say("filing.get_application", NotFound("not_found"))
    assert codes(clerk.get(file)) == (404, "not_found")
    town.rooms.say("filing.get_application", {"attachments": [attached(other, "别的.pdf")]})
    assert codes(clerk.get(file)) == (404, "file_missing")
    assert codes(visit().get(file)) == (401, "not_signed_in")
    assert clerk.get(f"/applications/{APPLICATION}/attachments/..%2f..%2fetc").status_code in (404, 422)


@pytest.mark.parametrize(("purpose", "content"), [("publication", pdf()), ("import", workbook())])
def test_only_whose_work_it_is_sends_what_is_no_attachment(
    town: Any, clerk: Visit, editor: Visit, purpose: str, content: bytes
) -> None:
    others = {"publication": clerk, "import": editor}

    assert codes(send(others.pop(purpose), content, f"?purpose={purpose}")) == (403, "not_permitted")
    assert send(*others.values(), content, f"?purpose={purpose}").status_code == 201


def test_a_key_uploads_for_what_its_scope_is_for(town: Any, editor: Visit) -> None:
    body = {"name": "网站", "scopes": ["bulletins:write"], "expires_at": town.in_days(30)}
    key = editor.as_(editor.post("/keys", body).json["secret"])

    assert send(key, pdf(), "?purpose=publication").status_code == 201
    assert codes(send(key, pdf())) == (403, "scope_missing")


def test_what_one_may_upload_in_a_day_has_an_end(
    clerk: Visit, visit: Callable[..., Visit], parts: Parts, clock: Any
) -> None:
    stranger = visit(upload_mb_per_address=1)

    assert send(stranger, pdf(600_000)).status_code == 201
    longer = pdf(600_001)
    refused = send(stranger, longer)

    assert codes(refused) == (429, "upload_quota_used") and int(refused.headers["Retry-After"]) > 86_000
    assert not parts.blobs.exists(hashlib.sha256(longer).hexdigest())
    assert send(clerk, longer).status_code == 201, "who has an account has a measure of his own"
    clock.advance(timedelta(days=1, minutes=1))
    assert send(stranger, longer).status_code == 201


@pytest.fixture
def editor(town: Any) -> Visit:
    return town.account(town.administrator(town.agency(), "station-admin"), "station-editor", ["editor"])


def test_what_is_published_is_handed_out_to_everybody_it_is_for(
    town: Any, editor: Visit, visit: Callable[..., Visit]
) -> None:
    book = workbook()
    sha256 = send(editor, book, "?purpose=publication").json["sha256"]
    town.rooms.say("filing.get_download", {"sha256": sha256, "file_name": "申请表.xlsx"})
    town.rooms.say("filing.get_bulletin", {"attachments": [{"sha256": sha256, "file_name": "附表.xlsx"}]})

    for path in (f"/downloads/{APPLICATION}/file", f"/bulletins/{APPLICATION}/attachments/{sha256}"):
        reply = visit().get(path)
        assert reply.data == book and reply.headers["Content-Disposition"].startswith("attachment;")
    town.rooms.say("filing.get_download", NotFound("not_found"))
    assert codes(visit().get(f"/downloads/{APPLICATION}/file")) == (404, "not_found")


def test_the_staff_template_is_a_workbook_with_the_columns_personnel_names(town: Any, clerk: Visit) -> None:
    name = {"title": "姓名", "required": True, "help": "", "example": "张三", "words": []}
    kind = {"title": "证书类别", "required": False, "help": "一人多证请分行填写", "example": "B", "words": ["A", "B"]}
    town.rooms.say("personnel.staff_template", {"columns": [name, kind], "most_rows": 500, "most_bytes": 1})

    reply = clerk.get("/people/template")

    assert reply.headers["Content-Disposition"].startswith("attachment;")
    book = load_workbook(io.BytesIO(reply.data))
    sheet, notes = book.worksheets
    assert [cell.value for cell in next(sheet.rows)] == ["姓名", "证书类别"]
    assert sheet.max_row == 1
    assert sheet.column_dimensions["A"].number_format == "@"
    assert [(each.formula1, str(each.sqref)) for each in sheet.data_validations.dataValidation] == [
        ('"A,B"', "B2:B501")
    ]
    assert [cell.value for cell in list(notes.rows)[2]] == ["证书类别", None, "一人多证请分行填写", "B", "A、B"]
    assert send(clerk, reply.data, "?purpose=import").status_code == 201
