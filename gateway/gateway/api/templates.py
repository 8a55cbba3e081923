"""Empty workbooks to be filled in and imported: the columns are the service's, the look is ours."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

Column = dict[str, Any]
NOTES = "填写说明"
NOTES_HEAD = ("列", "是否必填", "说明", "示例", "可填内容")
HEAD = Font(bold=True)
REQUIRED = PatternFill("solid", fgColor="FFF2CC")
TEXT = "@"  # Excel would cut the last places off an identity number that it takes for a number
WIDTH = 20
LONGEST_LIST = 255  # what Excel allows in a list of choices


def workbook(title: str, columns: Sequence[Column], rows: int) -> bytes:
    """A sheet with a heading for each column, cells as text, choices to pick from; a second sheet explains them.

    A column is {"title", "required", "help", "example", "words"}.
    """
    book, out = Workbook(), BytesIO()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        _column(sheet, number, column, rows)
    notes = book.create_sheet(NOTES)
    notes.append(NOTES_HEAD)
    for column in columns:
        notes.append(_note(column))
    book.save(out)
    return out.getvalue()


def _column(sheet: Worksheet, number: int, column: Column, rows: int) -> None:
    letter = get_column_letter(number)
    head = sheet[f"{letter}1"]
    head.value, head.font = column["title"], HEAD
    if column["required"]:
        head.fill = REQUIRED
    if column["help"]:
        head.comment = Comment(column["help"], "")
    sheet.column_dimensions[letter].width = WIDTH
    sheet.column_dimensions[letter].number_format = TEXT
    choices = ",".join(column["words"])
    if column["words"] and len(choices) <= LONGEST_LIST:
        picking = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True, showErrorMessage=False)
        picking.add(f"{letter}2:{letter}{rows + 1}")
        sheet.add_data_validation(picking)


def _note(column: Column) -> list[str]:
    required = "必填" if column["required"] else ""
    return [column["title"], required, column["help"], column["example"], "、".join(column["words"])]
