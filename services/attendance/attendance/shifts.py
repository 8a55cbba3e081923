"""Leadership shifts (现场带班, 建质[2011]111号): recorded by the firm, confirmed by the developer or the supervising firm.

recorded → confirmed | returned | withdrawn; only what is confirmed counts. The proof is what was checked and found, the
leader's own positions of those hours where he carries a phone of ours (a project manager does, a leader of the firm need
not), and the word of another firm that was on the site.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from attendance import duties
from attendance.leader_rules import LATEST
from attendance.models import Duty, Shift, Site
from attendance.permissions import permit, sites_seen
from attendance.terms import Leading, ShiftStage
from chassis import journal
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.commands import remember, repeated
from chassis.database import Sessions, transaction
from chassis.errors import Conflict, Forbidden, Invalid, NotFound
from chassis.identifiers import new_id
from chassis.principal import Principal

NEVER_TWO_AT_ONCE = "ex_shift_overlap"
LIVING = (ShiftStage.RECORDED, ShiftStage.CONFIRMED)
Reply = dict[str, Any]
Check = Callable[[Shift, Site], None]


def record_shift(sessions: Sessions, principal: Principal, clock: Clock, *, key: str | None, **told: Any) -> Reply:
    """By the contractor of the site: who led there, as what, on which day from when to when (Shanghai), what he checked and
    what he found.

    Refuses `NotFound("project_unknown")`, `Conflict("person_not_on_duty")` for a project manager who was not that of the
    site, `Conflict("shift_overlaps")` where he would be leading twice at once, and `Invalid` for a day to come or more than
    a week past, and an end before the beginning.
    """
    permit("record_shift", principal)
    began_at, ended_at = _hours(told, clock())
    shift = Shift(
        id=new_id(),
        leads_as=told["leads_as"],
        day=told["day"],
        began_at=began_at,
        ended_at=ended_at,
        checked=told["checked"],
        found=told["found"],
        stage=ShiftStage.RECORDED,
        firm_id=principal.organisation_id,
        recorded_at=clock(),
        recorded_by=dict(principal.brief()),
    )
    try:
        return _record(sessions, principal, clock, key, told, shift)
    except IntegrityError as clash:
        if getattr(getattr(clash.orig, "diag", None), "constraint_name", "") != NEVER_TWO_AT_ONCE:
            raise
        # Somebody recorded another one in this moment.
        raise Conflict("shift_overlaps", day=told["day"].isoformat()) from clash


def _record(
    sessions: Sessions, principal: Principal, clock: Clock, key: str | None, told: dict[str, Any], shift: Shift
) -> Reply:
    request = {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
    with transaction(sessions) as session:
        if (reply := repeated(session, key, "record_shift", request)) is not None:
            return reply
        shift.site = _site(session, principal, told["project_id"]).number
        shift.person = duties.person_number(session, told["person_id"])
        if shift.leads_as == Leading.PROJECT_MANAGER:
            _refuse_other_manager(session, shift, told["person_id"])
        _refuse_overlap(session, shift)
        session.add(shift)
        session.flush()
        reply = {"shift_id": shift.id, "stage": shift.stage}
        remember(session, key, "record_shift", request, reply)
        journal.write(session, principal, "record_shift", shift.id, request, clock=clock)
        return reply


def decide_shift(
    sessions: Sessions, principal: Principal, clock: Clock, *, shift_id: str, confirms: bool, remark: str
) -> Reply:
    """By the developer or the supervising firm of the site; returned with a remark that says why."""
    if not confirms and not remark:
        raise Invalid.field("remark", "required")

    def check(shift: Shift, site: Site) -> None:
        if principal.organisation_id not in (site.owner_id, site.supervisor_id) or _is_own(principal, shift):
            raise Forbidden("not_permitted", act="decide_shift")

    wanted = ShiftStage.CONFIRMED if confirms else ShiftStage.RETURNED
    return _move(sessions, principal, clock, "decide_shift", shift_id, wanted, check, remark)


def withdraw_shift(sessions: Sessions, principal: Principal, clock: Clock, *, shift_id: str) -> Reply:
    """By the firm that recorded it, until it is decided."""

    def check(shift: Shift, site: Site) -> None:
        if not _is_own(principal, shift):
            raise Forbidden("not_permitted", act="withdraw_shift")

    return _move(sessions, principal, clock, "withdraw_shift", shift_id, ShiftStage.WITHDRAWN, check)


def seen(principal: Principal) -> ColumnElement[bool]:
    """Those on the sites that he sees, and those that his own firm has recorded."""
    own = Shift.firm_id == principal.organisation_id
    return or_(sites_seen(principal), own) if principal.is_enterprise else sites_seen(principal)


def _move(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    act: str,
    shift_id: str,
    wanted: ShiftStage,
    check: Check,
    remark: str = "",
) -> Reply:
    """A repeat of the same move changes nothing; another one after it is refused with `Conflict("shift_decided")`."""
    permit(act, principal)
    with transaction(sessions) as session:
        rows = select(Shift, Site).join(Site, Site.number == Shift.site).where(Shift.id == shift_id, seen(principal))
        row = session.execute(rows.with_for_update(of=Shift)).one_or_none()
        if row is None:
            raise NotFound("shift_unknown")
        shift, site = row
        check(shift, site)
        if shift.stage != wanted:
            if shift.stage != ShiftStage.RECORDED:
                raise Conflict("shift_decided", stage=shift.stage)
            shift.stage, shift.remark = wanted, remark or None
            shift.decided_at, shift.decided_by = clock(), dict(principal.brief())
            journal.write(session, principal, act, shift.id, {"stage": wanted, "remark": remark}, clock=clock)
        return {"shift_id": shift.id, "stage": shift.stage}


def _is_own(principal: Principal, shift: Shift) -> bool:
    return principal.organisation_id == shift.firm_id


def _hours(told: dict[str, Any], now: datetime) -> tuple[datetime, datetime]:
    day, today = told["day"], day_of(now)
    if not today - LATEST <= day <= today:
        raise Invalid.field("day", "out_of_range", min=(today - LATEST).isoformat(), max=today.isoformat())
    began_at, ended_at = (
        datetime.combine(day, time.fromisoformat(told[name]), SHANGHAI) for name in ("starts", "ends")
    )
    if ended_at <= began_at:
        raise Invalid.field("ends", "out_of_range", min=told["starts"])
    if ended_at > now:
        raise Invalid.field("ends", "out_of_range", max=now.astimezone(SHANGHAI).strftime("%H:%M"))
    return began_at, ended_at


def _site(session: Session, principal: Principal, project_id: str) -> Site:
    wanted = select(Site).where(Site.id == project_id, Site.contractor_id == principal.organisation_id)
    site = session.scalars(wanted).one_or_none()
    if site is None:
        raise NotFound("project_unknown")
    return site


def _refuse_other_manager(session: Session, shift: Shift, person_id: str) -> None:
    wanted = select(Duty.person).where(
        Duty.person == shift.person,
        Duty.site == shift.site,
        Duty.role == Leading.PROJECT_MANAGER,
        Duty.since <= shift.began_at,
        or_(Duty.until.is_(None), Duty.until > shift.began_at),
    )
    if session.scalars(wanted.limit(1)).first() is None:
        raise Conflict("person_not_on_duty", person_id=person_id)


def _refuse_overlap(session: Session, shift: Shift) -> None:
    wanted = select(Shift).where(Shift.person == shift.person, Shift.stage.in_(LIVING))
    wanted = wanted.where(Shift.began_at < shift.ended_at, Shift.ended_at > shift.began_at)
    other = session.scalars(wanted.limit(1)).first()
    if other is not None:
        raise Conflict("shift_overlaps", shift_id=other.id, day=other.day.isoformat())
