"""Keyset paging: a cursor names the last row shown, so a page costs the same wherever it is."""

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, func, select, text, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, QueryableAttribute, Session

from chassis.errors import Invalid

Rows = Select[*tuple[Any, ...]]
DEFAULT_LIMIT = 20
MAX_LIMIT = 100
GLANCED_AT = 300  # rows of a list that tell how common a word is; for a short page, so many for each of its rows:
GLANCED_AT_A_ROW = 15
LOOKED_THROUGH = 2_000  # rows of a list in which a common word is looked for
WALKED = 8_000  # rows of a list in which a word of more hits than can be sorted is looked for
SORTED = 5_000  # hits of a word that are put in order for a page
SPANS = (1, 2, 4, 16, 64)  # the last months of a list in which the newest hits of such a word are looked for
RECENT = 3  # so many of these spans are looked at before all hits are counted
MANY = 50  # hits in such months that make the total of a list "so many and more", without counting the others
_UNTOLD: dict[str, Any] = {"total": None, "total_is_exact": None}
COUNTED = 1_000  # what a person may page through; beyond it a list is narrowed, and figures and exports count exactly


def cursor(moment: datetime | date, row_id: str) -> str:
    """An opaque word for the place after a row, in a list sorted by a moment, or a day, and an id."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(), UTC)
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


def total(session: Session, wanted: Rows, after: str | None = None, most: int | None = None) -> dict[str, Any]:
    """How many rows a list has, told with its first page: counted up to `most`, then "`most` and more".

    {"total": n, "total_is_exact": bool}; on later pages (`after`) both are null.
    """
    if after:
        return dict(_UNTOLD)
    most = most or COUNTED
    found = _count(session, wanted, most)
    return _told(min(found, most), found <= most, after)


@dataclass(frozen=True)
class Listed:
    """A list: its rows, and the two columns by which they are sorted, those of the index that holds them in order.
    The first is of moments or of days, and empty in none of the rows. `rising`: the earliest first."""

    rows: Rows
    moment: QueryableAttribute[Any]
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
    the index of words, one here and one there.

    `months` (see `months_back`): where that index knows in which month a row's moment lies, and the list begins with the
    newest. Then the first of many hits are found without reading all. `search` is the column of pieces, where another
    table holds it.
    """

    hits: Callable[[Any], ColumnElement[bool]]
    found: Rows
    months: ColumnElement[Any] | None = None
    search: Any = None

    def column(self, row: Any) -> Any:
        return row.search if self.search is None else self.search


def beyond(rows: Rows, moment: Any, key: Any, cursor: str, rising: bool = False) -> Rows:
    at, row_id = place(cursor)
    here, there = tuple_(moment, key), tuple_(at.date() if isinstance(moment.type, Date) else at, row_id)
    return rows.where(here > there if rising else here < there)


def in_order(rows: Rows, moment: Any, key: Any, rising: bool = False) -> Rows:
    return rows.order_by(*(each.asc() if rising else each.desc() for each in (moment, key)))


def first(
    session: Session,
    listed: Listed,
    limit: int,
    after: str | None,
    words: Words | None = None,
    most: int | None = None,
) -> tuple[Rows, dict[str, Any]]:
    """What to read for a page, one row more than it shows, and how many rows the list has, counted up to `most` (see
    `total`)."""
    if words is not None:
        page, counted = _Search(session, listed, words, limit + 1, after, most or COUNTED).page()
    else:
        page, counted = listed.sorted(listed.after(after)), total(session, listed.rows, after, most)
    return page.limit(limit + 1), counted


