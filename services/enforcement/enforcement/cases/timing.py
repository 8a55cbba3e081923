"""The clocks of a case as rows: started, stopped, extended, ended by its steps; told once when they are past."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Conflict
from chassis.principal import Principal, service_principal
from chassis.workdays import Calendar
from enforcement.cases import clocks
from enforcement.cases.clocks import Suspension
from enforcement.models import Case, CaseAct, CaseClock

HOLD = "C22"
CHECK, DECIDE, ASK_HEARING, HEARING_LEAD, SERVE, PAY = "C15", "C16", "C17", "C18", "C19", "C20"
PUBLISH, REMOVE, REMIND, COURT = "C23", "C24", "C26", "C27"
REVIEW, SUIT, SUIT_AFTER = "C25-review", "C25-suit", "C25-suit-after-review"
HEARING, OUTSIDE_WORK = "hearing", "outside_work"  # why a clock stands still
# What the party may do or leave: it runs out, nobody is late with it.
RIGHTS = (ASK_HEARING, REVIEW, SUIT, SUIT_AFTER)
CHALLENGES = (REVIEW, SUIT, SUIT_AFTER)
OWING = (PAY, REMIND, COURT)


def clocks_of(session: Session, case_id: str) -> list[CaseClock]:
    """All of a case, in the order in which they were started."""
    wanted = select(CaseClock).where(CaseClock.case_id == case_id).order_by(CaseClock.place_in)
    return list(session.scalars(wanted))


def start(session: Session, case: Case, clock_id: str, on: date, calendar: Calendar) -> CaseClock:
    """A clock from the day of its event on; one of the same kind that still ran ends with that day."""
    end(session, case, clock_id, on)
    due = clocks.due(clock_id, on, calendar)
    row = CaseClock(
        case_id=case.id,
        place_in=len(clocks_of(session, case.id)) + 1,
        clock_id=clock_id,
        kind=clocks.clock(clock_id, on).kind,
        started_on=on,
        due_on=due.day,
        provisional=due.provisional,
        extensions=0,
        spans=[],
    )
    session.add(row)
    session.flush()
    return row


def running(session: Session, case: Case, clock_id: str) -> CaseClock | None:
    """The newest of this kind that has not ended."""
    wanted = select(CaseClock).where(CaseClock.case_id == case.id, CaseClock.clock_id == clock_id)
    wanted = wanted.where(CaseClock.ended_on.is_(None)).order_by(CaseClock.place_in.desc())
    return session.scalars(wanted.limit(1)).one_or_none()


def end(session: Session, case: Case, clock_id: str, on: date) -> CaseClock | None:
    """It has done its work: what it waited for was done."""
    row = running(session, case, clock_id)
    if row is not None:
        row.ended_on = on
    return row


def end_each(session: Session, case: Case, clock_ids: Sequence[str], on: date) -> None:
    for clock_id in clock_ids:
        end(session, case, clock_id, on)


def end_all(session: Session, case: Case, on: date) -> None:
    for row in clocks_of(session, case.id):
        row.ended_on = row.ended_on or on


def refuse_held(session: Session, case: Case) -> None:
    """Refuses `Conflict("evidence_not_settled")` while it is not decided what becomes of evidence that is held (56)."""
    if running(session, case, HOLD) is not None:
        raise Conflict("evidence_not_settled")


def suspend(session: Session, case: Case, clock_id: str, first: date, why: str = HEARING) -> bool:
    """From this day on nothing is counted: a hearing, or what others do (行政处罚法 60 with 令55). False where it stands still
    for this reason already, or does not run; of two reasons at once each ends by itself."""
    row = running(session, case, clock_id)
    if row is None or stands_still(row, why):
        return False
    row.spans = [*row.spans, {"first": first.isoformat(), "last": None, "why": why}]
    return True


def resume(
    session: Session, case: Case, clock_id: str, last: date, calendar: Calendar, why: str = HEARING
) -> CaseClock | None:
    """`last` is the last day that is not counted for this reason; the clock's end moves. None where it did not stand still."""
    row = running(session, case, clock_id)
    if row is None or not stands_still(row, why):
        return None
    row.spans = [
        span | {"last": last.isoformat()} if span["last"] is None and span.get("why", HEARING) == why else span
        for span in row.spans
    ]
    _reckon(row, calendar)
    return row


def stands_still(row: CaseClock, why: str) -> bool:
    return any(span["last"] is None and span.get("why", HEARING) == why for span in row.spans)


def extend(session: Session, case: Case, clock_id: str, calendar: Calendar) -> CaseClock:
    """One more of the extensions that the rule has.

    Refuses `Conflict("no_extension_left")`, also for a clock that does not run.
    """
    row = running(session, case, clock_id)
    if row is None or row.extensions >= len(clocks.clock(clock_id, row.started_on).extensions):
        raise Conflict("no_extension_left")
    row.extensions += 1
    _reckon(row, calendar)
    return row


