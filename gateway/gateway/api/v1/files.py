"""Files: taken in once, given out to those who may see what they belong to."""

from io import BytesIO
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook

from chassis.errors import NotFound
from chassis.schemas import Choice, Id, Integer, Schema, Text
from gateway.api import uploads
from gateway.api.admission import principal_of
from gateway.api.routes import Body, Call, Local, Route, Who, post
from gateway.bus import Rpc
from gateway.parts import parts

GET_ATTACHMENT = Rpc("filing", "get_attachment")
TEMPLATE = Rpc("personnel", "staff_template")
WORKBOOK = uploads.WORKBOOK
ANY_FILE = "application/octet-stream"
TEMPLATE_NAME = "单位人员导入模板.xlsx"
# A picture or a PDF and nothing that runs: whatever is in the file, the browser shows it alone.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
TYPES = {*uploads.ATTACHMENTS, uploads.WORKBOOK}


class Upload(Schema):
    name = Text("文件名", max=200)
    purpose = Choice("用途", choices={"attachment": "申请附件", "import": "人员导入"})


class Uploaded(Schema):
    sha256 = Text("内容摘要", required=True)
    size = Integer("字节数", required=True)
    media_type = Choice("类型", choices=sorted(TYPES), required=True)
    name = Text("文件名", required=True)


class AttachmentOf(Schema):
    application_id = Id("申请编号", required=True)
    sha256 = Text("内容摘要", max=64, pattern="[0-9a-f]{64}", required=True)


def upload(call: Call) -> Body:
    """The file has been kept while the request was read."""
    return call.request


def attachment(call: Call) -> Response:
    """Filing says whether this visitor may see it, and what it was called."""
    told = parts().bus.call(GET_ATTACHMENT, call.request, principal_of(call.visitor.signed_in))
    return kept(call.request["sha256"], str(told.get("name") or "附件"))


def staff_template(call: Call) -> Response:
    told = parts().bus.call(TEMPLATE, {}, principal_of(call.visitor.signed_in))
    return given(_workbook(told), WORKBOOK, TEMPLATE_NAME)


def kept(sha256: str, name: str) -> Response:
    """A file of the blob store. Its type is looked at again: nobody's word is passed on to a browser."""
    try:
        content = parts().blobs.get(sha256)
    except FileNotFoundError as error:
        raise NotFound("file_missing") from error
    return given(content, uploads.type_of(content) or ANY_FILE, name)


def given(content: bytes, media_type: str, name: str) -> Response:
    shown = "inline" if media_type in uploads.ATTACHMENTS else "attachment"
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _workbook(told: Body) -> bytes:
    """An empty sheet with the columns that personnel names."""
    book, out = Workbook(), BytesIO()
    sheet = book.active
    sheet.title = "人员"
    sheet.append([column["title"] for column in told["columns"]])
    book.save(out)
    return out.getvalue()


ATTACHMENT = Local(attachment, AttachmentOf)
STAFF_TEMPLATE = Local(staff_template)

ROUTES: tuple[Route, ...] = (
    post(
        "/attachments",
        Local(upload, Upload, Uploaded),
        "上传附件（PDF、JPEG、PNG，每个不超过 600 KB）",
        scope="applications",
        who=Who.ANYBODY,
        status=201,
        upload=True,
    ),
)
