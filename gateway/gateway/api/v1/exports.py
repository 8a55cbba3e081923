"""Lists to Excel, written in the background by the service that keeps them; each export is its asker's own."""

from typing import Any

from flask import Response

from chassis.errors import Conflict, Refusal, Unavailable
from chassis.media import WORKBOOK
from chassis.schemas import Choice, Free, Id, Rows, Schema, Text
from gateway.api.admission import as_whom
from gateway.api.routes import Body, Call, Local, Route, get, post
from gateway.api.v1.files import kept_in_parts
from gateway.bus import Rpc
from gateway.parts import parts

# Which service keeps which list.
KEEPERS = {
    "applications": "filing",
    "projects": "filing",
    "certificates": "filing",
    "machines": "equipment",
    "people": "personnel",
    "duty_months": "attendance",
    "orders": "enforcement",
    "findings": "enforcement",
    "inspections": "enforcement",
    "cases": "enforcement",
}
LISTS = {
    "applications": "办件",
    "projects": "项目",
    "certificates": "证书",
    "machines": "机械设备",
    "people": "人员",
    "duty_months": "到岗月报",
    "orders": "责令通知",
    "findings": "检查发现",
    "inspections": "执法检查",
    "cases": "处罚案件",
}
NEWEST = 20
ONE = "/exports/{list}/{export_id}"


class StartExport(Schema):
    list = Choice("列表", choices=LISTS, required=True)
    filter = Free("条件（与列表的查询条件相同）", load_default=dict)


class OneExport(Schema):
    list = Choice("列表", choices=LISTS, required=True)
    export_id = Id("导出编号", required=True)


class Exports(Schema):
    items = Rows(Free(), "导出", required=True)
    silent = Rows(Text(), "未答复的服务", required=True)


def start(call: Call) -> Body:
    asked = {"list": call.request["list"], "filter": call.request["filter"]}
    return parts().bus.call(_rpc(call, "start_export"), asked, as_whom(call.visitor), key=call.key)


def list_all(call: Call) -> Body:
    """The newest of all services together; `silent` names those that did not answer."""
    services = sorted(set(KEEPERS.values()))
    asked: list[tuple[Rpc, Body]] = [(Rpc(service, "list_exports"), {"limit": NEWEST}) for service in services]
    answers = dict(zip(services, parts().bus.call_many(asked, as_whom(call.visitor)), strict=True))
    silent = [service for service, answer in answers.items() if isinstance(answer, Unavailable)]
    items = [each for answer in answers.values() if not isinstance(answer, Refusal) for each in answer["items"]]
    return {"items": sorted(items, key=_asked_at, reverse=True)[:NEWEST], "silent": silent}


def get_one(call: Call) -> Body:
    return parts().bus.call(_rpc(call, "get_export"), _named(call), as_whom(call.visitor))


def file(call: Call) -> Response:
    told = get_one(call)
    if told["sha256"] is None:
        raise Conflict("export_not_done", stage=told["stage"], written=told["written"], promised=told["promised"])
    return kept_in_parts(told["sha256"], told["size"], WORKBOOK, told["file_name"])


def _rpc(call: Call, method: str) -> Rpc:
    return Rpc(KEEPERS[call.request["list"]], method)


def _named(call: Call) -> Body:
    return {"export_id": call.request["export_id"]}


def _asked_at(told: Any) -> str:
    return str(told["asked_at"])


START = Rpc("filing", "start_export")  # the same in every service
GET = Rpc("filing", "get_export")
ROUTES: tuple[Route, ...] = (
    get("/exports", Local(list_all, None, Exports), "我的导出"),
    post("/exports", Local(start, StartExport, fronts=START), "导出列表（后台生成 Excel）", status=202),
    get(ONE, Local(get_one, OneExport, fronts=GET), "导出进度"),
    get(f"{ONE}/file", Local(file, OneExport), "下载导出的文件", media_type=WORKBOOK),
)
