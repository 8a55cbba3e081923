"""Leave (请假): asked for by the firm whose man it is, granted by the developer of the site (建质[2011]111号: a project manager
leaves the site with the developer's consent, and with a deputy for the time).

asked → approved | refused | withdrawn. Only what is approved changes a verdict.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from attendance.models import Duty, Leave, Person, Site
from attendance.permissions import permit, sites_seen, staffed_by
from attendance.terms import LeaveStage
from chassis import journal, paging
from chassis.clock import Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.paging import Listed
from chassis.principal import Principal

LONGEST = timedelta(days=30)  # from the first day to the last
EARLIEST = timedelta(days=90)  # so long before its first day it may be asked for
LATEST = timedelta(days=7)  # so long after its first day it may still be asked for: who falls ill does not ask before
NEEDS_DEPUTY = "project_manager"
LIVING = (LeaveStage.ASKED, LeaveStage.APPROVED)
Reply = dict[str, Any]
Change = Callable[[Session, Leave, Site], None]


def ask(sessions: Sessions, principal: Principal, clock: Clock, *, key: str | None, **asked: Any) -> Reply:
    """For somebody whose post at a site the firm has to staff: from `first` to `last`, both included, for a `reason`.

    Refuses `Conflict("person_not_on_duty")`, `Conflict("leave_exists")` where days would be granted twice,
    `Conflict("deputy_not_on_duty")`, and `Invalid` for days out of order, more than a month, a week past or a quarter
    ahead; a project manager needs a deputy.
    """
    permit("ask_leave", principal)
    request = {name: _plain(value) for name, value in asked.items()}
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "ask_leave", request)) is not None:
            return reply
        duty, site = _duty(session, principal, asked["person_id"], asked["project_id"])
        _check(asked, duty.role, day_of(clock()))
        _check_deputy(session, asked["deputy_id"], duty)
        _refuse_overlap(session, duty.person, site.number, asked["first"], asked["last"])
        leave = Leave(
            id=new_id(),
            person=duty.person,
            site=site.number,
            first=asked["first"],
            last=asked["last"],
            reason=asked["reason"],
            deputy_id=asked["deputy_id"],
            stage=LeaveStage.ASKED,
            asked_at=clock(),
            asked_by=dict(principal.brief()),
        )
        session.add(leave)
        session.flush()
        reply = {"leave_id": leave.id, "stage": leave.stage}
        remember(session, key, "ask_leave", request, reply)
        journal.write(session, principal, "ask_leave", leave.id, request, clock=clock)
        return reply


def decide(
    sessions: Sessions, principal: Principal, clock: Clock, *, leave_id: str, approves: bool, opinion: str
) -> Reply:
    """By the developer of the site. A repeat of the same decision changes nothing; another one is refused."""
    wanted = LeaveStage.APPROVED if approves else LeaveStage.REFUSED
    if not approves and not opinion:
        raise Invalid.field("opinion", "required")

    def change(session: Session, leave: Leave, site: Site) -> None:
        if principal.organisation_id != site.owner_id:
            raise Forbidden("not_permitted", act="decide_leave")
        if leave.stage == LeaveStage.ASKED:
            leave.opinion = opinion

    return _move(sessions, principal, clock, "decide_leave", leave_id, wanted, change)


def withdraw(sessions: Sessions, principal: Principal, clock: Clock, *, leave_id: str) -> Reply:
    """By the firm that asked, until it is decided."""

    def change(session: Session, leave: Leave, site: Site) -> None:
        if principal.organisation_id != leave.asked_by.get("organisation_id"):
            raise Forbidden("not_permitted", act="withdraw_leave")

    return _move(sessions, principal, clock, "withdraw_leave", leave_id, LeaveStage.WITHDRAWN, change)


def list_leaves(
    sessions: Sessions,
    principal: Principal,
    *,
    person_id: str | None,
    project_id: str | None,
    stage: str | None,
    limit: int,
    after: str | None,
) -> Reply:
    """Those of the sites that the principal sees; the newest first."""
    permit("read", principal)
    filters: list[ColumnElement[bool]] = [sites_seen(principal)]
    filters += [Person.id == person_id] if person_id else []
    filters += [Site.id == project_id] if project_id else []
    filters += [Leave.stage == stage] if stage else []
    leaves = (
        select(Leave.id, Leave.asked_at, Leave, Person.id.label("person_id"), Site)
        .join(Person, Person.number == Leave.person)
        .join(Site, Site.number == Leave.site)
        .where(*filters)
    )
    with transaction(sessions) as session:
        wanted, counted = paging.first(session, Listed(leaves, Leave.asked_at, Leave.id), limit, after)
        shown, following = paging.page(session.execute(wanted).all(), limit, "asked_at")
    return {"items": [_told(each.Leave, each.person_id, each.Site) for each in shown], "next": following, **counted}


def _move(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    act: str,
    leave_id: str,
    wanted: LeaveStage,
    change: Change,
) -> Reply:
    permit(act, principal)
    with transaction(sessions) as session:
        leave, site = _seen(session, principal, leave_id)
        change(session, leave, site)
        if leave.stage != wanted:
            if leave.stage != LeaveStage.ASKED:
                raise Conflict("leave_decided", stage=leave.stage)
            leave.stage, leave.decided_at, leave.decided_by = wanted, clock(), dict(principal.brief())
            journal.write(session, principal, act, leave.id, {"stage": wanted}, clock=clock)
        return {"leave_id": leave.id, "stage": leave.stage}


def _seen(session: Session, principal: Principal, leave_id: str) -> tuple[Leave, Site]:
    wanted = (
        select(Leave, Site).join(Site, Site.number == Leave.site).where(Leave.id == leave_id, sites_seen(principal))
    )
    row = session.execute(wanted.with_for_update(of=Leave)).one_or_none()
    if row is None:
        raise NotFound("leave_unknown")
    return row[0], row[1]


def _duty(session: Session, principal: Principal, person_id: str, project_id: str) -> tuple[Duty, Site]:
    """His duty there now. His row is held, so that of two who ask at once the second sees the first."""
    wanted = (
        select(Duty, Site)
        .join(Person, Person.number == Duty.person)
        .join(Site, Site.number == Duty.site)
        .where(
            Person.id == person_id,
            Site.id == project_id,
            staffed_by(principal),
            Duty.since.is_not(None),
            Duty.until.is_(None),
        )
        .order_by(Duty.role)
        .limit(1)
        .with_for_update(of=Person)
    )
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise Conflict("person_not_on_duty", person_id=person_id)
    return row[0], row[1]


def _check(asked: dict[str, Any], role: str, today: date) -> None:
    first, last = asked["first"], asked["last"]
    if not first <= last <= first + LONGEST:
        raise Invalid.field("last", "out_of_range", min=first.isoformat(), max=(first + LONGEST).isoformat())
    if not today - LATEST <= first <= today + EARLIEST:
        bounds = {"min": (today - LATEST).isoformat(), "max": (today + EARLIEST).isoformat()}
        raise Invalid.field("first", "out_of_range", **bounds)
    if role == NEEDS_DEPUTY and not asked["deputy_id"]:
        raise Invalid.field("deputy_id", "required")


def _check_deputy(session: Session, deputy_id: str | None, duty: Duty) -> None:
    """Whoever stands in is somebody else who has to be on that site anyway: nobody is in two places."""
    if deputy_id is None:
        return
    there = (
        select(Duty.person)
        .join(Person, Person.number == Duty.person)
        .where(Person.id == deputy_id, Duty.person != duty.person, Duty.site == duty.site)
        .where(Duty.since.is_not(None), Duty.until.is_(None))
    )
    if session.execute(there.limit(1)).first() is None:
        raise Conflict("deputy_not_on_duty", person_id=deputy_id)


def _refuse_overlap(session: Session, person: int, site: int, first: date, last: date) -> None:
    other = session.scalars(
        select(Leave)
        .where(Leave.person == person, Leave.site == site, Leave.stage.in_(LIVING))
        .where(Leave.first <= last, Leave.last >= first)
        .limit(1)
    ).first()
    if other is not None:
        raise Conflict("leave_exists", leave_id=other.id, first=other.first.isoformat(), last=other.last.isoformat())


def _told(leave: Leave, person_id: str, site: Site) -> Reply:
    names = ("first", "last", "reason", "deputy_id", "stage", "asked_at", "decided_at", "opinion")
    told = {name: getattr(leave, name) for name in names}
    return told | {
        "leave_id": leave.id,
        "person_id": person_id,
        "project_id": site.id,
        "project_name": site.name,
        "asked_by": leave.asked_by.get("organisation_name", ""),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
