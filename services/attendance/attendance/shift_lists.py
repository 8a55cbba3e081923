"""Leadership shifts as they are read: a list, and a leader's month against a quarter of its working days."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from attendance import leader_leaves, leader_rules, month_days
from attendance.models import LeaderLeave, Person, Presence, Shift, Site
from attendance.permissions import permit
from attendance.presence import minutes_of
from attendance.shifts import seen
from attendance.terms import Leading, ShiftStage
from attendance.verdicts import rule_of
from chassis import paging
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import NotFound
from chassis.principal import Principal
from chassis.workdays import Calendar

Reply = dict[str, Any]


def list_shifts(
    sessions: Sessions,
    principal: Principal,
    *,
    person_id: str | None,
    project_id: str | None,
    stage: str | None,
    limit: int,
    after: str | None,
) -> Reply:
    """Those that the principal sees, the latest recorded first."""
    permit("read", principal)
    wanted = _rows(principal)
    wanted = wanted.where(Person.id == person_id) if person_id else wanted
    wanted = wanted.where(Site.id == project_id) if project_id else wanted
    wanted = wanted.where(Shift.stage == stage) if stage else wanted
    listed = paging.Listed(wanted, Shift.recorded_at, Shift.id)
    with transaction(sessions) as session:
        page, counted = paging.first(session, listed, limit, after)
        rows = session.execute(page).all()
        following = paging.cursor(rows[limit - 1][0].recorded_at, rows[limit - 1][0].id) if len(rows) > limit else None
        return {"items": _told(session, principal, rows[:limit]), "next": following, **counted}


def get_leader_month(
    sessions: Sessions, principal: Principal, clock: Clock, calendar: Calendar, *, person_id: str, month: str
) -> Reply:
    """The days of a month on which a firm's leader led a shift that was confirmed, on all sites together; listed are those
    that the principal sees.

    Refuses `NotFound("person_unknown")` where he sees no shift of his at all.
    """
    permit("read", principal)
    first = month_days.read(month)
    led_as = Shift.leads_as == Leading.ENTERPRISE_LEADER
    within = Shift.day.between(first, month_days.last_of(first))
    with transaction(sessions) as session:
        his = _rows(principal).where(Person.id == person_id, led_as)
        if not session.execute(his.limit(1)).all():
            raise NotFound("person_unknown")
        days = select(Shift.stage, Shift.day).join(Person, Person.number == Shift.person).where(Person.id == person_id)
        found = [(stage, day) for stage, day in session.execute(days.where(led_as, within))]
        rows = session.execute(his.where(within).order_by(Shift.began_at)).all()
        shifts = _told(session, principal, rows)
        number = session.scalars(select(Person.number).where(Person.id == person_id)).one()
        away = leader_leaves.of_person(session, number, first, month_days.last_of(first))
        may_record_leave = leader_leaves.records_his_shifts(session, principal, number)
    return {
        "person_id": person_id,
        "month": month,
        **_judged(found, away, first, day_of(clock()), calendar),
        "shifts": shifts,
        "leave": [_leave(each, principal) for each in away],
        "may_record_leave": may_record_leave,
    }


def _leave(leave: LeaderLeave, principal: Principal) -> Reply:
    return {
        "leave_id": leave.id,
        "first": leave.first,
        "last": leave.last,
        "reason": leave.reason,
        "recorded_by": leave.recorded_by.get("organisation_name", ""),
        "recorded_at": leave.recorded_at,
        "may_withdraw": principal.is_enterprise and principal.organisation_id == leave.firm_id,
    }


def _judged(
    found: Sequence[tuple[str, date]], leave: Sequence[LeaderLeave], month: date, today: date, calendar: Calendar
) -> Reply:
    rule = rule_of(Leading.ENTERPRISE_LEADER, month)
    led, waiting = (
        {day for stage, day in found if stage == wanted} for wanted in (ShiftStage.CONFIRMED, ShiftStage.RECORDED)
    )
    away = {day for each in leave for day in month_days.days(each.first, each.last)}
    judged = leader_rules.judge(led, waiting, month, today, calendar.is_workday, rule, away)
    return {
        "days": judged.days,
        "waiting": len(waiting - led),
        "working_days": judged.working_days,
        "provisional": not all(map(calendar.is_official, month_days.days(month, month_days.last_of(month)))),
        "rate": judged.rate,
        "required": judged.required,
        "standing": judged.standing,
        "document": rule.document,
        "clause": rule.clause,
    }


def _rows(principal: Principal) -> Select[Shift, str, Site]:
    return (
        select(Shift, Person.id, Site)
        .join(Person, Person.number == Shift.person)
        .join(Site, Site.number == Shift.site)
        .where(seen(principal))
    )


def _told(session: Session, principal: Principal, rows: Sequence[Any]) -> list[Reply]:
    inside = _inside(session, [shift for shift, _, _ in rows])
    return [
        _item(shift, person, site, principal) | {"inside_minutes": inside.get(shift.id)} for shift, person, site in rows
    ]


def _item(shift: Shift, person_id: str, site: Site, principal: Principal) -> Reply:
    names = ("leads_as", "day", "checked", "found", "stage", "recorded_at", "decided_at", "remark")
    waits = shift.stage == ShiftStage.RECORDED
    is_own = principal.organisation_id == shift.firm_id
    return {name: getattr(shift, name) for name in names} | {
        "shift_id": shift.id,
        "person_id": person_id,
        "project_id": site.id,
        "project_name": site.name,
        "starts": _clock_time(shift.began_at),
        "ends": _clock_time(shift.ended_at),
        "recorded_by": shift.recorded_by.get("organisation_name", ""),
        "decided_by": (shift.decided_by or {}).get("organisation_name", ""),
        "may_decide": waits and not is_own and principal.organisation_id in (site.owner_id, site.supervisor_id),
        "may_withdraw": waits and is_own,
    }


def _inside(session: Session, shifts: Sequence[Shift]) -> dict[str, int]:
    """How many minutes of each shift have a position surely on the site; nothing of one on a day without any position."""
    places = {(each.person, each.site, each.day) for each in shifts}
    key = tuple_(Presence.person, Presence.site, Presence.day)
    wanted = select(Presence.person, Presence.site, Presence.day, func.bit_send(Presence.inside)).where(key.in_(places))
    minutes = {(person, site, day): minutes_of(sent[4:]) for person, site, day, sent in session.execute(wanted)}
    return {
        each.id: int(found[_minute(each.began_at) : _minute(each.ended_at)].sum())
        for each in shifts
        if (found := minutes.get((each.person, each.site, each.day))) is not None
    }


def _minute(moment: datetime) -> int:
    local = moment.astimezone(SHANGHAI)
    return local.hour * 60 + local.minute


def _clock_time(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%H:%M}"
