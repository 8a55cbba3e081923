"""The table of a register: which of its columns are shown, and by which it is sorted. Both stand in the address.

`columns` names what is shown (the first column always is: it leads to the record); `sort` and `backwards` are those of the
service's list, which sorts only by what an index of its database holds in order. Exports have all columns.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import request

from gateway.bus import Body
from gateway.portal.frame import with_query

COLUMNS, SORT, BACKWARDS = "columns", "sort", "backwards"


@dataclass(frozen=True)
class Column:
    """`usual`: shown while nobody has chosen. `sort`: the service's name for the order by it, "" where there is none;
    `rising`: that order has the earliest first; `only`: what the list leaves out in it, in words."""

    code: str
    title: str
    usual: bool = True
    sort: str = ""
    rising: bool = False
    only: str = ""


@dataclass(frozen=True)
class Table:
    """`own` is the order that the list has by itself, `sort` the one that it is in."""

    columns: tuple[Column, ...]
    chosen: frozenset[str]
    own: str
    sort: str
    backwards: bool

    @property
    def shown(self) -> list[Column]:
        return [each for each in self.columns if self.shows(each)]

    @property
    def asked(self) -> Body:
        """The order as the service is asked for it; nothing for the list's own."""
        told: Body = {SORT: self.sort} if self.sort != self.own else {}
        return told | ({BACKWARDS: True} if self.backwards else {})

    @property
    def kept(self) -> dict[str, str]:
        """The order as a form hands it on."""
        return {name: "1" if value is True else value for name, value in self.asked.items()}

    @property
    def only(self) -> str:
        return next((each.only for each in self.columns if each.sort == self.sort), "")

    def shows(self, column: Column) -> bool:
        return column is self.columns[0] or column.code in self.chosen

    def direction(self, column: Column) -> str:
        """As `aria-sort` says it; "" for a column that the list is not sorted by."""
        if not column.sort or column.sort != self.sort:
            return ""
        return "ascending" if column.rising != self.backwards else "descending"

    def address(self, column: Column) -> str:
        """The list from its beginning, sorted by the column; turned round if it is sorted by it already."""
        turned = column.sort == self.sort and not self.backwards
        sort = column.sort if column.sort != self.own else None
        return with_query(sort=sort, backwards="1" if turned else None, after=None)


def read(columns: Iterable[Column], own: str) -> Table:
    """As the address has it; what it says of no column counts for nothing."""
    every = tuple(columns)
    chosen = {each.code for each in every}.intersection(request.args.getlist(COLUMNS))
    sort = request.args.get(SORT, "")
    return Table(
        columns=every,
        chosen=frozenset(chosen or {each.code for each in every if each.usual}),
        own=own,
        sort=sort if sort and sort in {each.sort for each in every} else own,
        backwards=request.args.get(BACKWARDS) == "1",
    )
