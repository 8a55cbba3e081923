"""Rows for PostgreSQL's binary COPY, made by numpy for all rows at once: each row is one record of a fixed layout."""

import numpy as np
from numpy.typing import NDArray

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
# PostgreSQL reckons from 2000-01-01.
POSTGRES_DAY = 10_957
POSTGRES_MICROSECONDS = POSTGRES_DAY * 86_400 * 1_000_000
BITS = 1440
BYTES = BITS // 8

Column = tuple[str, str]


def layout(*columns: Column) -> np.dtype[np.void]:
    """A record of a row: the number of its columns, then each with its length in bytes before it."""
    fields: list[tuple[str, str]] = [("columns", ">i2")]
    for name, kind in columns:
        fields += [(f"{name} length", ">i4"), (name, kind)]
    return np.dtype(fields)


def records(kind: np.dtype[np.void], count: int) -> NDArray[np.void]:
    """So many empty rows, their lengths filled in."""
    rows = np.zeros(count, dtype=kind)
    names = [name for name in (kind.names or ()) if name != "columns" and not name.endswith(" length")]
    rows["columns"] = len(names)
    for name in names:
        rows[f"{name} length"] = kind[name].itemsize
    return rows


def stream(rows: NDArray[np.void]) -> bytes:
    """What is written into `copy … from stdin (format binary)`."""
    return HEADER + rows.tobytes() + TRAILER


def moments(milliseconds: NDArray[np.int64]) -> NDArray[np.int64]:
    """Milliseconds since 1970 as PostgreSQL keeps a timestamptz."""
    return milliseconds * 1000 - POSTGRES_MICROSECONDS
