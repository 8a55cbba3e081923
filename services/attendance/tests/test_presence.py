"""Minutes of positions → the day: agrees with a slow reference, whatever the order; holds the truth of simulated phones."""

import random
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attendance.accuracy import factor_on
from attendance.boundaries import Outline, metres_per_degree
from attendance.marking import MINUTE, Marks
from attendance.presence import DayPresence, Gap, Sampling, minutes_of, presence_of
from services.attendance.tests.slow_presence import slow_presence

RULES = Sampling()
WEST, SOUTH = 114.51, 38.04
EAST, NORTH = metres_per_degree(SOUTH)
SIDE = 400.0  # metres
TOLERANCE = 50.0
FACTOR = factor_on(date(2026, 11, 27))
CORNERS = [(0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0)]
SITE = Outline({"type": "Polygon", "coordinates": [[[WEST + x / EAST, SOUTH + y / NORTH] for x, y in CORNERS]]})


def bits(minutes: Iterable[int]) -> int:
    return sum(1 << (1439 - minute) for minute in set(minutes))


def day(inside: Iterable[int] = (), outside: Iterable[int] = (), doubtful: Iterable[int] = ()) -> DayPresence:
    inside, outside = list(inside), list(outside)
    return presence_of(bits([*inside, *outside, *doubtful]), bits(inside), bits(outside), RULES)


def shift(inside: Iterable[int] = (), outside: Iterable[int] = ()) -> DayPresence:
    """A day whose remainder, before and after what is told, was seen outside."""
    inside, outside = list(inside), list(outside)
    first, last = min(inside + outside), max(inside + outside)
    return day(inside, [*range(6 * 60, first), *outside, *range(last + 1, 22 * 60)])


def clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def test_a_day_comes_as_a_number_as_bytes_or_as_text() -> None:
    row = bits([0, 7, 8, 1439])

    for form in (row, row.to_bytes(180, "big"), format(row, "01440b")):
        assert np.flatnonzero(minutes_of(form)).tolist() == [0, 7, 8, 1439]
    with pytest.raises(ValueError):
        minutes_of("0101")


def test_short_silence_between_two_minutes_inside_is_certain_and_a_long_one_only_possible() -> None:
    short = shift(inside=[480, 491])
    long = shift(inside=[480, 492])

    assert (short.least, short.most, short.gaps) == (12, 12, ())
    assert (long.least, long.most, long.gaps) == (2, 13, (Gap(481, 491, "unseen"),))


def test_drift_within_the_exit_delay_is_no_exit_and_costs_only_certainty() -> None:
    found = shift(inside=[*range(480, 500), *range(503, 600)], outside=[500, 501, 502])

    assert (found.least, found.most) == (117, 120)
    assert found.gaps == (Gap(500, 502, "doubtful"),)


def test_staying_outside_longer_than_the_exit_delay_is_a_gap() -> None:
    found = shift(inside=[*range(480, 500), *range(520, 600)], outside=range(500, 520))

    assert (found.least, found.most, found.gaps) == (100, 100, (Gap(500, 519, "outside"),))


def test_passing_by_is_no_arrival() -> None:
    found = day(inside=[480, *range(540, 600)], outside=[479, 482, 539, 600])

    assert found.first_in == 540
    assert found.least == 60


def test_between_two_minutes_outside_only_more_than_a_return_trip_can_hide_a_stay() -> None:
    assert shift(outside=[480, 511]).most == 0
    assert shift(outside=[480, 512]).most == 31


def test_a_phone_that_fell_silent_on_site_may_have_stayed_until_duty_ends() -> None:
    found = day(inside=range(480, 600), outside=[479])

    assert (found.least, found.most, found.latest) == (120, 22 * 60 - 480, 22 * 60 - 1)


def test_one_fix_at_home_in_the_morning_and_silence_afterwards_prove_nothing() -> None:
    assert day(outside=[6 * 60 + 30]).most == 22 * 60 - (6 * 60 + 31)
    assert day(outside=range(6 * 60 + 30, 19 * 60, 10)).most == 0


