"""Ways of being at work without being there, each as somebody would really do it."""

from dataclasses import replace

import numpy as np
from numpy.random import Generator

from attendance.suspicion import Track
from services.attendance.tests.corpus import sensing, walking
from services.attendance.tests.corpus.cases import Case, kind, the_day
from services.attendance.tests.corpus.honest import track
from services.attendance.tests.corpus.sensing import Phone
from services.attendance.tests.corpus.walking import Habits

WORK = (7.7 * 3600, 18 * 3600)


def made_up(rng: Generator, number: int, phone: Phone, place: complex, flagged: bool, dice: str = "") -> Track:
    """What an app for false positions tells: one place, or dice around it."""
    at = sensing.seconds(rng, phone)
    places = np.full(len(at), place)
    size = rng.uniform(2, 8)
    if dice == "even":
        places = places + rng.uniform(-size, size, len(at)) + 1j * rng.uniform(-size, size, len(at))
    elif dice == "normal":
        places = places + rng.normal(0, size, len(at)) + 1j * rng.normal(0, size, len(at))
    accuracy = np.full(len(at), float(rng.choice([1.0, 3.0, 5.0, 20.0])))
    return sensing.tell(rng, phone, the_day(number), at, places, accuracy, mock=flagged)


def typed(track: Track) -> Track:
    """The place typed in with four decimals."""
    track.longitude[:], track.latitude[:] = np.round(track.longitude, 4), np.round(track.latitude, 4)
    return track


def days_of(rng: Generator, least: int = 1) -> int:
    """How many days it goes on: up to four, or so many and up to four more."""
    return int(rng.integers(least, least + 4))


@kind(is_attack=True)
def static_mock(rng: Generator) -> Case:
    """An app pins the phone to one place; the system flags its positions."""
    phone, place = sensing.phone(rng, 1), walking.spot(rng, 0.7)
    return Case([{1: made_up(rng, number, phone, place, True)} for number in range(days_of(rng))])


@kind(is_attack=True)
def static_mock_hidden(rng: Generator) -> Case:
    """The same on a phone whose owner removed the flag; every third types the place in. Until the fourth day."""
    return hidden(rng, days_of(rng))


@kind(is_attack=True)
def static_mock_hidden_for_days(rng: Generator) -> Case:
    """The same from the fifth day on."""
    return hidden(rng, days_of(rng, 5))


def hidden(rng: Generator, count: int) -> Case:
    phone, place, types = sensing.phone(rng, 1), walking.spot(rng, 0.7), rng.uniform() < 0.33
    days = [made_up(rng, number, phone, place, False) for number in range(count)]
    return Case([{1: typed(each) if types else each} for each in days])


@kind(is_attack=True)
def jittered_mock(rng: Generator) -> Case:
    """The app throws dice around the place, so that it looks alive; flagged."""
    phone, place, dice = sensing.phone(rng, 1), walking.spot(rng, 0.7), str(rng.choice(["even", "normal"]))
    return Case([{1: made_up(rng, number, phone, place, True, dice)} for number in range(days_of(rng))])


@kind(is_attack=True)
def jittered_mock_hidden(rng: Generator) -> Case:
    """The same without the flag."""
    phone, place, dice = sensing.phone(rng, 1), walking.spot(rng, 0.7), str(rng.choice(["even", "normal"]))
    return Case([{1: made_up(rng, number, phone, place, False, dice)} for number in range(days_of(rng))])


@kind(is_attack=True)
def teleport(rng: Generator) -> Case:
    """Truly at home in the morning and evening, pinned to the site in between; without the flag."""
    who, phone, place = walking.habits(rng), sensing.phone(rng, 1), walking.spot(rng, 0.7)
    days = []
    for number in range(2):
        home = walking.Walk(who.home).until(24 * 3600)
        true, false = track(rng, number, who, phone, home), made_up(rng, number, phone, place, False)
        on = the_day(number)
        first, last = WORK[0] + rng.normal(0, 900), WORK[1] + rng.normal(0, 900)
        parts = (
            sensing.between(true, on, 0, first),
            sensing.between(false, on, first, last),
            sensing.between(true, on, last, 86_400),
        )
        days.append({1: sensing.joined(*parts)})
    return Case(days)


def again(rng: Generator, number: int, source: Track, since: int, phone: Phone, *, exactly: bool) -> Track:
    """An earlier day's track as if it were today's: at another minute, and unless `exactly` moved and shaken."""
    moved = int(rng.uniform(-40, 40) * 60_000) + (number - since) * 86_400_000
    told = source.where(np.arange(len(source)))
    shaken = np.zeros(len(told), dtype=complex)
    if not exactly:
        size = rng.uniform(0.3, 1.5)
        shaken = complex(*rng.normal(0, 8, 2)) + rng.normal(0, size, len(told)) + 1j * rng.normal(0, size, len(told))
    longitude = np.rint((told.longitude + shaken.real / sensing.EAST) * 1e7) / 1e7
    latitude = np.rint((told.latitude + shaken.imag / sensing.NORTH) * 1e7) / 1e7
    accuracy = np.full(len(told), 3.0) if rng.uniform() < 0.5 else told.accuracy
    time = told.time + moved
    device = np.full(len(told), phone.number)
    new = Track(time, longitude, latitude, accuracy, told.mock, device, time + 1500)
    return sensing.between(new, the_day(number), walking.OPENS, walking.CLOSES)


