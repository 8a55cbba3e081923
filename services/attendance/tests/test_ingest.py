"""Messages → positions and minutes: in any order, twice, late, in any batching; wrong ones parked or set aside."""

import json
import random
from datetime import timedelta
from urllib.parse import urlencode

import psycopg
import pytest

from attendance import partitions, rebuilding
from attendance.letters import Letter
from attendance.terms import KEPT
from chassis.batch import BadMessage, Message
from chassis.clock import day_of
from services.attendance.tests.factories import EIGHT, INSIDE, OUTSIDE, TODAY, Ground, milliseconds, track

MANAGER = "王建国"


def minutes(ground: Ground, which: int) -> list[int]:
    """The minutes of the one day there is that are set in `seen` (3), `inside` (4) or `outside` (5)."""
    (day,) = ground.days()
    return [number for number, bit in enumerate(day[which]) if bit == "1"]


def test_minutes_inside_and_outside_are_those_of_the_positions(ground: Ground) -> None:
    rows = track(EIGHT, range(3)) + track(EIGHT, [10], OUTSIDE, first=3) + track(EIGHT, [20], accuracy=900, first=4)

    ground.ingest.handle([ground.letter(MANAGER, rows)])

    eight = 8 * 60
    assert minutes(ground, 3) == [eight, eight + 1, eight + 2, eight + 10, eight + 20]
    assert minutes(ground, 4) == [eight, eight + 1, eight + 2]
    assert minutes(ground, 5) == [eight + 10]
    assert ground.count("position") == 5


def test_T21_any_order_any_batching_and_repeats_give_the_same_day(ground: Ground) -> None:
    rows = track(EIGHT - timedelta(days=1), range(0, 90, 3)) + track(EIGHT, range(0, 60, 2), OUTSIDE, first=30)
    ground.ingest.handle([ground.letter(MANAGER, rows)])
    expected, positions = ground.days(), ground.count("position")
    with psycopg.connect(ground.database.uri) as connection:
        connection.execute("delete from presence")
        connection.execute("delete from position")

    shuffled = rows * 2
    random.Random(1).shuffle(shuffled)
    for start in range(0, len(shuffled), 7):
        ground.ingest.handle([ground.letter(MANAGER, [row]) for row in shuffled[start : start + 7]])

    assert ground.days() == expected
    assert ground.count("position") == positions


def test_T21_a_clock_that_is_ahead_is_set_right_by_the_time_of_receipt(ground: Ground) -> None:
    ahead = timedelta(minutes=10)
    rows = track(EIGHT + ahead, range(3))
    sent_at = milliseconds(ground.clock() + ahead)

    ground.ingest.handle([ground.letter(MANAGER, rows, sent_at=sent_at)])

    assert minutes(ground, 4) == [480, 481, 482]


@pytest.mark.parametrize("protocol", ["osmand", "owntracks"])
def test_T21_a_phone_that_does_not_say_when_it_sent_and_is_ahead_is_set_right_too(
    ground: Ground, protocol: str
) -> None:
    ahead = timedelta(minutes=10)
    for minute in (3, 1, 2):  # the first tells of it; what had waited on the phone comes after it
        time = int((EIGHT + timedelta(minutes=minute) + ahead).timestamp())
        told = {"lat": INSIDE[1], "lon": INSIDE[0]}
        body = {"_type": "location", "tst": time, "acc": 10} | told
        form = urlencode({"timestamp": time, "accuracy": 10} | told)
        at = milliseconds(EIGHT + timedelta(minutes=3, seconds=2))
        letter = Letter(protocol, ground.device(MANAGER), ground.number(MANAGER), at, "")
        message = form if protocol == "osmand" else json.dumps(body)
        ground.ingest.handle([Message(message.encode(), letter.headers())])
    rebuild(ground)

    assert minutes(ground, 4) == [481, 482, 483]
    assert ground.count("set_aside") == 0


def test_a_clock_found_wrong_later_changes_what_was_marked_before(ground: Ground) -> None:
    ahead = timedelta(minutes=10)
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT + ahead, range(3)))])
    assert minutes(ground, 4) == [490, 491, 492]

    late = track(EIGHT + ahead, [3], first=3)
    ground.ingest.handle([ground.letter(MANAGER, late, sent_at=milliseconds(ground.clock() + ahead))])
    rebuild(ground)

    assert minutes(ground, 4) == [480, 481, 482, 483]


def test_positions_of_the_future_and_of_long_ago_are_set_aside_with_their_reason(ground: Ground) -> None:
    now = ground.clock()
    rows = (
        track(now + timedelta(hours=1), [0]) + track(now - timedelta(days=60), [0], first=1) + track(now, [0], first=2)
    )

    ground.ingest.handle([ground.letter(MANAGER, rows)])

    with psycopg.connect(ground.database.uri) as connection:
        reasons = connection.execute("select reason from set_aside order by 1").fetchall()
    assert reasons == [("in_the_future",), ("too_old",)]
    assert ground.count("position") == 1


def test_nothing_is_kept_of_hours_off_duty(ground: Ground) -> None:
    ground.clock.set(EIGHT + timedelta(hours=23))
    night = EIGHT + timedelta(hours=15)  # 23:00

    ground.ingest.handle([ground.letter(MANAGER, track(night, range(5)))])

    assert (ground.count("position"), ground.count("set_aside"), ground.days()) == (0, 0, [])


