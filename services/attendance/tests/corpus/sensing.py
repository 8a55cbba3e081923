"""How a phone senses where it is, and tells it: errors that drift, networks, accuracy, messages."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from attendance.boundaries import metres_per_degree
from attendance.suspicion import Track
from services.attendance.tests.corpus.walking import CLOSES, HIGH, OPENS, WIDE, Metres

MIDDLE = (114.4712, 38.0391)
EAST, NORTH = metres_per_degree(MIDDLE[1])
PER_DEGREE = 1e7
FORGOTTEN = 1e-6  # what is left of an error when it counts no more
EPOCH = date(1970, 1, 1)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Phone:
    """`sigma`, `memory`: metres and seconds of its errors; `interval` of its positions and `batch` of them a message;
    `indoors`: how it is located at a desk: by satellites, by a few known points, or by points that scatter. `accuracy`:
    the one that it always tells, if it does."""

    number: int
    sigma: float
    memory: float
    interval: float
    batch: int
    indoors: str
    accuracy: float | None
    points: tuple[complex, ...]


def phone(rng: Generator, number: int, indoors: str = "") -> Phone:
    points = tuple(complex(*rng.normal(0, 12, 2)) for _ in range(rng.choice([1, 2, 5, 20, 120])))
    return Phone(
        number=number,
        sigma=rng.uniform(2.5, 6),
        memory=rng.uniform(90, 400),
        interval=rng.choice([20.0, 30.0, 30.0, 60.0]),
        batch=int(rng.choice([1, 4, 10])),
        indoors=indoors or str(rng.choice(["satellites", "satellites", "points", "scatter"])),
        accuracy=float(rng.choice([5.0, 10.0, 35.0])) if rng.uniform() < 0.15 else None,
        points=points,
    )


def boundary() -> dict[str, Any]:
    """The site's, as GeoJSON."""
    west, east = (MIDDLE[0] + side * WIDE / EAST for side in (-1, 1))
    south, north = (MIDDLE[1] + side * HIGH / NORTH for side in (-1, 1))
    corners = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [corners]}


def seconds(rng: Generator, phone: Phone) -> Floats:
    """Of the day, at which it takes a position."""
    count = int((CLOSES - OPENS) / phone.interval)
    return np.asarray(OPENS + np.arange(count) * phone.interval + rng.uniform(0, 1.5, count))


def errors(rng: Generator, phone: Phone, count: int, sigma: float | None = None) -> Metres:
    """A drift with memory, and a little dice on top, as receivers have."""
    keeps = np.exp(-phone.interval / phone.memory)
    dice = (rng.normal(size=count) + 1j * rng.normal(size=count)) * np.sqrt(1 - keeps**2)
    remembered = keeps ** np.arange(int(np.log(FORGOTTEN) / np.log(keeps)))
    first = complex(rng.normal(), rng.normal())
    drift = np.convolve(dice, remembered)[:count] + first * keeps ** np.arange(1, count + 1)
    jitter = (rng.normal(size=count) + 1j * rng.normal(size=count)) * 0.25
    return np.asarray((sigma or phone.sigma) * (drift + jitter))


def sense(
    rng: Generator, phone: Phone, at: Floats, places: Metres, desk: complex | None = None
) -> tuple[Metres, Floats]:
    """Where it takes itself to be, and with which accuracy; within two metres of the desk it is indoors."""
    count = len(at)
    told = places + errors(rng, phone, count)
    accuracy = np.round(np.clip(phone.sigma * rng.lognormal(0.3, 0.35, count), 2, 60), 1)
    indoors = np.zeros(count, dtype=bool) if desk is None else np.abs(places - desk) < 2
    if phone.indoors == "points":
        chosen = np.minimum(rng.geometric(0.35, count) - 1, len(phone.points) - 1)
        if len(phone.points) > 20:
            chosen = rng.integers(0, len(phone.points), count)
        told[indoors] = (places + np.array(phone.points)[chosen])[indoors]
        accuracy[indoors] = (12.0 + chosen % 7)[indoors]
    elif phone.indoors == "scatter":
        told[indoors] = (places + rng.normal(0, 7, count) + 1j * rng.normal(0, 7, count))[indoors]
        accuracy[indoors] = np.round(rng.uniform(11, 25, count), 1)[indoors]
    elif indoors.any():
        told[indoors] = (places + errors(rng, phone, count, phone.sigma * 1.2))[indoors]
    return told, accuracy if phone.accuracy is None else np.full(count, phone.accuracy)


def tell(
    rng: Generator, phone: Phone, on: date, at: Floats, places: Metres, accuracy: Floats, mock: bool = False
) -> Track:
    """As it is kept: coordinates to a centimetre, each message received a moment after its newest position."""
    time = milliseconds(on, at)
    last = np.minimum((np.arange(len(at)) // phone.batch + 1) * phone.batch, len(at)) - 1
    late = rng.integers(300, 4000, len(at))
    return Track(
        time=time,
        longitude=np.rint((MIDDLE[0] + places.real / EAST) * PER_DEGREE) / PER_DEGREE,
        latitude=np.rint((MIDDLE[1] + places.imag / NORTH) * PER_DEGREE) / PER_DEGREE,
        accuracy=accuracy.astype(np.float32).astype(np.float64),
        mock=np.full(len(at), mock),
        device=np.full(len(at), phone.number),
        received_at=time[last] + late[last],
    )


def milliseconds(on: date, at: Floats) -> NDArray[np.int64]:
    return np.asarray((on - EPOCH).days * 86_400_000 - 8 * 3_600_000 + np.rint(at * 1000).astype(np.int64))


def joined(*tracks: Track) -> Track:
    """What several phones, or one at several times, told of a day."""
    together = Track(*(np.concatenate([getattr(each, name) for each in tracks]) for name in Track.__dataclass_fields__))
    return together.where(np.argsort(together.time, kind="stable"))


def between(track: Track, on: date, first: float, last: float) -> Track:
    start, end = milliseconds(on, np.array([first, last]))
    return track.where((track.time >= start) & (track.time < end))
