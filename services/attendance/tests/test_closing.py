"""Months closed with grace, what stands then, reopened by name, corrected by entries."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from attendance import closing, corrections, days, jobs, leaves, month_rows, reckoning, reopening
from attendance.models import Absence, DutyMonth, DutyMonthRevision, Site, SiteMonth
from attendance.published import AbsenceNoticed, MonthClosed
from attendance.schemas.months import MonthReply
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from chassis.outbox import OutboxRow
from chassis.schemas import read
from services.attendance.tests.factories import (
    CHANGAN,
    EIGHT,
    INSIDE,
    OUTSIDE,
    Ground,
    agency,
    an_id,
    enterprise,
    track,
)

MANAGER, SITE = "王建国", "长安广场"
MARCH = date(2026, 3, 1)
DAY = timedelta(days=1)
APPROVER, REVIEWER, INSPECTOR = agency(), agency(CHANGAN, "reviewer"), agency(CHANGAN, "inspector")


def night(ground: Ground, day: date) -> None:
    """01:00 of that day, and what the scheduler does then."""
    ground.clock.set(datetime(day.year, day.month, day.day, 17, tzinfo=UTC) - DAY)
    jobs.reckon_months(ground.sessions, ground.clock)
    jobs.close_months(ground.sessions, ground.clock)


def there(ground: Ground, day: date, place: Any = INSIDE, arrives: datetime | None = None) -> None:
    """His whole working day, told when it `arrives`, else in the evening."""
    six = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
    ground.clock.set(arrives or six + timedelta(hours=16))
    ground.ingest.handle([ground.letter(MANAGER, track(six, range(0, 16 * 60, 5), place))])


def month_of(ground: Ground, who: Any = APPROVER) -> Any:
    told = days.get_month(ground.sessions, who, ground.clock, person_id=an_id(MANAGER), month="2026-03")
    (duty,) = MonthReply().dump(told)["duties"]
    return duty


def events(ground: Ground, kind: str) -> list[Any]:
    with transaction(ground.sessions) as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.type == kind).order_by(OutboxRow.position))
        return [row.body["data"] for row in rows]


def march_closed(ground: Ground) -> list[Any]:
    """He is on duty since January: that month and February are closed as well."""
    return [each for each in events(ground, "month_closed") if each["month"] == "2026-03"]


def closed(ground: Ground) -> None:
    """March, with one day there, closed after the tenth of April."""
    there(ground, MARCH + DAY)
    night(ground, date(2026, 4, 11))


def reopen(ground: Ground, who: Any = APPROVER, key: str | None = None) -> Any:
    return reopening.reopen_month(
        ground.sessions, who, ground.clock, key=key, project_id=an_id(SITE), month="2026-03", reason="门禁记录补录"
    )


def correct(ground: Ground, day: date = MARCH, verdict: str = "present", who: Any = REVIEWER, **changed: Any) -> Any:
    told = {
        "person_id": an_id(MANAGER), "project_id": an_id(SITE), "day": day, "verdict": verdict,
        "reason": "手机故障，现场监督员确认在岗", "document": "现场检查记录〔2026〕15号", "key": None, **changed,
    }  # fmt: skip
    return corrections.correct_day(ground.sessions, who, ground.clock, **told)


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """What each of the acts came to: its reply or its refusal's code."""
    found: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(n: int) -> None:
        start.wait()
        try:
            found[n] = acts[n]()
        except Refusal as refusal:
            found[n] = refusal.code

    threads = [threading.Thread(target=run, args=[n]) for n in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def test_a_month_is_closed_when_its_grace_is_over_and_not_before(ground: Ground) -> None:
    there(ground, MARCH + DAY)
    night(ground, date(2026, 4, 10))
    assert (month_of(ground)["closed_at"], month_of(ground)["closes_on"]) == (None, "2026-04-10")
    assert march_closed(ground) == []

    night(ground, date(2026, 4, 11))

    told = month_of(ground)
    assert told["closed_at"] is not None and told["revision"] == 1
    assert (told["valid"], told["undecided"], told["denominator"], told["standing"]) == (1, 30, 31, "open")
    (event,) = march_closed(ground)
    assert read(MonthClosed(), event)
    assert (event["project_id"], event["month"], event["people"], event["short"]) == (an_id(SITE), "2026-03", 1, 0)


def test_what_arrives_in_the_grace_counts_and_what_arrives_later_is_told_beside_the_closed_figures(
    ground: Ground,
) -> None:
    there(ground, MARCH + 30 * DAY, arrives=datetime(2026, 4, 9, tzinfo=UTC))
    night(ground, date(2026, 4, 11))
    assert (month_of(ground)["valid"], month_of(ground)["now"]) == (1, None)

    there(ground, MARCH + 29 * DAY, arrives=datetime(2026, 4, 20, tzinfo=UTC))

    told = month_of(ground)
    assert (told["valid"], told["days"][29]["verdict"]) == (1, "unknown")
    assert (told["now"]["valid"], told["now"]["undecided"]) == (2, 29)
    night(ground, date(2026, 4, 21))
    assert month_of(ground)["valid"] == 1


def test_a_closed_month_is_explained_by_its_record_when_the_minutes_are_gone(ground: Ground) -> None:
    closed(ground)
    before = month_of(ground)
    with transaction(ground.sessions) as session:
        session.execute(text("delete from presence"))

    told = month_of(ground)

    assert told["days"] == before["days"] and told["rule"] == before["rule"]
    assert told["days"][1]["reasons"][0]["code"] == "span_measured"
    assert told["now"]["valid"] == 0


def test_closing_is_done_once_whoever_else_runs(ground: Ground) -> None:
    there(ground, MARCH + DAY)
    ground.clock.set(datetime(2026, 4, 11, 1, tzinfo=UTC))

    at_once([lambda: closing.close_due(ground.sessions, ground.clock)] * 4)

    assert len(march_closed(ground)) == 1
    assert ground.count("site_month") == len(events(ground, "month_closed"))
    assert closing.close_due(ground.sessions, ground.clock) == 0


def test_a_month_reopened_by_an_approver_is_reckoned_anew_and_closes_again_as_the_next_revision(ground: Ground) -> None:
    closed(ground)
    there(ground, MARCH + 29 * DAY, arrives=datetime(2026, 4, 20, tzinfo=UTC))

    reply = reopen(ground)

    assert (reply["revision"], reply["closes_on"]) == (2, "2026-04-30")
    told = month_of(ground)
    assert (told["closed_at"], told["valid"], told["revision"], told["now"]) == (None, 2, 2, None)
    (earlier,) = told["earlier"]
    assert (earlier["revision"], earlier["valid"], earlier["reason"]) == (1, 1, "门禁记录补录")
    assert earlier["reopened_by"] == "监督站 监督员" and earlier["closed_at"] is not None

    night(ground, date(2026, 4, 30))
    assert month_of(ground)["closed_at"] is None
    night(ground, date(2026, 5, 1))
    assert month_of(ground)["closed_at"] is not None
    assert [(each["revision"], each["people"]) for each in march_closed(ground)] == [(1, 1), (2, 1)]
    with transaction(ground.sessions) as session:
        assert len(session.scalars(select(DutyMonthRevision)).all()) == 1
        rows = session.scalars(select(DutyMonth).where(DutyMonth.month == MARCH)).all()
        assert [(row.revision, row.valid) for row in rows] == [(2, 2)]


def test_a_scheduler_that_comes_late_does_not_close_what_was_reopened_since(ground: Ground) -> None:
    closed(ground)
    reopen(ground)
    with transaction(ground.sessions) as session:
        number = session.scalars(select(Site.number)).one()

    closing.close_site(ground.sessions, ground.clock, number, MARCH)

    assert month_of(ground)["closed_at"] is None


def test_reopening_is_for_approvers_who_see_the_site_and_only_of_a_closed_month(ground: Ground) -> None:
    with pytest.raises(Conflict, match="month_not_closed"):
        reopen(ground)
    closed(ground)
    for who in (REVIEWER, enterprise(f"contractor of {SITE}")):
        with pytest.raises(Forbidden):
            reopen(ground, who)
    with pytest.raises(NotFound):
        reopen(ground, agency("13.1302.130202"))

    assert reopen(ground, key="one") == reopen(ground, key="one")
    assert ground.count("journal") == 1


def test_of_two_who_reopen_at_once_one_does(ground: Ground) -> None:
    closed(ground)

    found = at_once([lambda: reopen(ground)] * 3)

    assert sorted(str(each) for each in found if isinstance(each, str)) == ["month_not_closed"] * 2
    with transaction(ground.sessions) as session:
        assert session.scalars(select(SiteMonth.revision).where(SiteMonth.month == MARCH)).all() == [1, 2]


def test_T19_a_correction_is_an_entry_that_changes_the_verdict_and_is_told_with_it(ground: Ground) -> None:
    there(ground, MARCH, OUTSIDE)
    night(ground, MARCH + DAY)
    assert month_of(ground)["days"][0]["verdict"] == "absent"

    correct(ground)

    told = month_of(ground)
    assert (told["days"][0]["verdict"], told["valid"]) == ("present", 1)
    reason = told["days"][0]["reasons"][0]
    assert (reason["code"], reason["told"]["instead_of"]) == ("corrected", "absent")
    assert told["days"][0]["reasons"][1]["code"] == "span_measured"  # what was measured stays
    assert [each["document"] for each in told["corrections"]] == ["现场检查记录〔2026〕15号"]
    with transaction(ground.sessions) as session:
        row = session.scalars(select(DutyMonth).where(DutyMonth.month == MARCH)).one()
        assert (row.valid, row.denominator) == (1, 1)  # the figures tell it at once


def test_of_several_corrections_the_latest_counts_and_a_withdrawn_one_does_not(ground: Ground) -> None:
    first = correct(ground, verdict="present")["correction_id"]
    second = correct(ground, verdict="excluded")["correction_id"]
    assert month_of(ground)["excluded"] == [{"day": "2026-03-01", "reason": "corrected"}]

    withdraw(ground, second)
    assert month_of(ground)["days"][0]["verdict"] == "present"
    withdraw(ground, first)

    told = month_of(ground)
    assert told["days"][0]["verdict"] == "unknown"
    assert [each["correction_id"] for each in told["corrections"]] == [first, second]
    assert [each["withdrawn_because"] for each in told["corrections"]] == ["登记时看错日期"] * 2
    with pytest.raises(Conflict, match="correction_withdrawn"):
        withdraw(ground, first)


def withdraw(ground: Ground, correction_id: str, who: Any = REVIEWER) -> Any:
    return corrections.withdraw_correction(
        ground.sessions, who, ground.clock, correction_id=correction_id, reason="登记时看错日期"
    )


def test_a_correction_is_of_the_duty_he_had_that_day(ground: Ground) -> None:
    ground.unlocked(MANAGER, at=EIGHT)
    ground.locked(MANAGER, since=EIGHT + 2 * DAY, application="second")
    night(ground, MARCH + 5 * DAY)

    correct(ground)

    told = days.get_month(ground.sessions, APPROVER, ground.clock, person_id=an_id(MANAGER), month="2026-03")
    assert [duty["days"][0]["verdict"] for duty in told["duties"]] == ["present", "excluded"]


def test_nothing_is_corrected_in_a_closed_month_until_it_is_reopened(ground: Ground) -> None:
    earlier = correct(ground)["correction_id"]
    closed(ground)
    for act in (lambda: correct(ground), lambda: withdraw(ground, earlier)):
        with pytest.raises(Conflict, match="month_closed"):
            act()

    reopen(ground)
    correct(ground, day=MARCH + 2 * DAY, verdict="leave")

    assert month_of(ground)["days"][2]["verdict"] == "leave"


def test_nothing_is_corrected_when_the_grace_is_over_though_no_scheduler_came(ground: Ground) -> None:
    ground.clock.set(datetime(2026, 4, 10, 17, tzinfo=UTC))
    with pytest.raises(Conflict, match="month_closed"):
        correct(ground)


def test_a_correction_on_the_first_of_a_month_is_told_by_the_page_before_any_figure(ground: Ground) -> None:
    ground.clock.set(datetime(2026, 3, 1, 4, tzinfo=UTC))

    correct(ground)

    assert [each["verdict"] for each in month_of(ground)["days"]] == ["present"]
    assert ground.count("duty_month") == 0


def test_a_month_to_come_has_no_days_yet(ground: Ground) -> None:
    told = days.get_month(ground.sessions, APPROVER, ground.clock, person_id=an_id(MANAGER), month="2026-05")
    (duty,) = told["duties"]
    assert (duty["days"], duty["denominator"], duty["standing"]) == ([], 0, "open")


def test_corrections_are_for_officers_of_the_area_and_days_on_duty(ground: Ground) -> None:
    for who in (INSPECTOR, enterprise(f"contractor of {SITE}")):
        with pytest.raises(Forbidden):
            correct(ground, who=who)
    with pytest.raises(NotFound):
        correct(ground, who=agency("13.1302.130202", "approver"))
    with pytest.raises(NotFound, match="person_unknown"):
        correct(ground, person_id=an_id("别人"))
    with pytest.raises(Invalid):
        correct(ground, day=MARCH + 9 * DAY)
    assert correct(ground, key="one") == correct(ground, key="one")
    assert ground.count("correction") == 1


def test_a_night_that_read_before_a_correction_does_not_write_over_it(ground: Ground) -> None:
    """Neither the figures, nor the absence that the correction has lifted."""
    there(ground, MARCH, OUTSIDE)
    night(ground, MARCH + DAY)
    with transaction(ground.sessions) as session:
        last, now = MARCH, ground.clock()
        site = session.scalars(select(Site)).one()
        read_before = reckoning.reckon(session, month_rows.of_site(session, site, MARCH, last), MARCH, last)
        ground.clock.advance(timedelta(seconds=1))
        correct(ground)
        month_rows.write(session, read_before, MARCH, last, now)

    with transaction(ground.sessions) as session:
        assert [row.valid for row in session.scalars(select(DutyMonth).where(DutyMonth.month == MARCH))] == [1]
        assert [row.lifted_at is not None for row in session.scalars(select(Absence))] == [True]


def test_leave_granted_after_the_closing_does_not_change_what_stands(ground: Ground) -> None:
    there(ground, MARCH + 30 * DAY, OUTSIDE)
    ground.locked("李海", role="technical_lead")
    ground.clock.set(datetime(2026, 4, 5, tzinfo=UTC))
    asked = leaves.ask(
        ground.sessions, enterprise(f"contractor of {SITE}"), ground.clock, key=None, person_id=an_id(MANAGER),
        project_id=an_id(SITE), first=MARCH + 30 * DAY, last=MARCH + 30 * DAY, reason="就医", deputy_id=an_id("李海"),
    )  # fmt: skip
    night(ground, date(2026, 4, 11))
    leaves.decide(
        ground.sessions,
        enterprise(f"owner of {SITE}"),
        ground.clock,
        leave_id=asked["leave_id"],
        approves=True,
        opinion="",
    )

    told = month_of(ground)

    assert told["days"][30]["verdict"] == "absent" and told["denominator"] == 31
    assert told["now"]["denominator"] == 30


def test_an_absence_is_noticed_once_when_the_day_is_over(ground: Ground) -> None:
    there(ground, MARCH + DAY, OUTSIDE)
    jobs.reckon_months(ground.sessions, ground.clock)
    assert events(ground, "absence_noticed") == []  # the day is not over

    ground.clock.set(datetime(2026, 3, 2, 17, tzinfo=UTC))
    at_once([lambda: month_rows.reckon_some(ground.sessions, ground.clock, MARCH)] * 3)
    night(ground, MARCH + 3 * DAY)

    (event,) = events(ground, "absence_noticed")
    assert read(AbsenceNoticed(), event)
    assert (event["person_id"], event["day"], event["role"]) == (an_id(MANAGER), "2026-03-02", "project_manager")
    assert ground.count("absence") == 1  # and none for the days without a position