def test_a_message_that_cannot_be_read_is_named_alone(ground: Ground) -> None:
    good = ground.letter(MANAGER, track(EIGHT, [0]))

    with pytest.raises(BadMessage) as bad:
        ground.ingest.handle([good, Message(b"\xff", good.headers), good])

    assert bad.value.index == 1
    assert ground.count("position") == 0


def test_a_message_that_breaks_what_nobody_foresaw_is_named_alone(ground: Ground) -> None:
    good = [ground.letter(MANAGER, track(EIGHT, [minute], first=minute)) for minute in range(2)]
    impossible = Message(good[0].body, {**good[0].headers, "received_at": 2**62})  # no moment of any calendar

    with pytest.raises(BadMessage) as bad:
        ground.ingest.handle([good[0], impossible, good[1]])
    assert bad.value.index == 1

    ground.ingest.handle(good)
    assert ground.count("position") == 2


def test_what_is_set_aside_is_there_once_however_often_its_message_comes(ground: Ground) -> None:
    future = ground.letter(MANAGER, track(ground.clock() + timedelta(hours=1), range(2)))

    for _ in range(3):
        ground.ingest.handle([future])

    assert ground.count("set_aside") == 2


def test_an_outage_of_the_database_is_no_fault_of_the_messages(ground: Ground) -> None:
    letter = ground.letter(MANAGER, track(EIGHT, [0]))
    ground.ingest.handle([letter])
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        connection.execute("select pg_terminate_backend(%s)", [ground.ingest._ready().info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        ground.ingest.handle([letter])
    ground.ingest.handle([letter])  # by a connection of its own


def test_a_day_is_judged_by_the_boundary_of_that_day(ground: Ground) -> None:
    moved = {
        "type": "Polygon",
        "coordinates": [[[114.525, 38.04], [114.535, 38.04], [114.535, 38.05], [114.525, 38.04]]],
    }
    ground.project("changed", version=2, boundary=moved, at=EIGHT)
    yesterday = EIGHT - timedelta(days=1)

    ground.ingest.handle([ground.letter(MANAGER, track(yesterday, [0]) + track(EIGHT, [0], first=1))])

    before, after = ground.days()
    assert (before[4].count("1"), before[5].count("1")) == (1, 0)
    assert (after[4].count("1"), after[5].count("1")) == (0, 1)


def test_who_is_known_to_be_on_duty_only_later_has_his_minutes_all_the_same(ground: Ground) -> None:
    ground.locked("李海", "别处")  # known, but not of this site
    ground.ingest.handle([ground.letter("李海", track(EIGHT, range(5)))])
    site_of_before = {day[1] for day in ground.days()}

    ground.locked("李海", role="safety_officer", since=EIGHT - timedelta(days=3), application="second")
    rebuild(ground)

    added = [day for day in ground.days() if day[1] not in site_of_before]
    assert [day[4].count("1") for day in added] == [5]


def test_numbers_that_are_missing_are_told(ground: Ground) -> None:
    from attendance import devices
    from services.attendance.tests.factories import agency, an_id

    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(3), first=10))])
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(9, 11), first=20))])

    told = devices.missing(ground.sessions, agency(), device_id=an_id(f"phone of {MANAGER}"))
    assert (told["last"], told["missing"], told["more"]) == (21, [{"first": 13, "last": 19}], 0)


def test_presence_reckoned_anew_is_the_same_presence(ground: Ground) -> None:
    edge = (114.51 + 3e-8, 38.045)
    rows = track(EIGHT, range(0, 40, 2), edge, accuracy=0.1) + track(EIGHT, range(1, 40, 2), INSIDE, first=20)
    ground.ingest.handle([ground.letter(MANAGER, rows)])
    expected = ground.days()
    with psycopg.connect(ground.database.uri) as connection:
        connection.execute("insert into stale_presence select distinct person, day from presence")

    rebuild(ground)

    assert ground.days() == expected


def test_a_day_whose_positions_are_gone_keeps_its_minutes_though_it_was_to_be_reckoned_anew(ground: Ground) -> None:
    ground.ingest.handle([ground.letter(MANAGER, track(EIGHT, range(3)))])
    expected = ground.days()
    with psycopg.connect(ground.database.uri) as connection:
        connection.execute("insert into stale_presence select distinct person, day from presence")
    ground.clock.set(EIGHT + KEPT + timedelta(days=1))
    keep_partitions(ground)

    rebuild(ground)

    assert ground.count("position") == ground.count("stale_presence") == 0
    assert ground.days() == expected


@pytest.mark.parametrize("knows_first", [True, False])
def test_T21_a_clock_wrong_by_hours_gives_the_same_day_in_any_order_though_midnight_lies_between(
    ground: Ground, knows_first: bool
) -> None:
    behind = timedelta(hours=20)
    blind = ground.letter(MANAGER, track(ground.clock() - behind, range(-9, -6)))
    knowing = ground.letter(
        MANAGER, track(ground.clock() - behind, range(-3, 0), first=3), sent_at=milliseconds(ground.clock() - behind)
    )
    for letter in [knowing, blind] if knows_first else [blind, knowing]:
        ground.ingest.handle([letter])
    rebuild(ground)

    assert [day[2] for day in ground.days()] == [TODAY]
    assert minutes(ground, 4) == [1071, 1072, 1073, 1077, 1078, 1079]


def keep_partitions(ground: Ground) -> None:
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        partitions.keep(connection, day_of(ground.clock()))


def rebuild(ground: Ground) -> None:
    with psycopg.connect(ground.database.uri, autocommit=True) as connection:
        while rebuilding.rebuild(connection, day_of(ground.clock())):
            pass
