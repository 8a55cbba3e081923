"""Positions → minutes of presence: all points of a batch at once, none of it depending on their order (pure).

A point counts in the Shanghai minute of its corrected time. `seen`: it fell into that minute at all; `inside`: its whole
circle of accuracy, widened by the factor of the day (accuracy), lies in the site; `outside`: none of it does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from attendance.accuracy import factor_on
from attendance.assignments import Assignment
from attendance.boundaries import Outline
from attendance.points import Points, SetAside, Sightings
from attendance.terms import CLOCK_TOLERANCE, DUTY_HOURS, TOLERANCE_METRES

MINUTES = 1440
MINUTE = 60_000
DAY = MINUTES * MINUTE
SHANGHAI = 8 * 60 * MINUTE
EPOCH = date(1970, 1, 1)
NEVER = -(2**62)
Key = tuple[int, int, int]  # person, site, days since 1970
Minutes = NDArray[np.bool_]


class Roster(Protocol):
    """What marking asks of `Assignments`."""

    def of(self, person: int) -> tuple[Assignment, ...]: ...

    def boundary(self, site: int, day: date) -> Outline | None: ...


class Timed(Protocol):
    """What positions and sightings have in common: moments of a device's clock, numbers, and a way to tell of one."""

    @property
    def time(self) -> NDArray[np.int64]: ...

    @property
    def sequence(self) -> NDArray[np.int64]: ...

    @property
    def sent_at(self) -> int | None: ...

    def __len__(self) -> int: ...

    def where(self, chosen: NDArray[np.bool_]) -> Self: ...

    def told(self, number: int) -> dict[str, Any]: ...


Some = TypeVar("Some", bound=Timed)
Read = TypeVar("Read", bound=Timed, covariant=True)


@dataclass(frozen=True)
class Told(Generic[Read]):
    """The points of one message, of one device of one person; `correction` (ms) is added to the device's clock."""

    device: int
    person: int
    received_at: int
    points: Read
    correction: int = 0


Report = Told[Points]
Hearing = Told[Sightings]


@dataclass
class Marks:
    """Minutes of presence by person, site and day; and when, in milliseconds, somebody was seen and was inside last.

    `heard`: minutes in which a beacon of the site was sighted, and `last_heard`; they are kept apart from `inside`, which
    holds what positions prove, until the database has them both (`storing.keep_heard`).
    """

    seen: dict[Key, Minutes] = field(default_factory=dict)
    inside: dict[Key, Minutes] = field(default_factory=dict)
    outside: dict[Key, Minutes] = field(default_factory=dict)
    last_seen: dict[Key, int] = field(default_factory=dict)
    last_inside: dict[Key, int] = field(default_factory=dict)
    heard: dict[Key, Minutes] = field(default_factory=dict)
    last_heard: dict[Key, int] = field(default_factory=dict)

    def add(
        self, key: Key, minutes: NDArray[np.int64], time: NDArray[np.int64], inside: Minutes, outside: Minutes
    ) -> None:
        if key not in self.seen:
            for each in (self.seen, self.inside, self.outside):
                each[key] = np.zeros(MINUTES, dtype=bool)
            self.last_seen[key] = self.last_inside[key] = NEVER
        self.seen[key][minutes] = True
        self.inside[key][minutes[inside]] = True
        self.outside[key][minutes[outside]] = True
        self.last_seen[key] = max(self.last_seen[key], int(time.max()))
        if inside.any():
            self.last_inside[key] = max(self.last_inside[key], int(time[inside].max()))

    def hear(self, key: Key, minutes: NDArray[np.int64], time: NDArray[np.int64]) -> None:
        """A beacon of the site, sighted: he was seen, and is taken for inside."""
        nowhere = np.zeros(len(time), dtype=bool)
        self.add(key, minutes, time, nowhere, nowhere)
        self.heard.setdefault(key, np.zeros(MINUTES, dtype=bool))[minutes] = True
        self.last_heard[key] = max(self.last_heard.get(key, NEVER), int(time.max()))

    def of_day(self, day: int) -> "Marks":
        """Only what falls on one day, in days since 1970."""
        parts = (getattr(self, name) for name in self.__dataclass_fields__)
        return Marks(*({key: each for key, each in part.items() if key[2] == day} for part in parts))


def correction(lag: int | None) -> int:
    """What to add to a device's clock (ms): nothing, unless it is wrong by more than networks explain (T21)."""
    return lag if lag is not None and abs(lag) > CLOCK_TOLERANCE / timedelta(milliseconds=1) else 0


def start_of(day: date) -> datetime:
    """The first moment of a Shanghai day."""
    return datetime.fromtimestamp(((day - EPOCH).days * DAY - SHANGHAI) / 1000, UTC)


def usable(report: Told[Some], first_day: int, duty_ends: int) -> tuple[Some, list[SetAside], int]:
    """The points that may judge somebody, from `first_day` (days since 1970) on; those set aside, with the reason; and how
    many were of off-duty hours or after his last duty had ended (ms): these are nobody's business and not kept (PIPL
    Art. 6)."""
    points = report.points
    time = points.time + report.correction
    latest = report.received_at + int(CLOCK_TOLERANCE / timedelta(milliseconds=1))
    future, old = time > latest, points.time < first_day * DAY - SHANGHAI
    minute = (time + SHANGHAI) % DAY // MINUTE
    off_duty = (minute < DUTY_HOURS[0] * 60) | (minute >= DUTY_HOURS[1] * 60) | (time >= duty_ends)
    aside = [_aside("in_the_future", points, int(n)) for n in np.flatnonzero(future)]
    aside += [_aside("too_old", points, int(n)) for n in np.flatnonzero(old & ~future)]
    dropped = off_duty & ~future & ~old
    kept = ~(future | old | off_duty)
    return (points if kept.all() else points.where(kept)), aside, int(dropped.sum())


def mark(reports: Iterable[Report], roster: Roster) -> Marks:
    marks = Marks()
    for report in reports:
        for duty in roster.of(report.person):
            _mark(marks, report, duty, roster)
    return marks


def _mark(marks: Marks, report: Report, duty: Assignment, roster: Roster) -> None:
    points = report.points
    local = points.time + (report.correction + SHANGHAI)
    days, minutes = np.divmod(local // MINUTE, MINUTES)
    on_duty = (local >= duty.since + SHANGHAI) & (local < duty.until + SHANGHAI)
    for day in distinct(days):
        here = np.flatnonzero(on_duty & (days == day))
        if not len(here):
            continue
        date = EPOCH + timedelta(days=int(day))
        inside, outside = _sides(points, here, roster.boundary(duty.site, date), factor_on(date))
        time = points.time[here] + report.correction
        marks.add((report.person, duty.site, int(day)), minutes[here], time, inside, outside)


def _sides(points: Points, here: NDArray[np.intp], outline: Outline | None, factor: float) -> tuple[Minutes, Minutes]:
    if outline is None:  # nobody has drawn the site: it is known that he was located, not where
        nowhere = np.zeros(len(here), dtype=bool)
        return nowhere, nowhere
    accuracy = points.accuracy[here]
    return outline.judge(points.longitude[here], points.latitude[here], accuracy, TOLERANCE_METRES, factor)


def distinct(days: NDArray[np.int64]) -> Sequence[int]:
    if not len(days):
        return ()
    first, last = int(days.min()), int(days.max())
    return (first,) if first == last else [int(each) for each in np.unique(days)]


def _aside(reason: str, points: Timed, number: int) -> SetAside:
    return SetAside(reason, points.told(number))
