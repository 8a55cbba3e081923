"""Who keeps his people on site and who does not: a month's rows ranked by place, by firm and by site, a year's course, and
the rows themselves (R-D6). Figures are those of `duty_month`, which the night writes: a page reckons nothing anew.

A row is a post: who holds two counts in each, here as in the list behind a figure.
"""

import re
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, case, func, or_, select, text, tuple_

from attendance import month_days
from attendance.models import DutyMonth, Person, Site
from attendance.permissions import PARTIES, permit, sites_seen
from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Forbidden, Invalid
from chassis.principal import Principal

MONTHS = 12
PLACE = (DutyMonth.site, DutyMonth.person, DutyMonth.role, DutyMonth.application_id)
Reply = dict[str, Any]

# The firm that has to staff a post: SQL for what `PARTIES` says.
FIRM = "case {} end".format(" ".join(f"when role = '{role}' then site.{party}" for role, party in PARTIES.items()))
# What a row is counted under, and what it is called, if we know; a place is one step below the area asked for.
KEYS = {
    "area": ("array_to_string((string_to_array(site.area, '.'))[1 : :depth], '.')", "null"),
    "enterprise": (FIRM, "null"),
    "site": ("site.id", "site.name"),
}
SUMS = """
    count(*) as people, count(*) filter (where standing = 'short') as short, sum(undecided) as undecided,
    sum(valid) as valid, sum(denominator) as denominator, max(through) as through"""
RATE = "round(100.0 * valid / nullif(denominator, 0), 1)"
IN_AREA = "site.area ~>=~ :area and site.area ~<~ :after_area"
# The worst first; of equals by name, then by id, so that a page goes on where the one before ended.
RANKING = """
    with counted as (
        select {key} as key, {name} as name, {sums}
        from duty_month join site on site.number = duty_month.site
        where duty_month.month = :month and {in_area} group by 1, 2
    ), ranked as (
        select *, {rate} as rate, (coalesce({rate}, 101), coalesce(name, ''), key) as place
        from counted where key is not null
    )
    select * from ranked
    where cast(:after as text) is null or place > (select place from ranked where key = :after)
    order by place limit :limit"""
TREND = text(f"""
    select month, {SUMS}, round(100.0 * sum(valid) / nullif(sum(denominator), 0), 1) as rate
    from duty_month join site on site.number = duty_month.site
    where duty_month.month between :first and :month and {IN_AREA} group by 1 order by 1""")


def ranking(
    sessions: Sessions,
    principal: Principal,
    clock: Clock,
    *,
    area: str | None,
    month: str | None,
    by: str,
    limit: int,
    after: str | None,
) -> Reply:
    """Of an agency's area, or one in it: posts, those short of what the rule demands, undecided days and the rate of the
    month, by the places one step below, by firm or by site; the worst first.

    Refuses `Forbidden` to whoever is no agency, and for an area that is not his.
    """
    asked = _asked(principal, clock, area, month)
    key, name = KEYS[by]
    statement = text(RANKING.format(key=key, name=name, sums=SUMS, in_area=IN_AREA, rate=RATE))
    asked |= {"depth": asked["area"].count(".") + 2} if by == "area" else {}
    with transaction(sessions) as session:
        rows = session.execute(statement, asked | {"after": after, "limit": limit + 1}).mappings().all()
    items = [_told(each) | {"key": each["key"], "name": each["name"]} for each in rows[:limit]]
    following = items[-1]["key"] if len(rows) > limit else None
    return {"area": asked["area"], "month": month_days.written(asked["month"]), "items": items, "next": following}


def trend(sessions: Sessions, principal: Principal, clock: Clock, *, area: str | None, month: str | None) -> Reply:
    """The same figures of the whole area for the twelve months up to the one asked for; refuses as `ranking`."""
    asked = _asked(principal, clock, area, month)
    first = asked["month"]
    for _ in range(MONTHS - 1):
        first = month_days.before(first)
    with transaction(sessions) as session:
        rows = session.execute(TREND, asked | {"first": first}).mappings().all()
    items = [_told(each) | {"month": month_days.written(each["month"])} for each in rows]
    return {"area": asked["area"], "items": items}


