"""Keyset paging: a cursor names the last row shown, so a page costs the same wherever it is."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chassis.errors import Invalid

DEFAULT_LIMIT = 20
MAX_LIMIT = 100


def cursor(moment: datetime, row_id: str) -> str:
    """An opaque word for the place after a row, in a list sorted by a moment and an id."""
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), row_id]).encode()).decode().rstrip("=")


def place(after: str) -> tuple[datetime, str]:
    """What `cursor` was made from; refuses `Invalid` for anything else."""
    try:
        moment, row_id = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        found = datetime.fromisoformat(moment)
    except (ValueError, TypeError) as error:
        raise Invalid.field("after", "not_a_cursor") from error
    if found.tzinfo is None:
        raise Invalid.field("after", "not_a_cursor")
    return found, str(row_id)


def page(rows: Sequence[Any], limit: int, moment: str) -> tuple[Sequence[Any], str | None]:
    """Of `limit` + 1 rows asked for, those to show, and the cursor to the next page if one was left over.

    `moment` names the column by which, before the id, the rows are sorted.
    """
    shown = rows[:limit]
    return shown, cursor(getattr(shown[-1], moment), shown[-1].id) if len(rows) > limit else None
