"""The rows of months: written every night by the same rule as the page, whatever was broken off before."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from attendance import days, jobs, month_rows
from attendance.models import DutyMonth
from attendance.schemas.months import MonthReply
from chassis.database import transaction
from services.attendance.tests.factories import EIGHT, INSIDE, OUTSIDE, Ground, agency, an_id, track

MANAGER = "王建国"
MARCH = date(2026, 3, 1)
DAY = timedelta(days=1)


def rows(ground: Ground) -> list[DutyMonth]:
    with transaction(ground.sessions) as session:
        return list(session.scalars(select(DutyMonth).order_by(DutyMonth.month, DutyMonth.person, DutyMonth.role)))


def there(ground: Ground, day: date, who: str = MANAGER, place: Any = INSIDE) -> None:
    """His whole working day, told in the evening."""
    six = datetime(day.year, day.month, day.day, tzinfo=EIGHT.tzinfo) - timedelta(hours=2)
    ground.clock.set(six + timedelta(hours=16))
    ground.ingest.handle([ground.letter(who, track(six, range(0, 16 * 60, 5), place))])


def night_after(ground: Ground, day: date) -> None:
    """01:00 of the next day."""
    ground.clock.set(datetime(day.year, day.month, day.day, 17, tzinfo=EIGHT.tzinfo))


def test_the_night_writes_what_the_page_says(ground: Ground) -> None:
    there(ground, MARCH)
    there(ground, MARCH + DAY, place=OUTSIDE)
    night_after(ground, MARCH + 2 * DAY)

    jobs.reckon_months(ground.sessions, ground.clock)

    (row,) = [each for each in rows(ground) if each.month == MARCH]
    assert (row.through, row.revision, row.closed_at) == (MARCH + 2 * DAY, 1, None)
    assert (row.valid, row.undecided, row.denominator, row.required, row.excluded) == (1, 1, 3, 80, {})
    ground.clock.set(ground.clock() - timedelta(hours=3))  # on the page, the same evening
    told = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id(MANAGER), month="2026-03")
    (duty,) = MonthReply().dump(told)["duties"]
    for name in ("valid", "undecided", "denominator", "rate", "highest_rate", "required", "standing"):
        assert getattr(row, name) == duty[name]


def test_a_row_is_reckoned_once_a_night_and_anew_the_next_one(ground: Ground) -> None:
    night_after(ground, MARCH)
    assert month_rows.reckon_some(ground.sessions, ground.clock, MARCH) == 1
    assert month_rows.reckon_some(ground.sessions, ground.clock, MARCH) == 0

    there(ground, MARCH + DAY)
    night_after(ground, MARCH + DAY)
    assert month_rows.reckon_some(ground.sessions, ground.clock, MARCH) == 1

    (row,) = rows(ground)
    assert (row.valid, row.denominator, row.excluded) == (1, 2, {})


def test_what_was_broken_off_is_gone_on_with(ground: Ground) -> None:
    for n in range(5):
        ground.locked(f"安全员{n}", role="safety_officer", since=EIGHT - 3 * DAY)
    night_after(ground, MARCH + DAY)

    assert month_rows.reckon_some(ground.sessions, ground.clock, MARCH, at_once=4) == 4
    assert month_rows.reckon_some(ground.sessions, ground.clock, MARCH, at_once=4) == 2
    assert month_rows.reckon_some(ground.sessions, ground.clock, MARCH, at_once=4) == 0
    assert len(rows(ground)) == 6


def test_two_duties_of_one_person_in_one_role_on_a_site_have_a_row_each(ground: Ground) -> None:
    ground.unlocked(MANAGER, at=EIGHT + DAY)
    ground.locked(MANAGER, since=EIGHT + 3 * DAY, application="second")
    night_after(ground, MARCH + 5 * DAY)

    jobs.reckon_months(ground.sessions, ground.clock)

    found = [each for each in rows(ground) if each.month == MARCH]
    # On duty the 1st and 2nd (of the 3rd until eight in the morning: too short to count), and the 5th and 6th.
    assert sorted((each.denominator, each.excluded["not_on_duty"]) for each in found) == [(2, 4), (2, 4)]


def test_operators_of_machines_and_duties_to_come_have_no_row(ground: Ground) -> None:
    ground.locked("司机", role="driver", since=EIGHT - 3 * DAY)
    ground.locked("李海", role="safety_officer", since=EIGHT + 9 * DAY)
    night_after(ground, MARCH + DAY)

    month_rows.reckon_some(ground.sessions, ground.clock, MARCH)

    assert [each.role for each in rows(ground)] == ["project_manager"]


@pytest.mark.parametrize(("away", "standing"), [(6, "open"), (7, "short")])
def test_a_month_is_short_from_the_day_on_which_it_can_no_longer_be_reached(
    ground: Ground, away: int, standing: str
) -> None:
    """31 days, of which 80 % are 24.8: six may be missed, not seven."""
    for n in range(away):
        there(ground, MARCH + n * DAY, place=OUTSIDE)
    night_after(ground, MARCH + away * DAY)

    month_rows.reckon_some(ground.sessions, ground.clock, MARCH)

    assert [each.standing for each in rows(ground)] == [standing]
