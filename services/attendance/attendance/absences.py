"""Absences noticed: when a day is over on which somebody was certainly not where he had to be. Never of an unknown day.

A row a person, site and day, whatever runs twice; the event goes with the row. What becomes known later may lift one
(positions that came late, a leave granted, a correction): it stays on record, and is told of as lifted. Nothing follows by
itself: the firm explains, a human judges (PIPL Art. 24).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from attendance.models import Absence, Person
from attendance.published import VERSION
from attendance.reckoning import Reckoned
from attendance.verdicts import Verdict
from chassis.envelope import Event
from chassis.identifiers import new_id
from chassis.outbox import record

ONE_EACH = ["person", "site", "day"]


def notice(session: Session, reckoned: Sequence[Reckoned], now: datetime) -> None:
    """Keep and tell the absences among days that are over; lift those that are none any more."""
    absent = {
        (each.duty.person, each.site.number, judged.day): each
        for each in reckoned
        for judged in each.days
        if judged.verdict is Verdict.ABSENT
    }
    _lift(session, reckoned, set(absent), now)
    rows = [
        {
            "id": new_id(),
            "person": person,
            "site": site,
            "day": day,
            "role": each.duty.role,
            "application_id": each.duty.application_id,
            "noticed_at": now,
        }
        for (person, site, day), each in sorted(absent.items(), key=lambda found: found[0])
    ]
    if rows:
        _tell(session, rows, {each.site.number: each.site.id for each in reckoned}, now)


def _tell(session: Session, rows: list[dict[str, Any]], sites: dict[int, str], now: datetime) -> None:
    """Those that are new; one that was lifted stands again without being told twice."""
    new = insert(Absence).values(rows).on_conflict_do_nothing(index_elements=ONE_EACH)
    found = session.execute(new.returning(Absence.id)).scalars().all()
    told = [row for row in rows if row["id"] in set(found)]
    numbers = select(Person.number, Person.id).where(Person.number.in_({row["person"] for row in told}))
    people = {row.number: row.id for row in session.execute(numbers)}
    for row in told:
        data = {
            "absence_id": row["id"],
            "person_id": people[row["person"]],
            "project_id": sites[row["site"]],
            "role": row["role"],
            "day": row["day"].isoformat(),
            "noticed_at": now.isoformat(),
        }
        event = Event(type="absence_noticed", version=VERSION, subject=row["id"], data=data, occurred_at=now)
        record(session, event)


def _lift(session: Session, reckoned: Sequence[Reckoned], absent: set[Any], now: datetime) -> None:
    """By the duty that an absence was noticed of: another one of the same person may say nothing about the day."""
    if not reckoned:
        return
    duties = {(each.duty.application_id, each.duty.person, each.duty.role): each for each in reckoned}
    first = min(each.days[0].day for each in reckoned if each.days)
    last = max(each.days[-1].day for each in reckoned if each.days)
    wanted = select(Absence).where(
        tuple_(Absence.application_id, Absence.person, Absence.role).in_(list(duties)),
        Absence.day.between(first, last),
    )
    for absence in session.scalars(wanted):
        still = (absence.person, absence.site, absence.day) in absent
        if still is not (absence.lifted_at is None):
            absence.lifted_at = None if still else now
