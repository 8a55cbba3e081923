"""Absences as they are read and explained, and months that can no longer be reached."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from attendance import alarms, corrections, jobs
from attendance.schemas.absences import ListAbsencesReply, SummariseReply
from chassis.errors import Conflict, Forbidden, NotFound, Refusal
from services.attendance.tests.factories import CHANGAN, EIGHT, OUTSIDE, Ground, agency, an_id, enterprise, track

SITE, MANAGER, CHIEF = "长安广场", "王建国", "总监"
CONTRACTOR, SUPERVISOR = enterprise(f"contractor of {SITE}"), enterprise(f"supervisor of {SITE}")
MARCH, DAY = date(2026, 3, 1), timedelta(days=1)


def absent(ground: Ground, *days: date, who: str = MANAGER) -> None:
    """Outside all day, on each of these; then the night after the last."""
    for day in days:
        six = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=2)
        ground.clock.set(six + timedelta(hours=16))
        ground.ingest.handle([ground.letter(who, track(six, range(0, 16 * 60, 5), OUTSIDE))])
    ground.clock.set(ground.clock() + timedelta(hours=3))
    jobs.reckon_months(ground.sessions, ground.clock)


def listed(ground: Ground, who: Any, **filters: Any) -> Any:
    asked = {"area": None, "project_id": None, "person_id": None, "day": None, "limit": 20, "after": None, **filters}
    return ListAbsencesReply().dump(alarms.list_absences(ground.sessions, who, ground.clock, **asked))


def explain(ground: Ground, absence_id: str, who: Any = CONTRACTOR, explanation: str = "参加上级安全会议") -> Any:
    return alarms.explain_absence(ground.sessions, who, ground.clock, absence_id=absence_id, explanation=explanation)


def test_absences_are_told_to_the_firms_of_the_site_and_to_the_agencies_above_it(ground: Ground) -> None:
    absent(ground, MARCH, MARCH + DAY)

    for who in (CONTRACTOR, SUPERVISOR, enterprise(f"owner of {SITE}"), agency(), agency("13")):
        assert {each["day"] for each in listed(ground, who)["items"]} == {"2026-03-01", "2026-03-02"}
    for who in (enterprise("别家"), agency("13.1302.130202")):
        assert listed(ground, who)["items"] == []
    assert listed(ground, agency(), day=MARCH)["total"] == 1
    assert listed(ground, agency("13"), area=CHANGAN)["total"] == 2
    assert listed(ground, agency("13"), area="13.1302")["total"] == 0
    assert listed(ground, agency(), person_id=an_id("别人"))["total"] == 0
    assert listed(ground, agency(), project_id=an_id(SITE))["total"] == 2


def test_the_latest_noticed_stand_first(ground: Ground) -> None:
    for n in range(3):
        absent(ground, MARCH + n * DAY)

    assert [each["day"][-2:] for each in listed(ground, agency())["items"]] == ["03", "02", "01"]


def test_absences_are_read_page_by_page(ground: Ground) -> None:
    absent(ground, MARCH, MARCH + DAY, MARCH + 2 * DAY)

    first = listed(ground, agency(), limit=2)
    second = listed(ground, agency(), limit=2, after=first["next"])

    assert (first["total"], second["total"], second["next"]) == (3, None, None)
    assert len({each["absence_id"] for each in first["items"] + second["items"]}) == 3


def test_the_firm_whose_man_it_is_explains_once(ground: Ground) -> None:
    ground.locked(CHIEF, role="chief_supervisor", since=EIGHT - 5 * DAY)
    absent(ground, MARCH)
    absent(ground, MARCH + DAY, who=CHIEF)
    of = {each["role"]: each for each in listed(ground, CONTRACTOR)["items"]}
    assert (of["project_manager"]["may_explain"], of["chief_supervisor"]["may_explain"]) == (True, False)
    with pytest.raises(Forbidden):
        explain(ground, of["chief_supervisor"]["absence_id"])
    explain(ground, of["chief_supervisor"]["absence_id"], SUPERVISOR)

    explain(ground, of["project_manager"]["absence_id"])

    explain(ground, of["project_manager"]["absence_id"])  # a repeat is the same answer
    with pytest.raises(Conflict, match="absence_explained"):
        explain(ground, of["project_manager"]["absence_id"], explanation="其实在外地出差")
    told = listed(ground, agency(), day=MARCH)["items"][0]
    assert (told["explanation"], told["explained_by"]) == ("参加上级安全会议", CONTRACTOR.organisation_name)
    assert ground.count("journal") == 2
    for who, refusal in ((agency(), Forbidden), (enterprise("别家"), NotFound)):
        with pytest.raises(refusal):
            explain(ground, of["project_manager"]["absence_id"], who)


def test_of_two_who_explain_at_once_one_is_heard(ground: Ground) -> None:
    absent(ground, MARCH)
    (item,) = listed(ground, CONTRACTOR)["items"]
    found: list[str] = []
    start = threading.Barrier(3)

    def run(n: int) -> None:
        start.wait()
        try:
            explain(ground, item["absence_id"], explanation=f"第 {n} 种说法")
            found.append("explained")
        except Refusal as refusal:
            found.append(refusal.code)

    threads = [threading.Thread(target=run, args=[n]) for n in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(found) == ["absence_explained", "absence_explained", "explained"]


def test_an_absence_that_is_none_any_more_is_lifted_and_stays_on_record(ground: Ground) -> None:
    absent(ground, MARCH)
    told = corrections.correct_day(
        ground.sessions, agency(), ground.clock, key=None, person_id=an_id(MANAGER), project_id=an_id(SITE), day=MARCH,
        verdict="present", reason="手机遗忘在车内", document="监督记录3号",
    )  # fmt: skip

    (item,) = listed(ground, agency())["items"]
    assert item["lifted_at"] is not None
    assert summary(ground)["absent"] == 0

    corrections.withdraw_correction(
        ground.sessions, agency(), ground.clock, correction_id=told["correction_id"], reason="登记时看错日期"
    )
    assert listed(ground, agency())["items"][0]["lifted_at"] is None
    assert ground.count("outbox") == 1  # it was told once


def test_an_absence_of_a_former_duty_is_not_lifted_by_the_one_that_follows(ground: Ground) -> None:
    absent(ground, MARCH)
    ground.unlocked(MANAGER, at=EIGHT + DAY)
    ground.locked(MANAGER, since=EIGHT + 2 * DAY, application="second")

    ground.clock.set(datetime(2026, 3, 6, 17, tzinfo=UTC))
    jobs.reckon_months(ground.sessions, ground.clock)

    assert [each["lifted_at"] for each in listed(ground, agency())["items"]] == [None]


def test_a_month_that_can_no_longer_be_reached_is_told_with_the_list(ground: Ground) -> None:
    absent(ground, *(MARCH + n * DAY for n in range(6)))
    assert listed(ground, agency())["short"] == []

    absent(ground, MARCH + 6 * DAY)

    told = listed(ground, agency())
    (short,) = told["short"]
    assert (short["person_id"], short["valid"], short["denominator"], short["required"]) == (an_id(MANAGER), 0, 7, 80)
    assert told["short_total"] == 1
    assert listed(ground, agency("13.1302.130202"))["short"] == []


def summary(ground: Ground, who: Any = None) -> Any:
    return SummariseReply().dump(alarms.summarise(ground.sessions, who or agency(), ground.clock))


def test_the_home_page_counts_yesterdays_absences_of_the_area(ground: Ground) -> None:
    absent(ground, MARCH, MARCH + DAY)

    assert summary(ground) == {"day": "2026-03-02", "absent": 1, "short": 0}
    assert summary(ground, agency("13.1302.130202"))["absent"] == 0
