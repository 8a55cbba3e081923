"""Counting applications as they move, so that the figures of an area cost the same however many there are.

An act writes what it changes as rows of +1 and -1 in its own transaction: it waits for nobody, and no figure is ever
ahead of or behind the list that it counts. `fold` adds such rows up every minute.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from chassis.clock import day_of
from chassis.database import Sessions, transaction
from filing import divisions
from filing.models import Application, DecisionTally, Tally
from filing.workflow import Outcome

DECISIONS = (Outcome.APPROVED, Outcome.REJECTED)


@dataclass(frozen=True)
class Counted:
    """As what an application is counted; `standing` is its outcome once it has one, else its stage."""

    area: str
    month: date
    matter: str
    standing: str


def counted(application: Application) -> Counted | None:
    """None before it first arrived: the agency has nothing to count yet."""
    if application.submitted_at is None:
        return None
    standing = application.outcome or application.stage
    return Counted(application.area, month_of(application.submitted_at), application.matter, str(standing))


def keep(session: Session, before: Counted | None, application: Application) -> None:
    """Put down what an act has changed: counted as it was `before` no more, from now on as it stands."""
    now = counted(application)
    if now == before:
        return
    changes = [(before, -1)] if before else []
    changes += [(now, 1)] if now else []
    rows = [asdict(each) | {"area": area, "count": n} for each, n in changes for area in territories(each.area)]
    session.execute(insert(Tally), rows)
    if now and application.outcome in DECISIONS:
        session.execute(insert(DecisionTally), _decision(application))


def month_of(moment: datetime) -> date:
    """The Shanghai month that a moment falls in, by its first day."""
    return day_of(moment).replace(day=1)


def territories(area: str) -> list[str]:
    """An area and all that hold it, up to the province."""
    steps = area.split(divisions.SEPARATOR)
    return [divisions.SEPARATOR.join(steps[:count]) for count in range(1, len(steps) + 1)]


def fold(sessions: Sessions) -> None:
    """Add up what acts have put down since; readers see the rows either before or after, never both."""
    for statement in FOLD:
        with transaction(sessions) as session:
            session.execute(text(statement))


def recount(session: Session) -> None:
    """Both tables anew from the applications: after rows were put in past the acts (a migration, a load of data)."""
    for statement in RECOUNT:
        session.execute(text(statement))


def _decision(application: Application) -> list[dict[str, object]]:
    assert application.closed_at is not None
    one = {
        "month": month_of(application.closed_at),
        "matter": application.matter,
        "outcome": str(application.outcome),
        "workdays": application.workdays_used or 0,
        "rounds": application.round,
        "in_time": application.due_at is None or application.closed_at <= application.due_at,
        "count": 1,
    }
    return [one | {"area": area} for area in territories(application.area)]


def _fold(table: str, kept: str) -> str:
    return f"""
        with fresh as (delete from {table} where not folded returning {kept}, count)
        insert into {table} ({kept}, count, folded) select {kept}, sum(count), true from fresh group by {kept}
        on conflict ({kept}) where folded do update set count = {table}.count + excluded.count"""


STANDINGS = "area, month, matter, standing"
TIMES = "area, month, matter, outcome, workdays, rounds, in_time"
FOLD = (_fold("tally", STANDINGS), _fold("decision_tally", TIMES))
ABOVE = """cross join lateral (
    select array_to_string((string_to_array(application.area, '.'))[1 : depth], '.') as area
    from generate_series(1, array_length(string_to_array(application.area, '.'), 1)) depth) place"""
MONTH = "date_trunc('month', {} at time zone 'Asia/Shanghai')::date"
RECOUNT = (
    "delete from tally",
    f"""insert into tally ({STANDINGS}, count, folded)
        select place.area, {MONTH.format("submitted_at")}, matter, coalesce(outcome, stage), count(*), true
        from application {ABOVE} where submitted_at is not null group by 1, 2, 3, 4""",
    "delete from decision_tally",
    f"""insert into decision_tally ({TIMES}, count, folded)
        select place.area, {MONTH.format("closed_at")}, matter, outcome, coalesce(workdays_used, 0), round,
            coalesce(closed_at <= due_at, true), count(*), true
        from application {ABOVE} where outcome in ('approved', 'rejected') group by 1, 2, 3, 4, 5, 6, 7""",
)
