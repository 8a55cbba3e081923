"""Doubted days: noted when the day is over, seen by those of the site, appealed against once, decided once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import numpy as np
import psycopg
import pytest

from attendance import days, jobs, rebuilding, suspicions
from attendance.checking import Checking, forget
from attendance.partitions import first_kept
from attendance.schemas.months import MonthReply
from attendance.schemas.suspicions import DecideSuspicionRequest, ListSuspicionsReply, SuspicionReply
from attendance.suspicion import Track
from chassis import journal
from chassis.clock import day_of
from chassis.database import transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.schemas import read
from services.attendance.tests.corpus import attacks, honest, sensing, walking
from services.attendance.tests.factories import CHANGAN, TODAY, Ground, agency, an_id, enterprise

MANAGER = "王建国"
BUILDER, SUPERVISOR, OWNER = (enterprise(f"{role} of 长安广场") for role in ("contractor", "supervisor", "owner"))
DAY = timedelta(days=1)
ELSEWHERE = {"type": "Polygon", "coordinates": [[[113.9, 38.0], [113.91, 38.0], [113.91, 38.01], [113.9, 38.0]]]}


@pytest.fixture
def site(ground: Ground) -> Ground:
    """At the place of the corpus's site."""
    ground.project("changed", version=2, boundary=sensing.boundary())
    return ground


def pinned(seed: int = 1, phone: int = 1) -> Track:
    """What an app for false positions tells."""
    rng = np.random.default_rng(seed)
    return attacks.made_up(rng, 0, sensing.phone(rng, phone), complex(10, 20), True)


def walked(seed: int = 2, phone: int = 1) -> Track:
    rng = np.random.default_rng(seed)
    return honest.track(rng, 0, walking.habits(rng), sensing.phone(rng, phone))


def send(ground: Ground, track: Track, person: str = MANAGER) -> None:
    """Through the same door as every phone."""
    ground.clock.set(ground.clock().replace(hour=14, minute=30))  # half past ten in the evening
    told = zip(track.time, track.longitude, track.latitude, track.accuracy, range(len(track)), track.mock, strict=True)
    rows = [[int(a), float(b), float(c), float(d), e, int(f)] for a, b, c, d, e, f in told]
    ground.ingest.handle([ground.letter(person, rows[n : n + 500]) for n in range(0, len(rows), 500)])


def night(ground: Ground) -> int:
    """The day is over, and what is due is checked."""
    ground.clock.set(ground.clock().replace(day=3, hour=1))
    return Checking(ground.database.uri, ground.clock).run()


def noted(ground: Ground, track: Track | None = None) -> Ground:
    send(ground, track or pinned())
    night(ground)
    return ground


def listed(ground: Ground, who: Any, **filters: Any) -> Any:
    asked = {"limit": 20, "after": None, "stage": None, "area": None, "project_id": None} | filters
    return ListSuspicionsReply().dump(suspicions.list_suspicions(ground.sessions, who, **asked))


def told(ground: Ground, who: Any = None, person: str = MANAGER, day: date = TODAY) -> Any:
    found = suspicions.get_suspicion(ground.sessions, who or agency(), person_id=an_id(person), day=day)
    return SuspicionReply().dump(found)


def appeal(ground: Ground, who: Any = BUILDER, text: str = "当天在工地，手机装有测试软件") -> str:
    asked = {"person_id": an_id(MANAGER), "day": TODAY, "text": text}
    return str(suspicions.appeal(ground.sessions, who, ground.clock, **asked)["stage"])


def decide(ground: Ground, who: Any = None, upholds: bool = True, opinion: str = "经查看现场记录，定位不实") -> str:
    asked = {"person_id": an_id(MANAGER), "day": TODAY, "upholds": upholds, "opinion": opinion}
    return str(suspicions.decide(ground.sessions, who or agency(), ground.clock, **asked)["stage"])


