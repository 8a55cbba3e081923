"""Working days with 调休: the vectors of domain.md §10.2, and what happens past the published calendar."""

from datetime import date
from pathlib import Path

import pytest

from chassis.workdays import Calendar, Due, OverridesFile, read_overrides


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 2, 12), 2, date(2026, 2, 14)),  # a Saturday made a working day
        (date(2026, 2, 12), 7, date(2026, 2, 28)),
        (date(2026, 9, 30), 5, date(2026, 10, 13)),
        (date(2025, 1, 24), 1, date(2025, 1, 26)),  # a Sunday made a working day
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
    ],
)
def test_the_day_of_the_event_is_not_counted_and_make_up_days_are(start: date, count: int, expected: date) -> None:
    assert Calendar().add_workdays(start, count) == Due(expected, provisional=False)


def test_past_the_published_calendar_a_deadline_is_provisional() -> None:
    due = Calendar().add_workdays(date(2026, 12, 25), 7)
    assert due == Due(date(2027, 1, 6), provisional=True)  # New Year's Day is statutory; weekends are off


def test_an_entered_notice_moves_the_deadline_and_makes_it_final(tmp_path: Path) -> None:
    table = tmp_path / "calendar.csv"
    days = "".join(
        f"2027-01-{n:02d},{'holiday' if n in (1, 2, 3, 4, 9, 10) else 'workday'},国办发明电\n" for n in range(1, 13)
    )
    table.write_text("date,kind,source\n" + days, encoding="utf-8")
    assert read_overrides(table).add_workdays(date(2026, 12, 25), 7) == Due(date(2027, 1, 7), provisional=False)


def test_an_override_file_with_a_wrong_word_names_its_line(tmp_path: Path) -> None:
    table = tmp_path / "calendar.csv"
    table.write_text("date,kind,source\n2027-01-01,off,x\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_overrides(table)


def test_counting_between_is_the_inverse_of_adding() -> None:
    calendar = Calendar()
    for count in range(1, 30):
        start = date(2026, 9, 20)
        assert calendar.workdays_between(start, calendar.add_workdays(start, count).day) == count


def test_a_calendar_period_that_ends_on_a_holiday_ends_on_the_next_working_day() -> None:
    assert Calendar().end_of_period(date(2026, 9, 1), 30) == Due(date(2026, 10, 8), provisional=False)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 2, 5), "春节前一日"),
        (date(2027, 2, 8), "正月初三"),
        (date(2027, 2, 9), "春节遇周末补休"),
        (date(2027, 4, 5), "清明"),
        (date(2027, 6, 9), "端午"),
        (date(2027, 9, 15), "中秋"),
        (date(2027, 10, 1), "国庆"),
        (date(2028, 1, 26), "正月初一"),
    ],
)
def test_statutory_days_of_the_lunar_calendar_are_off_in_years_without_a_notice(day: date, name: str) -> None:
    calendar = Calendar()

    assert not calendar.is_workday(day)
    assert not calendar.is_official(day)


def test_a_table_that_changes_counts_at_once_and_one_that_breaks_leaves_the_last_in_force(tmp_path: Path) -> None:
    table, day = tmp_path / "calendar.csv", date(2027, 1, 4)
    table.write_text("date,kind,source\n", encoding="utf-8")
    calendar = OverridesFile(table)
    assert calendar().is_workday(day)

    table.write_text("date,kind,source\n2027-01-04,holiday,国办发明电\n", encoding="utf-8")
    assert not calendar().is_workday(day)

    for broken in ("date,kind,source\n2027-01-04,off,国办发明电\n", "date,kind,source\nsoon,holiday,国办发明电\n"):
        table.write_text(broken, encoding="utf-8")
        assert not calendar().is_workday(day)
    table.unlink()
    assert not calendar().is_workday(day)

    table.write_text("date,kind,source\n2027-01-04,workday,国办发明电\n", encoding="utf-8")
    assert calendar().is_workday(day)


def test_a_table_that_cannot_be_read_stops_a_start(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        OverridesFile(tmp_path / "nowhere.csv")
