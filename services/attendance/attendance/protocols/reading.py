"""What the protocols have in common: numbers and moments as apps write them, and `Points` of what was found."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from math import isfinite
from typing import Any

import numpy as np

from attendance.points import NO_SEQUENCE, Points, SetAside

# Before it no phone of ours existed, after it no clock is merely wrong: 2020 to 2100, in milliseconds.
EARLIEST, LATEST = 1_577_836_800_000, 4_102_444_800_000
SECONDS_END = 100_000_000_000  # a larger number of seconds would be the year 5138: it is milliseconds
LARGEST_SEQUENCE = 2**62
A_DAY = 86_400_000  # milliseconds
KEPT_TEXT, KEPT_FIELDS, KEPT_DEPTH = 100, 20, 3
YES = ("1", "1.0", "true", "yes")


class Undecodable(Exception):
    """The message as a whole is not what its protocol sends: it is parked."""


class NoPosition(ValueError):
    """One position among others is none; the argument is the reason under which it is set aside."""


@dataclass(frozen=True)
class Told:
    """One position as it was told, in WGS-84; `time` in milliseconds since 1970."""

    time: int
    longitude: float
    latitude: float
    accuracy: float = float("nan")
    sequence: int = NO_SEQUENCE
    mock: bool = False


def load(body: bytes) -> Any:
    """The JSON of a body; raises `Undecodable`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Undecodable("not JSON") from error


def number(value: Any, reason: str = "not_a_position") -> float:
    """A finite number, also from text; raises `NoPosition`."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise NoPosition(reason)
    try:
        found = float(value)
    except (ValueError, OverflowError) as error:
        raise NoPosition(reason) from error
    if not isfinite(found):
        raise NoPosition(reason)
    return found


def accuracy(value: Any) -> float:
    """Metres; NaN for none, for nonsense and for a negative one, by which apps say that they do not know."""
    try:
        found = number(value)
    except NoPosition:
        return float("nan")
    return found if found >= 0 else float("nan")


def is_yes(value: Any) -> bool:
    """Whether it says yes, as a number, a boolean or a word: the text \"false\" does not."""
    return str(value).lower() in YES


def moment(value: Any) -> int:
    """Milliseconds since 1970 of seconds, milliseconds, or a date and time (UTC where it names no zone)."""
    try:
        at = number(value, "no_time")
    except NoPosition:
        at = _written(value)
    milliseconds = at * 1000 if abs(at) < SECONDS_END else at
    if not EARLIEST <= milliseconds < LATEST:
        raise NoPosition("no_time")
    return round(milliseconds)


def place(longitude: Any, latitude: Any) -> tuple[float, float]:
    """Degrees on this earth; raises `NoPosition`. Exactly nought by nought is what a device without a fix tells."""
    x, y = number(longitude), number(latitude)
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise NoPosition("outside_the_world")
    if x == 0 and y == 0:
        raise NoPosition("no_fix")
    return x, y


def ahead(found: Points, received_at: int) -> Points:
    """For apps that do not say when they sent: one that tells of what is yet to come has a clock that is ahead by as much.
    One that is behind tells no other thing than a message that was long on its way; what is more than a day off is no
    clock's fault, but a receiver's."""
    off = found.time - received_at
    off = off[(off > 0) & (off <= A_DAY)]
    return replace(found, sent_at=received_at + int(off.max())) if len(off) else found


def points(told: Iterable[Told], aside: Iterable[SetAside] = (), sent_at: int | None = None) -> Points:
    rows = list(told)
    return Points(
        time=np.array([each.time for each in rows], dtype=np.int64),
        longitude=np.array([each.longitude for each in rows], dtype=np.float64),
        latitude=np.array([each.latitude for each in rows], dtype=np.float64),
        accuracy=np.array([each.accuracy for each in rows], dtype=np.float64),
        mock=np.array([each.mock for each in rows], dtype=bool),
        sequence=np.array([each.sequence for each in rows], dtype=np.int64),
        sent_at=sent_at,
        set_aside=storable(aside),
    )


def brief(value: Any) -> Any:
    """What was told, as JSON can keep it and no longer than it is worth."""
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, int | float) else str(value)[:100]


def storable(aside: Iterable[SetAside]) -> tuple[SetAside, ...]:
    """As the database can keep them."""
    return tuple(SetAside(each.reason, _storable(each.told)) for each in aside)


def _storable(told: Any, depth: int = KEPT_DEPTH) -> Any:
    """As much of it as tells what it was. PostgreSQL's jsonb refuses NUL and half a surrogate pair, and one refused row
    would hold up the whole batch."""
    if isinstance(told, dict | list) and not depth:
        told = "…"
    if isinstance(told, str):
        return told[:KEPT_TEXT].replace("\0", "\ufffd").encode(errors="replace").decode()
    if isinstance(told, dict):
        kept = islice(told.items(), KEPT_FIELDS)
        return {_storable(name): _storable(value, depth - 1) for name, value in kept}
    return [_storable(each, depth - 1) for each in told[:KEPT_FIELDS]] if isinstance(told, list) else told


def _written(value: Any) -> float:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise NoPosition("no_time") from error
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000
