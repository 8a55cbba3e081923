"""An Excel workbook written row by row in constant memory; what does not fit on a sheet goes on to the next."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import xlsxwriter

from chassis.clock import SHANGHAI
from chassis.exports.lists import Cell, Column

MOST_ROWS = 1_048_576  # what Excel allows on a sheet
LONGEST_CELL = 32_767
# Nothing is taken for a formula, a link or a number because of how it begins: a name may be "=1+1".
OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
HEAD = 3  # rows: title, what it holds, headings


class Book:
    """`with Book(path, …) as book: book.write(rows)`; every sheet begins with the same head."""

    def __init__(
        self, path: Path, title: str, note: str, columns: Sequence[Column], most_rows: int = MOST_ROWS
    ) -> None:
        self.title, self.note, self.columns, self.most_rows = title, note, columns, most_rows
        self.book = xlsxwriter.Workbook(str(path), OPTIONS | {"tmpdir": str(path.parent)})
        self.bold = self.book.add_format({"bold": True})
        self.heading = self.book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1})
        self.formats = {
            kind: self.book.add_format({"num_format": shown})
            for kind, shown in (("day", "yyyy-mm-dd"), ("moment", "yyyy-mm-dd hh:mm"))
        }
        self.sheets = 0
        self._begin_sheet()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.book.close()

    def write(self, rows: Iterable[Sequence[Cell]]) -> int:
        """Add rows; how many they were."""
        written = 0
        for row in rows:
            if self.row == self.most_rows:
                self._begin_sheet()
            for place, cell in enumerate(row):
                self._write(place, cell)
            self.row += 1
            written += 1
        return written

    def _begin_sheet(self) -> None:
        self.sheets += 1
        self.sheet = self.book.add_worksheet(self.title if self.sheets == 1 else f"{self.title} ({self.sheets})")
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, column.width)
        self.sheet.freeze_panes(HEAD, 0)
        self.sheet.write_string(0, 0, self.title, self.bold)
        self.sheet.write_string(1, 0, self.note)
        for place, column in enumerate(self.columns):
            self.sheet.write_string(2, place, column.title, self.heading)
        self.row = HEAD

    def _write(self, place: int, cell: Cell) -> None:
        row: Any = self.row
        if cell is None or cell == "":
            return
        if isinstance(cell, bool):
            self.sheet.write_string(row, place, "是" if cell else "否")
        elif isinstance(cell, int | float):
            self.sheet.write_number(row, place, cell)
        elif isinstance(cell, datetime):
            self.sheet.write_datetime(
                row, place, cell.astimezone(SHANGHAI).replace(tzinfo=None), self.formats["moment"]
            )
        elif isinstance(cell, date):
            self.sheet.write_datetime(row, place, cell, self.formats["day"])
        else:
            self.sheet.write_string(row, place, cell[:LONGEST_CELL])
