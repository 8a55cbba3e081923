"""The clocks of penalty cases: T28, T30, the calendar of ten years with 调休, and their agreement with a slow count."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.workdays import Calendar, Due
from enforcement.cases import clocks
from enforcement.cases.clocks import Suspension
from services.enforcement.tests import slow_clocks

CALENDAR = Calendar()
MONDAY = date(2026, 3, 2)
IDS = [each.id for each in clocks.clocks(MONDAY)]
# Ten years whose 调休 is published: every deadline of the longest clock still ends in 2026.
STARTS = st.dates(date(2017, 1, 1), date(2026, 2, 28))
SPANS = st.lists(st.tuples(st.integers(-20, 150), st.integers(0, 40)), max_size=5)


def plus(start: date, days: int) -> date:
    return start + timedelta(days=days)


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(IDS), STARTS)
def test_every_clock_agrees_with_a_count_of_day_after_day(clock_id: str, start: date) -> None:
    assert clocks.due(clock_id, start, CALENDAR) == Due(slow_clocks.due(clock_id, start), provisional=False)


@settings(max_examples=1000, deadline=None)
@given(st.dates(date(2017, 1, 1), date(2026, 1, 31)), SPANS, st.integers(0, 2))
def test_suspensions_that_overlap_touch_or_lie_outside_are_not_counted(start, spans, extensions) -> None:
    suspensions = [Suspension(plus(start, first), plus(start, first + length)) for first, length in spans]
    days = {plus(start, first + n) for first, length in spans for n in range(length + 1)}
    fast = clocks.due("C16", start, CALENDAR, suspensions, extensions).day
    assert fast == slow_clocks.due("C16", start, days, extensions)


@given(STARTS, st.integers(0, 400), SPANS)
def test_days_of_late_payment_are_those_outside_review_and_suit(pay_by, late, spans) -> None:
    stayed = [Suspension(plus(pay_by, first), plus(pay_by, first + length)) for first, length in spans]
    days = {plus(pay_by, first + n) for first, length in spans for n in range(length + 1)}
    counted = sum(plus(pay_by, n) not in days for n in range(1, late + 1))
    assert clocks.late_days(pay_by, plus(pay_by, late), stayed) == counted


def test_t28_a_decision_within_five_working_days_of_the_notice_is_refused() -> None:
    notified, fifth = date(2026, 2, 12), date(2026, 2, 26)  # the Spring Festival and a worked Saturday lie between

    assert clocks.due("C17", notified, CALENDAR).day == fifth
    assert not clocks.may_decide(notified, fifth, CALENDAR)  # that day still belongs to the party
    assert clocks.may_decide(notified, plus(fifth, 1), CALENDAR)


def test_t28_a_waiver_opens_the_decision_on_its_day_and_not_before() -> None:
    waived = date(2026, 3, 4)

    assert not clocks.may_decide(MONDAY, date(2026, 3, 3), CALENDAR, waived_on=waived)
    assert clocks.may_decide(MONDAY, waived, CALENDAR, waived_on=waived)


def test_t28_a_waiver_after_the_five_days_changes_nothing() -> None:
    late = date(2026, 3, 20)
    assert clocks.earliest_decision(MONDAY, CALENDAR, late) == clocks.earliest_decision(MONDAY, CALENDAR)


@pytest.mark.parametrize(("day", "late"), [(89, 0), (90, 0), (91, 1), (120, 30)])
def test_t30_a_decision_on_day_91_without_extension_is_an_illegal_delay(day: int, late: int) -> None:
    assert clocks.late_by("C16", MONDAY, plus(MONDAY, day), CALENDAR) == late


@pytest.mark.parametrize(("extensions", "last"), [(1, 120), (2, 180)])
def test_t30_extensions_of_thirty_and_then_sixty_days(extensions: int, last: int) -> None:
    at = {day: clocks.late_by("C16", MONDAY, plus(MONDAY, day), CALENDAR, (), extensions) for day in (last, last + 1)}
    assert at == {last: 0, last + 1: 1}


def test_t30_day_90_on_a_holiday_does_not_give_the_agency_another_day() -> None:
    filed = date(2026, 7, 5)  # day 90 is 3 October
    assert clocks.due("C16", filed, CALENDAR).day == date(2026, 10, 3)


def test_t30_the_days_of_a_hearing_are_not_counted() -> None:
    hearing = Suspension(date(2026, 4, 1), date(2026, 4, 10))
    assert clocks.late_by("C16", MONDAY, plus(MONDAY, 100), CALENDAR, [hearing]) == 0
    assert clocks.late_by("C16", MONDAY, plus(MONDAY, 101), CALENDAR, [hearing]) == 1


def test_the_party_pays_on_the_first_working_day_after_a_holiday() -> None:
    assert clocks.due("C20", date(2026, 9, 16), CALENDAR).day == date(2026, 10, 8)  # the fifteenth day is 1 October


def test_a_make_up_saturday_ends_a_period() -> None:
    assert clocks.due("C20", date(2026, 1, 30), CALENDAR).day == date(2026, 2, 14)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2023, 8, 31), 6, date(2024, 2, 29)),
        (date(2025, 11, 30), 3, date(2026, 2, 28)),
        (date(2026, 6, 30), 6, date(2026, 12, 30)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(start: date, months: int, end: date) -> None:
    assert clocks.add_months(start, months) == end


def test_past_the_published_calendar_a_deadline_is_provisional() -> None:
    assert clocks.due("C17", date(2026, 12, 29), CALENDAR).provisional
    assert clocks.due("C25-suit", date(2026, 12, 1), CALENDAR).provisional
    assert not clocks.due("C16", date(2026, 12, 1), CALENDAR).provisional  # counts every day, needs no calendar


def test_an_override_of_the_calendar_moves_a_deadline() -> None:
    closed = Calendar({date(2026, 3, 9): False})
    assert clocks.due("C17", MONDAY, closed).day == date(2026, 3, 10)


def test_a_hearing_is_held_from_the_seventh_working_day_after_the_notice() -> None:
    rule = clocks.clock("C18", MONDAY)
    assert (rule.kind, clocks.due("C18", MONDAY, CALENDAR).day) == (clocks.LEAD, date(2026, 3, 11))


def test_the_court_is_open_the_day_after_the_ten_days_of_the_reminder() -> None:
    assert clocks.due("C26", MONDAY, CALENDAR).day == date(2026, 3, 13)


def test_what_a_rule_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="does not suspend"):
        clocks.due("C20", MONDAY, CALENDAR, [Suspension(MONDAY, plus(MONDAY, 3))])
    with pytest.raises(ValueError, match="2 extensions"):
        clocks.due("C16", MONDAY, CALENDAR, (), 3)
    with pytest.raises(KeyError):
        clocks.due("C99", MONDAY, CALENDAR)


def test_a_suspension_before_the_period_is_not_one() -> None:
    assert clocks.due("C20", MONDAY, CALENDAR, [Suspension(plus(MONDAY, -9), MONDAY)]).day == date(2026, 3, 17)
