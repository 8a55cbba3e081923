"""Provisional deadlines are counted anew by the calendar of the day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from chassis.clock import end_of
from chassis.workdays import Calendar
from filing.jobs import count_deadlines_anew
from services.filing.tests import forms
from services.filing.tests.factories import CONTRACTOR, INSTALLER, LESSOR, Stage, id_of, officer

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


def test_a_signature_asked_for_past_the_calendar_is_due_by_the_notice_too(stage: Stage) -> None:
    stage.desk.clock.set(datetime(2026, 12, 31, 1, 0, tzinfo=UTC))  # type: ignore[attr-defined]
    form = forms.install_notice(planned_start="2027-01-25", planned_finish="2027-01-29")
    circulating = stage.submit(stage.draft(form=form))
    first, _ = stage.look(circulating, INSTALLER)["countersignatures"]
    assert (first["due_at"], first["due_provisional"]) == (end_of(date(2027, 1, 5)).isoformat(), True)
    signed = stage.sign(circulating, CONTRACTOR)
    longer = {date(2027, 1, 1) + timedelta(days=n): n > 4 for n in range(15)}  # off until the fifth

    assert count_deadlines_anew(replace(stage.desk, calendar=Calendar(longer))) == 1

    dues = {each["role"]: each for each in stage.look(signed, INSTALLER)["countersignatures"]}
    assert dues["contractor"]["due_at"] == first["due_at"]  # it has signed: what was asked of it stays as it was
    assert (dues["supervisor"]["due_at"], dues["supervisor"]["due_provisional"]) == (
        end_of(date(2027, 1, 7)).isoformat(),
        False,
    )


def test_many_are_counted_batch_by_batch(stage: Stage) -> None:
    stage.desk.clock.set(datetime(2026, 12, 31, 1, 0, tzinfo=UTC))  # type: ignore[attr-defined]
    for number in range(3):
        form = forms.install_notice(
            machine_id=id_of("machine", str(number)), planned_start="2027-01-25", planned_finish="2027-01-29"
        )
        stage.submit(stage.draft(form=form))

    assert count_deadlines_anew(replace(stage.desk, calendar=Calendar(NEW_YEAR)), at_once=2) == 6