def today_of(ground: Ground) -> Any:
    month = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id(MANAGER), month="2026-03")
    (duty,) = MonthReply().dump(month)["duties"]
    return next(each for each in duty["days"] if each["day"] == TODAY.isoformat())


# Noting


def test_a_pinned_phone_is_noted_once_its_day_is_over_and_not_before(site: Ground) -> None:
    send(site, pinned())
    assert Checking(site.database.uri, site.clock).run() == 0

    assert night(site) == 1

    found = told(site)
    assert {each["code"] for each in found["signals"]} >= {"mock_flag", "same_coordinates", "constant_accuracy"}
    assert (found["stage"], found["score"] >= found["threshold"], found["unexplained"] >= 3) == ("noted", True, True)
    (phone,) = found["devices"]
    flagged = next(each for each in found["signals"] if each["code"] == "mock_flag")
    assert flagged["told"]["devices"] == [phone["device_id"]] and phone["person_id"] == an_id(MANAGER)


def test_an_ordinary_day_leaves_its_path_and_nothing_else(site: Ground) -> None:
    noted(site, walked())
    assert (site.count("day_path"), site.count("checked_day"), site.count("suspicion")) == (1, 1, 0)


def test_checked_again_a_day_is_noted_once(site: Ground) -> None:
    noted(site)
    before = told(site)
    assert night(site) == 1  # its rows came within the last two minutes
    assert told(site) == before and site.count("suspicion") == 1


def test_what_a_day_brought_before_the_last_look_is_due_when_it_is_over(site: Ground) -> None:
    send(site, pinned())
    with psycopg.connect(site.database.uri, autocommit=True) as connection:
        connection.execute("update presence set changed_at = '2026-03-02 20:00+08'")
    checking = Checking(site.database.uri, site.clock)
    assert checking.run() == 0

    site.clock.set(site.clock().replace(day=3, hour=1))

    assert (checking.run(), checking.run()) == (1, 0)
    assert told(site)["stage"] == "noted"


def test_positions_that_come_later_are_looked_at_too(site: Ground) -> None:
    track = pinned()
    early = np.arange(len(track)) < 40
    send(site, track.where(early))
    night(site)
    assert site.count("suspicion") == 0

    send(site, track.where(~early))
    night(site)

    assert told(site)["stage"] == "noted"


def moved_away(ground: Ground) -> None:
    """The boundary was wrong: nothing that he told puts him on site any more."""
    ground.project("changed", version=3, boundary=ELSEWHERE)
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        connection.execute("update boundary set outline = %s", [psycopg.types.json.Jsonb(ELSEWHERE)])
        connection.execute("insert into stale_presence select person, day from presence on conflict do nothing")
        while rebuilding.rebuild(connection, day_of(ground.clock())):
            pass
    night(ground)


def test_what_turns_out_to_be_nothing_is_forgotten_unless_somebody_has_appealed(site: Ground) -> None:
    noted(site)
    moved_away(site)
    assert site.count("suspicion") == 0


def test_who_has_appealed_gets_an_answer_whatever_the_score_is_now(site: Ground) -> None:
    noted(site)
    appeal(site)
    moved_away(site)
    assert (told(site)["stage"], told(site)["score"]) == ("appealed", 0)


def test_what_is_decided_stays_as_it_was_decided(site: Ground) -> None:
    noted(site)
    decide(site, upholds=False)
    with psycopg.connect(site.database.uri, autocommit=True) as connection:
        connection.execute("update suspicion set score = 99")  # another one than it would be found to have now
    before = told(site)

    night(site)
    assert told(site) == before
    moved_away(site)
    assert told(site) == before


def test_a_day_that_cannot_be_checked_holds_up_no_other(site: Ground) -> None:
    site.project(name="和平里", boundary=sensing.boundary())
    site.locked("李海", site="和平里", since=site.clock().replace(month=1))
    send(site, pinned())
    send(site, pinned(3, 2), "李海")
    with psycopg.connect(site.database.uri, autocommit=True) as connection:
        broken = psycopg.types.json.Jsonb({"type": "Polygon", "coordinates": [[[0, 0]]]})
        connection.execute("update boundary set outline = %s where site = (select min(number) from site)", [broken])

    assert night(site) == 2

    assert [each["project_name"] for each in listed(site, agency())["items"]] == ["和平里"]


