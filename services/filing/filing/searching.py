"""Search in names and numbers by pairs of neighbouring characters, which are indexed (GIN).

Chinese has no word borders, so words cannot be indexed; pairs can, and need no extension of the database. All pairs of
a query must occur, not their order: a rare stranger among the hits is the price.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

SHORTEST = 2


def search_words(texts: Iterable[str | None]) -> list[str]:
    """What to index of some texts: every pair of neighbours in each, once, without spaces and in lower case."""
    return sorted({pair for text in texts if text for pair in _pairs(text)})


def matches(column: InstrumentedAttribute[list[str]], query: str) -> ColumnElement[Any]:
    """Rows in whose texts all pairs of the query occur; the query has `SHORTEST` characters or more."""
    return column.contains(sorted(set(_pairs(query))))


def _pairs(text: str) -> list[str]:
    bare = "".join(text.lower().split())
    return [bare[place : place + SHORTEST] for place in range(len(bare) - 1)]
