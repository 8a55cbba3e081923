"""The positions of one message as arrays of one length, in the order in which they were sent."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_SEQUENCE = -1
PER_DEGREE = 1e7  # a hundredth of a metre
NO_RSSI = 0  # no radio is heard as strongly as that
Beacon = tuple[str, int, int]  # its UUID (in small letters, with hyphens), major and minor
ARRAYS = ("time", "longitude", "latitude", "accuracy", "mock", "sequence")


@dataclass(frozen=True)
class SetAside:
    """A position that is kept for the record and judges nobody: `reason` is a code of `REASONS`, `told` what was sent."""

    reason: str
    told: dict[str, Any]


@dataclass(frozen=True)
class Points:
    """What a device sent, decoded; nothing is judged yet.

    `time` is of the device's own clock, in milliseconds since 1970 (UTC); `longitude` and `latitude` are degrees in
    WGS-84, whatever datum was declared; `accuracy` metres, NaN where the device gave none; `mock` whether it said itself
    that the position was made up; `sequence` the device's own number, `NO_SEQUENCE` where it has none. `sent_at` is the
    device's clock when it sent the message (ms), None where neither it says nor its positions betray it. `sightings`: the
    beacons that came with them, if any.
    """

    time: NDArray[np.int64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    accuracy: NDArray[np.float64]
    mock: NDArray[np.bool_]
    sequence: NDArray[np.int64]
    sent_at: int | None = None
    set_aside: tuple[SetAside, ...] = field(default=())
    sightings: "Sightings | None" = None

    def __len__(self) -> int:
        return len(self.time)

    def as_kept(self) -> "Points":
        """As exact as they are stored, and no exacter: so that a day reckoned anew from the table is the same day."""
        return replace(
            self,
            longitude=np.rint(self.longitude * PER_DEGREE) / PER_DEGREE,
            latitude=np.rint(self.latitude * PER_DEGREE) / PER_DEGREE,
            accuracy=self.accuracy.astype(np.float32).astype(np.float64),
        )

    def where(self, chosen: NDArray[np.bool_]) -> "Points":
        """Only the chosen ones."""
        arrays = {name: getattr(self, name)[chosen] for name in ARRAYS}
        return replace(self, **arrays)

    def told(self, number: int) -> dict[str, Any]:
        """One of them, as it is kept where it is set aside."""
        return {
            "time": int(self.time[number]),
            "longitude": float(self.longitude[number]),
            "latitude": float(self.latitude[number]),
        }


@dataclass(frozen=True)
class Sightings:
    """Beacons that a device heard, decoded; `time`, `sequence` and `sent_at` as those of its positions.

    `beacon`: by what each called itself. `rssi`: how strongly it was heard (dBm), `NO_RSSI` where the device did not say.
    """

    time: NDArray[np.int64]
    beacon: tuple[Beacon, ...]
    rssi: NDArray[np.int64]
    sequence: NDArray[np.int64]
    sent_at: int | None = None
    set_aside: tuple[SetAside, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.time)

    def where(self, chosen: NDArray[np.bool_]) -> "Sightings":
        """Only the chosen ones."""
        beacon = tuple(self.beacon[number] for number in np.flatnonzero(chosen))
        arrays = {name: getattr(self, name)[chosen] for name in ("time", "rssi", "sequence")}
        return replace(self, beacon=beacon, **arrays)

    def told(self, number: int) -> dict[str, Any]:
        """One of them, as it is kept where it is set aside."""
        uuid, major, minor = self.beacon[number]
        return {"time": int(self.time[number]), "uuid": uuid, "major": major, "minor": minor}
