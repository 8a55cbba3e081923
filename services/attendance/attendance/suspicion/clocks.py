"""Clocks that were set (pure): by the messages in which positions came. 0.1 ms a person-day."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from attendance.suspicion.rules import Found, Limits, Rules
from attendance.suspicion.tracks import Day, Track

MINUTE = 60_000
Times = NDArray[np.int64]
Spell = tuple[int, int, int]  # first received, lag, last received: milliseconds


def look(day: Day, future: int, rules: Rules) -> Iterator[Found]:
    """`future`: how many positions were set aside that day because they were of the future when they came."""
    if future:
        yield Found("future_positions", future, {"found": future})
    limits = rules.limits["clock_changed"]
    for device in day.track.devices:
        spells = _wrong(*_messages(day.track.where(day.track.device == device)), limits)
        if spells:
            start, lag, until = max(spells, key=lambda each: each[2] - each[0])
            told = {"device": device, "minutes": round(-lag / MINUTE), "received_at": start, "until": until}
            yield Found("clock_changed", len(spells), told)


def _wrong(received: Times, lags: Times, limits: Limits) -> list[Spell]:
    """Spells of a clock that was ahead while it was right at other times; or that was behind from one message to the
    next: who had no coverage is behind only after a silence as long."""
    off, steady = limits["off_minutes"] * MINUTE, limits["steady_minutes"] * MINUTE
    if not (np.abs(lags) <= steady).any():
        return []
    found = []
    for spell in _spells(received, lags, limits):
        start, lag, _ = spell
        fresh = received[(received < start) & (np.abs(lags) <= steady)]
        silence = start - fresh.max() if len(fresh) else np.inf
        if lag < -off or (lag > off and silence < off):
            found.append(spell)
    return found


def _messages(track: Track) -> tuple[Times, Times]:
    """When each message came, in that order, and by how much the newest position in it was older: a phone that measures
    and sends is late by seconds, one that had no coverage by hours, none by less than nought."""
    received, index = np.unique(track.received_at, return_inverse=True)
    newest = np.full(len(received), np.iinfo(np.int64).min)
    np.maximum.at(newest, index, track.time)
    return received, received - newest


def _spells(received: Times, lags: Times, limits: Limits) -> list[Spell]:
    """In which messages kept coming with the same lag."""
    breaks = np.flatnonzero(np.abs(np.diff(lags)) > limits["steady_minutes"] * MINUTE) + 1
    spells = []
    for part in np.split(np.arange(len(lags)), breaks):
        if (
            len(part) >= limits["messages"]
            and received[part[-1]] - received[part[0]] >= limits["lasting_minutes"] * MINUTE
        ):
            spells.append((int(received[part[0]]), int(np.median(lags[part])), int(received[part[-1]])))
    return spells
