"""What a person reads of his month, and an agency of its area: by whom it may be read, and what it says."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from attendance import board, days, hearing, rest_days, site_days
from attendance.heard import WorksHeard
from attendance.schemas.board import BoardReply
from attendance.schemas.months import MonthReply
from attendance.schemas.sites import SiteDayReply
from chassis.database import transaction
from chassis.errors import Forbidden, NotFound
from chassis.schemas import read as load
from services.attendance.tests.factories import CHANGAN, EIGHT, OUTSIDE, Ground, agency, an_id, enterprise, track

MANAGER = "王建国"
BUILDER = enterprise("contractor of 长安广场")
WHOLE_DAY = range(0, 9 * 60, 5)


def month_of(ground: Ground, who: Any = None, month: str = "2026-03") -> Any:
    told = days.get_month(ground.sessions, who or agency(), ground.clock, person_id=an_id(MANAGER), month=month)
    (duty,) = MonthReply().dump(told)["duties"]
    return duty


def evening(ground: Ground) -> None:
    ground.clock.set(EIGHT + timedelta(hours=14))


def test_T18_a_day_from_eight_to_noon_is_valid_and_told_with_its_reasons(ground: Ground) -> None:
    evening(ground)
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(0, 241, 10)))])

    duty = month_of(ground)

    first, second = duty["days"]
    assert (first["day"], first["verdict"], first["reasons"][0]["code"]) == ("2026-03-01", "unknown", "no_positions")
    assert (second["verdict"], second["first_in"], second["last_out"]) == ("present", 480, 720)
    assert second["least_minutes"] <= 241 <= second["most_minutes"]
    assert (duty["valid"], duty["undecided"], duty["denominator"], duty["rate"]) == (1, 1, 2, 50.0)
    assert (duty["standing"], duty["required"], duty["rule"]["document"]) == ("open", 80, "建质〔2011〕111号")


def test_a_day_that_is_not_over_may_be_valid_already_and_is_not_absent_yet(ground: Ground) -> None:
    ground.clock.set(EIGHT + timedelta(hours=2))
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(0, 121, 10)))])
    today = month_of(ground)["days"][1]
    assert (today["verdict"], today["reasons"][0]["code"]) == ("unknown", "not_over")
    assert not any(each["told"].get("end", 0) > 600 for each in today["reasons"])  # no gap lies ahead

    ground.clock.set(EIGHT + timedelta(hours=5))
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(130, 301, 10), first=20))])
    assert month_of(ground)["days"][1]["verdict"] == "present"


def test_who_was_elsewhere_all_day_is_absent(ground: Ground) -> None:
    evening(ground)
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT - timedelta(hours=2), range(0, 16 * 60, 5), OUTSIDE))])

    assert month_of(ground)["days"][1]["verdict"] == "absent"


def test_T19_days_of_a_stoppage_leave_the_denominator(ground: Ground) -> None:
    ground.project("suspended", version=2, stage="suspended", suspended={"since": "2026-03-01"})
    evening(ground)

    duty = month_of(ground)

    assert duty["denominator"] == 0 and duty["rate"] is None and duty["standing"] == "nothing_due"
    assert {each["reason"] for each in duty["excluded"]} == {"stoppage"}


def test_T19_a_stoppage_lasts_to_the_day_of_the_resumption_and_is_known_though_its_event_came_too_late(
    ground: Ground,
) -> None:
    stopped = {"since": "2026-02-26", "until": "2026-02-28"}
    ground.project("resumed", version=3, stoppages=[stopped])
    ground.project("suspended", version=2, stage="suspended", suspended={"since": "2026-02-26"})
    evening(ground)

    excluded = month_of(ground, month="2026-02")["excluded"]
    assert [each["day"] for each in excluded] == ["2026-02-26", "2026-02-27"]


def test_nobody_owes_a_day_of_which_less_than_a_valid_one_was_left_when_his_duty_began_or_ended(ground: Ground) -> None:
    evening_before, nine = EIGHT - timedelta(hours=13), EIGHT + timedelta(hours=1)
    ground.locked("李海", role="safety_officer", since=evening_before)
    ground.unlocked("李海", role="safety_officer", at=nine)
    evening(ground)

    told = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id("李海"), month="2026-03")
    (duty,) = MonthReply().dump(told)["duties"]
    assert [(each["day"][-2:], each["reason"]) for each in duty["excluded"]] == [
        ("01", "not_on_duty"),
        ("02", "not_on_duty"),
    ]


def test_works_end_with_their_acceptance(ground: Ground) -> None:
    ground.project("changed", version=2, works_accepted_on="2026-03-01")
    evening(ground)

    assert [each["reason"] for each in month_of(ground)["excluded"]] == ["after_acceptance"]


def test_T34_a_month_is_read_by_the_agency_of_the_site_and_the_firms_that_build_it(ground: Ground) -> None:
    assert month_of(ground, enterprise("contractor of 长安广场"))["role"] == "project_manager"
    for stranger in (enterprise("别家"), agency("13.1302.130202")):
        with pytest.raises(NotFound):
            month_of(ground, stranger)


def test_the_board_tells_who_is_due_who_is_there_and_who_was_never_seen(ground: Ground) -> None:
    ground.locked("李海", role="safety_officer", since=EIGHT - timedelta(days=9))
    ground.locked("司机", role="driver", since=EIGHT - timedelta(days=9))
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(0, 120, 5)))])
    ground.clock.set(EIGHT + timedelta(hours=2))

    told = read(ground, agency("13"))

    assert [
        (each["place"], each["sites"], each["due"], each["there"], each["never_seen"]) for each in told["places"]
    ] == [("13.1301", 1, 2, 1, 1)]
    (site,) = read(ground, agency(CHANGAN))["sites"]
    assert (site["project_name"], site["due"], site["there"]) == ("长安广场", 2, 1)
    people = read(ground, agency(CHANGAN), project_id=an_id("长安广场"))["people"]
    assert {each["role"]: each["last_inside_at"] is not None for each in people} == {
        "project_manager": True, "safety_officer": False,
    }  # fmt: skip


def rests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str) -> None:
    notice = tmp_path / f"{place}.toml"
    notice.write_text(
        f'[[rest]]\nplace = "{place}"\nfirst = 2026-03-01\nlast = 2026-03-02\ndocument = "石建安〔2026〕1号"\n'
    )
    monkeypatch.setattr(rest_days, "DATA", notice)


def test_days_of_rest_by_an_agencys_notice_leave_the_denominator_of_its_area(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    evening(ground)
    rests(monkeypatch, tmp_path, "13.13")  # not the beginning of this one's path
    assert month_of(ground)["excluded"] == []

    rests(monkeypatch, tmp_path, "13.1301")

    duty = month_of(ground)
    assert [(each["day"][-2:], each["reason"]) for each in duty["excluded"]] == [("01", "rest"), ("02", "rest")]
    assert duty["days"][0]["reasons"] == [{"code": "rest", "told": {"document": "石建安〔2026〕1号"}}]


@pytest.mark.parametrize("why", ["leave", "stoppage", "rest", "before_start", "after_acceptance"])
def test_who_need_not_be_there_today_is_missed_by_nobody(
    ground: Ground, why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ground.locked("李海", role="safety_officer", since=EIGHT - timedelta(days=9))
    if why == "rest":
        rests(monkeypatch, tmp_path, CHANGAN)
    else:
        excuse(ground, why)

    left = {"leave": 1}.get(why, 0)
    (due,) = [each["due"] for each in read(ground, agency("13"))["places"]] or [0]
    firms = site_days.list_sites(ground.sessions, BUILDER, ground.clock, limit=20, after=None)["items"]
    assert (due, sum(each["due"] for each in firms)) == (left, left)
    told = site_days.get_site_day(ground.sessions, BUILDER, ground.clock, project_id=an_id("长安广场"), day=None)
    people = {each["role"]: each["excused"] for each in SiteDayReply().dump(told)["people"]}
    assert people == {"project_manager": why, "safety_officer": None if why == "leave" else why}


def excuse(ground: Ground, why: str) -> None:
    changed = {"before_start": {"starts_on": "2026-03-03"}, "after_acceptance": {"works_accepted_on": "2026-03-01"}}
    if why in changed:
        ground.project("changed", version=2, **changed[why])
    elif why == "stoppage":
        told = {"order_id": an_id("order"), "number": "停1号", "project_id": an_id("长安广场"), "whole": "whole"}
        hearing.work_stopped(ground.sessions, ground._event("work_stopped", load(WorksHeard(), told)))
    else:
        with transaction(ground.sessions) as session:
            session.execute(
                text(
                    "insert into leave (id, person, site, first, last, reason, stage, asked_at, asked_by)"
                    " select 'leave', person, site, '2026-03-02', '2026-03-02', '培训', 'approved', now(), '{}'"
                    " from duty where role = 'project_manager'"
                )
            )


def test_who_left_is_there_no_more_after_half_an_hour(ground: Ground) -> None:
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, [0]) + track(EIGHT, range(5, 60, 5), OUTSIDE, first=1))])
    ground.clock.set(EIGHT + timedelta(hours=1))

    (place,) = read(ground, agency("13"))["places"]
    assert (place["due"], place["there"], place["never_seen"]) == (1, 0, 0)


def test_T34_the_board_is_for_agencies_and_their_own_area(ground: Ground) -> None:
    for who, area in ((agency("13.1302"), "13.1301"), (enterprise("contractor of 长安广场"), None)):
        with pytest.raises(Forbidden):
            read(ground, who, area=area)


def read(ground: Ground, who: Any, area: str | None = None, project_id: str | None = None) -> Any:
    board.count(ground.sessions, ground.clock)
    return BoardReply().dump(board.duty_board(ground.sessions, who, ground.clock, area=area, project_id=project_id))


def test_the_board_says_when_it_was_counted_and_forgets_a_site_where_nobody_is_due_any_more(ground: Ground) -> None:
    counted_at = read(ground, agency("13"))["at"]
    ground.clock.set(EIGHT + timedelta(hours=1))
    with transaction(ground.sessions) as session:
        again = BoardReply().dump(
            board.duty_board(ground.sessions, agency("13"), ground.clock, area=None, project_id=None)
        )
        session.execute(text("update duty set until = since"))

    assert again["at"] == counted_at
    assert read(ground, agency("13"))["places"] == []
