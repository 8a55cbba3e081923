"""Keyset paging: a cursor names the last row shown, so a page costs the same wherever it is."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, text, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from chassis.errors import Invalid

Rows = Select[*tuple[Any, ...]]
DEFAULT_LIMIT = 20
MAX_LIMIT = 100
GLANCED_AT = 300  # rows of a list that tell how common a word is
LOOKED_THROUGH = 2_000  # rows of a list in which a common word is looked for
SORTED = 5_000  # hits of a word that are put in order for a page
_UNTOLD: dict[str, Any] = {"total": None, "total_is_exact": None}
COUNTED = 1_000  # what a person may page through; beyond it a list is narrowed, and figures and exports count exactly


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


def total(session: Session, wanted: Rows, after: str | None = None, most: int = COUNTED) -> dict[str, Any]:
    """How many rows a list has, told with its first page: counted up to `most`, then "`most` and more".

    {"total": n, "total_is_exact": bool}; on later pages (`after`) both are null.
    """
    if after:
        return dict(_UNTOLD)
    found = _count(session, wanted, most)
    return _told(min(found, most), found <= most, after)


@dataclass(frozen=True)
class Listed:
    """A list: its rows, and the two columns by which they are sorted, those of the index that holds them in order."""

    rows: Rows
    moment: InstrumentedAttribute[datetime]
    key: InstrumentedAttribute[str]
    rising: bool = False

    def after(self, cursor: str | None) -> Rows:
        """The rows behind a cursor; all without one."""
        return beyond(self.rows, self.moment, self.key, cursor, self.rising) if cursor else self.rows

    def sorted(self, rows: Rows) -> Rows:
        return in_order(rows, self.moment, self.key, self.rising)


@dataclass(frozen=True)
class Words:
    """What is looked for in a list: whether a row's `search` has it; and the same list said for rows that come out of
    the index of words, one here and one there."""

    hits: Callable[[Any], ColumnElement[bool]]
    found: Rows


def beyond(rows: Rows, moment: Any, key: Any, cursor: str, rising: bool = False) -> Rows:
    here, there = tuple_(moment, key), tuple_(*place(cursor))
    return rows.where(here > there if rising else here < there)


def in_order(rows: Rows, moment: Any, key: Any, rising: bool = False) -> Rows:
    return rows.order_by(*(each.asc() if rising else each.desc() for each in (moment, key)))


def first(
    session: Session, listed: Listed, limit: int, after: str | None, words: Words | None = None
) -> tuple[Rows, dict[str, Any]]:
    """What to read for a page, one row more than it shows, and how many rows the list has (see `total`)."""
    if words is not None:
        page, counted = _first_with(session, listed, words, limit + 1, after)
    else:
        page, counted = listed.sorted(listed.after(after)), total(session, listed.rows, after)
    return page.limit(limit + 1), counted


def _first_with(
    session: Session, listed: Listed, words: Words, enough: int, after: str | None
) -> tuple[Rows, dict[str, Any]]:
    """A common word is on the first page anyway: it is looked for at the list's beginning, and the total is then what
    was seen, and more. A rarer one comes out of the index of words, wherever it stands in the list.
    PostgreSQL cannot choose between the two ways: it does not know that 县华 never occurs in a county, and walks through
    the whole list for the first 21 rows (12 s of 1,000,000, measured), nor that 械租 is where 机械 is.
    """
    key, row = listed.key, listed.key.class_
    every = listed.sorted(listed.after(after))
    seen = _at_the_beginning(session, listed, words, enough, after)
    if len(seen) >= enough:
        return every.where(key.in_(seen[:enough])), _told(len(seen), False, after)
    moment = getattr(row, listed.moment.key)
    wanted = words.found.where(words.hits(row.search))
    wanted = beyond(wanted, moment, key, after, listed.rising) if after else wanted
    found = wanted.with_only_columns(key.label("id"), moment.label("moment")).limit(SORTED + 1).subquery()
    page = in_order(select(found.c.id, func.count().over()), found.c.moment, found.c.id, listed.rising).limit(enough)
    _scan(session, by_index_of_words=True)
    rows = session.execute(page).all()
    _scan(session, by_index_of_words=False)
    number = rows[0][1] if rows else 0
    if number <= SORTED:
        return every.where(key.in_([each for each, _ in rows])), _told(number, True, after)
    session.execute(text("set local enable_bitmapscan = off"))  # so many that a walk through the list soon has enough
    return every.where(words.hits(row.search)), _told(SORTED, False, after)


def _at_the_beginning(session: Session, listed: Listed, words: Words, enough: int, after: str | None) -> Sequence[str]:
    """The hits among the list's first rows, in its order. Reading a row's pieces costs more than reading the row (they
    are compressed), so only where a glance promises enough of them are many looked through."""
    search = listed.key.class_.search
    columns = listed.key.label("id"), listed.moment.label("moment"), search
    every = listed.sorted(listed.after(after)).with_only_columns(*columns)

    def seen(rows: int) -> Sequence[str]:
        beginning = every.limit(rows).subquery()
        hits = select(beginning.c.id).where(words.hits(beginning.c.search))
        return session.scalars(in_order(hits, beginning.c.moment, beginning.c.id, listed.rising)).all()

    found = seen(GLANCED_AT)
    if not found or len(found) >= enough:
        return found
    needed = GLANCED_AT * enough // len(found)  # at this rate
    return seen(min(2 * needed, LOOKED_THROUGH)) if needed <= LOOKED_THROUGH else found


def _scan(session: Session, *, by_index_of_words: bool) -> None:
    """An index of pieces knows bitmaps only: with nothing else allowed it is taken, however many hits are expected."""
    other = "off" if by_index_of_words else "on"
    session.execute(
        text(f"select set_config(each, '{other}', true) from unnest(array['enable_seqscan', 'enable_indexscan']) each")
    )


def _count(session: Session, wanted: Rows, most: int) -> int:
    """Up to `most` + 1."""
    counted = wanted.order_by(None).with_only_columns(text("1"), maintain_column_froms=True).limit(most + 1)
    return session.scalar(select(func.count()).select_from(counted.subquery())) or 0


def _told(total: int, is_exact: bool, after: str | None) -> dict[str, Any]:
    """Only the first page tells it."""
    return dict(_UNTOLD) if after else {"total": total, "total_is_exact": is_exact}


def plan_by_values(session: Session) -> None:
    """From here to the end of the transaction: a rare word wants another way than a common one, so statements are
    planned anew with their values, not once for all of them."""
    session.execute(text("set local plan_cache_mode = force_custom_plan"))