@dataclass(frozen=True)
class _Search:
    """A common word is on the first page anyway: it is looked for at the list's beginning, and the total is then what
    was seen, and more. A rarer one comes out of the index of words, wherever it stands in the list.
    PostgreSQL cannot choose between the two ways: it does not know that 县华 never occurs in a county, and walks through
    the whole list for the first 21 rows (12 s of 1,000,000, measured), nor that 械租 is where 机械 is.
    """

    session: Session
    listed: Listed
    words: Words
    enough: int
    after: str | None
    most: int

    def page(self) -> tuple[Rows, dict[str, Any]]:
        seen = self._at_the_beginning()
        if len(seen.ids) >= self.enough:
            return self._rows(seen.ids), _told(len(seen.ids), False, self.after)
        with _by_index_of_words(self.session):
            newest, number = self._in_the_last_months(seen, SPANS[:RECENT])
            counted = min(number, self.most)
            if number <= MANY:  # hits are read from as many places: not a thousand of them only to be counted
                most = SORTED if self.words.months is None else self.most
                found, all_ = self._hits(most)
                if all_ <= most:
                    return self._rows(found), _told(all_, True, self.after)
                counted = self.most
                if not newest:
                    newest, number = self._in_the_last_months(seen, SPANS[RECENT:])
        newest = newest or self._first_of_many(is_dense=number > SORTED)
        return self._rows(newest), _told(counted, False, self.after)

    def _rows(self, ids: Sequence[str]) -> Rows:
        return self.listed.sorted(self.listed.rows.where(self.listed.key.in_(ids[: self.enough])))

    def _at_the_beginning(self) -> "_Seen":
        """Reading a row's pieces costs more than reading the row (they are compressed), so only where a glance promises
        enough hits are many rows looked through, and only where the index of words cannot tell the newest hits sooner."""
        glanced_at = min(GLANCED_AT, GLANCED_AT_A_ROW * self.enough)
        seen = self._beginning(glanced_at)
        if not seen.ids or len(seen.ids) >= self.enough or self.words.months is not None:
            return seen
        needed = glanced_at * self.enough // len(seen.ids)  # at this rate
        return self._beginning(min(2 * needed, LOOKED_THROUGH)) if needed <= LOOKED_THROUGH else seen

    def _first_of_many(self, is_dense: bool) -> Sequence[str]:
        if is_dense or self.words.months is None:
            seen = self._beginning(LOOKED_THROUGH if is_dense else WALKED)
            if len(seen.ids) >= self.enough:
                return seen.ids
        with _by_index_of_words(self.session):
            return self._hits()[0]

    def _beginning(self, rows: int) -> "_Seen":
        """The hits among the first rows of the list, in its order."""
        listed = self.listed
        columns = (
            listed.key.label("id"),
            listed.moment.label("moment"),
            self.words.column(listed.key.class_).label("search"),
        )
        first = listed.sorted(listed.after(self.after)).with_only_columns(*columns).limit(rows).subquery()
        order = [each.asc() if listed.rising else each.desc() for each in (first.c.moment, first.c.id)]
        hits = func.array_agg(aggregate_order_by(first.c.id, *order)).filter(self.words.hits(first.c.search))
        ids, newest, oldest = self.session.execute(
            select(hits, func.max(first.c.moment), func.min(first.c.moment))
        ).one()
        return _Seen(ids or [], newest, oldest)

    def _in_the_last_months(self, seen: "_Seen", spans: Sequence[int]) -> tuple[Sequence[str], int]:
        """The newest hits, out of the last months, and how many these have: of a word that stands in thousands of rows, the
        index of words gives those of a month without the others. No hits where the widest span does not hold enough, and
        where one holds more than can be sorted, which the number tells.

        The months of the rows that were looked through count as one: the last of them may have begun today."""
        if self.words.months is None or seen.newest is None or seen.oldest is None:
            return [], 0
        for span in spans:
            found, number = self._hits(SORTED, self.words.months.overlap(months_back(seen.newest, seen.oldest, span)))
            if number > SORTED:
                return [], number
            if len(found) >= self.enough:
                return found, number
        return [], 0

    def _hits(self, most: int | None = None, *also: ColumnElement[bool]) -> tuple[Sequence[str], int]:
        """Out of the index of words, while only that is allowed: the first hits in the list's order, and how many there
        are, `most` + 1 at most (of more than `most`, they are not the list's first)."""
        key, row = self.listed.key, self.listed.key.class_
        moment = getattr(row, self.listed.moment.key)
        wanted = self.words.found.where(self.words.hits(self.words.column(row)), *also)
        if self.after:
            wanted = beyond(wanted, moment, key, self.after, self.listed.rising)
        wanted = wanted.with_only_columns(key.label("id"), moment.label("moment"))
        found = (wanted if most is None else wanted.limit(most + 1)).subquery()
        counted = select(found.c.id, func.count().over())
        page = in_order(counted, found.c.moment, found.c.id, self.listed.rising).limit(self.enough)
        rows = self.session.execute(page).all()
        return [each for each, _ in rows], rows[0][1] if rows else 0


@dataclass(frozen=True)
class _Seen:
    """The hits among the rows that a list begins with, in its order, and the newest and oldest moment of those rows."""

    ids: Sequence[str]
    newest: datetime | None
    oldest: datetime | None


def months_back(newest: datetime, oldest: datetime, more: int) -> list[datetime]:
    """The months of UTC from one moment back to another, the last of which begins so `more` of them: each by its first
    moment, without a zone."""
    last, first = (at.year * 12 + at.month - 1 for at in (newest.astimezone(UTC), oldest.astimezone(UTC)))
    return [datetime(n // 12, n % 12 + 1, 1, tzinfo=UTC).replace(tzinfo=None) for n in range(last, first - more, -1)]


@contextmanager
def _by_index_of_words(session: Session) -> Iterator[None]:
    """An index of pieces knows bitmaps only: with nothing else allowed it is taken, however many hits are expected."""
    switched = "select set_config(each, '{}', true) from unnest(array['enable_seqscan', 'enable_indexscan']) each"
    session.execute(text(switched.format("off")))
    yield
    session.execute(text(switched.format("on")))


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
