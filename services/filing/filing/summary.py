"""The home page's figures (业务办理情况, R-A4): what is under way, what waits for the reader, what is late."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from chassis import paging
from chassis.clock import day_of, end_of
from chassis.database import transaction
from chassis.principal import Principal
from filing.desk import Desk, Reply
from filing.models import Application, Organisation, Project
from filing.queries.application_filters import DAY, OPEN, Now, late_at, narrowed, soon_at, waits_for
from filing.queries.applications import items
from filing.queries.projects import in_sight
from filing.queries.sight import applications_listed, applications_seen

FEW = 5
CLOSED_LATELY = timedelta(days=29)  # before today
RUNS_OUT_WITHIN = timedelta(days=90)
LICENCE = "安全生产许可证"


def summarise(desk: Desk, principal: Principal) -> Reply:
    """Counts over what the principal sees, and the few applications that he has to act on first.

    {"under_way": {matter: n}, "by_stage": {stage: n}, "waits_for_me", "overdue", "due_soon", "closed_lately": {outcome:
    n}, "closed_lately_from": the first day counted there, "first": [application items], "projects": {stage: n}, "papers":
    an enterprise's own licence and qualifications that end soon or have ended, [{"title", "number", "valid_to"}]}
    """
    now = desk.clock()
    moment = Now.of(now, desk.calendar)
    lately = day_of(now) - CLOSED_LATELY
    with transaction(desk.sessions) as session:
        paging.plan_by_values(session)  # a plan made for any stage knows nothing of the indexes of what is open
        open_ones = (applications_seen(principal), OPEN)
        listed, mine = applications_listed(session, principal), waits_for(principal)
        # By the areas one by one, which an index holds in the order of the deadlines.
        first = select(Application).where(listed, OPEN, mine).order_by(Application.due_at.nulls_last(), Application.id)
        return _under_way(session, open_ones, mine, moment) | {
            "closed_lately": _closed_lately(session, principal, listed, moment, lately),
            "closed_lately_from": lately.isoformat(),
            "first": items(session, session.scalars(first.limit(FEW)), desk.calendar, now),
            "projects": _counts(session, Project.stage, (in_sight(principal),)),
            "papers": _ending(session, principal, day_of(now) + RUNS_OUT_WITHIN),
        }


def _ending(session: Session, principal: Principal, before: date) -> list[dict[str, str]]:
    """What it registered with, or renewed since: without a licence in force no notice is taken."""
    row = session.get(Organisation, principal.organisation_id) if principal.is_enterprise else None
    if row is None:
        return []
    licence = row.details.get("safety_licence")
    held = [{"name": LICENCE, **licence}] if licence else []
    held += row.details.get("qualifications") or []
    told = [
        {"title": each["name"], "number": each["number"], "valid_to": each["valid_to"]}
        for each in held
        if each.get("valid_to") and each["valid_to"] < before.isoformat()
    ]
    return sorted(told, key=lambda each: each["valid_to"])


def _under_way(
    session: Session, open_ones: Sequence[ColumnElement[bool]], mine: ColumnElement[bool], now: Now
) -> Reply:
    """All that is counted of what is open, in one look at it."""
    counts = (func.count(), *(func.count().filter(each) for each in (mine, late_at(now), soon_at(now))))
    matter, stage = Application.matter, Application.stage
    under_way, by_stage, (waiting, overdue, due_soon) = Counter[str](), Counter[str](), (0, 0, 0)
    for row in session.execute(select(matter, stage, *counts).where(*open_ones).group_by(matter, stage)):
        under_way[row[0]] += row[2]
        by_stage[str(row[1])] += row[2]
        waiting, overdue, due_soon = waiting + row[3], overdue + row[4], due_soon + row[5]
    return {
        "under_way": dict(under_way),
        "by_stage": dict(by_stage),
        "waits_for_me": waiting,
        "overdue": overdue,
        "due_soon": due_soon,
    }


def _closed_lately(
    session: Session, principal: Principal, listed: ColumnElement[bool], now: Now, since: date
) -> dict[str, int]:
    """By outcome, exactly those that the list shows for `open` false and `closed_from` the day."""
    # Nothing changes after it was closed: said in the order of the index as well, so that older rows are not read.
    recent = Application.changed_at > end_of(since - DAY)
    same = {"open": False, "closed_from": since}
    closed = narrowed(select(Application).where(listed, recent), principal, now, same)
    counted = closed.with_only_columns(Application.outcome, func.count()).group_by(Application.outcome)
    return {str(outcome): number for outcome, number in session.execute(counted)}


def _counts(session: Session, column: Any, conditions: Sequence[ColumnElement[bool]]) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(*conditions).group_by(column))
    return {str(value): number for value, number in rows}
