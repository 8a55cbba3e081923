"""Which sites each person is on duty at, and where these lie: all that ingest must know to mark a position, in memory.

Read when first needed and forgotten whenever a roster has changed. A batch holds `HELD` shared while it marks and writes,
whoever changes a roster holds it alone: so what is written is marked by the roster that stands, or marked stale by him
who changes it, and never neither.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import psycopg

from attendance.boundaries import Boundaries, Outline
from attendance.points import Beacon

HELD = 0x726F73746572
FOR_EVER = 2**62
REMEMBERED = 100_000
VERSION = "select last_value from roster_version"
DUTIES = """
    select duty.person, coalesce(into_one.number, site.number),
        (extract(epoch from duty.since) * 1000)::bigint, (extract(epoch from duty.until) * 1000)::bigint
    from duty join site on site.number = duty.site left join site into_one on into_one.id = site.merged_into
    where duty.person = any(%s) and duty.since is not null"""
PLACINGS = """
    select beacon.uuid, beacon.major, beacon.minor, min(beacon.number) over (partition by uuid, major, minor),
        coalesce(into_one.number, site.number), (extract(epoch from placed_at) * 1000)::bigint,
        (extract(epoch from removed_at) * 1000)::bigint
    from beacon join unnest(%s::text[], %s::int[], %s::int[]) as told (uuid, major, minor) using (uuid, major, minor)
    join site on site.number = beacon.site left join site into_one on into_one.id = site.merged_into
    order by beacon.number"""
BOUNDARIES = "select site, effective_on, outline from boundary where site = any(%s) order by site, effective_on"


@dataclass(frozen=True)
class Assignment:
    """On duty at a site from `since` until before `until`, in milliseconds since 1970."""

    site: int
    since: int
    until: int


@dataclass(frozen=True)
class Standing:
    """Where a beacon has stood: `number` names it in `sighting`, whichever site it stands on; the placings one after the
    other, each a site, since when, and before when."""

    number: int
    placings: tuple[Assignment, ...]


class Assignments:
    """`get_ready` for the people of a batch, inside its transaction; then `of` and `boundary` answer from memory.

    `get_beacons_ready` after it, where a batch tells of beacons, and then `standing`.
    """

    def __init__(self) -> None:
        self.version: int | None = None
        self.beacons: dict[Beacon, Standing | None] = {}
        self.people: dict[int, tuple[Assignment, ...]] = {}
        self.sites: dict[int, Boundaries] = {}

    def get_ready(self, connection: psycopg.Connection[Any], people: Iterable[int]) -> None:
        connection.execute("select pg_advisory_xact_lock_shared(%s)", [HELD])
        version = _one(connection, VERSION)
        if version != self.version:
            self.people.clear()
            self.sites.clear()
            self.beacons.clear()
            self.version = version
        missing = [each for each in set(people) if each not in self.people]
        if missing:
            self._read(connection, missing)

    def get_beacons_ready(self, connection: psycopg.Connection[Any], beacons: Iterable[Beacon]) -> None:
        if len(self.beacons) > REMEMBERED:  # strangers' ones as well, of which there is no end
            self.beacons.clear()
        missing = sorted({each for each in beacons if each not in self.beacons})
        if not missing:
            return
        self.beacons.update(dict.fromkeys(missing))
        asked = [list(each) for each in zip(*missing, strict=True)]
        for uuid, major, minor, number, *placing in connection.execute(PLACINGS, asked):
            site, since, until = placing
            known = self.beacons.get((uuid, major, minor))
            placings = (
                *(known.placings if known else ()),
                Assignment(site, since, FOR_EVER if until is None else until),
            )
            self.beacons[uuid, major, minor] = Standing(number, placings)

    def standing(self, beacon: Beacon) -> Standing | None:
        """Where a beacon has stood; None for one that was never placed."""
        return self.beacons.get(beacon)

    def of(self, person: int) -> tuple[Assignment, ...]:
        return self.people.get(person, ())

    def ends(self, person: int) -> int:
        """When the last of his duties ended, in milliseconds since 1970; far ahead while one lasts or none is known."""
        return max((each.until for each in self.of(person)), default=FOR_EVER)

    def boundary(self, site: int, day: date) -> Outline | None:
        """Where the site lay on that day; None where nobody has drawn it."""
        return self.sites[site].on(day) if site in self.sites else None

    def _read(self, connection: psycopg.Connection[Any], missing: list[int]) -> None:
        found: dict[int, set[Assignment]] = {each: set() for each in missing}
        for person, site, since, until in connection.execute(DUTIES, [missing]):
            found[person].add(Assignment(site, since, FOR_EVER if until is None else until))
        self.people.update({person: tuple(sorted(each, key=_order)) for person, each in found.items()})
        unknown = {each.site for duties in found.values() for each in duties} - self.sites.keys()
        drawn: dict[int, list[tuple[date, Mapping[str, Any]]]] = {}
        for site, since, outline in connection.execute(BOUNDARIES, [list(unknown)]):
            drawn.setdefault(site, []).append((since, outline))
        self.sites.update({site: Boundaries(each) for site, each in drawn.items()})


def _order(assignment: Assignment) -> tuple[int, int]:
    return assignment.site, assignment.since


def _one(connection: psycopg.Connection[Any], statement: str) -> int:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return int(row[0])
