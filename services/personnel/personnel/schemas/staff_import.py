"""Entering staff from a sheet: the report, and the columns of the template."""

from chassis.schemas import Choice, Flag, Free, Integer, Part, Rows, Schema, Text
from personnel.schemas.common import SHA256
from personnel.words import CELL_SEVERITIES, ROW_OUTCOMES


class ImportStaffRequest(Schema):
    """The sheet lies in the blob store; nothing but its name crosses the bus."""

    sha256 = Text("文件", pattern=SHA256, required=True)
    dry_run = Flag("试导入", load_default=True)


class CellRemark(Schema):
    """`severity`: error (the row is left out), warning, or change."""

    column = Text(required=True)
    title = Text(required=True)
    rule = Text(required=True)
    severity = Choice(choices=CELL_SEVERITIES, required=True)
    detail = Free(required=True)


class ImportedRow(Schema):
    row = Integer(required=True)
    outcome = Choice(choices=ROW_OUTCOMES, required=True)
    cells = Rows(Part(CellRemark), required=True)


class ImportStaffReply(Schema):
    rows = Rows(Part(ImportedRow), max=10_000, required=True)
    counts = Free(required=True)


class TemplateColumn(Schema):
    code = Text(required=True)
    title = Text(required=True)
    required = Flag(required=True)
    help = Text(required=True)
    example = Text(required=True)
    words = Rows(Text(), required=True)


class StaffTemplateReply(Schema):
    columns = Rows(Part(TemplateColumn), required=True)
    most_rows = Integer(required=True)
    most_bytes = Integer(required=True)
