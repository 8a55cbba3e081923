"""By what a list of applications is narrowed and sorted; every figure names one of these as the list behind it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from chassis import paging
from chassis.clock import day_of, end_of
from chassis.principal import Principal
from chassis.searching import matches
from chassis.workdays import Calendar
from filing import matters
from filing.deadlines import Unit, rule_of
from filing.models import Application, Countersignature
from filing.workflow import Outcome, Stage

# What is due soon, as the portal marks it: of a limit in working days the last and the one before (a Monday's deadline is
# told on Friday), of a registration's 24 hours (C28, R-A2) the last six.
LAST_WORKDAYS, LAST_HOURS = 1, timedelta(hours=6)
DAY = timedelta(days=1)
OPEN = Application.stage != Stage.CLOSED
DECIDED = Application.outcome.in_((Outcome.APPROVED, Outcome.REJECTED))
LATE = Application.closed_at > Application.due_at
SAME = ("matter", "stage", "outcome", "project_id", "machine_id", "applicant_id", "agency_id", "round")

Condition = ColumnElement[bool]
Filters = Mapping[str, Any]


@dataclass(frozen=True)
class Now:
    """The moment of a question, until when a deadline in working days counts as near, and the matters that have hours.

    By the matter and not by the row's own unit: the home page counts out of an index, which has the one and not the other.
    """

    at: datetime
    near: datetime
    by_the_hour: tuple[str, ...]

    @classmethod
    def of(cls, at: datetime, calendar: Calendar) -> "Now":
        today = day_of(at)
        by_the_hour = tuple(code for code in matters.ALL if rule_of(code, today).unit is Unit.HOURS)
        return cls(at, end_of(calendar.add_workdays(today, LAST_WORKDAYS).day), by_the_hour)


@dataclass(frozen=True)
class Order:
    """How a list is sorted: by which moment, which way, and which rows have that moment at all."""

    moment: InstrumentedAttribute[Any]
    rising: bool = False
    among: Condition | None = None

    def of(self, rows: Select[Any]) -> paging.Listed:
        return paging.Listed(rows, self.moment, Application.id, self.rising)


ORDERS = {
    "changed": Order(Application.changed_at),
    "submitted": Order(Application.submitted_at, among=Application.submitted_at.is_not(None)),
    # Only what runs a deadline now: while returned, nothing is due.
    "deadline": Order(Application.due_at, rising=True, among=OPEN & Application.due_at.is_not(None)),
}


def order_of(filters: Filters) -> Order:
    """By `sort`, turned round where it is asked for `backwards`: an index is read both ways."""
    order = ORDERS[filters.get("sort") or "changed"]
    return replace(order, rising=not order.rising) if filters.get("backwards") else order


def narrowed(wanted: Select[Any], principal: Principal, now: Now, filters: Filters) -> Select[Any]:
    """Only the rows that all filters let through, and that have the moment by which they are sorted."""
    conditions = [getattr(Application, name) == filters[name] for name in SAME if filters.get(name)]
    conditions += [made(filters[name]) for name, made in YES_OR_NO.items() if filters.get(name) is not None]
    conditions += [made(now, filters[name]) for name, made in BY_THE_CLOCK.items() if filters.get(name) is not None]
    conditions += _between(Application.submitted_at, filters.get("submitted_from"), filters.get("submitted_to"))
    conditions += _between(Application.closed_at, filters.get("closed_from"), filters.get("closed_to"))
    if filters.get("waits_for_me") is not None:
        mine = OPEN & waits_for(principal)
        conditions.append(mine if filters["waits_for_me"] else ~mine)
    if filters.get("q"):
        conditions.append(matches(Application.search, filters["q"]))
    among = order_of(filters).among
    return wanted.where(*conditions, *([] if among is None else [among]))


def waits_for(principal: Principal) -> Condition:
    """What the principal's organisation has to do next, and he may do by his roles."""
    if principal.is_agency:
        return (Application.agency_id == principal.organisation_id) & _agency_turn(principal.roles)
    mine = principal.organisation_id
    own = (Application.applicant_id == mine) & Application.stage.in_((Stage.DRAFT, Stage.RETURNED))
    asked = select(Countersignature.application_id).where(
        Countersignature.application_id == Application.id,
        Countersignature.round == Application.round,
        Countersignature.organisation_id == mine,
        Countersignature.agrees.is_(None),
    )
    return or_(own, (Application.stage == Stage.COUNTERSIGNING) & asked.exists())


def _agency_turn(roles: Sequence[str]) -> Condition:
    """The stages in which one of the roles acts next (see workflow.next_roles)."""
    one_level = Application.matter.in_([code for code, each in matters.ALL.items() if each.review_levels == 1])
    turns: dict[str, Condition] = {
        "acceptor": Application.stage == Stage.SUBMITTED,
        "reviewer": (Application.stage == Stage.ACCEPTED) & ~one_level,
        "approver": or_((Application.stage == Stage.ACCEPTED) & one_level, Application.stage == Stage.REVIEWED),
    }
    return or_(false(), *(condition for role, condition in turns.items() if role in roles))


def _under_way(wished: bool) -> Condition:
    """在办 or 办结; drafts thrown away are neither."""
    return OPEN if wished else and_(Application.stage == Stage.CLOSED, Application.round > 0)


def late_at(now: Now) -> Condition:
    return Application.due_at < now.at


def soon_at(now: Now) -> Condition:
    in_hours = Application.matter.in_(now.by_the_hour)
    return Application.due_at.between(now.at, now.near) & (~in_hours | (Application.due_at <= now.at + LAST_HOURS))


def _overdue(now: Now, wished: bool) -> Condition:
    late = and_(OPEN, late_at(now))
    return late if wished else ~late


def _due_soon(now: Now, wished: bool) -> Condition:
    soon = and_(OPEN, soon_at(now))
    return soon if wished else ~soon


def _between(moment: InstrumentedAttribute[Any], first: date | None, last: date | None) -> list[Condition]:
    """Shanghai days, both included."""
    conditions: list[Condition] = []
    if first:
        conditions.append(moment > end_of(first - DAY))
    if last:
        conditions.append(moment <= end_of(last))
    return conditions


YES_OR_NO: dict[str, Callable[[bool], Condition]] = {
    "open": _under_way,
    "decided": lambda wished: DECIDED if wished else Application.outcome.is_(None) | ~DECIDED,
    "late": lambda wished: and_(DECIDED, LATE if wished else ~LATE),
}
BY_THE_CLOCK: dict[str, Callable[[Now, bool], Condition]] = {"overdue": _overdue, "due_soon": _due_soon}
