"""Inspections (执法检查), as the phone begins and completes them; findings; the check library."""

from flask import Response

from chassis.errors import NotFound
from chassis.schemas import Id, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Call, Local, Route, get, post
from gateway.api.v1 import files
from gateway.bus import Rpc
from gateway.parts import parts

SCOPE = "enforcement"
COMPLETING_SECONDS = 3.0
GET_INSPECTION = Rpc("enforcement", "get_inspection")


class PhotoOfInspection(Schema):
    inspection_id = Id("检查编号", required=True)
    sha256 = Text("内容摘要", max=64, pattern="[0-9a-f]{64}", required=True)


def photo(call: Call) -> Response:
    """Who may see the inspection may see the photos of what it found; enforcement says whether he may."""
    told = parts().bus.call(GET_INSPECTION, {"inspection_id": call.request["inspection_id"]}, as_whom(call.visitor))
    for each in (photo_ for finding in told["findings"] for photo_ in finding["photos"]):
        if each["sha256"] == call.request["sha256"]:
            return files.kept(each["sha256"], each["name"])
    raise NotFound("file_missing")


PHOTO = Local(photo, PhotoOfInspection)

ROUTES: tuple[Route, ...] = (
    get("/check-library", Rpc("enforcement", "get_check_library"), "检查库：检查表和条款", scope=SCOPE),
    get("/inspections", Rpc("enforcement", "list_inspections"), "执法检查列表", scope=SCOPE),
    post(
        "/inspections",
        Rpc("enforcement", "start_inspection"),
        "开始执法检查（两名以上执法人员）",
        scope=SCOPE,
        status=201,
    ),
    get("/inspections/{inspection_id}", GET_INSPECTION, "执法检查详情", scope=SCOPE),
    get(
        "/inspections/{inspection_id}/photos/{sha256}",
        PHOTO,
        "检查发现的照片",
        scope=SCOPE,
        media_type=files.ANY_FILE,
    ),
    post(
        "/inspections/{inspection_id}/complete",
        Rpc("enforcement", "complete_inspection", COMPLETING_SECONDS),
        "完成并封存执法检查，签发文书",
        scope=SCOPE,
    ),
    post(
        "/inspections/{inspection_id}/abandon",
        Rpc("enforcement", "abandon_inspection"),
        "中止执法检查",
        scope=SCOPE,
    ),
    get("/findings", Rpc("enforcement", "list_findings"), "检查发现的问题列表", scope=SCOPE),
)
