"""Keyset paging: a cursor names the last row shown, so a page costs the same wherever it is."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from chassis.errors import Invalid

DEFAULT_LIMIT = 20
MAX_LIMIT = 100
COUNTED = 10_000


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


def total(
    session: Session, wanted: Select[*tuple[Any, ...]], after: str | None = None, most: int = COUNTED
) -> dict[str, Any]:
    """How many rows a list has, told with its first page: counted up to `most`, then "`most` and more".

    {"total": n, "total_is_exact": bool}; on later pages (`after`) both are null.
    """
    if after:
        return {"total": None, "total_is_exact": None}
    counted = wanted.order_by(None).with_only_columns(text("1"), maintain_column_froms=True).limit(most + 1)
    found = session.scalar(select(func.count()).select_from(counted.subquery())) or 0
    return {"total": min(found, most), "total_is_exact": found <= most}


def plan_by_values(session: Session) -> None:
    """From here to the end of the transaction: a rare word wants another way than a common one, so statements are
    planned anew with their values, not once for all of them."""
    session.execute(text("set local plan_cache_mode = force_custom_plan"))
