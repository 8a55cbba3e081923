"""Files: taken in once, given out to those who may see what they belong to."""

import os
from typing import IO
from urllib.parse import quote

from flask import Response, request
from werkzeug.wsgi import wrap_file

from chassis import media
from chassis.errors import NotFound
from chassis.schemas import Choice, Day, Id, Integer, Schema, Text
from gateway.api import templates, uploads
from gateway.api.admission import as_whom
from gateway.api.routes import Body, Call, Local, Route, Who, post
from gateway.bus import Rpc
from gateway.parts import parts

GET_APPLICATION = Rpc("filing", "get_application")
GET_WORK_LOG = Rpc("filing", "get_work_log")
GET_PERSON = Rpc("personnel", "get_person")
GET_BULLETIN = Rpc("filing", "get_bulletin")
GET_DOWNLOAD = Rpc("filing", "get_download")
TEMPLATE = Rpc("personnel", "staff_template")
WORKBOOK = media.WORKBOOK
ANY_FILE = "application/octet-stream"
TEMPLATE_SHEET = "人员"
TEMPLATE_NAME = "单位人员导入模板.xlsx"
# A picture or a PDF and nothing that runs: whatever is in the file, the browser shows it alone.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
TYPES = (*uploads.ATTACHMENTS, media.WORKBOOK, media.LETTER)


class Upload(Schema):
    name = Text("文件名", max=200)
    purpose = Choice(
        "用途",
        choices={
            "attachment": "申请附件",
            "import": "人员导入",
            "publication": "公告、下载文件",
            "evidence": "执法证据",
            "photo": "整改照片",
        },
    )


class Uploaded(Schema):
    sha256 = Text("内容摘要", required=True)
    size = Integer("字节数", required=True)
    media_type = Choice("类型（证据可以是其他类型）", choices=TYPES, allow_none=True, required=True)
    name = Text("文件名", required=True)


class AttachmentOf(Schema):
    application_id = Id("申请编号", required=True)
    sha256 = Text("内容摘要", max=64, pattern="[0-9a-f]{64}", required=True)
    round = Integer("第几次上报（缺省为最近）", min=1)


class PhotoOfLog(Schema):
    project_id = Id("工程", required=True)
    day = Day("日期", required=True)
    sha256 = Text("内容摘要", max=64, pattern="[0-9a-f]{64}", required=True)
    version = Integer("版本（缺省为最近）", min=1)


class PhotoOfPerson(Schema):
    person_id = Id("人员", required=True)


class BulletinFile(Schema):
    bulletin_id = Id("公告编号", required=True)
    sha256 = Text("内容摘要", max=64, pattern="[0-9a-f]{64}", required=True)


class DownloadFile(Schema):
    download_id = Id("下载文件编号", required=True)


def upload(call: Call) -> Body:
    """The file has been kept while the request was read."""
    return call.request


def attachment(call: Call) -> Response:
    """Who may see the application may see its files; filing says whether he may."""
    asked = dict(call.request)
    sha256 = asked.pop("sha256")
    told = parts().bus.call(GET_APPLICATION, asked, as_whom(call.visitor))
    return kept(sha256, _name(told["attachments"], sha256, "name"))


def work_log_photo(call: Call) -> Response:
    """Who may see the log may see its pictures; filing says whether he may."""
    asked = dict(call.request)
    sha256 = asked.pop("sha256")
    told = parts().bus.call(GET_WORK_LOG, asked, as_whom(call.visitor))
    return kept(sha256, _name(told["photos"], sha256, "name"))


def person_photo(call: Call) -> Response:
    """Who may see the person may see the picture; personnel says whether he may."""
    told = parts().bus.call(GET_PERSON, call.request, as_whom(call.visitor))
    if told["photo"] is None:
        raise NotFound("file_missing")
    return kept(told["photo"], "照片")


def bulletin_file(call: Call) -> Response:
    told = parts().bus.call(GET_BULLETIN, {"bulletin_id": call.request["bulletin_id"]}, as_whom(call.visitor))
    sha256 = call.request["sha256"]
    return kept(sha256, _name(told["attachments"], sha256, "file_name"))


def download_file(call: Call) -> Response:
    told = parts().bus.call(GET_DOWNLOAD, call.request, as_whom(call.visitor))
    return kept(told["sha256"], told["file_name"])


def _name(attachments: list[Body], sha256: str, field: str) -> str:
    """What the file is called there; refuses `NotFound` when it is none of them."""
    found = next((each for each in attachments if each["sha256"] == sha256), None)
    if found is None:
        raise NotFound("file_missing")
    return str(found[field])


def staff_template(call: Call) -> Response:
    told = parts().bus.call(TEMPLATE, {}, as_whom(call.visitor))
    return given(templates.workbook(TEMPLATE_SHEET, told["columns"], told["most_rows"]), WORKBOOK, TEMPLATE_NAME)


def kept(sha256: str, name: str) -> Response:
    """A file of the blob store. Its type is looked at again: nobody's word is passed on to a browser."""
    try:
        content = parts().blobs.get(sha256)
    except FileNotFoundError as error:
        raise NotFound("file_missing") from error
    return given(content, uploads.type_of(content) or ANY_FILE, name)


def kept_in_parts(sha256: str, size: int, media_type: str, name: str) -> Response:
    """A file of the blob store that may be long: a part at a time is in memory."""
    try:
        content = parts().blobs.parts(sha256)
    except FileNotFoundError as error:
        raise NotFound("file_missing") from error
    response = Response(content, content_type=media_type)
    response.content_length = size
    return _named(response, media_type, name)


def given(content: bytes, media_type: str, name: str) -> Response:
    return _named(Response(content, content_type=media_type), media_type, name)


def sent(file: IO[bytes], media_type: str, name: str) -> Response:
    """A file that may be long, a part at a time; it is closed when it has been sent."""
    response = Response(wrap_file(request.environ, file), content_type=media_type, direct_passthrough=True)
    response.content_length = os.fstat(file.fileno()).st_size
    return _named(response, media_type, name)


def _named(response: Response, media_type: str, name: str) -> Response:
    shown = "inline" if media_type in uploads.ATTACHMENTS else "attachment"
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name, safe='')}"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


ATTACHMENT = Local(attachment, AttachmentOf)
WORK_LOG_PHOTO = Local(work_log_photo, PhotoOfLog)
PERSON_PHOTO = Local(person_photo, PhotoOfPerson)
BULLETIN_FILE = Local(bulletin_file, BulletinFile)
DOWNLOAD_FILE = Local(download_file, DownloadFile)
STAFF_TEMPLATE = Local(staff_template)

ROUTES: tuple[Route, ...] = (
    post(
        "/attachments",
        Local(upload, Upload, Uploaded),
        "上传附件（PDF、JPEG、PNG，每个不超过 600 KB）",
        scope="applications",
        or_scopes=("bulletins", "people", "enforcement"),
        who=Who.ANYBODY,
        status=201,
        upload=True,
    ),
)
