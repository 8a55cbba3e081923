"""The calendar of inspections: how many were made and how many are planned on each day of a month, and one day's in full."""

from datetime import date
from typing import Any

from sqlalchemy import text

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement import periods
from enforcement.figures import below, watched
from enforcement.permissions import permit

Reply = dict[str, Any]
MOST = 100
# Where the area is all that the agency has in the month, the index of days is the shorter way; PostgreSQL chooses.
INSIDE = "(area = :area or area like :below)"
BY_HIM = """and (cast(:officer as text) is null or exists (
    select from inspection_officer took where took.inspection_id = inspection.id and took.officer_id = :officer))"""
HIS = "and (cast(:officer as text) is null or officer_ids @> array[cast(:officer as text)])"
DONE = text(f"""
    select (started_at at time zone 'Asia/Shanghai')::date as day, count(*) filter (where stage = 'completed') as done,
        count(*) filter (where stage = 'started') as running
    from inspection where started_at >= :begins and started_at < :ends and {INSIDE} and stage <> 'abandoned' {BY_HIM}
    group by 1""")
PLANNED = text(f"""
    select due_on as day, count(*) as planned, count(*) filter (where serial <= (
        select count(*) from inspection where inspection.plan_id = planned_visit.plan_id
            and inspection.site_id = planned_visit.site_id and inspection.stage = 'completed')) as made
    from planned_visit where due_on >= :first and due_on < :after and {INSIDE} {HIS} group by 1""")
VISITS = text(f"""
    select visit.plan_id, plan.title as plan_title, site.id as project_id, site.name as project_name, visit.area,
        coalesce((select string_agg(name, '、' order by name) from officer where id = any(visit.officer_ids)), '') as who,
        visit.serial <= (select count(*) from inspection where inspection.plan_id = visit.plan_id
            and inspection.site_id = visit.site_id and inspection.stage = 'completed') as is_made
    from (select * from planned_visit where due_on = :day and {INSIDE} {HIS} order by id limit :most) visit
        join plan on plan.id = visit.plan_id join site on site.id = visit.site_id
    order by is_made, visit.area, site.name""")
OFFICERS = text("""
    select id as officer_id, name from officer where agency_id = :agency and removed_at is null order by name, id limit 500""")


def get_inspection_calendar(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    month: str | None,
    area: str | None,
    officer_id: str | None,
    day: date | None,
) -> Reply:
    """A month of an agency's area, or one in it, of all officers or one; with `day`, that day's planned visits (up to 100).

    Refuses `Forbidden` for an area that is not his.
    """
    permit("see_day", principal)
    area = watched(principal, area)
    first = periods.read(month) if month else periods.month_of(day or day_of(clock()))
    after = periods.after(first)
    asked = {
        **below(area),
        "officer": officer_id,
        "first": first,
        "after": after,
        "begins": periods.beginning(first),
        "ends": periods.beginning(after),
    }
    with transaction(sessions) as session:
        days: dict[date, Reply] = {}
        for statement in (DONE, PLANNED):
            for row in session.execute(statement, asked).mappings():
                days.setdefault(row["day"], {"done": 0, "running": 0, "planned": 0, "made": 0}).update(row)
        wanted = asked | {"day": day, "most": MOST}
        visits = [dict(row) for row in session.execute(VISITS, wanted).mappings()] if day else []
        roster = session.execute(OFFICERS, {"agency": principal.organisation_id}).mappings()
        officers = [dict(row) for row in roster]
    return {
        "month": periods.written(first),
        "area": area,
        "days": [days[each] for each in sorted(days)],
        "day": day,
        "visits": visits,
        "officers": officers,
    }
