"""What the figures of an area add up from: counts by month, matter, standing and place, and what decisions took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from filing import divisions
from filing.models import DecisionTally, Organisation, Tally
from filing.queries.sight import within


@dataclass(frozen=True)
class Asked:
    """An area, from the first month to the last, both included; one matter or all."""

    area: str
    first: date
    last: date
    matter: str | None


@dataclass(slots=True)
class Received:
    month: date
    matter: str
    standing: str
    count: int


@dataclass(slots=True)  # a province's year is ten thousand of them, and a frozen one costs three times as much to make
class Decided:
    month: date
    matter: str
    outcome: str
    workdays: int
    rounds: int
    in_time: bool
    count: int


def received(session: Session, asked: Asked) -> list[Received]:
    """What arrived in these months, by where it stands now."""
    dimensions = (Tally.month, Tally.matter, Tally.standing)
    found = select(*dimensions, func.sum(Tally.count)).where(Tally.area == asked.area, *_during(Tally, asked))
    rows = session.execute(found.group_by(*dimensions))
    return [Received(*row) for row in rows if row[-1]]


def decided(session: Session, asked: Asked) -> list[Decided]:
    """What was approved or rejected in these months."""
    table = DecisionTally
    dimensions = (table.month, table.matter, table.outcome, table.workdays, table.rounds, table.in_time)
    found = select(*dimensions, func.sum(table.count)).where(table.area == asked.area, *_during(table, asked))
    rows = session.execute(found.group_by(*dimensions))
    return [Decided(*row) for row in rows if row[-1]]


def received_by_place(session: Session, asked: Asked, places: Iterable[str]) -> dict[str, int]:
    found = select(Tally.area, func.sum(Tally.count)).where(Tally.area.in_(places), *_during(Tally, asked))
    return {area: count for area, count in session.execute(found.group_by(Tally.area)) if count}


def agencies_in(session: Session, area: str) -> dict[str, str]:
    """The agencies of a territory: area → id."""
    there = select(Organisation.area, Organisation.id).where(
        Organisation.kind == "agency", within(Organisation.area, area)
    )
    return {row.area: row.id for row in session.execute(there.order_by(Organisation.id.desc()))}


def places_below(area: str, agencies: Iterable[str]) -> list[str]:
    """The places one step below an area in which, or below which, an agency sits."""
    depth = area.count(divisions.SEPARATOR) + 2
    steps = (each.split(divisions.SEPARATOR)[:depth] for each in agencies)
    return sorted({divisions.SEPARATOR.join(each) for each in steps if len(each) == depth})


def _during(table: type[Tally] | type[DecisionTally], asked: Asked) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [table.month.between(asked.first, asked.last)]
    return [*conditions, table.matter == asked.matter] if asked.matter else conditions
