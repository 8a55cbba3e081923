"""What events leave behind: in any order, twice, and with what they contradict."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from attendance import devices
from attendance.terms import Contradiction
from chassis.errors import Conflict, Forbidden, NotFound
from services.attendance.tests.factories import EIGHT, SQUARE, Ground, agency, an_id, enterprise, track

CONTRACTOR = enterprise("contractor of 长安广场")
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
    items = devices.list_devices(ground.sessions, CONTRACTOR, person_id=an_id("王建国"))["items"]
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


def opened(ground: Ground, person: str, key: str | None = None) -> dict[str, Any]:
    return devices.open_device(
        ground.sessions, CONTRACTOR, ground.clock, person_id=an_id(person), label="自用手机", key=key
    )