def _asked(principal: Principal, clock: Clock, area: str | None, month: str | None) -> dict[str, Any]:
    permit("read", principal)
    area = area or principal.area
    if not principal.is_agency or not principal.watches(area):
        raise Forbidden("not_permitted", act="read_duty_figures", area=area)
    return {"area": area, "after_area": area + "/", "month": month_of(month, day_of(clock()))}


def month_of(month: str | None, today: date) -> date:
    """The month asked for; else the last of which a day is over."""
    return month_days.read(month) if month else month_days.first_of(today - month_days.ONE_DAY)


def _told(row: RowMapping) -> Reply:
    return {
        "people": row["people"],
        "short": row["short"],
        "undecided": row["undecided"],
        "valid": row["valid"],
        "denominator": row["denominator"],
        "rate": None if row["rate"] is None else float(row["rate"]),
        "through": row["through"],
    }


def list_rows(
    sessions: Sessions, principal: Principal, clock: Clock, *, limit: int, after: str | None, **filters: Any
) -> Reply:
    """The rows that a figure counts, those of the sites that the principal sees; with how many there are in all."""
    now = clock()
    with transaction(sessions) as session:
        wanted = listed(principal, filters, day_of(now))
        page = wanted.where(_beyond(after)) if after else wanted
        rows = session.execute(page.limit(limit + 1)).all()
        total = None if after else session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery()))
    items = [_row(each.DutyMonth, each.Site, each.person_id) for each in rows[:limit]]
    following = _place(rows[limit - 1].DutyMonth) if len(rows) > limit else None
    return {"items": items, "next": following, "total": total, "total_is_exact": None if after else True}


def listed(principal: Principal, filters: dict[str, Any], today: date) -> Select[*tuple[Any, ...]]:
    """The rows of a month in the order of their key: site by site. Refuses `Forbidden` for an area that is not his."""
    permit("read", principal)
    area = filters.get("area")
    if area and not (principal.is_agency and principal.watches(area)):
        raise Forbidden("not_permitted", act="read_duty_figures", area=area)
    wanted = (
        select(DutyMonth, Site, Person.id.label("person_id"), Person.name.label("person_name"))
        .join(Site, Site.number == DutyMonth.site)
        .join(Person, Person.number == DutyMonth.person)
        .where(DutyMonth.month == month_of(filters.get("month"), today), sites_seen(principal))
        .order_by(*PLACE)
    )
    if area:
        wanted = wanted.where(or_(Site.area == area, Site.area.startswith(f"{area}.", autoescape=True)))
    if filters.get("project_id"):
        wanted = wanted.where(Site.id == filters["project_id"])
    if filters.get("organisation_id"):
        wanted = wanted.where(_firm() == filters["organisation_id"])
    if filters.get("standing"):
        wanted = wanted.where(DutyMonth.standing == filters["standing"])
    if filters.get("no_valid"):
        wanted = wanted.where(DutyMonth.valid == 0, DutyMonth.denominator > 0)
    return wanted.where(DutyMonth.undecided > 0) if filters.get("undecided") else wanted


def _firm() -> ColumnElement[str | None]:
    """The firm that has to staff the post."""
    return case(*((DutyMonth.role == role, getattr(Site, party)) for role, party in PARTIES.items()))


def _place(row: DutyMonth) -> str:
    return ".".join(str(getattr(row, column.key)) for column in PLACE)


def _beyond(after: str) -> ColumnElement[bool]:
    found = re.fullmatch(r"([0-9]{1,9})\.([0-9]{1,9})\.([a-z_]+)\.(\S+)", after)
    if found is None:
        raise Invalid.field("after", "not_a_cursor")
    return tuple_(*PLACE) > tuple_(int(found[1]), int(found[2]), found[3], found[4])


def _row(row: DutyMonth, site: Site, person_id: str) -> Reply:
    names = (
        "valid",
        "undecided",
        "denominator",
        "rate",
        "highest_rate",
        "required",
        "standing",
        "through",
        "closed_at",
    )
    told = {name: getattr(row, name) for name in names}
    return told | {
        "person_id": person_id,
        "role": row.role,
        "project_id": site.id,
        "project_name": site.name,
        "month": month_days.written(row.month),
    }
