from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from chassis.errors import Invalid
from chassis.paging import cursor, page, place

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class Row:
    id: str
    changed_at: datetime


def test_a_cursor_leads_back_to_its_place() -> None:
    assert place(cursor(NOON, "row-7")) == (NOON, "row-7")


@pytest.mark.parametrize("after", ["", "?", "WzFd", "WyJ4IiwieSJd", "WyIyMDI2LTAzLTAyIiwgImEiXQ", "é"])
def test_what_is_not_a_cursor_is_refused_by_name(after: str) -> None:
    with pytest.raises(Invalid) as refused:
        place(after)
    assert refused.value.fields == {"after": [{"rule": "not_a_cursor"}]}


def test_the_next_page_is_named_only_if_a_row_is_left_over() -> None:
    rows = [Row(str(n), NOON - timedelta(minutes=n)) for n in range(3)]

    assert page(rows, 2, "changed_at") == (rows[:2], cursor(rows[1].changed_at, "1"))
    assert page(rows, 3, "changed_at") == (rows, None)
    assert page([], 3, "changed_at") == ([], None)


def test_a_day_is_a_place_too() -> None:
    assert place(cursor(NOON.date(), "row-7")) == (NOON.replace(hour=0), "row-7")
