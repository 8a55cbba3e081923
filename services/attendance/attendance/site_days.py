"""A site on a day: its boundary, who had to be there, who was; today also where those who may be looked at are now.

And the sites of a principal's own on which somebody has to be: a firm's way in, as the board is an agency's.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, text, tuple_
from sqlalchemy.orm import Session

from attendance import looks, partitions, privacy, rest_days, track_points, tracks
from attendance.accuracy import factor_on
from attendance.board import DUE_NOW, LOCATED_ROLES, THERE, resting
from attendance.looks import View
from attendance.models import Duty, Leave, Person, Presence, Site
from attendance.permissions import permit, sites_seen
from attendance.presence import presence_of
from attendance.reckoning import Running, stoppages_of, workdays_of
from attendance.terms import LeaveStage
from attendance.tracks import ONE_DAY, start_of
from attendance.verdicts import rule_of
from chassis import journal
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Invalid
from chassis.principal import Principal

# The newest position of each within his duty; one look into the index a person.
NEWEST = text("""
    select asked.person, found.time, found.longitude, found.latitude, found.accuracy, found.mock, found.lag
    from unnest(cast(:people as int[]), cast(:since as timestamptz[])) as asked (person, since)
    cross join lateral (
        select (extract(epoch from time) * 1000)::bigint as time, longitude, latitude, accuracy, mock, device_day.lag
        from position left join device_day on device_day.device = position.device
            and device_day.day = (position.time at time zone 'Asia/Shanghai')::date
        where position.person = asked.person and time >= greatest(asked.since, :start) and time < :end
        order by time desc limit 1) as found""")
Reply = dict[str, Any]


def list_sites(sessions: Sessions, principal: Principal, clock: Clock, *, limit: int, after: str | None) -> Reply:
    """Filed sites of the principal's with somebody due now, by name: how many are due, there, and never seen today."""
    permit("read", principal)
    now = clock()
    with transaction(sessions) as session:
        rows = session.execute(_listed(session, principal, now, after).limit(limit + 1)).mappings().all()
    shown = [dict(each) for each in rows[:limit]]
    return {"items": shown, "next": shown[-1]["project_id"] if len(rows) > limit else None, "at": now}


def get_site_day(
    sessions: Sessions, principal: Principal, clock: Clock, *, project_id: str, day: date | None, places: bool = True
) -> Reply:
    """The key personnel due on that day (today, if none is named) with what the minutes say of each.

    Today whom the principal may look at comes with his last position, where `places` are wanted; that is a look at him, on
    record and in the journal. An agency that has to say why it looks sees tracks alone. Refuses
    `NotFound("project_unknown")`, and `Invalid` for a day to come.
    """
    permit("read", principal)
    now = clock()
    day = day or day_of(now)
    tracks.refuse_to_come(day, now)
    with transaction(sessions) as session:
        site = tracks.site_in_sight(session, principal, project_id)
        view = View(principal, site)
        due = session.execute(_due(site.number, day)).all()
        may_see = places and day == day_of(now) and not view.needs_reason
        newest = _newest(session, view, due, day, now) if may_see else {}
        excuses = _excuses(session, site, [row.Duty for row in due], day)
        people = [
            _person(view, row, newest.get(row.Duty.person), day, now) | {"excused": why}
            for row, why in zip(due, excuses, strict=True)
        ]
        outline = tracks.boundary_on(session, site.number, day)
        if newest:
            for person in newest:
                looks.record(session, view, person, day, now, "site")
            seen = [row.person_id for row in due if row.Duty.person in newest]
            journal.write(session, principal, "see_positions", site.id, {"people": seen}, clock=clock)
    return {
        "project_id": site.id,
        "project_name": site.name,
        "area": site.area,
        "day": day,
        "at": now,
        "boundary": outline,
        **privacy.figures(),
        "positions_kept": day >= partitions.first_kept(day_of(now)),
        "is_exact": view.is_exact,
        "needs_reason": view.needs_reason,
        "may_ask_leave": principal.is_enterprise
        and principal.organisation_id in (site.contractor_id, site.supervisor_id),
        "people": people,
    }


