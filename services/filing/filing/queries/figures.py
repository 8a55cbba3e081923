"""What the figures of an area add up from: counts by month, matter, standing and place, and what decisions took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlalchemy.orm import Session

from filing import divisions
from filing.models import DecisionTally, Organisation, Tally
from filing.queries.sight import within
from filing.workflow import Outcome


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


@dataclass(slots=True)
class Decided:
    matter: str
    outcome: str
    in_time: bool
    workdays: int
    count: int


@dataclass(frozen=True)
class Decisions:
    """What was approved or rejected: by what each took, by the month in which, and of the approved by rounds."""

    each: list[Decided]
    by_month: dict[date, int]
    approved_by_rounds: dict[int, int]


def received(session: Session, asked: Asked) -> list[Received]:
    """What arrived in these months, by where it stands now."""
    dimensions = (Tally.month, Tally.matter, Tally.standing)
    found = select(*dimensions, func.sum(Tally.count)).where(Tally.area == asked.area, *_during(Tally, asked))
    rows = session.execute(found.group_by(*dimensions))
    return [Received(*row) for row in rows if row[-1]]


def decided(session: Session, asked: Asked) -> Decisions:
    """What was approved or rejected in these months, added up by PostgreSQL in one look: a year of a province is ten
    thousand rows, of which a page shows some hundred numbers."""
    table = DecisionTally
    took = (table.matter, table.outcome, table.in_time, table.workdays)
    sets = func.grouping_sets(tuple_(*took), tuple_(table.month), tuple_(table.outcome, table.rounds))
    found: Select[*tuple[Any, ...]] = select(table.month, table.rounds, *took, func.sum(table.count))
    found = found.where(table.area == asked.area, *_during(table, asked)).group_by(sets)
    decisions = Decisions([], {}, {})
    for month, rounds, matter, outcome, in_time, workdays, count in session.execute(found):
        if not count:
            continue
        if month is not None:
            decisions.by_month[month] = count
        elif rounds is None:
            decisions.each.append(Decided(matter, outcome, in_time, workdays, count))
        elif outcome == Outcome.APPROVED:
            decisions.approved_by_rounds[rounds] = count
    return decisions


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
