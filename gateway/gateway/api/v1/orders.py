"""Orders (责令整改、停工), the firms' reports on them, what the agency decides, and transfers to who may fine."""

from typing import Any

from flask import Response

from chassis.errors import NotFound
from chassis.schemas import Id, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Call, Local, Route, get, post, put
from gateway.api.v1 import files
from gateway.bus import Body, Rpc
from gateway.parts import parts

ONE, REPORT = "/orders/{order_id}", "/rectifications/{rectification_id}"
GET_ORDER = Rpc("enforcement", "get_order")
HERE: dict[str, Any] = {"scope": "enforcement"}


class PhotoOfOrder(Schema):
    order_id = Id("责令通知编号", required=True)
    sha256 = Text("内容摘要", max=64, pattern="[0-9a-f]{64}", required=True)


def photo(call: Call) -> Response:
    """Who may see the order may see the photos of the reports on it; enforcement says whether he may."""
    told = parts().bus.call(GET_ORDER, {"order_id": call.request["order_id"]}, as_whom(call.visitor))
    return files.kept(call.request["sha256"], _name(told, call.request["sha256"]))


def _name(order: Body, sha256: str) -> str:
    for photo_ in (each for round_ in order["rounds"] for answer in round_["answers"] for each in answer["photos"]):
        if photo_["sha256"] == sha256:
            return str(photo_["name"])
    raise NotFound("file_missing")


PHOTO = Local(photo, PhotoOfOrder)
ROUTES: tuple[Route, ...] = (
    get("/orders", Rpc("enforcement", "list_orders"), "责令通知列表", **HERE),
    post("/orders", Rpc("enforcement", "issue_order"), "就已有的检查发现签发责令通知", status=201, **HERE),
    get(ONE, GET_ORDER, "责令通知：要求、整改报告、文书、办理过程", **HERE),
    get(f"{ONE}/photos/{{sha256}}", PHOTO, "整改照片", media_type=files.ANY_FILE, **HERE),
    put(f"{ONE}/report", Rpc("enforcement", "save_rectification"), "保存整改报告草稿", **HERE),
    post(f"{ONE}/extend", Rpc("enforcement", "extend_order"), "延长整改期限", **HERE),
    post(f"{ONE}/lift", Rpc("enforcement", "lift_stop"), "准予复工", **HERE),
    post(f"{ONE}/withdraw", Rpc("enforcement", "withdraw_order"), "撤销责令通知", **HERE),
    post(f"{ONE}/transfer", Rpc("enforcement", "transfer_order"), "移交处罚机关", derived="transfer_id", **HERE),
    post(f"{REPORT}/submit", Rpc("enforcement", "submit_rectification"), "提交整改报告", **HERE),
    post(f"{REPORT}/opinion", Rpc("enforcement", "give_opinion"), "监理单位、建设单位意见", **HERE),
    post(f"{REPORT}/decide", Rpc("enforcement", "decide_rectification"), "复查整改报告：办结或再次责令", **HERE),
    get("/transfers", Rpc("enforcement", "list_transfers"), "行政处罚移交列表", **HERE),
    post("/transfers/{transfer_id}/answer", Rpc("enforcement", "answer_transfer"), "答复移交", **HERE),
)
