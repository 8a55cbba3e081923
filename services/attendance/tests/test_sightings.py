"""Beacons that phones hear → minutes inside, told apart: in any order, twice, late; copied, moved and unknown ones."""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from attendance import beacons, days, devices, rebuilding
from attendance.schemas.months import MonthReply
from chassis.batch import Message
from chassis.clock import day_of
from services.attendance.tests.factories import (
    EIGHT,
    INSIDE,
    OUTSIDE,
    Ground,
    agency,
    an_id,
    enterprise,
    milliseconds,
    track,
)

MANAGER = "王建国"
UUID = "fda50693-a4e2-4fb1-afcf-c6eb07647825"
SITE, ELSEWHERE = "长安广场", "别处"
DAY, HALF_A_MINUTE = timedelta(days=1), timedelta(seconds=30)
Row = Sequence[Any]


def place(ground: Ground, at: datetime, site: str = SITE, minor: int = 1) -> str:
    """On a site, by its builder; the clock is put back afterwards."""
    told = {"project_id": an_id(site), "uuid": UUID, "major": 7, "minor": minor, "label": "一号", "place": "塔吊下"}
    return str(
        _at(ground, at, lambda who: beacons.place(ground.sessions, who, ground.clock, key=None, **told), site)[
            "beacon_id"
        ]
    )


def remove(ground: Ground, at: datetime, beacon_id: str, site: str = SITE) -> None:
    _at(ground, at, lambda who: beacons.remove(ground.sessions, who, ground.clock, beacon_id=beacon_id), site)


def _at(ground: Ground, at: datetime, do: Any, site: str) -> Any:
    now = ground.clock()
    ground.clock.set(at)
    done = do(enterprise(f"contractor of {site}"))
    ground.clock.set(now)
    return done


def heard(start: datetime, minutes: Iterable[int], minor: int = 1, first: int = 1000) -> list[list[Any]]:
    return [
        [milliseconds(start + timedelta(minutes=minute)), UUID, 7, minor, -71, first + n]
        for n, minute in enumerate(minutes)
    ]


def send(ground: Ground, sightings: Sequence[Row], rows: Sequence[Row] = (), **body: Any) -> None:
    ground.ingest.handle([ground.letter(MANAGER, rows, beacons=sightings, **body)])


def presence(ground: Ground) -> list[tuple[Any, ...]]:
    with psycopg.connect(ground.database.uri) as connection:
        return connection.execute("""
            select person, site, day, seen::text, inside::text, outside::text, by_position::text, last_seen_at,
                nullif(last_inside_at, '-infinity') from presence order by 1, 2, 3""").fetchall()


def minutes(ground: Ground, which: int) -> list[int]:
    (day,) = presence(ground)
    return [number for number, bit in enumerate(day[which]) if bit == "1"]


def reasons_aside(ground: Ground) -> list[str]:
    with psycopg.connect(ground.database.uri) as connection:
        return [row[0] for row in connection.execute("select reason from set_aside order by 1")]


def rebuild(ground: Ground) -> None:
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        while rebuilding.rebuild(connection, day_of(ground.clock())):
            pass


def test_where_no_position_says_anything_a_beacon_of_the_site_proves_its_minutes(ground: Ground) -> None:
    place(ground, EIGHT - DAY)

    send(ground, heard(EIGHT, [0, 1, 5]), track(EIGHT, [1, 9], accuracy=900))

    assert minutes(ground, 3) == [480, 481, 485, 489]
    assert minutes(ground, 4) == [480, 481, 485]
    assert minutes(ground, 6) == []
    assert presence(ground)[0][8] == EIGHT + timedelta(minutes=5)


def test_a_message_of_sightings_alone_is_enough(ground: Ground) -> None:
    place(ground, EIGHT - DAY)
    message = ground.letter(MANAGER, [])
    alone = Message(b'{"beacons":[[%d,"%s",7,1]]}' % (milliseconds(EIGHT), UUID.upper().encode()), message.headers)

    ground.ingest.handle([alone])

    assert minutes(ground, 4) == [480]


