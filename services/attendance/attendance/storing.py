"""A batch into PostgreSQL in one transaction: positions by COPY, presence merged by OR.

Everything written here may be written again: positions have person and time for their key, presence and sequences are
unions, the lag of a clock is a minimum. So a batch that comes twice, in parts or in another order leaves the same rows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import psycopg
from numpy.typing import NDArray

from attendance.copying import BITS, POSTGRES_DAY, layout, moments, records, stream
from attendance.marking import DAY, EPOCH, NEVER, SHANGHAI, Hearing, Key, Marks, Report, Timed, Told, correction
from attendance.points import NO_SEQUENCE, PER_DEGREE, Beacon, SetAside

Connection = psycopg.Connection[Any]
POSITION = layout(
    ("person", ">i4"), ("time", ">i8"), ("longitude", ">i4"), ("latitude", ">i4"), ("accuracy", ">f4"),
    ("device", ">i4"), ("mock", "?"), ("received_at", ">i8"),
)  # fmt: skip
PRESENCE = layout(
    ("person", ">i4"), ("site", ">i4"), ("day", ">i4"), ("seen", "V184"), ("inside", "V184"), ("outside", "V184"),
    ("last_seen_at", ">i8"), ("last_inside_at", ">i8"),
)  # fmt: skip
NEVER_INFINITE = -(2**63)  # PostgreSQL's -infinity


ROOM = """
    create temporary table if not exists incoming_position (like position) on commit delete rows;
    create temporary table if not exists incoming_presence (
        person integer, site integer, day date, seen bit(1440), inside bit(1440), outside bit(1440),
        last_seen_at timestamptz, last_inside_at timestamptz
    ) on commit delete rows"""
KEEP_POSITIONS = "insert into position select * from incoming_position on conflict do nothing"
KEEP_PRESENCE = """
    insert into presence (person, site, day, seen, inside, outside, last_seen_at, last_inside_at, changed_at)
    select incoming_presence.*, now() from incoming_presence order by person, site, day
    on conflict (person, site, day) do update set
        seen = presence.seen | excluded.seen, inside = presence.inside | excluded.inside,
        outside = presence.outside | excluded.outside, changed_at = excluded.changed_at,
        by_position = presence.by_position | excluded.inside,
        last_seen_at = greatest(presence.last_seen_at, excluded.last_seen_at),
        last_inside_at = greatest(presence.last_inside_at, excluded.last_inside_at)"""
KEEP_LAGS = """
    with told as (
        select * from unnest(%s::int[], %s::date[], %s::bigint[], %s::timestamptz[], %s::timestamptz[])
            as told (device, day, lag, first, last)
    ), before as (
        select device, day, device_day.lag from device_day join told using (device, day)
    ), kept as (
        insert into device_day (device, day, lag, first_received_at, last_received_at)
        select device, day, lag, first, last from told order by device, day
        on conflict (device, day) do update set
            lag = least(device_day.lag, excluded.lag),
            first_received_at = least(device_day.first_received_at, excluded.first_received_at),
            last_received_at = greatest(device_day.last_received_at, excluded.last_received_at)
        returning device, day, lag, xmax = 0 as is_new
    )
    select kept.device, kept.day, before.lag, before.device is not null, is_new, kept.lag
    from kept left join before on before.device = kept.device and before.day = kept.day"""
KEEP_SEQUENCES = """
    insert into device_sequence (device, received)
    select device, range_agg(int8range(low, high, '[]')) from unnest(%s::int[], %s::bigint[], %s::bigint[])
        as told (device, low, high) group by device order by device
    on conflict (device) do update set received = device_sequence.received + excluded.received"""
# On rows that `KEEP_PRESENCE` has made or locked a moment ago, in its order: two workers cannot wait for each other.
KEEP_HEARD = """
    update presence set by_position = coalesce(by_position, inside), inside = inside | told.heard::bit(1440),
        last_inside_at = greatest(last_inside_at, told.last)
    from unnest(%s::int[], %s::int[], %s::date[], %s::text[], %s::timestamptz[]) as told (person, site, day, heard, last)
    where presence.person = told.person and presence.site = told.site and presence.day = told.day"""
KEEP_SIGHTINGS = """
    insert into sighting (person, time, beacon, rssi, device, received_at)
    select * from unnest(%s::int[], %s::timestamptz[], %s::int[], %s::smallint[], %s::int[], %s::timestamptz[])
    on conflict do nothing"""
KEEP_ASIDE = """
    insert into set_aside (device, person, reason, told, received_at) values (%s, %s, %s, %s, %s) on conflict do nothing"""
MARK_STALE = (
    "insert into stale_presence (person, day) select unnest(%s::int[]), unnest(%s::date[]) on conflict do nothing"
)


def keep_positions(connection: Connection, reports: Sequence[Report]) -> None:
    counts = [len(each.points) for each in reports]
    if not sum(counts):
        return
    rows = records(POSITION, sum(counts))
    for name in ("person", "device"):
        rows[name] = np.repeat([getattr(each, name) for each in reports], counts)
    rows["received_at"] = np.repeat(moments(np.array([each.received_at for each in reports])), counts)
    rows["time"] = moments(np.concatenate([each.points.time for each in reports]))
    for name in ("longitude", "latitude"):
        rows[name] = np.rint(np.concatenate([getattr(each.points, name) for each in reports]) * PER_DEGREE)
    for name in ("accuracy", "mock"):
        rows[name] = np.concatenate([getattr(each.points, name) for each in reports])
    _copy(connection, "incoming_position", rows)
    connection.execute(KEEP_POSITIONS)


def keep_presence(connection: Connection, marks: Marks) -> None:
    keys = list(marks.seen)
    if not keys:
        return
    rows = records(PRESENCE, len(keys))
    for place, name in enumerate(("person", "site", "day")):
        rows[name] = [key[place] for key in keys]
    rows["day"] -= POSTGRES_DAY
    for name in ("seen", "inside", "outside"):
        rows[name] = _bits(keys, getattr(marks, name))
    rows["last_seen_at"] = _moments(keys, marks.last_seen)
    rows["last_inside_at"] = _moments(keys, marks.last_inside)
    _copy(connection, "incoming_presence", rows)
    connection.execute(KEEP_PRESENCE)
    if marks.heard:
        _keep_heard(connection, marks)


def keep_sightings(connection: Connection, hearings: Sequence[Hearing], numbers: Mapping[Beacon, int]) -> None:
    """As they were told; `numbers` names every beacon among them."""
    rows = [
        (each.person, moment(time), numbers[beacon], rssi or None, each.device, moment(each.received_at))
        for each in hearings
        for time, beacon, rssi in zip(
            each.points.time.tolist(), each.points.beacon, each.points.rssi.tolist(), strict=True
        )
    ]
    if rows:
        rows.sort(key=lambda row: row[:3])  # so that two workers with the same message cannot wait for each other
        connection.execute(KEEP_SIGHTINGS, [list(each) for each in zip(*rows, strict=True)])


def _keep_heard(connection: Connection, marks: Marks) -> None:
    rows = [
        (person, site, EPOCH + timedelta(days=day), _written(minutes), moment(marks.last_heard[person, site, day]))
        for (person, site, day), minutes in marks.heard.items()
    ]
    connection.execute(KEEP_HEARD, [list(each) for each in zip(*rows, strict=True)])


def keep_lags(
    connection: Connection, told: Iterable[tuple[Told[Timed], int | None]], first_day: int
) -> dict[tuple[int, int], int | None]:
    """What the messages tell of their devices' clocks, by the days (not before `first_day`) of their points; answers the
    least lag known now, by device and day.

    Where that changes a correction made before, the person's days are marked to be reckoned anew: those on which the points
    fell by what was known, and those on which they fall now.
    """
    merged: dict[tuple[int, int], _Lag] = {}
    for report, lag in told:
        for day in days_of(report.points):
            if first_day <= day <= report.received_at // DAY + 1:
                one = _Lag(report.person, lag, report.received_at, report.received_at)
                merged[report.device, day] = (
                    merged[report.device, day].and_(one) if (report.device, day) in merged else one
                )
    if not merged:
        return {}
    rows = [
        (device, EPOCH + timedelta(days=day), one.lag, moment(one.first), moment(one.last))
        for (device, day), one in merged.items()
    ]
    found = connection.execute(KEEP_LAGS, [list(each) for each in zip(*rows, strict=True)])
    answers, stale = {}, []
    for device, day, before, was_there, is_new, lag in found:
        number = (day - EPOCH).days
        answers[device, number] = lag
        # Neither new nor there a moment ago: another worker was quicker, by what correction is not known.
        if not is_new and (not was_there or correction(before) != correction(lag)):
            person = merged[device, number].person
            stale += [
                (person, EPOCH + timedelta(days=each)) for each in _touched(number, before) | _touched(number, lag)
            ]
    if stale:
        stale.sort()  # so that two workers cannot wait for each other
        connection.execute(MARK_STALE, [list(each) for each in zip(*stale, strict=True)])
    return answers


def _touched(day: int, lag: int | None) -> set[int]:
    """The days on which points of a device's own `day` fall when its clock is set right."""
    start = day * DAY + correction(lag)
    return {start // DAY, (start + DAY - 1) // DAY}


@dataclass(frozen=True)
class _Lag:
    person: int
    lag: int | None
    first: int
    last: int

    def and_(self, other: "_Lag") -> "_Lag":
        known = [each for each in (self.lag, other.lag) if each is not None]
        return _Lag(self.person, min(known, default=None), min(self.first, other.first), max(self.last, other.last))


def keep_sequences(connection: Connection, reports: Iterable[Told[Timed]]) -> None:
    rows = [row for each in reports for row in _ranges(each.device, each.points.sequence)]
    if rows:
        connection.execute(KEEP_SEQUENCES, [list(each) for each in zip(*rows, strict=True)])


def keep_aside(connection: Connection, aside: Iterable[tuple[Told[Timed], SetAside]]) -> None:
    rows = [
        (each.device, each.person, one.reason, json.dumps(one.told), moment(each.received_at)) for each, one in aside
    ]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(KEEP_ASIDE, rows)


def moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _copy(connection: Connection, table: str, rows: NDArray[np.void]) -> None:
    with connection.cursor().copy(f"copy {table} from stdin (format binary)") as copy:
        copy.write(stream(rows))


def _bits(keys: Sequence[Key], minutes: dict[Key, NDArray[np.bool_]]) -> NDArray[np.void]:
    """bit(1440) as COPY takes it: the number of bits, then the bits."""
    packed = np.packbits(np.stack([minutes[key] for key in keys]), axis=1)
    length = np.frombuffer(BITS.to_bytes(4, "big"), dtype=np.uint8)
    whole = np.hstack([np.broadcast_to(length, (len(keys), 4)), packed])
    return np.ascontiguousarray(whole).view("V184").reshape(len(keys))


def _written(minutes: NDArray[np.bool_]) -> str:
    return "".join("1" if each else "0" for each in minutes)


def _moments(keys: Sequence[Key], last: dict[Key, int]) -> NDArray[np.int64]:
    told = np.array([last[key] for key in keys], dtype=np.int64)
    return np.where(told == NEVER, NEVER_INFINITE, moments(np.maximum(told, 0)))


def days_of(points: Timed) -> list[int]:
    """The Shanghai days of the device's own times, as days since 1970."""
    days = (points.time + SHANGHAI) // DAY
    first, last = (int(days.min()), int(days.max())) if len(days) else (0, -1)
    return [first] if first == last else [int(each) for each in np.unique(days)]


def _ranges(device: int, sequence: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    numbers = np.unique(sequence[sequence != NO_SEQUENCE])
    if not len(numbers):
        return []
    breaks = np.flatnonzero(np.diff(numbers) > 1)
    lows, highs = numbers[np.r_[0, breaks + 1]], numbers[np.r_[breaks, len(numbers) - 1]]
    return [(device, int(low), int(high)) for low, high in zip(lows, highs, strict=True)]
