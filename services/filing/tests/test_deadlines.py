"""The legal clock in working days with make-up days (domain.md §10), and in hours for registrations."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.clock import SHANGHAI, end_of
from chassis.workdays import Calendar
from filing import deadlines, matters
from filing.deadlines import LegalClock, Rule, Unit

CALENDAR = Calendar()


def moment(day: str, hour: int = 9) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), SHANGHAI).astimezone(UTC)


def clock(limit: int, day: str) -> LegalClock:
    return deadlines.start(Rule(limit, Unit.WORKDAYS, ""), moment(day))


def due_day(running: LegalClock) -> date:
    due = deadlines.due(running, CALENDAR)
    assert due is not None
    return due.moment.astimezone(SHANGHAI).date()


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2026-02-12", 2, "2026-02-14"),  # a Saturday that is worked
        ("2026-02-12", 7, "2026-02-28"),  # the spring festival lies between, and another worked Saturday
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-03-02", 7, "2026-03-11"),
    ],
)
def test_the_day_of_arrival_is_not_counted_and_make_up_days_are(start: str, limit: int, due: str) -> None:
    assert due_day(clock(limit, start)) == date.fromisoformat(due)


def test_it_is_due_at_the_end_of_the_shanghai_day() -> None:
    due = deadlines.due(clock(2, "2026-03-02"), CALENDAR)

    assert due is not None
    assert due.moment == end_of(date(2026, 3, 4))
    assert not due.provisional


def test_past_the_published_calendar_a_deadline_is_provisional() -> None:
    due = deadlines.due(clock(7, "2026-12-28"), CALENDAR)

    assert due is not None
    assert due.provisional


def test_it_stands_still_while_returned_and_goes_on_with_what_was_left() -> None:
    running = clock(7, "2026-03-02")  # Monday

    standing = deadlines.suspend(running, moment("2026-03-04"), CALENDAR)  # Wednesday: two days used
    assert deadlines.due(standing, CALENDAR) is None
    assert deadlines.left(standing, moment("2026-04-01"), CALENDAR) == 5

    again = deadlines.resume(standing, moment("2026-03-16"))
    assert due_day(again) == date(2026, 3, 23)


def test_an_agency_that_returned_on_its_last_day_gets_one_working_day_for_the_answer() -> None:
    spent = deadlines.suspend(clock(2, "2026-03-02"), moment("2026-03-04"), CALENDAR)

    assert due_day(deadlines.resume(spent, moment("2026-03-09"))) == date(2026, 3, 10)


def test_past_the_day_what_is_left_is_negative() -> None:
    assert deadlines.left(clock(2, "2026-03-02"), moment("2026-03-06"), CALENDAR) == -2


def test_a_registration_has_twenty_four_hours_day_and_night() -> None:
    rule = deadlines.rule_of("enterprise_registration", date(2026, 3, 7))
    running = deadlines.start(rule, moment("2026-03-07", 15))  # a Saturday afternoon

    due = deadlines.due(running, CALENDAR)
    assert due is not None
    assert due.moment == moment("2026-03-08", 15)
    assert deadlines.left(running, moment("2026-03-08", 5), CALENDAR) == 10

    standing = deadlines.suspend(running, moment("2026-03-07", 20), CALENDAR)
    resumed = deadlines.due(deadlines.resume(standing, moment("2026-03-10", 8)), CALENDAR)
    assert resumed is not None
    assert resumed.moment == moment("2026-03-11", 3)


@given(
    st.integers(1, 10),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=5),
    st.dates(date(2025, 1, 1), date(2026, 10, 1)),
)
def test_returns_neither_lengthen_nor_shorten_what_the_agency_has(
    limit: int, rounds: list[tuple[int, int]], first: date
) -> None:
    """However often it goes back and forth: used and left add up, and nobody gains a day by returning in time."""
    at = moment(first.isoformat())
    running = deadlines.start(Rule(limit, Unit.WORKDAYS, ""), at)
    spent = 0
    for with_agency, with_applicant in rounds:
        returned = at + timedelta(days=with_agency)
        spent = min(spent, limit - 1) + CALENDAR.workdays_between(at.date(), returned.date())
        standing = deadlines.suspend(running, returned, CALENDAR)
        assert deadlines.left(standing, returned, CALENDAR) == limit - spent
        at = returned + timedelta(days=with_applicant)
        running = deadlines.resume(standing, at)
    assert due_day(running) == CALENDAR.add_workdays(at.date(), limit - min(spent, limit - 1 if rounds else spent)).day


@pytest.mark.parametrize("matter", matters.ALL)
def test_every_matter_has_a_limit_with_its_source(matter: str) -> None:
    rule = deadlines.rule_of(matter, date(2026, 3, 2))

    assert rule.limit > 0
    assert rule.basis