def test_what_rests_on_beacons_alone_is_told_with_the_day(ground: Ground) -> None:
    place(ground, EIGHT - DAY)
    send(ground, heard(EIGHT, range(0, 240, 5)), track(EIGHT, range(0, 120, 5)))
    send(ground, [], track(EIGHT, [240], first=500))

    told = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id(MANAGER), month="2026-03")
    (duty,) = MonthReply().dump(told)["duties"]
    today = duty["days"][1]

    assert today["verdict"] == "present"
    assert {"code": "by_beacon_alone", "told": {"minutes": 24}} in today["reasons"]
    assert {"code": "fixes", "told": {"found": 49}} in today["reasons"]


def test_a_minute_that_a_position_puts_outside_is_in_doubt_and_not_proved(ground: Ground) -> None:
    """A beacon in a bag, or a copy at home, does not bring anybody to the site."""
    place(ground, EIGHT - DAY)
    send(ground, heard(EIGHT, range(240)), track(EIGHT, range(240), OUTSIDE))

    told = days.get_month(ground.sessions, agency(), ground.clock, person_id=an_id(MANAGER), month="2026-03")
    today = MonthReply().dump(told)["duties"][0]["days"][1]

    assert (today["verdict"], today["least_minutes"]) == ("unknown", 0)
    assert "by_beacon_alone" not in {each["code"] for each in today["reasons"]}
    assert today["most_minutes"] >= 240


