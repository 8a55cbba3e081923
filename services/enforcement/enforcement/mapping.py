"""Where the sites of an area are, and how enforcement stands on each: its last check, its grade, what is open and late."""

from typing import Any

import shapely
from sqlalchemy import text

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.principal import Principal
from enforcement.figures import below, watched
from enforcement.permissions import permit

Reply = dict[str, Any]
MOST = 500  # four times as many take a third of a second to be drawn as a page
SHOWN = """(site.area = :area or site.area like :below) and boundary is not null and merged_into is null
    and stage is distinct from 'closed'"""
TOTAL = text(f"select count(*) from site where {SHOWN}")
# Those with late orders first, then those with open ones: a map that is cut short shows what matters.
SITES = text(f"""
    with owing as (
        select site_id, count(*) as open, count(*) filter (where reported_at is null and due_on < :today) as overdue
        from site_order where closed_at is null and (area = :area or area like :below) group by site_id),
    chosen as (
        select id, coalesce(open, 0) as open, coalesce(overdue, 0) as overdue from site left join owing on site_id = id
        where {SHOWN} order by overdue desc, open desc, id limit :most)
    select site.id as project_id, site.name as project_name, site.area, boundary::text as boundary, open, overdue,
        checked.started_at as inspected_at, checked.score, checked.grade
    from chosen join site using (id) left join lateral (
        select started_at, score, grade from inspection
        where inspection.site_id = chosen.id and stage = 'completed' order by started_at desc, id desc limit 1) checked on true
    order by overdue desc, open desc, chosen.id""")


def get_inspection_map(sessions: Sessions, principal: Principal, clock: Clock, *, area: str | None) -> Reply:
    """The sites under supervision of an agency's area, or one in it, that have a boundary: the middle of it, up to 500, and how
    many there are (`total`). Refuses `Forbidden` for an area that is not his."""
    permit("see_day", principal)
    area = watched(principal, area)
    asked = below(area) | {"today": day_of(clock()), "most": MOST}
    with transaction(sessions) as session:
        rows = session.execute(SITES, asked).mappings().all()
        total = len(rows) if len(rows) < MOST else session.scalar(TOTAL, asked)
    middles = shapely.get_coordinates(shapely.centroid(shapely.from_geojson([each["boundary"] for each in rows])))
    names = ("project_id", "project_name", "area", "open", "overdue", "inspected_at", "score", "grade")
    items = [
        {name: row[name] for name in names}
        | {"position": [round(float(x), 6), round(float(y), 6)], "state": _state(row)}
        for row, (x, y) in zip(rows, middles, strict=True)
    ]
    return {"area": area, "items": items, "total": total, "most": MOST}


def _state(row: Any) -> str:
    if row["overdue"]:
        return "overdue"
    if row["open"]:
        return "open"
    return "clear" if row["inspected_at"] else "never"
