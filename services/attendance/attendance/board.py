"""The duty board: who should be on site now and is not; province → city → county → site (R-D6)."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from attendance import rest_days
from attendance.permissions import permit
from attendance.terms import DUTY_HOURS
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Forbidden
from chassis.principal import Principal

# Somebody seen inside within this counts as there: phones send every few minutes, and are without coverage now and then.
THERE = timedelta(minutes=30)
COUNTED_EVERY = timedelta(seconds=20)
# The key personnel (关键岗位): whose being there is counted. Operators are bound to their machine, not to the day.
LOCATED_ROLES = ("project_manager", "technical_lead", "safety_officer", "chief_supervisor", "supervising_engineer")
MOST_SITES = 200
Reply = dict[str, Any]

AMONG = """
    from site join duty on duty.site = site.number
    left join presence on presence.person = duty.person and presence.site = duty.site and presence.day = :today"""
# Who has to be there today: not on a day that leaves his month's denominator, too. (`is null or`: of a coalesce PostgreSQL
# expects a third of the rows, and then looks 150,000 people up one by one.)
DUE_NOW = """
    site.stage = 'filed' and duty.until is null and duty.since <= :now and duty.role = any(:roles)
    and not (site.area || '.' ~~ any(:resting)) and (site.starts_on is null or site.starts_on <= :today)
    and (site.accepted_on is null or site.accepted_on >= :today)
    and not exists (
        select from order_stoppage as stopped
        where stopped.site = site.number and stopped.since <= :today and (stopped.until is null or stopped.until > :today))
    and not exists (
        select from leave
        where leave.person = duty.person and leave.site = site.number and stage = 'approved' and :today between first and last)"""
DUE = f"where {DUE_NOW}"
# Today's presence of 150,000 people is read once in `COUNTED_EVERY`, not by everybody who opens the board.
COUNT = text(f"""
    insert into site_count (site, due, there, never_seen, newest, counted_at)
    select site.number, count(*), count(*) filter (where presence.last_inside_at > :there),
        count(*) filter (where presence.person is null), max(presence.last_seen_at), :now
    {AMONG} {DUE} group by site.number order by site.number
    on conflict (site) do update set due = excluded.due, there = excluded.there, never_seen = excluded.never_seen,
        newest = excluded.newest, counted_at = excluded.counted_at""")
FORGET = text("delete from site_count where counted_at <> :now")
COUNTS = "from site_count join site on site.number = site_count.site where site.area ~>=~ :area and site.area ~<~ :after_area"
# `place` is what follows the area asked for, one step down; "" is the area itself.
BY_PLACE = text(f"""
    select array_to_string((string_to_array(area, '.'))[1 : :depth], '.') as place, count(*) as sites,
        sum(due)::int as due, sum(there)::int as there, sum(never_seen)::int as never_seen, max(newest) as newest,
        min(counted_at) as counted_at
    {COUNTS} group by 1 order by 1""")
BY_SITE = text(f"""
    select site.id as project_id, site.name as project_name, area, due, there, never_seen, newest, count(*) over () as of_sites
    {COUNTS} order by there::float / due, project_name limit :limit""")
# The people of a site due now; those whose day leaves the denominator stand on the site's own page with the reason.
PEOPLE = text(f"""
    select person.id as person_id, duty.role, nullif(presence.last_inside_at, '-infinity') as last_inside_at,
        presence.last_seen_at
    {AMONG} join person on person.number = duty.person {DUE} and site.id = :project_id
      and site.area ~>=~ :area and site.area ~<~ :after_area order by 2, 1""")


def count(sessions: Sessions, clock: Clock) -> None:
    """Counts every site that has somebody due, once for all who look; sites that have nobody due any more are forgotten."""
    now = clock()
    asked = _due(now) | {"there": now - THERE}
    with transaction(sessions) as session:
        session.execute(COUNT, asked)
        session.execute(FORGET, asked)


def duty_board(
    sessions: Sessions, principal: Principal, clock: Clock, *, area: str | None, project_id: str | None
) -> Reply:
    """Of an agency's area, or one in it: how many are due, there, and never seen today, by place and by site, as they were
    counted last (`at`, see `count`); of one site, the people as they are now. `newest` is when the last position of
    anybody there was received.

    Refuses `Forbidden` to whoever is no agency, and for an area that is not his.
    """
    permit("read", principal)
    area = area or principal.area
    if not principal.is_agency or not principal.watches(area):
        raise Forbidden("not_permitted", act="read_duty_board", area=area)
    now = clock()
    asked = _asked(area, now)
    with transaction(sessions) as session:
        people = _rows(session, PEOPLE, asked | {"project_id": project_id}) if project_id else []
        places = [] if project_id else _rows(session, BY_PLACE, asked | {"depth": area.count(".") + 2})
        listed = [] if project_id or area.count(".") < 1 else _rows(session, BY_SITE, asked | {"limit": MOST_SITES})
    more = max((each.pop("of_sites") for each in listed), default=0) - len(listed)
    at = min((each.pop("counted_at") for each in places), default=now)
    told = {"area": area, "at": at, "places": places, "sites": listed, "more_sites": more, "people": people}
    return told | {"from_hour": DUTY_HOURS[0], "until_hour": DUTY_HOURS[1]}


def _asked(area: str, now: datetime) -> dict[str, Any]:
    return {"area": area, "after_area": area + "/", **_due(now)}


def _due(now: datetime) -> dict[str, Any]:
    return {"now": now, "today": day_of(now), "roles": list(LOCATED_ROLES), "resting": resting(day_of(now))}


def resting(day: date) -> list[str]:
    """Patterns of the areas (each with a dot behind it) where no works go on that day."""
    return [f"{place}.%" if place else "%" for place in rest_days.places_on(day)]


def _rows(session: Session, statement: Any, asked: dict[str, Any]) -> list[Reply]:
    return [dict(row) for row in session.execute(statement, asked).mappings()]