def test_a_day_without_any_position_may_be_anything() -> None:
    found = day()

    assert (found.least, found.most, found.seen, found.first_in) == (0, 16 * 60, 0, None)


def test_T18_span_is_from_the_first_to_the_last_minute_inside() -> None:
    assert day(inside=[clock("8:00"), clock("11:59")]).least_span == 239
    assert day(inside=[clock("8:00"), clock("12:00")]).least_span == 240


spells = st.lists(
    st.tuples(
        st.integers(0, 1439), st.integers(1, 90), st.sampled_from(["seen", "inside", "outside", "beacons"]),
        st.integers(1, 12),
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(spells, st.integers(0, 12), st.integers(0, 8))
def test_agrees_with_the_slow_reference_on_random_days(
    drawn: list[tuple[int, int, str, int]], bridged: int, exit_delay: int
) -> None:
    minutes: dict[str, set[int]] = {"seen": set(), "inside": set(), "outside": set(), "beacons": set()}
    for start, length, kind, step in drawn:
        minutes[kind] |= set(range(start, min(start + length, 1440), step))
    rules = Sampling(bridged=bridged, exit_delay=exit_delay, silent=200)

    seen, inside, outside, beacons = minutes.values()
    by_position = bits(inside) if beacons else None

    fast = presence_of(bits(seen | beacons), bits(inside | beacons), bits(outside), rules, by_position)

    assert fast == slow_presence(seen, inside, outside, rules, frozenset(beacons))


Fix = tuple[int, float, float, float]  # minute, metres east and north of the corner, accuracy


def marked(batches: Iterable[Sequence[Fix]]) -> tuple[bytes, bytes, bytes]:
    """The three rows after batches of positions, merged by OR as the database does."""
    seen, inside, outside, _ = merged(batches)
    return seen, inside, outside


def merged(batches: Iterable[Sequence[Fix | int]]) -> tuple[bytes, bytes, bytes, bytes]:
    """The same of positions and of minutes in which a beacon was heard, and which of those inside positions prove."""
    marks, key = Marks(), (1, 1, 1)
    for batch in batches:
        if fixes := [each for each in batch if not isinstance(each, int)]:
            minute, x, y, accuracy = np.array(fixes, dtype=float).T
            inside, outside = SITE.judge(WEST + x / EAST, SOUTH + y / NORTH, accuracy, TOLERANCE, FACTOR)
            marks.add(key, minute.astype(np.int64), (minute * MINUTE).astype(np.int64), inside, outside)
        if heard := [each for each in batch if isinstance(each, int)]:
            marks.hear(key, np.array(heard), np.array(heard) * MINUTE)
    by_position, heard_in = marks.inside[key], marks.heard.get(key, np.zeros(1440, dtype=bool))
    rows = (marks.seen[key], by_position | heard_in, marks.outside[key], by_position)
    seen, inside, outside, alone = (np.packbits(each).tobytes() for each in rows)
    return seen, inside, outside, alone


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_T21_order_batching_and_repeats_of_positions_never_matter(seed: int) -> None:
    chance = random.Random(seed)
    fixes = phone(chance, walk(chance))
    late = fixes + chance.choices(fixes, k=len(fixes) // 3)
    chance.shuffle(late)
    size = chance.randint(1, 60)

    shuffled = marked(late[n : n + size] for n in range(0, len(late), size))

    assert shuffled == marked([fixes])
    assert presence_of(*shuffled, RULES) == presence_of(*marked([fixes]), RULES)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_T21_order_batching_and_repeats_of_sightings_among_positions_never_matter(seed: int) -> None:
    chance = random.Random(seed)
    told: list[Fix | int] = [*phone(chance, walk(chance)), *chance.choices(range(360, 1320), k=chance.randint(1, 90))]
    late = told + chance.choices(told, k=len(told) // 3)
    chance.shuffle(late)
    size = chance.randint(1, 60)

    shuffled = merged(late[n : n + size] for n in range(0, len(late), size))

    assert shuffled == merged([told])
    seen, inside, _, by_position = (minutes_of(each) for each in shuffled)
    heard = {each for each in told if isinstance(each, int)}
    assert set(np.flatnonzero(inside & ~by_position)) == heard - set(np.flatnonzero(by_position))
    assert set(np.flatnonzero(seen)) == heard | {each[0] for each in told if not isinstance(each, int)}


def walk(chance: random.Random) -> list[tuple[float, float]]:
    """Where somebody truly is in each minute: at home, on his way, about the site, out on errands, home again."""
    comes, goes = chance.randint(400, 600), chance.randint(700, 1200)
    errands = [
        (start, start + chance.randint(12, 90)) for start in chance.sample(range(comes, goes), chance.randint(0, 3))
    ]
    x, y = SIDE / 2, SIDE / 2
    places = []
    for minute in range(1440):
        x = min(max(x + chance.gauss(0, 25), 0), SIDE)
        y = min(max(y + chance.gauss(0, 25), 0), SIDE)
        away = min(abs(minute - comes), abs(minute - goes)) * 400.0 + 200 if not comes <= minute < goes else 0.0
        for start, end in errands:
            if start <= minute < min(end, goes):
                away = max(min(minute - start + 1, end - minute) * 150.0 + 100, away)
        places.append((x + min(away, 6000) + (SIDE if away else 0), y))
    return places


def phone(chance: random.Random, places: list[tuple[float, float]]) -> list[Fix]:
    """What a phone tells of it: every few minutes, with noise, gaps, now and then a coarse position, a dead battery."""
    every, dies = chance.choice([1, 2, 5, 10]), chance.choice([1440, 1440, 1440, chance.randint(600, 1300)])
    holes = [
        (start, start + chance.randint(5, 180)) for start in chance.choices(range(360, 1320), k=chance.randint(0, 3))
    ]
    fixes = []
    for minute in range(6 * 60, min(22 * 60, dies)):
        if minute % every or any(start <= minute < end for start, end in holes):
            continue
        accuracy = chance.choice([5, 8, 12, 20, 35]) if chance.random() < 0.9 else chance.uniform(100, 2500)
        spread = accuracy / 1.51  # a phone's accuracy is the radius that holds 68 % of its positions
        x, y = places[minute]
        fixes.append((minute, x + chance.gauss(0, spread), y + chance.gauss(0, spread), accuracy))
    return fixes or [(12 * 60, *places[12 * 60], 10.0)]


def true_minutes(places: list[tuple[float, float]]) -> int:
    x, y = np.array(places).T
    return int((SITE.distance(WEST + x / EAST, SOUTH + y / NORTH) <= TOLERANCE).sum())


def test_the_interval_holds_the_truth_of_simulated_days() -> None:
    chance = random.Random(20261127)
    held, width, days = 0, 0, 600
    for _ in range(days):
        places = walk(chance)
        found = presence_of(*marked([phone(chance, places)]), RULES)
        held += found.least <= true_minutes(places) <= found.most
        width += found.most - found.least

    assert held / days >= 0.99
    assert width / days < 240  # and it still says something


@pytest.mark.parametrize(
    ("inside_by", "believes"),
    [
        (20.0, 15.0),  # twice as sure of itself as it may be
        (0.0, 30.2),  # honest, and on the drawn line itself
    ],
)
def test_a_still_phone_that_drifts_has_no_false_exits(inside_by: float, believes: float) -> None:
    """For 11,200 hours: the error wanders, 20 m in each direction."""
    chance = np.random.default_rng(7)
    exits = 0
    for _ in range(700):
        places = enumerate(drift(chance, 960, 20.0))
        fixes = [(360 + n, SIDE - inside_by + x, SIDE / 2 + y, believes) for n, (x, y) in places]
        exits += sum(gap.reason == "outside" for gap in presence_of(*marked([fixes]), RULES).gaps)

    assert exits <= 1


def drift(chance: np.random.Generator, minutes: int, spread: float) -> list[tuple[float, float]]:
    """An error that changes slowly: what remains of it after a minute is nine tenths."""
    x, y = chance.normal(0, spread, 2)
    found = []
    for east, north in chance.normal(0, spread * (1 - 0.9**2) ** 0.5, (minutes, 2)):
        x, y = 0.9 * x + east, 0.9 * y + north
        found.append((x, y))
    return found
