"""What events leave behind: in any order, twice, and with what they contradict."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import psycopg
import pytest

from attendance import devices, jobs, partitions, rebuilding
from attendance.terms import MADE_AHEAD, Contradiction
from chassis.clock import day_of
from chassis.errors import Conflict, Forbidden, NotFound
from chassis.principal import Principal
from services.attendance.tests.factories import EIGHT, SQUARE, TODAY, Ground, agency, an_id, enterprise, track

CONTRACTOR, SUPERVISOR = enterprise("contractor of 长安广场"), enterprise("supervisor of 长安广场")
HOUR = timedelta(hours=1)


def duties(ground: Ground) -> list[tuple[Any, ...]]:
    with psycopg.connect(ground.database.uri) as connection:
        return connection.execute(
            "select person.id, since is not null, until is not null from duty join person on number = person order by 2, 3"
        ).fetchall()


def test_an_end_that_is_heard_before_its_beginning_ends_it(ground: Ground) -> None:
    ground.unlocked("李海", at=EIGHT + HOUR)
    assert (an_id("李海"), False, True) in duties(ground)

    ground.locked("李海", since=EIGHT)
    assert (an_id("李海"), True, True) in duties(ground)


def test_who_takes_a_place_begins_when_the_other_ends(ground: Ground) -> None:
    ground.replaced("王建国", by="赵新", at=EIGHT + HOUR)

    assert duties(ground) == [(an_id("赵新"), True, False), (an_id("王建国"), True, True)]


def test_the_place_of_somebody_unknown_cannot_be_taken_yet(ground: Ground) -> None:
    with pytest.raises(Contradiction, match="duty_unknown"):
        ground.replaced("无人", by="赵新")
    assert len(duties(ground)) == 1


def test_older_news_of_a_project_changes_nothing(ground: Ground) -> None:
    ground.project("changed", version=5, name="长安广场")
    moved = SQUARE | {"coordinates": [[[113.9, 38.0], [113.91, 38.0], [113.91, 38.01], [113.9, 38.0]]]}
    ground.project("changed", version=3, boundary=moved)

    assert ground.count("boundary") == 1


def test_a_phone_is_opened_for_who_is_on_duty_here_and_ends_the_one_before(ground: Ground) -> None:
    first = opened(ground, "王建国", key="one")
    second = opened(ground, "王建国", key="two")

    assert opened(ground, "王建国", key="one") == first  # a repeat is the same answer, and opens nothing
    items = phones_of(ground, "王建国")["items"]
    assert [(each["device_id"], each["closed_at"] is None) for each in items] == [
        (second["device_id"], True),
        (first["device_id"], False),
    ]


def test_nobody_is_located_who_need_not_be(ground: Ground) -> None:
    for person in ("无人", "李海"):
        with pytest.raises(Conflict, match="person_not_on_duty"):
            opened(ground, person)
    with pytest.raises(Conflict, match="person_not_on_duty"):
        devices.open_device(
            ground.sessions, enterprise("别家"), ground.clock, person_id=an_id("王建国"), label="", key=None
        )
    with pytest.raises(Forbidden):
        devices.open_device(ground.sessions, agency(), ground.clock, person_id=an_id("王建国"), label="", key=None)


def test_the_other_firms_of_a_site_neither_open_nor_close_a_mans_phone(ground: Ground) -> None:
    ground.locked("周总监", role="chief_supervisor", since=EIGHT - 9 * HOUR)
    with pytest.raises(Conflict, match="person_not_on_duty"):
        opened(ground, "周总监")  # by the contractor
    phone = opened(ground, "王建国")["device_id"]

    for other in (enterprise("owner of 长安广场"), SUPERVISOR):
        with pytest.raises(Conflict, match="person_not_on_duty"):
            opened(ground, "王建国", by=other)
        with pytest.raises(Forbidden):
            devices.close_device(ground.sessions, other, ground.clock, device_id=phone)
    assert phones_of(ground, "王建国")["items"][0]["closed_at"] is None
    assert opened(ground, "周总监", by=SUPERVISOR)["device_id"] != phone


def test_a_phone_is_closed_by_its_firm_or_the_agency_and_by_nobody_else(ground: Ground) -> None:
    device_id = opened(ground, "王建国")["device_id"]
    with pytest.raises(NotFound):
        devices.close_device(ground.sessions, enterprise("别家"), ground.clock, device_id=device_id)

    closed = devices.close_device(ground.sessions, agency(), ground.clock, device_id=device_id)
    assert devices.close_device(ground.sessions, CONTRACTOR, ground.clock, device_id=device_id) == closed


def test_raw_positions_are_dropped_when_their_time_is_over_and_the_day_stays(ground: Ground) -> None:
    ground.ingest.handle([ground.letter("王建国", track(EIGHT, range(5)))])
    ground.clock.advance(timedelta(days=41))

    ground.ingest.handle([ground.letter("王建国", [])])

    assert ground.count("position") == 0
    assert len(ground.days()) == 1


def test_days_are_made_ahead_once_however_many_workers_begin_a_day_at_once(ground: Ground) -> None:
    """Who comes second must not fail: its batch, alone, would be parked as one that nobody can read."""
    together, later = Barrier(4), TODAY + timedelta(days=200)  # where no other test has made any

    def begin() -> None:
        with psycopg.connect(ground.database.uri, autocommit=True) as connection:
            together.wait()
            partitions.keep(connection, later)

    with ThreadPoolExecutor(4) as workers:
        for each in [workers.submit(begin) for _ in range(4)]:
            each.result()

    with psycopg.connect(ground.database.uri) as connection:
        there = {day for (day,) in connection.execute(partitions.THERE)}
    assert {partitions.first_kept(later), later, later + MADE_AHEAD} <= there


def test_phones_are_listed_page_by_page_newest_first(ground: Ground) -> None:
    ids = []
    for n in range(3):
        ids.append(opened(ground, "王建国", key=str(n))["device_id"])
        ground.clock.advance(HOUR)

    first = phones_of(ground, "王建国", limit=2)
    second = phones_of(ground, "王建国", limit=2, after=first["next"])

    assert [each["device_id"] for each in first["items"] + second["items"]] == ids[::-1]
    assert (first["total"], second["next"]) == (3, None)


def test_minutes_after_a_duty_has_ended_do_not_count_though_they_were_marked_before_its_end_was_heard_of(
    ground: Ground,
) -> None:
    ground.ingest.handle([ground.letter("王建国", track(EIGHT, range(60)))])
    ground.unlocked("王建国", at=EIGHT + timedelta(minutes=30))
    rebuild(ground)

    (day,) = ground.days()
    assert day[4].count("1") == 30


def test_nothing_is_kept_of_where_somebody_was_after_his_last_duty(ground: Ground) -> None:
    ground.unlocked("王建国", at=EIGHT + timedelta(minutes=30))

    ground.ingest.handle([ground.letter("王建国", track(EIGHT, range(60)))])

    assert ground.count("position") == 30
    assert ground.count("set_aside") == 0


def test_people_days_and_leave_of_a_site_go_with_it_into_the_one_it_is_merged_into(ground: Ground) -> None:
    ground.ingest.handle([ground.letter("王建国", track(EIGHT, range(10)))])
    ground.project(name="长安广场二期")
    ground.ingest.handle([ground.letter("王建国", track(EIGHT, range(10, 20), first=10))])
    minutes = [day[4].count("1") for day in ground.days()]

    ground.project("changed", version=2, stage="merged", merged_into=an_id("长安广场二期"))
    ground.locked("李海", role="safety_officer", application="later")  # told of under the name that is no more
    rebuild(ground)

    (day,) = ground.days()
    assert minutes == [20] and day[4].count("1") == 20
    with psycopg.connect(ground.database.uri) as connection:
        sites = connection.execute("select distinct site.id from duty join site on site.number = duty.site").fetchall()
    assert sites == [(an_id("长安广场二期"),)]


def test_a_boundary_by_which_nobody_can_be_judged_is_parked_and_changes_nothing(ground: Ground) -> None:
    with pytest.raises(Contradiction, match="boundary_unreadable"):
        ground.project("changed", version=2, boundary={"type": "Polygon", "coordinates": [[[114.5, 38.0]]]})

    assert ground.count("boundary") == 1


def test_a_boundary_is_true_from_midnight_of_shanghai_on(ground: Ground) -> None:
    early = EIGHT - timedelta(hours=2)  # 06:00, when it is still yesterday in Greenwich
    ground.ingest.handle([ground.letter("王建国", track(early, range(5)))])
    elsewhere = {"type": "Polygon", "coordinates": [[[113.9, 38.0], [113.91, 38.0], [113.91, 38.01], [113.9, 38.0]]]}

    ground.project("changed", version=2, boundary=elsewhere)
    rebuild(ground)

    (day,) = ground.days()
    assert (day[4].count("1"), day[5].count("1")) == (0, 5)


def test_what_was_set_aside_is_forgotten_as_positions_are(ground: Ground) -> None:
    rows = track(ground.clock() + timedelta(hours=2), [0])
    ground.ingest.handle([ground.letter("王建国", rows)])
    jobs.forget_set_aside(ground.database.uri, ground.clock)
    assert ground.count("set_aside") == 1

    ground.clock.advance(timedelta(days=41))
    jobs.forget_set_aside(ground.database.uri, ground.clock)
    assert ground.count("set_aside") == 0


def phones_of(ground: Ground, person: str, limit: int = 20, after: str | None = None) -> dict[str, Any]:
    return devices.list_devices(ground.sessions, CONTRACTOR, person_id=an_id(person), limit=limit, after=after)


def rebuild(ground: Ground) -> None:
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        while rebuilding.rebuild(connection, day_of(ground.clock())):
            pass


def opened(ground: Ground, person: str, key: str | None = None, by: Principal = CONTRACTOR) -> dict[str, Any]:
    return devices.open_device(ground.sessions, by, ground.clock, person_id=an_id(person), label="自用手机", key=key)
