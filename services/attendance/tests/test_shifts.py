"""Leadership shifts: recorded by the firm, confirmed by another one, and a leader's month by the quarter of working days."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import insert

from attendance import leader_leaves, leader_rules, shift_lists, shifts
from attendance.models import Shift
from attendance.schemas.shifts import (
    LeaderMonthReply,
    ListShiftsReply,
    RecordLeaderLeaveRequest,
    RecordShiftRequest,
)
from attendance.verdicts import Standing, rule_of
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from chassis.schemas import read
from chassis.workdays import Calendar
from services.attendance.tests.factories import EIGHT, TODAY, Ground, agency, an_id, enterprise, track

SITE, LEADER, MANAGER = "长安广场", "总经理", "王建国"
CONTRACTOR, OWNER = enterprise(f"contractor of {SITE}"), enterprise(f"owner of {SITE}")
SUPERVISOR, STRANGER = enterprise(f"supervisor of {SITE}"), enterprise("别家")
DAY = timedelta(days=1)
LEADERS_RULE = rule_of("enterprise_leader", TODAY)


@pytest.fixture
def evening(ground: Ground) -> Ground:
    ground.clock.set(EIGHT + timedelta(hours=12))
    return ground


def record(ground: Ground, who: Any = CONTRACTOR, key: str | None = None, **changed: Any) -> Any:
    told = {
        "person_id": an_id(LEADER), "project_id": an_id(SITE), "leads_as": "enterprise_leader", "day": TODAY.isoformat(),
        "starts": "08:30", "ends": "11:30", "checked": "深基坑支护和临边防护", "found": "无", **changed,
    }  # fmt: skip
    return shifts.record_shift(ground.sessions, who, ground.clock, key=key, **read(RecordShiftRequest(), told))


def decide(ground: Ground, shift_id: str, who: Any = OWNER, confirms: bool = True, remark: str = "") -> Any:
    return shifts.decide_shift(ground.sessions, who, ground.clock, shift_id=shift_id, confirms=confirms, remark=remark)


def listed(ground: Ground, who: Any, **filters: Any) -> Any:
    asked = {"person_id": None, "project_id": None, "stage": None, "limit": 20, "after": None, **filters}
    return ListShiftsReply().dump(shift_lists.list_shifts(ground.sessions, who, **asked))


def month_of(ground: Ground, who: Any = CONTRACTOR, month: str = "2026-03") -> Any:
    told = shift_lists.get_leader_month(
        ground.sessions, who, ground.clock, Calendar(), person_id=an_id(LEADER), month=month
    )
    return LeaderMonthReply().dump(told)


def test_a_shift_counts_once_the_developer_or_the_supervising_firm_has_confirmed_it(evening: Ground) -> None:
    shift_id = record(evening)["shift_id"]
    assert (month_of(evening)["days"], month_of(evening)["waiting"]) == (0, 1)

    assert decide(evening, shift_id, SUPERVISOR)["stage"] == "confirmed"

    assert (month_of(evening)["days"], month_of(evening)["waiting"]) == (1, 0)
    assert decide(evening, shift_id)["stage"] == "confirmed"  # a repeat is the same answer
    with pytest.raises(Conflict, match="shift_decided"):
        decide(evening, shift_id, confirms=False, remark="当日不在现场")


def test_nobody_confirms_his_own_shift_nor_anothers_site(evening: Ground) -> None:
    shift_id = record(evening)["shift_id"]
    with pytest.raises(Forbidden):
        decide(evening, shift_id, CONTRACTOR)
    with pytest.raises(NotFound):
        decide(evening, shift_id, STRANGER)
    with pytest.raises(Forbidden):
        decide(evening, shift_id, agency())


def test_a_builder_that_is_its_own_developer_confirms_nothing_for_itself(evening: Ground) -> None:
    evening.project(name="自建楼", owner_id=an_id("甲"), contractor_id=an_id("甲"))
    shift_id = record(evening, enterprise("甲"), project_id=an_id("自建楼"))["shift_id"]
    with pytest.raises(Forbidden):
        decide(evening, shift_id, enterprise("甲"))
    assert decide(evening, shift_id, enterprise("supervisor of 自建楼"))["stage"] == "confirmed"


def test_one_returned_says_why_and_may_be_recorded_anew(evening: Ground) -> None:
    shift_id = record(evening)["shift_id"]
    with pytest.raises(Invalid):
        decide(evening, shift_id, confirms=False)

    decide(evening, shift_id, confirms=False, remark="当日上午不在现场")

    (item,) = listed(evening, CONTRACTOR)["items"]
    assert (item["stage"], item["remark"], item["decided_by"]) == (
        "returned",
        "当日上午不在现场",
        OWNER.organisation_name,
    )
    assert record(evening)["stage"] == "recorded"


def test_the_firm_withdraws_what_nobody_has_decided(evening: Ground) -> None:
    first, second = record(evening)["shift_id"], record(evening, starts="13:00", ends="15:00")["shift_id"]
    decide(evening, second)
    with pytest.raises(Forbidden):
        shifts.withdraw_shift(evening.sessions, OWNER, evening.clock, shift_id=first)

    told = shifts.withdraw_shift(evening.sessions, CONTRACTOR, evening.clock, shift_id=first)

    assert told["stage"] == "withdrawn"
    with pytest.raises(Conflict, match="shift_decided"):
        shifts.withdraw_shift(evening.sessions, CONTRACTOR, evening.clock, shift_id=second)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"day": (TODAY + DAY).isoformat()}, "day"),
        ({"day": (TODAY - 8 * DAY).isoformat()}, "day"),
        ({"starts": "11:00", "ends": "11:00"}, "ends"),
        ({"ends": "20:30"}, "ends"),  # it is 20:00
        ({"starts": "24:00"}, "starts"),
        ({"checked": "看"}, "checked"),
    ],
)
def test_days_to_come_days_long_past_and_hours_in_disorder_are_refused(
    evening: Ground, changed: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        record(evening, **changed)
    assert list(refused.value.fields) == [field]


def test_a_week_back_is_early_enough(evening: Ground) -> None:
    assert record(evening, day=(TODAY - 7 * DAY).isoformat())["stage"] == "recorded"


def test_only_the_builder_of_a_site_records_and_a_manager_has_to_be_the_sites_own(evening: Ground) -> None:
    for who in (OWNER, STRANGER):
        with pytest.raises(NotFound, match="project_unknown"):
            record(evening, who)
    with pytest.raises(Conflict, match="person_not_on_duty"):
        record(evening, leads_as="project_manager")
    assert record(evening, leads_as="project_manager", person_id=an_id(MANAGER))["stage"] == "recorded"


def test_nobody_leads_in_two_places_at_once(evening: Ground) -> None:
    evening.project(name="别处", contractor_id=CONTRACTOR.organisation_id)
    record(evening)
    with pytest.raises(Conflict, match="shift_overlaps"):
        record(evening, project_id=an_id("别处"), starts="11:00", ends="12:00")

    assert record(evening, project_id=an_id("别处"), starts="11:30", ends="12:00")["stage"] == "recorded"


def test_of_two_recorded_at_once_the_database_refuses_one(evening: Ground) -> None:
    """The other one is written and not committed yet: nobody can see it."""
    shift_id = record(evening)["shift_id"]
    with transaction(evening.sessions) as session:
        row = session.get_one(Shift, shift_id)
        same = {column.name: getattr(row, column.name) for column in Shift.__table__.columns}
        session.delete(row)
    found: list[str] = []

    def run() -> None:
        try:
            record(evening)
        except Refusal as refusal:
            found.append(refusal.code)

    second = threading.Thread(target=run)
    with transaction(evening.sessions) as session:
        session.execute(insert(Shift).values(same))
        second.start()
        until_somebody_waits(evening)
    second.join()

    assert found == ["shift_overlaps"]
    assert evening.count("shift") == 1


def until_somebody_waits(ground: Ground) -> None:
    waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        while connection.execute(waiting).fetchone() is None:
            pass


def test_the_same_request_again_records_once(evening: Ground) -> None:
    assert record(evening, key="one") == record(evening, key="one")
    assert evening.count("shift") == 1


def test_his_own_positions_of_those_hours_are_told_with_the_shift(evening: Ground) -> None:
    evening.ingest.handle([evening.letter(MANAGER, track(EIGHT, range(0, 120)))])
    record(evening, leads_as="project_manager", person_id=an_id(MANAGER), starts="09:00", ends="11:00")
    record(evening)  # of the leader there is no phone

    told = {each["person_id"]: each["inside_minutes"] for each in listed(evening, agency())["items"]}

    assert told == {an_id(MANAGER): 60, an_id(LEADER): None}


def test_shifts_are_read_by_those_of_the_site_page_by_page(evening: Ground) -> None:
    ids = [record(evening, starts=f"{hour:02d}:00", ends=f"{hour:02d}:50")["shift_id"] for hour in (8, 9, 10)]

    first = listed(evening, SUPERVISOR, limit=2)
    second = listed(evening, SUPERVISOR, limit=2, after=first["next"])

    assert first["total"] == 3 and second["next"] is None
    assert sorted(each["shift_id"] for each in first["items"] + second["items"]) == sorted(ids)
    assert [each["may_decide"] for each in first["items"]] == [True, True]
    assert listed(evening, CONTRACTOR)["items"][0]["may_withdraw"] is True
    assert listed(evening, STRANGER)["items"] == listed(evening, agency("13.1302.130202"))["items"] == []
    with pytest.raises(NotFound):
        month_of(evening, STRANGER)


def test_a_leaders_month_goes_over_all_his_sites_and_a_day_counts_once(evening: Ground) -> None:
    evening.project(name="外县", contractor_id=CONTRACTOR.organisation_id, area="13.1302.130202")
    for told in ({"starts": "08:30", "ends": "09:30"}, {"starts": "10:00", "ends": "11:00"}):
        decide(evening, record(evening, **told)["shift_id"])
    away = record(evening, project_id=an_id("外县"), day=(TODAY - DAY).isoformat())["shift_id"]
    decide(evening, away, enterprise("owner of 外县"))

    told = month_of(evening, agency())

    assert told["days"] == 2
    assert len(told["shifts"]) == 2  # those on the sites of its own area
    assert "25%" in told["clause"]


def test_working_days_of_a_year_without_a_notice_are_told_as_provisional(evening: Ground) -> None:
    record(evening)
    assert month_of(evening)["provisional"] is False
    assert month_of(evening, month="2031-03")["provisional"] is True


def leaders(led: int, waiting: int = 0, today: date = date(2026, 4, 30)) -> leader_rules.LeaderMonth:
    """March 2026 has 22 working days."""
    days = [date(2026, 3, 2) + n * DAY for n in range(31) if Calendar().is_workday(date(2026, 3, 2) + n * DAY)]
    return leader_rules.judge(
        days[:led], days[led : led + waiting], date(2026, 3, 1), today, Calendar().is_workday, LEADERS_RULE
    )


def test_a_leader_needs_a_quarter_of_the_months_working_days() -> None:
    short, met = leaders(5), leaders(6)
    assert (short.working_days, short.rate, short.standing) == (22, 22.7, Standing.SHORT)
    assert (met.rate, met.standing) == (27.3, Standing.MET)


def test_a_leaders_month_is_open_while_enough_waits_or_may_still_be_recorded() -> None:
    assert leaders(5, waiting=1).standing is Standing.OPEN
    assert leaders(0, today=date(2026, 3, 20)).standing is Standing.OPEN
    assert leaders(0, today=date(2026, 3, 31)).standing is Standing.OPEN  # six working days lie within the week
    assert leaders(0, today=date(2026, 4, 1)).standing is Standing.SHORT  # five


def away(ground: Ground, who: Any = CONTRACTOR, key: str | None = None, **changed: Any) -> Any:
    told = {"person_id": an_id(LEADER), "first": "2026-03-09", "last": "2026-03-20", "reason": "年休假", **changed}
    told = read(RecordLeaderLeaveRequest(), told)
    return leader_leaves.record_leave(ground.sessions, who, ground.clock, key=key, **told)


def test_days_of_leave_are_no_working_days_of_his_unless_he_led_on_them(evening: Ground) -> None:
    decide(evening, record(evening)["shift_id"])
    away(evening, first="2026-03-02", last="2026-03-02")
    leave = away(evening, key="one")
    assert away(evening, key="one") == leave  # a repeat is the same answer

    told = month_of(evening, agency())
    assert (told["working_days"], told["days"], told["rate"]) == (12, 1, 8.3)
    assert [(each["first"], each["may_withdraw"]) for each in told["leave"]] == [
        ("2026-03-02", False),
        ("2026-03-09", False),
    ]
    assert not told["may_record_leave"] and month_of(evening)["may_record_leave"]

    for _ in range(2):
        leader_leaves.withdraw_leave(evening.sessions, CONTRACTOR, evening.clock, **leave)
    assert month_of(evening)["working_days"] == 22


def test_a_leaders_leave_is_recorded_by_his_own_firm_in_time_and_once(evening: Ground) -> None:
    with pytest.raises(NotFound, match="person_unknown"):
        away(evening)  # nothing tells yet that he leads there
    record(evening)
    leave = away(evening)
    for who in (OWNER, SUPERVISOR):
        with pytest.raises(NotFound, match="person_unknown"):
            away(evening, who, first="2026-03-25", last="2026-03-25")
        with pytest.raises(NotFound, match="leave_unknown"):
            leader_leaves.withdraw_leave(evening.sessions, who, evening.clock, **leave)
    with pytest.raises(Forbidden):
        away(evening, agency())
    with pytest.raises(Conflict, match="leave_exists"):
        away(evening, first="2026-03-20", last="2026-03-21")
    for wrong in ({"first": "2026-02-20", "last": "2026-02-20"}, {"last": "2026-03-08"}, {"last": "2026-04-20"}):
        with pytest.raises(Invalid):
            away(evening, **wrong)


def test_the_hours_are_those_of_shanghai(evening: Ground) -> None:
    record(evening)
    with transaction(evening.sessions) as session:
        row = session.query(Shift).one()
        assert row.began_at == datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
