"""Provisional deadlines are counted anew by the calendar of the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chassis.clock import end_of
from chassis.workdays import Calendar
from filing.jobs import count_deadlines_anew
from services.filing.tests import forms
from services.filing.tests.factories import LESSOR, Stage, officer

NEW_YEAR = {date(2027, 1, 1) + timedelta(days=n): n > 2 for n in range(15)}  # an imagined notice: off until the third


def test_a_deadline_past_the_calendar_is_provisional_until_the_notice_is_entered(stage: Stage) -> None:
    stage.desk.clock.set(datetime(2026, 12, 28, 1, 0, tzinfo=UTC))  # type: ignore[attr-defined]
    filing = stage.submit(stage.draft(LESSOR, "machine_filing", forms.machine_filing()), LESSOR)
    assert filing["due_provisional"]
    assert filing["due_at"] == end_of(date(2027, 1, 7)).isoformat()
    assert count_deadlines_anew(stage.desk) == 0

    informed = replace(stage.desk, calendar=Calendar(NEW_YEAR))

    assert count_deadlines_anew(informed) == 1
    page = stage.look(filing, officer())
    assert (page["due_provisional"], page["due_at"]) == (False, end_of(date(2027, 1, 7)).isoformat())
    assert page["version"] == filing["version"]
