"""Tables at a terminal, from which addresses and passwords are copied: nothing in them is cut or broken."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

WIDER_THAN_ANY_ROW = 1000

# A table takes only the width that it needs; a terminal that is narrower wraps its lines.
wide = Console(highlight=False, width=WIDER_THAN_ANY_ROW)


def show(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Each row on one line."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    wide.print(table)
