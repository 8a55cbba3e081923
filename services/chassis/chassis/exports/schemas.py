"""Requests and replies about exports: the same in every service that has any."""

from chassis.paging import DEFAULT_LIMIT, MAX_LIMIT
from chassis.schemas import Choice, Free, Id, Integer, Moment, Part, Rows, Schema, Text

STAGES = {"waiting": "等待导出", "running": "正在导出", "done": "已完成", "failed": "导出失败"}


class StartExport(Schema):
    list = Text("列表", max=40, required=True)
    filter = Free("条件", load_default=dict)


class GetExport(Schema):
    export_id = Id("导出", required=True)


class ListExports(Schema):
    limit = Integer("条数", min=1, max=MAX_LIMIT, load_default=DEFAULT_LIMIT)
    after = Text("接续处", max=300, allow_none=True, load_default=None)


class Export(Schema):
    """`promised` is null until writing has begun; the file has exactly so many rows. It is there until `expires_at`."""

    export_id = Id(required=True)
    list = Text("列表", required=True)
    title = Text("名称", required=True)
    filter = Free("条件", required=True)
    stage = Choice("状态", choices=STAGES, required=True)
    promised = Integer("总行数", allow_none=True, required=True)
    written = Integer("已写行数", required=True)
    file_name = Text("文件名", required=True)
    sha256 = Text("文件摘要", allow_none=True, required=True)
    size = Integer("字节数", allow_none=True, required=True)
    asked_at = Moment("提出时间", required=True)
    done_at = Moment("完成时间", allow_none=True, required=True)
    expires_at = Moment("保留至", allow_none=True, required=True)


class ExportPage(Schema):
    items = Rows(Part(Export), required=True)
    next = Text(allow_none=True, required=True)
