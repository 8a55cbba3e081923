"""A person's track of a day on a site: where he was while on duty, what is not known and why. Every look is on record."""

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from attendance import looks, partitions, privacy, track_points
from attendance.accuracy import factor_on
from attendance.boundaries import Outline
from attendance.looks import View
from attendance.marking import correction
from attendance.models import Boundary, Duty, Person, Presence, Site
from attendance.permissions import permit, sites_seen
from attendance.points import PER_DEGREE
from attendance.presence import DayPresence, presence_of
from attendance.reckoning import Running
from attendance.storing import moment
from attendance.track_points import Fixes, Point
from chassis.clock import SHANGHAI, Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Invalid, NotFound
from chassis.principal import Principal

ONE_DAY = timedelta(days=1)
FOR_EVER = 2**62
# A clock that was wrong may have told another day.
MEASURED = text("""
    select (extract(epoch from time) * 1000)::bigint as time, longitude, latitude, accuracy, mock, device_day.lag
    from position left join device_day on device_day.device = position.device
        and device_day.day = (position.time at time zone 'Asia/Shanghai')::date
    where position.person = :person and time >= :first and time < :last order by time""")
Reply = dict[str, Any]
NONE = Fixes(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_))


def get_track(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    way: str,
    person_id: str,
    project_id: str,
    day: date,
    reason: str,
) -> Reply:
    """One position a minute with its side of the boundary of that day, the gaps with their reasons, the day's minutes.

    Only while on duty there; positions of days that are no longer kept are gone, the minutes stay. The look is recorded
    in the same transaction. Refuses `NotFound("person_unknown")` for anybody without a duty there on that day,
    `Forbidden` to whoever may not look, `Invalid` for a day to come and where a reason is needed.
    """
    permit(looks.ACT, principal)
    now = clock()
    refuse_to_come(day, now)
    with transaction(sessions) as session:
        site = site_in_sight(session, principal, project_id)
        duties = _duties(session, site, person_id, day)
        view = View(principal, site, reason)
        looks.check(view, {duty.role for duty in duties})
        duties = [duty for duty in duties if view.admits(duty.role)]
        look = looks.record(session, view, duties[0].person, day, now, way)
        track = _track(session, view, duties, day, now)
        looks.written(session, view, look, person_id, clock)
    return {"person_id": person_id, "project_id": project_id, "project_name": site.name, "day": day, **track}


def site_in_sight(session: Session, principal: Principal, project_id: str) -> Site:
    """Refuses `NotFound("project_unknown")`."""
    site = session.scalars(select(Site).where(Site.id == project_id, sites_seen(principal))).one_or_none()
    if site is None:
        raise NotFound("project_unknown")
    return site


def refuse_to_come(day: date, now: datetime) -> None:
    if day > day_of(now):
        raise Invalid.field("day", "out_of_range", max=day_of(now).isoformat())


def boundary_on(session: Session, site: int, day: date) -> dict[str, Any] | None:
    """Where the site lay on that day, as GeoJSON."""
    wanted = select(Boundary.outline).where(Boundary.site == site, Boundary.effective_on <= day)
    return session.scalars(wanted.order_by(Boundary.effective_on.desc()).limit(1)).first()


def start_of(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _track(session: Session, view: View, duties: list[Duty], day: date, now: datetime) -> Reply:
    person, site = duties[0].person, view.site.number
    kept = day >= partitions.first_kept(day_of(now))
    outline = boundary_on(session, site, day)
    fixes = _fixes(session, person, day) if kept else NONE
    shown = track_points.thinned(track_points.on_duty(fixes, day, [_spell(each) for each in duties]))
    row = session.get(Presence, (person, site, day))
    presence = presence_of(row.seen, row.inside, row.outside, Running(now).sampling(day)) if row else None
    strip = track_points.strip(row.seen, row.inside, row.outside) if row else ()
    return {
        "role": duties[0].role,
        "boundary": outline,
        "positions_kept": kept,
        **privacy.figures(),
        "is_exact": view.is_exact,
        "points": [
            told(each) for each in track_points.points(shown, outline_of(outline), factor_on(day), view.decimals)
        ],
        "strip": [{"start": start, "end": end, "side": side} for start, end, side in strip],
        **of_presence(presence),
    }


def _duties(session: Session, site: Site, person_id: str, day: date) -> list[Duty]:
    wanted = (
        select(Duty)
        .join(Person, Person.number == Duty.person)
        .where(Person.id == person_id, Duty.site == site.number, Duty.since < start_of(day + ONE_DAY))
        .where(Duty.until.is_(None) | (Duty.until >= start_of(day)))
    )
    found = list(session.scalars(wanted.order_by(Duty.since, Duty.role)))
    if not found:
        raise NotFound("person_unknown")
    return found


def _fixes(session: Session, person: int, day: date) -> Fixes:
    asked = {"person": person, "first": start_of(day - ONE_DAY), "last": start_of(day + 2 * ONE_DAY)}
    return fixes_of(session.execute(MEASURED, asked).all())


def fixes_of(rows: Any) -> Fixes:
    """Rows of time (ms), longitude, latitude (ten-millionths of a degree), accuracy, mock, lag of the clock (ms)."""
    if not rows:
        return NONE
    time, longitude, latitude, accuracy, mock, lag = zip(*rows, strict=True)
    return Fixes(
        np.array(time, dtype=np.int64) + np.array([correction(each) for each in lag], dtype=np.int64),
        np.array(longitude, dtype=np.float64) / PER_DEGREE,
        np.array(latitude, dtype=np.float64) / PER_DEGREE,
        np.array(accuracy, dtype=np.float64),
        np.array(mock, dtype=np.bool_),
    )


def _spell(duty: Duty) -> tuple[int, int]:
    assert duty.since is not None
    return _milliseconds(duty.since), _milliseconds(duty.until) if duty.until else FOR_EVER


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def outline_of(geojson: dict[str, Any] | None) -> Outline | None:
    return Outline(geojson) if geojson else None


def told(point: Point) -> Reply:
    return {
        "at": moment(point.time),
        "longitude": point.longitude,
        "latitude": point.latitude,
        "accuracy": point.accuracy,
        "side": point.side,
        "mock": point.mock,
    }


def of_presence(presence: DayPresence | None) -> Reply:
    if presence is None:
        return {"first_in": None, "last_out": None, "least_minutes": 0, "most_minutes": 0, "gaps": []}
    return {
        "first_in": presence.first_in,
        "last_out": presence.last_out,
        "least_minutes": presence.least,
        "most_minutes": presence.most,
        "gaps": [{"start": each.start, "end": each.end, "reason": each.reason} for each in presence.gaps],
    }
