"""Orders past their day are told step by step by working days, each step once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chassis.database import transaction
from chassis.errors import Invalid
from chassis.workdays import Calendar
from enforcement import overdue
from services.enforcement.tests.factories import Field
from services.enforcement.tests.ordering import CALENDAR, HEAD, get, order, reported

ORDERS = 450  # more than two batches


def at(ground: Field, day: date) -> None:
    ground.clock.set(datetime(day.year, day.month, day.day, 1, 0, tzinfo=UTC))


def steps(ground: Field) -> list[str]:
    return [each["data"]["step"] for each in ground.told("order_overdue")]


def test_officer_at_once_the_agency_after_three_working_days_the_city_after_seven(ground: Field) -> None:
    order(ground)  # until Monday, 9 March 2026
    for day, expected in (
        (date(2026, 3, 9), []),
        (date(2026, 3, 10), ["officer"]),
        (date(2026, 3, 12), ["officer"]),
        (date(2026, 3, 13), ["officer", "agency"]),
        (date(2026, 3, 18), ["officer", "agency"]),
        (date(2026, 3, 19), ["officer", "agency", "city"]),
        (date(2026, 4, 19), ["officer", "agency", "city"]),
    ):
        at(ground, day)
        overdue.sweep(ground.sessions, ground.clock, CALENDAR)
        assert steps(ground) == expected, day


def test_after_an_extension_the_new_day_is_told_from_the_officer_on(ground: Field) -> None:
    from enforcement import order_acts

    order_id = order(ground)
    at(ground, date(2026, 3, 13))
    overdue.sweep(ground.sessions, ground.clock, CALENDAR)
    asked = {"order_id": order_id, "reason": "设备到货延迟"}
    with pytest.raises(Invalid):
        order_acts.extend_order(ground.sessions, HEAD, ground.clock, due_on=date(2026, 3, 12), **asked)
    order_acts.extend_order(ground.sessions, HEAD, ground.clock, due_on=date(2026, 3, 20), **asked)
    for day, expected in ((date(2026, 3, 20), []), (date(2026, 3, 21), ["officer"]), (date(2026, 3, 26), ["agency"])):
        before = len(steps(ground))
        at(ground, day)
        overdue.sweep(ground.sessions, ground.clock, CALENDAR)
        assert steps(ground)[before:] == expected, day


def test_make_up_days_and_holidays_count_as_what_they_are(ground: Field) -> None:
    free = Calendar({date(2026, 3, 10): False, date(2026, 3, 14): True})

    assert overdue.last_day("agency", date(2026, 3, 14), free) == date(2026, 3, 10)
    assert overdue.last_day("agency", date(2026, 3, 15), free) == date(2026, 3, 11)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(("officer", "agency", "city")), st.dates(date(2026, 2, 1), date(2026, 12, 31)))
def test_the_steps_agree_with_a_count_of_day_after_day(step: str, today: date) -> None:
    last, days = overdue.last_day(step, today, CALENDAR), {"officer": 0, "agency": 3, "city": 7}[step]

    def gone(due: date) -> int:
        between = (due + timedelta(days=n) for n in range(1, (today - due).days))
        return sum(chinese_calendar.is_workday(day) for day in between)

    assert last < today and gone(last) >= days
    following = last + timedelta(days=1)
    assert following == today or gone(following) < days


def test_after_a_long_silence_all_steps_are_told_in_their_order(ground: Field) -> None:
    order_id = order(ground)
    at(ground, date(2026, 5, 20))
    assert overdue.sweep(ground.sessions, ground.clock, CALENDAR) == 3

    assert steps(ground) == ["officer", "agency", "city"]
    assert get(ground, order_id)["escalated_to"] == "city"


def test_what_was_reported_or_settled_is_not_told(ground: Field) -> None:
    from enforcement import order_acts

    reported(ground, order(ground))
    order_acts.withdraw_order(ground.sessions, HEAD, ground.clock, order_id=order(ground, "基坑"), reason="对象有误")
    at(ground, date(2026, 5, 20))

    assert overdue.sweep(ground.sessions, ground.clock, CALENDAR) == 0


def test_swept_twice_and_in_two_threads_each_step_is_told_once(ground: Field) -> None:
    order_id = order(ground)
    with transaction(ground.sessions) as session:
        session.execute(
            text("""
                insert into site_order select (json_populate_record(site_order, json_build_object(
                    'id', id || n, 'number', number || n))).* from site_order, generate_series(1, :n) n where id = :id"""),
            {"n": ORDERS - 1, "id": order_id},
        )
    at(ground, date(2026, 5, 20))
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: overdue.sweep(ground.sessions, ground.clock, CALENDAR), range(2)))
    overdue.sweep(ground.sessions, ground.clock, CALENDAR)

    told = [(each["data"]["order_id"], each["data"]["step"]) for each in ground.told("order_overdue")]
    assert len(told) == len(set(told)) == 3 * ORDERS


def test_the_sweep_reads_only_what_still_owes_a_step(ground: Field) -> None:
    statement = overdue.owing("officer", date(2026, 3, 9)).compile(
        dialect=ground.sessions.kw["bind"].dialect, compile_kwargs={"literal_binds": True}
    )
    with transaction(ground.sessions) as session:
        session.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(session.scalars(text(f"explain {statement}")))

    assert "ix_order_owing" in plan
    assert "Sort" not in plan