def _listed(session: Session, principal: Principal, now: datetime, after: str | None) -> Select[*tuple[Any, ...]]:
    today = and_(Presence.person == Duty.person, Presence.site == Duty.site, Presence.day == day_of(now))
    wanted = (
        select(
            Site.id.label("project_id"),
            Site.name.label("project_name"),
            Site.area,
            func.count().label("due"),
            func.count().filter(Presence.last_inside_at > now - THERE).label("there"),
            func.count().filter(Presence.last_seen_at.is_(None)).label("never_seen"),
            func.max(Presence.last_seen_at).label("newest"),
        )
        .join(Duty, Duty.site == Site.number)
        .outerjoin(Presence, today)
        .where(sites_seen(principal))
        .where(
            text(DUE_NOW).bindparams(
                now=now, today=day_of(now), roles=list(LOCATED_ROLES), resting=resting(day_of(now))
            )
        )
        .group_by(Site.number)
        .order_by(Site.name, Site.id)
    )
    if after is None:
        return wanted
    place = session.execute(select(Site.name, Site.id).where(Site.id == after, sites_seen(principal))).one_or_none()
    if place is None:
        raise Invalid.field("after", "not_a_cursor")
    return wanted.where(tuple_(Site.name, Site.id) > tuple_(place.name, place.id))


def _due(site: int, day: date) -> Select[*tuple[Any, ...]]:
    there = and_(Presence.person == Duty.person, Presence.site == Duty.site, Presence.day == day)
    return (
        select(
            Duty,
            Person.id.label("person_id"),
            Presence,
            func.nullif(Presence.last_inside_at, text("'-infinity'")).label("last_inside_at"),
        )
        .join(Person, Person.number == Duty.person)
        .outerjoin(Presence, there)
        .where(Duty.site == site, Duty.role.in_(LOCATED_ROLES), Duty.since < start_of(day + ONE_DAY))
        .where(Duty.until.is_(None) | (Duty.until >= start_of(day)))
        .order_by(Duty.role, Person.id, Duty.since)
    )


def _excuses(session: Session, site: Site, duties: list[Duty], day: date) -> list[str | None]:
    """Of each duty why its day leaves the month's denominator; None where he has to be there."""
    stopped = stoppages_of(session, [site.number])[site.number]
    granted = Leave.site == site.number, Leave.stage == LeaveStage.APPROVED, Leave.first <= day, Leave.last >= day
    away = set(session.scalars(select(Leave.person).where(*granted)))
    rest = rest_days.of_area(site.area, day, day)
    found = [
        workdays_of(duty, site, rule_of(duty.role, day, site.area), stopped, rest).excluded(day) for duty in duties
    ]
    return [
        reason.code if reason else "leave" if duty.person in away else None
        for duty, reason in zip(duties, found, strict=True)
    ]


def _newest(session: Session, view: View, due: Any, day: date, now: datetime) -> Mapping[int, Reply]:
    """Of those who may be looked at and are on duty now, by person."""
    since = {
        row.Duty.person: row.Duty.since
        for row in due
        if view.admits(row.Duty.role) and row.Duty.until is None and row.Duty.since <= now
    }
    asked = {"people": list(since), "since": list(since.values()), "start": start_of(day), "end": now}
    rows = session.execute(NEWEST, asked).all() if since else []
    if not rows:
        return {}
    geojson = tracks.boundary_on(session, view.site.number, day)
    fixes = tracks.fixes_of([row[1:] for row in rows])
    points = track_points.points(fixes, tracks.outline_of(geojson), factor_on(day), view.decimals)
    return {row.person: tracks.told(point) for row, point in zip(rows, points, strict=True)}


def _person(view: View, row: Any, position: Reply | None, day: date, now: datetime) -> Reply:
    bits = row.Presence
    presence = presence_of(bits.seen, bits.inside, bits.outside, Running(now).sampling(day)) if bits else None
    measured = tracks.of_presence(presence)
    measured.pop("gaps")
    return {
        "person_id": row.person_id,
        "role": row.Duty.role,
        "last_inside_at": row.last_inside_at,
        "last_seen_at": bits.last_seen_at if bits else None,
        **measured,
        "may_look": view.admits(row.Duty.role),
        "position": position,
    }
