"""Honest days that look like cheating, each kind with its reason. Nobody of these may be noted but for the rarest chance."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from attendance.datums import to_gcj02
from attendance.suspicion import Track
from services.attendance.tests.corpus import sensing, walking
from services.attendance.tests.corpus.cases import Case, kind, the_day
from services.attendance.tests.corpus.sensing import Phone
from services.attendance.tests.corpus.walking import Habits, Walk

WEEK = 7
Day = Callable[[int, Habits, Phone], Track]


def track(rng: Generator, number: int, who: Habits, phone: Phone, walk: Walk | None = None) -> Track:
    """A day as his phone tells it."""
    walk = walk or walking.day(rng, who)
    at = sensing.seconds(rng, phone)
    return sensing.tell(rng, phone, the_day(number), at, *sensing.sense(rng, phone, at, walk.where(at), who.desk))


def week(rng: Generator, day: Day, indoors: str = "", days: int = WEEK) -> Case:
    who, phone = walking.habits(rng), sensing.phone(rng, 1, indoors)
    return Case([{1: day(number, who, phone)} for number in range(days)])


@kind(is_attack=False)
def ordinary(rng: Generator) -> Case:
    """Comes, goes round the site between spells at his desk, goes home."""
    return week(rng, lambda number, who, phone: track(rng, number, who, phone))


@kind(is_attack=False)
def phone_on_desk(rng: Generator) -> Case:
    """His phone lies on his desk all day, every day, and goes home with him."""
    return week(rng, lambda number, who, phone: track(rng, number, who, phone, walking.day(rng, who, carries=False)))


@kind(is_attack=False)
def wireless_desk(rng: Generator) -> Case:
    """The same, located by the wireless network: one to a hundred coordinates that come again and again."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        return track(rng, number, who, phone, walking.day(rng, who, carries=False))

    return week(rng, day, str(rng.choice(["points", "scatter"])))


@kind(is_attack=False)
def lives_on_site(rng: Generator) -> Case:
    """Sleeps in the site's dormitory, never leaves for weeks, carries his phone."""
    return week(rng, lambda number, who, phone: track(rng, number, who, phone, walking.day(rng, who, lives_there=True)))


@kind(is_attack=False)
def high_rises(rng: Generator) -> Case:
    """Between towers, reflections throw him by hundreds of metres for minutes, and by kilometres for moments."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        walk = walking.day(rng, who)
        at = sensing.seconds(rng, phone)
        places, accuracy = sensing.sense(rng, phone, at, walk.where(at), who.desk)
        for _ in range(rng.integers(5, 25)):
            first, length = rng.integers(0, len(at) - 20), rng.integers(1, 10)
            places[first : first + length] += rng.uniform(80, 500) * np.exp(2j * np.pi * rng.uniform())
        for one in rng.integers(0, len(at), rng.integers(0, 3)):
            places[one] += rng.uniform(1_000, 6_000) * np.exp(2j * np.pi * rng.uniform())
        return sensing.tell(rng, phone, the_day(number), at, places, accuracy)

    return week(rng, day, days=2)


@kind(is_attack=False)
def tunnel(rng: Generator) -> Case:
    """Comes by fast train: seen at 90 m/s, not seen in tunnels, then kilometres away."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        afar = replace(who, home=who.home * rng.uniform(4, 9))
        walk = Walk(afar.home)
        walk.until(who.comes - 2400).go(who.home * 0.4, rng.uniform(60, 95)).stay(180).go(who.desk, 9)
        walking.rounds(rng, walk.stay(3600), who.desk)
        walking.rounds(rng, walk.stay(7200), who.desk)
        walk.until(who.leaves).go(who.home * 0.4, 9).stay(300).go(afar.home, 80).until(24 * 3600)
        told = track(rng, number, who, phone, walk)
        for middle in (who.comes - 1500, who.leaves + 1800):
            length = rng.uniform(60, 480)
            start = sensing.milliseconds(the_day(number), np.array([middle]))[0]
            told = told.where((told.time < start) | (told.time > start + length * 1000))
        return told

    return week(rng, day, days=2)


@kind(is_attack=False)
def reboot(rng: Generator) -> Case:
    """Starts anew in the middle of the day, and for minutes tells the place where it was last sure, far away; with a clock
    that is ahead at first."""

    return replace(
        week(rng, lambda number, who, phone: restarted(rng, number, who, track(rng, number, who, phone))),
        future={1: int(rng.integers(0, 30))},
    )


def restarted(rng: Generator, number: int, who: Habits, told: Track) -> Track:
    off, stale = rng.uniform(9, 16) * 3600, rng.uniform(120, 900)
    on = off + rng.uniform(120, 1800)
    before = sensing.between(told, the_day(number), 0, off)
    after = sensing.between(told, the_day(number), on, walking.CLOSES)
    start = sensing.milliseconds(the_day(number), np.array([on + stale]))[0]
    wrong, far = after.time < start, who.home * rng.uniform(0.2, 1)
    after.longitude[wrong] = sensing.MIDDLE[0] + far.real / sensing.EAST
    after.latitude[wrong] = sensing.MIDDLE[1] + far.imag / sensing.NORTH
    if rng.uniform() < 0.5:
        after.time[wrong] += int(rng.uniform(3, 30) * 60_000)
    return sensing.joined(before, after)