def replayed(rng: Generator, *, own: bool, exactly: bool) -> Case:
    people: dict[int, tuple[Habits, Phone]] = {n: (walking.habits(rng), sensing.phone(rng, n)) for n in (1, 2)}
    days = [{n: track(rng, number, *people[n]) for n in people} for number in range(6)]
    since, source = int(rng.integers(0, 6)), 1 if own else 2
    days.append(
        {1: again(rng, 6, days[since][source], since, people[1][1], exactly=exactly), 2: track(rng, 6, *people[2])}
    )
    return Case(days)


@kind(is_attack=True)
def replayed_own_track(rng: Generator) -> Case:
    """His own track of a day of that week, told again up to forty minutes earlier or later."""
    return replayed(rng, own=True, exactly=True)


@kind(is_attack=True)
def replayed_others_track(rng: Generator) -> Case:
    """A colleague's track of a day of that week."""
    return replayed(rng, own=False, exactly=True)


@kind(is_attack=True)
def replayed_and_shaken(rng: Generator) -> Case:
    """The same, moved by some metres and shaken, so that no coordinate is the same."""
    return replayed(rng, own=bool(rng.uniform() < 0.5), exactly=False)


def bag(rng: Generator, days: int) -> Case:
    who = walking.habits(rng)
    phones = [sensing.phone(rng, n, "satellites") for n in range(1, 6)]
    carried = []
    for number in range(days):
        walk = walking.day(rng, who)
        carried.append({phone.number: track(rng, number, who, phone, walk) for phone in phones})
    return Case(carried, judged=(1, 2, 3, 4, 5))


@kind(is_attack=True)
def five_in_a_bag_first_day(rng: Generator) -> Case:
    """One man carries the phones of five, for the first time."""
    return bag(rng, 1)


@kind(is_attack=True)
def five_in_a_bag(rng: Generator) -> Case:
    """The same on the fourth to eighth day."""
    return bag(rng, int(rng.integers(4, 9)))


@kind(is_attack=True)
def one_phone_for_two(rng: Generator) -> Case:
    """Two accounts on one phone: every position comes twice, under two names."""
    who, phone = walking.habits(rng), sensing.phone(rng, 1)
    mine = track(rng, 0, who, phone)
    his = replace(mine, device=np.full(len(mine), 2), received_at=mine.received_at + 700)
    return Case([{1: mine, 2: his}], judged=(1, 2))


@kind(is_attack=True)
def left_on_site_first_days(rng: Generator) -> Case:
    """The phone stays in the site office, on its charger, day and night; he comes when somebody calls. Until the fourth day."""
    return left(rng, days_of(rng))


@kind(is_attack=True)
def left_on_site(rng: Generator) -> Case:
    """The same from the fifth day on."""
    return left(rng, days_of(rng, 5))


def left(rng: Generator, days: int) -> Case:
    phone, place = sensing.phone(rng, 1), walking.spot(rng, 0.7)
    who = replace(walking.habits(rng), desk=place)
    walk = walking.Walk(place).until(24 * 3600)
    return Case([{1: track(rng, number, who, phone, walk)} for number in range(days)])


def visit(rng: Generator, shift_hours: float) -> Case:
    """Half an hour on site, told twice: truly, and with the clock set to another time of the day."""
    who, phone = walking.habits(rng), sensing.phone(rng, 1)
    came = rng.uniform(9, 10) * 3600
    walk = walking.Walk(who.home).until(came - abs(who.home) / 9).go(who.desk, 9)
    walking.rounds(rng, walk, who.desk)
    walk.until(came + 3600).go(who.home, 9).until(24 * 3600)
    true = track(rng, 0, who, phone, walk)
    there = sensing.between(true, the_day(0), came + 1200, came + 3600)
    moved = replace(there, time=there.time + int(shift_hours * 3_600_000))
    away = (true.time < there.time[0]) | (true.time > there.time[-1])
    return Case([{1: sensing.joined(true.where(away), moved, sensing.between(true, the_day(0), came, came + 1200))}])


@kind(is_attack=True)
def clock_ahead(rng: Generator) -> Case:
    """Comes for an hour, sets the clock four to six hours ahead for most of it, goes home and sets it right."""
    case = visit(rng, rng.uniform(4, 6))
    return replace(case, future={1: int(rng.choice([0, 0, 80]))})


@kind(is_attack=True)
def clock_behind(rng: Generator) -> Case:
    """The same with the clock set back two to three hours."""
    return visit(rng, -rng.uniform(1.5, 3))
