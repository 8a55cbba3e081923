"""What a list must say of itself to be exported."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marshmallow import Schema
from sqlalchemy import Select
from sqlalchemy.orm import Session

from chassis.principal import Principal

Cell = str | int | float | bool | date | datetime | None
Filter = dict[str, Any]
# A page's place is no filter: an export is always whole.
PAGING = frozenset({"limit", "after"})


@dataclass(frozen=True)
class Column:
    title: str
    width: int = 16


@dataclass(frozen=True)
class Exportable:
    """`query` gives what the principal sees of the list, sorted, by a filter read with `request`, or refuses;
    `cells` a row of the sheet for each row of a batch that the query gave."""

    title: str
    columns: Sequence[Column]
    request: type[Schema]
    query: Callable[[Session, Principal, Filter, datetime], Select[*tuple[Any, ...]]]
    cells: Callable[[Session, Sequence[Any], datetime], Iterable[Sequence[Cell]]]

    def in_words(self, filter_: Filter) -> str:
        """The filter as it is printed in the file: 事项：安装告知；辖区：13.1301."""
        fields = self.request().fields
        said = []
        for name, value in filter_.items():
            if value is not None and name not in PAGING:
                words = fields[name].metadata.get("words") or {}
                shown = "是" if value is True else "否" if value is False else words.get(value, value)
                said.append(f"{fields[name].metadata.get('label') or name}：{shown}")
        return "；".join(said) or "无"