@pytest.mark.parametrize("seed", range(3))
def test_T21_any_order_any_batching_and_repeats_give_the_same_day_and_so_does_reckoning_it_anew(
    ground: Ground, seed: int
) -> None:
    place(ground, EIGHT - 2 * DAY)
    place(ground, EIGHT - 2 * DAY, minor=2)
    chance = random.Random(seed)
    positions = track(EIGHT, range(0, 90, 3)) + track(EIGHT + HALF_A_MINUTE, range(0, 60, 2), OUTSIDE, first=30)
    sightings = heard(EIGHT, range(0, 80, 4)) + heard(EIGHT, range(0, 99, 9), minor=2) + heard(EIGHT - DAY, range(5))
    send(ground, sightings, positions)
    expected, kept = presence(ground), ground.count("sighting")
    forget(ground)

    parts = [(rows, row) for rows in (positions, sightings) for row in rows + chance.choices(rows, k=len(rows) // 3)]
    chance.shuffle(parts)
    for start in range(0, len(parts), 20):
        batch = parts[start : start + 20]
        told, heard_then = ([row for rows, row in batch if rows is kind] for kind in (positions, sightings))
        letters = [ground.letter(MANAGER, told[:5]), ground.letter(MANAGER, [], beacons=heard_then)]
        ground.ingest.handle([*letters, ground.letter(MANAGER, told[5:], beacons=heard_then[:2])])

    assert presence(ground) == expected
    assert ground.count("sighting") == kept == len(sightings)

    with psycopg.connect(ground.database.uri) as connection:
        connection.execute("insert into stale_presence select distinct person, day from presence")
    rebuild(ground)
    assert presence(ground) == expected


def forget(ground: Ground) -> None:
    with psycopg.connect(ground.database.owner_uri) as connection:
        connection.execute("truncate presence, position, sighting, device_sequence, device_day")


def test_a_beacon_proves_the_site_on_which_it_stood_at_that_moment(ground: Ground) -> None:
    ground.project(name=ELSEWHERE)
    ground.locked(MANAGER, ELSEWHERE, since=EIGHT - 9 * DAY, application="second")
    first = place(ground, EIGHT - DAY)
    remove(ground, EIGHT + timedelta(minutes=10), first)
    second = place(ground, EIGHT + timedelta(minutes=20), ELSEWHERE)

    send(ground, heard(EIGHT - timedelta(days=1, minutes=5), [0]) + heard(EIGHT, [0, 9, 10, 19, 20, 30]))

    here, there = presence(ground)
    assert [number for number, bit in enumerate(here[4]) if bit == "1"] == [480, 489]
    assert [number for number, bit in enumerate(there[4]) if bit == "1"] == [500, 510]
    assert ground.count("sighting") == 7 and reasons_aside(ground) == []
    remove(ground, EIGHT + timedelta(minutes=40), second, ELSEWHERE)


def test_a_beacon_of_a_site_where_he_has_nothing_to_do_proves_nothing(ground: Ground) -> None:
    ground.project(name=ELSEWHERE)
    place(ground, EIGHT - DAY, ELSEWHERE)

    send(ground, heard(EIGHT, range(5)))

    assert presence(ground) == []


def test_a_beacon_that_nobody_placed_is_set_aside_with_its_reason(ground: Ground) -> None:
    place(ground, EIGHT - DAY)

    send(
        ground, [*heard(EIGHT, [0]), *heard(EIGHT, [1], minor=9), ["x", UUID, 7, 1], [milliseconds(EIGHT), "no", 7, 1]]
    )

    assert reasons_aside(ground) == ["no_time", "not_a_beacon", "unknown_beacon"]
    assert minutes(ground, 4) == [480]


def test_sightings_are_numbered_corrected_and_bound_to_hours_of_duty_as_positions_are(ground: Ground) -> None:
    place(ground, EIGHT - 3 * DAY)
    ahead = timedelta(minutes=10)
    night, future = EIGHT - timedelta(hours=9), ground.clock() + timedelta(hours=1)

    send(ground, heard(night, [0], first=1) + heard(future, [0], first=2) + heard(EIGHT - 60 * DAY, [0], first=3))
    assert (reasons_aside(ground), ground.count("sighting")) == (["in_the_future", "too_old"], 0)

    send(ground, heard(EIGHT + ahead, [0, 1], first=6))
    assert minutes(ground, 4) == [490, 491]
    send(ground, heard(EIGHT + ahead, [2], first=8), sent_at=milliseconds(ground.clock() + ahead))
    rebuild(ground)
    assert minutes(ground, 4) == [480, 481, 482]

    told = devices.missing(ground.sessions, agency(), device_id=an_id(f"phone of {MANAGER}"))
    assert (told["last"], told["missing"]) == (8, [{"first": 4, "last": 5}])


def test_who_is_known_to_be_on_duty_only_later_has_his_sightings_all_the_same(ground: Ground) -> None:
    place(ground, EIGHT - DAY)
    ground.locked("李海", ELSEWHERE)
    ground.ingest.handle([ground.letter("李海", [], beacons=heard(EIGHT, range(5)))])
    assert presence(ground) == []

    ground.locked("李海", role="safety_officer", since=EIGHT - 3 * DAY, application="second")
    rebuild(ground)

    assert minutes(ground, 4) == [480, 481, 482, 483, 484]


def test_minutes_told_by_a_clock_a_little_ahead_end_with_the_beacon_all_the_same(ground: Ground) -> None:
    beacon_id = place(ground, EIGHT - DAY)
    now = ground.clock()
    send(ground, heard(now, [-1, 0, 1]))
    assert len(minutes(ground, 4)) == 3

    remove(ground, now, beacon_id)
    rebuild(ground)

    assert minutes(ground, 4) == [18 * 60 - 1]


def test_sightings_are_dropped_when_their_time_is_over_and_the_day_stays(ground: Ground) -> None:
    place(ground, EIGHT - DAY)
    send(ground, heard(EIGHT, range(5)))
    ground.clock.advance(timedelta(days=41))

    ground.ingest.handle([ground.letter(MANAGER, [])])

    assert (ground.count("sighting"), len(presence(ground))) == (0, 1)


def test_a_message_without_sightings_asks_nothing_about_beacons(ground: Ground) -> None:
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, [0], INSIDE))])
    with psycopg.connect(ground.database.owner_uri) as connection:
        connection.execute("lock table beacon, sighting in access exclusive mode")
        ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(3), INSIDE))])
    assert minutes(ground, 4) == [480, 481, 482]