def test_five_phones_in_one_bag_are_told_with_each_others_people(site: Ground) -> None:
    rng = np.random.default_rng(5)
    people = [MANAGER, "李海", "赵新", "孙平"]
    who, walk = walking.habits(rng), None
    for number, person in enumerate(people):
        if person != MANAGER:
            site.locked(person, since=site.clock().replace(month=1), role="safety_officer")
        phone = sensing.phone(rng, number, "satellites")
        walk = walk or walking.day(rng, who)
        track = honest.track(rng, 0, who, phone, walk)
        track.mock[:] = person == MANAGER
        send(site, track, person)
    night(site)

    together = next(each for each in told(site)["signals"] if each["code"] == "moves_together")

    assert together["told"]["count"] == 3
    assert set(together["told"]["people"]) == {an_id(each) for each in people[1:]}
    assert {each["person_id"] for each in told(site)["devices"]} == {an_id(each) for each in people}


def test_paths_go_with_the_positions_that_they_were_made_of(site: Ground) -> None:
    noted(site)
    later = TODAY + (TODAY - first_kept(TODAY)) + DAY
    with psycopg.connect(site.database.uri, autocommit=True) as connection:
        forget(connection, later - DAY)
        assert site.count("day_path") == site.count("checked_day") == 1
        forget(connection, later)
    assert (site.count("day_path"), site.count("checked_day"), site.count("suspicion")) == (0, 0, 1)


# Judging


def test_only_what_an_officer_upholds_changes_the_verdict(site: Ground) -> None:
    noted(site)
    assert (today_of(site)["verdict"], today_of(site)["suspicion"]) == ("present", "noted")
    appeal(site)
    assert (today_of(site)["verdict"], today_of(site)["suspicion"]) == ("present", "appealed")

    decide(site, opinion="定位不实")

    day = today_of(site)
    assert (day["verdict"], day["suspicion"]) == ("absent", "upheld")
    assert day["reasons"] == [{"code": "found_false", "told": {"decided_on": "2026-03-03", "opinion": "定位不实"}}]


def test_a_dismissed_doubt_has_no_effect(site: Ground) -> None:
    noted(site)
    before = today_of(site)
    decide(site, upholds=False)
    assert today_of(site) == before | {"suspicion": "dismissed"}


def test_leave_stands_though_the_positions_were_false(site: Ground) -> None:
    noted(site)
    decide(site)
    with psycopg.connect(site.database.uri, autocommit=True) as connection:
        connection.execute(
            "insert into leave (id, person, site, first, last, reason, stage, asked_at, asked_by)"
            " select 'leave', person, site, day, day, '培训', 'approved', now(), '{}' from suspicion"
        )
    assert today_of(site)["verdict"] == "leave"


def test_the_firm_whose_man_it_is_appeals_once(site: Ground) -> None:
    noted(site)
    assert (told(site, BUILDER)["acts"], told(site, SUPERVISOR)["acts"]) == (["appeal"], [])
    for stranger in (OWNER, SUPERVISOR, agency()):
        with pytest.raises(Forbidden):
            appeal(site, stranger)
    with pytest.raises(NotFound):
        appeal(site, enterprise("别家"))

    assert appeal(site) == appeal(site) == "appealed"  # a repeat is the same answer
    with pytest.raises(Conflict, match="suspicion_appealed"):
        appeal(site, BUILDER, "另一说法")
    assert told(site, BUILDER)["acts"] == []


def test_whoever_decides_is_told_that_the_month_stands(site: Ground) -> None:
    noted(site)
    assert told(site)["month_is_closed"] is False

    site.clock.set(site.clock().replace(month=4, day=20))
    jobs.close_months(site.sessions, site.clock)

    assert told(site)["month_is_closed"] is True