@kind(is_attack=False)
def dead_battery(rng: Generator) -> Case:
    """Silent for hours in the afternoon; then, set by hand, a clock that is wrong by some minutes until evening."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        told = track(rng, number, who, phone)
        off = rng.uniform(12, 15) * 3600
        on = off + rng.uniform(1, 3) * 3600
        before = sensing.between(told, the_day(number), 0, off)
        after = sensing.between(told, the_day(number), on, walking.CLOSES)
        if rng.uniform() < 0.3:
            after.time[:] += int(rng.uniform(-40, 40) * 60_000)
        return sensing.joined(before, after)

    return replace(week(rng, day), future={1: int(rng.integers(0, 60))})


@kind(is_attack=False)
def no_coverage(rng: Generator) -> Case:
    """A basement without network: hours of positions come at once in the evening, in any order."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        told = track(rng, number, who, phone)
        first = rng.uniform(8, 12) * 3600
        start, end = sensing.milliseconds(the_day(number), np.array([first, first + rng.uniform(2, 6) * 3600]))
        kept = (told.time >= start) & (told.time < end)
        told.received_at[kept] = end + rng.integers(0, 40, kept.sum()) * 1500
        return told

    return week(rng, day, days=2)


@kind(is_attack=False)
def patrol(rng: Generator) -> Case:
    """The same round at the same minute every hour, every day."""
    stops = [walking.spot(rng) for _ in range(8)]

    def day(number: int, who: Habits, phone: Phone) -> Track:
        walk = Walk(who.home).until(7.5 * 3600 - abs(who.home) / 9).go(who.desk, 9)
        for hour in range(8, 18):
            walk.until(hour * 3600 + rng.normal(0, 20))
            for stop in stops:
                walk.go(stop, 1.2 * rng.normal(1, 0.03)).stay(rng.normal(60, 8))
            walk.go(who.desk, 1.2)
        walk.until(18 * 3600).go(who.home, 9).until(24 * 3600)
        return track(rng, number, who, phone, walk)

    return week(rng, day)


@kind(is_attack=False)
def colleagues(rng: Generator) -> Case:
    """Two who go round together for half of the day, every day."""
    one, other = walking.habits(rng), walking.habits(rng)
    phones = sensing.phone(rng, 1), sensing.phone(rng, 2)
    days = []
    for number in range(WEEK):
        shared = walking.day(rng, one)
        mine = walking.day(rng, other)
        noon = 12.6 * 3600
        at = sensing.seconds(rng, phones[1])
        places = np.where(at < noon, shared.where(at) + 1.5, mine.where(at))
        his = sensing.tell(rng, phones[1], the_day(number), at, *sensing.sense(rng, phones[1], at, places))
        days.append({1: track(rng, number, one, phones[0], shared), 2: his})
    return Case(days, judged=(1, 2))


@kind(is_attack=False)
def inseparable(rng: Generator) -> Case:
    """Two who do everything together, from the car in the morning to the car in the evening."""
    who = walking.habits(rng)
    phones = sensing.phone(rng, 1), sensing.phone(rng, 2)
    days = []
    for number in range(WEEK):
        walk = walking.day(rng, who)
        days.append({phone.number: track(rng, number, who, phone, walk) for phone in phones})
    return Case(days, judged=(1, 2))


@kind(is_attack=False)
def bluetooth_receiver(rng: Generator) -> Case:
    """A surveyor's receiver feeds his phone: every position is flagged as made up, and always of one accuracy."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        fed = replace(phone, accuracy=1.0, sigma=0.8, indoors="satellites")
        told = track(rng, number, who, fed)
        told.mock[:] = True
        return told

    return week(rng, day)


@kind(is_attack=False)
def map_datum(rng: Generator) -> Case:
    """An app that tells a domestic map's datum for half an hour now and then: half a kilometre beside the truth."""

    def day(number: int, who: Habits, phone: Phone) -> Track:
        told = track(rng, number, who, phone)
        for _ in range(rng.integers(1, 4)):
            first = rng.integers(0, len(told) - 60)
            part = slice(first, first + rng.integers(20, 60))
            told.longitude[part], told.latitude[part] = to_gcj02(told.longitude[part], told.latitude[part])
        return told

    return week(rng, day)


@kind(is_attack=False)
def many_oddities(rng: Generator) -> Case:
    """Everything odd at once that can be so independently: receiver, accuracy, network, dormitory, restart, reflections. Only
    not a phone that lies on the site for days and nights, which is what `left_on_site` looks like; and a receiver, whose
    positions are flagged, knows satellites only."""
    flagged, fixed, restarts, lives, carries = (bool(rng.uniform() < 0.5) for _ in range(5))
    place = "satellites" if flagged else str(rng.choice(["satellites", "points", "scatter"]))

    def day(number: int, who: Habits, phone: Phone) -> Track:
        odd = replace(phone, accuracy=1.0) if fixed else phone
        told = track(rng, number, who, odd, walking.day(rng, who, carries=carries or lives, lives_there=lives))
        told.mock[:] = flagged
        for first in rng.integers(0, len(told) - 20, rng.integers(0, 6)):
            told.longitude[first : first + rng.integers(1, 10)] += rng.normal(0, 0.002)
        return restarted(rng, number, who, told) if restarts else told

    return replace(week(rng, day, place), future={1: int(rng.integers(0, 30)) if restarts else 0})