def spans_of(rows: Sequence[dict[str, Any]], until: date) -> list[Suspension]:
    """Spans as they are stored; one that is not over counts up to `until`."""
    return [
        Suspension(date.fromisoformat(each["first"]), date.fromisoformat(each["last"]) if each["last"] else until)
        for each in rows
        if each["last"] or date.fromisoformat(each["first"]) <= until
    ]


def last_day(row: CaseClock, today: date, calendar: Calendar) -> date:
    """The clock's day as of today: while it stands still, it moves on every day."""
    if not any(span["last"] is None for span in row.spans):
        return row.due_on
    spans = spans_of(row.spans, today)
    return clocks.due(row.clock_id, row.started_on, calendar, spans, row.extensions).day


def past(session: Session, case: Case, clock_id: str, on: date, calendar: Calendar) -> int:
    """By how many days a clock that runs is past on a day; 0 in time (T30)."""
    row = running(session, case, clock_id)
    return max((on - last_day(row, on, calendar)).days, 0) if row else 0


def tell_past(sessions: Sessions, clock: Clock, at_once: int = 200) -> int:
    """Writes into the timeline and the journal, once for each, that a clock's last day has gone by; returns how many.

    A clock that stands still is not past.
    """
    now = clock()
    who = service_principal("enforcement")
    with transaction(sessions) as session:
        wanted = select(CaseClock).where(
            CaseClock.ended_on.is_(None),
            CaseClock.told_at.is_(None),
            CaseClock.kind == clocks.LIMIT,
            CaseClock.due_on < day_of(now),
            ~CaseClock.spans.contains([{"last": None}]),
        )
        # The case is locked as its steps lock it, so that a line of the timeline gets its place in turn.
        rows = session.execute(
            wanted.add_columns(Case)
            .join(Case, Case.id == CaseClock.case_id)
            .order_by(CaseClock.due_on, CaseClock.case_id, CaseClock.place_in)
            .limit(at_once)
            .with_for_update(of=Case, skip_locked=True)
        ).all()
        for row, case in rows:
            row.told_at = now
            told = {"clock": row.clock_id, "due_on": row.due_on.isoformat()}
            write_act(session, case, "clock_past", now, who, told)
        for row, case in rows:
            told = {"clock": row.clock_id, "due_on": row.due_on.isoformat()}
            journal.write(session, who, "clock_past", case.id, told, clock=clock)
    return len(rows)


def reckon_provisional(sessions: Sessions, calendar: Calendar, at_once: int = 200) -> int:
    """Days that were counted before the State Council's notice came (暂定) are counted anew, and with them what hangs on
    them: the day from which a fine is late, and the way to court after a suit's period. Returns how many moved or became
    certain. More time that an officer granted is his own day, and never provisional."""
    with transaction(sessions) as session:
        waiting = (CaseClock.ended_on.is_(None), CaseClock.provisional)
        wanted = select(CaseClock, Case).join(Case, Case.id == CaseClock.case_id).where(*waiting)
        wanted = wanted.order_by(CaseClock.due_on, CaseClock.case_id, CaseClock.place_in)
        rows = session.execute(wanted.limit(at_once).with_for_update(of=Case, skip_locked=True)).all()
        return sum(_reckon_anew(session, case, row, calendar) for row, case in rows)


def _reckon_anew(session: Session, case: Case, row: CaseClock, calendar: Calendar) -> bool:
    before, told_at = (row.due_on, row.provisional), row.told_at
    _reckon(row, calendar)
    row.told_at = told_at
    if row.clock_id == PAY:
        case.pay_by = row.due_on
    court = running(session, case, COURT) if row.clock_id in (SUIT, SUIT_AFTER) else None
    if court is not None and court.started_on == before[0]:
        court.started_on = row.due_on
        _reckon(court, calendar)
    return (row.due_on, row.provisional) != before


def write_act(
    session: Session, case: Case, act: str, now: datetime, principal: Principal, detail: dict[str, Any]
) -> None:
    """One more line of the timeline; the caller holds the case's row."""
    held = session.scalars(
        select(CaseAct.place_in).where(CaseAct.case_id == case.id).order_by(CaseAct.place_in.desc()).limit(1)
    ).one_or_none()
    by = dict(principal.brief())
    session.add(CaseAct(case_id=case.id, place_in=(held or 0) + 1, act=act, at=now, by=by, detail=detail))
    session.flush()


def _reckon(row: CaseClock, calendar: Calendar) -> None:
    spans = [span for span in row.spans if span["last"]]
    due = clocks.due(row.clock_id, row.started_on, calendar, spans_of(spans, row.started_on), row.extensions)
    row.due_on, row.provisional, row.told_at = due.day, due.provisional, None