def test_where_he_lay_is_told_roughly_to_all_but_the_sites_agency(site: Ground) -> None:
    def places(who: Any) -> set[float]:
        figures = next(each["told"] for each in told(site, who)["signals"] if each["code"] == "same_coordinates")
        return {figures["longitude"], figures["latitude"]}

    noted(site)
    own = replace(agency(), organisation_id=an_id("agency"))  # whose site it is

    assert all(round(each, 3) == each for who in (BUILDER, OWNER, agency("13")) for each in places(who))
    assert any(round(each, 3) != each for each in places(own))


def test_an_officer_of_the_area_decides_once_with_an_opinion(site: Ground) -> None:
    noted(site)
    for stranger in (BUILDER, agency(CHANGAN, "reviewer"), agency(CHANGAN, "administrator")):
        with pytest.raises(Forbidden):
            decide(site, stranger)
    with pytest.raises(NotFound):
        decide(site, agency("13.1302.130202"))
    with pytest.raises(Invalid):
        read(
            DecideSuspicionRequest(),
            {"person_id": an_id(MANAGER), "day": "2026-03-02", "upholds": True, "opinion": "是"},
        )

    assert decide(site, agency(CHANGAN, "acceptor")) == "upheld"
    assert decide(site, agency("13")) == "upheld"  # a repeat changes nothing
    with pytest.raises(Conflict, match="suspicion_decided"):
        decide(site, upholds=False)
    with pytest.raises(Conflict, match="suspicion_decided"):
        appeal(site)
    assert told(site)["acts"] == told(site, BUILDER)["acts"] == []


def test_of_two_officers_at_once_one_decides(site: Ground) -> None:
    noted(site)
    both = Barrier(2)

    def click(upholds: bool) -> str:
        both.wait()
        try:
            return decide(site, upholds=upholds)
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(2) as clicking:
        said = set(clicking.map(click, (True, False)))

    assert "suspicion_decided" in said and told(site)["stage"] in said


def test_every_appeal_and_decision_is_in_the_journal(site: Ground) -> None:
    noted(site)
    appeal(site)
    decide(site)
    decide(site)
    with transaction(site.sessions) as session:
        acts = [row.act for row in session.query(journal.JournalRow).order_by(journal.JournalRow.number)]
        assert acts == ["appeal_suspicion", "decide_suspicion"]
        assert journal.first_broken(session) is None


# Seeing


def test_doubts_are_listed_to_those_who_see_the_site(site: Ground) -> None:
    noted(site)

    assert [each["person_id"] for each in listed(site, BUILDER)["items"]] == [an_id(MANAGER)]
    for who, filters in (
        (agency(), {"stage": "noted"}), (agency("13"), {"area": "13.1301"}), (OWNER, {"project_id": an_id("长安广场")}),
    ):  # fmt: skip
        assert listed(site, who, **filters)["total"] == 1
    for who, filters in (
        (agency(), {"stage": "upheld"}), (agency("13"), {"area": "13.1302"}), (agency("13.1302.130202"), {}),
        (enterprise("别家"), {}), (BUILDER, {"project_id": an_id("和平里")}),
    ):  # fmt: skip
        assert listed(site, who, **filters)["items"] == []
    for stranger in (enterprise("别家"), agency("13.1302.130202")):
        with pytest.raises(NotFound):
            told(site, stranger)


def test_the_list_goes_on_where_the_page_ended(site: Ground) -> None:
    for number, person in enumerate(["李海", "赵新"]):
        site.locked(person, since=site.clock().replace(month=1), role="safety_officer")
        send(site, pinned(10 + number, number), person)
    noted(site)

    first = listed(site, agency(), limit=2)
    second = listed(site, agency(), limit=2, after=first["next"])

    assert (len(first["items"]), first["total"], len(second["items"]), second["next"]) == (2, 3, 1, None)
    assert len({each["person_id"] for each in first["items"] + second["items"]}) == 3
