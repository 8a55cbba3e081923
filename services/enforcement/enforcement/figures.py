"""Figures of enforcement: planned and done, findings and those that come back, orders and how long they take, by place and month.

Months come from the tallies that the scheduler counts (`tallying`), with the moment of the oldest of them; what is open and
overdue now, and who is on the roster, is read as it stands.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from chassis.clock import Clock, day_of
from chassis.database import Sessions, transaction
from chassis.errors import Forbidden, Invalid
from chassis.principal import Principal
from enforcement import periods
from enforcement.permissions import permit

Reply = dict[str, Any]
MONTHS, MOST_MONTHS = 12, 36
COUNTED = (
    *("planned", "made", "inspections", "officer_visits", "refused", "scored", "score_sum"),
    *("general", "serious", "major", "repeated", "issued", "closed"),
)
SUMS = ", ".join(f"sum({name}) as {name}" for name in COUNTED)
# `key` is the place one step below the area asked for, the area itself for what lies directly in it; or the month.
PLACE = "array_to_string((string_to_array(area, '.'))[1 : :depth], '.')"
HERE = "area ~>=~ :area and area ~<~ :after_area and (area = :area or area like :below)"
WHEN = "month between :first and :last"
BY_PLACE = text(f"select {PLACE} as key, {SUMS} from figure_tally where {HERE} and {WHEN} group by 1")
BY_MONTH = text(f"select to_char(month, 'YYYY-MM') as key, {SUMS} from figure_tally where {HERE} and {WHEN} group by 1")
DAYS = text(f"""
    select {PLACE} as key, days, sum(orders)::int as orders from rectified_tally where {HERE} and {WHEN} group by 1, 2""")
DAYS_BY_MONTH = text(f"""
    select to_char(month, 'YYYY-MM') as key, days, sum(orders)::int as orders
    from rectified_tally where {HERE} and {WHEN} group by 1, 2""")
OPEN = text(f"""
    select {PLACE} as key, count(*) as open, count(*) filter (where reported_at is null and due_on < :today) as overdue
    from site_order where closed_at is null and {HERE} group by 1""")
OFFICERS = text(f"""
    select {PLACE} as key, count(*) as officers from officer join firm on firm.id = officer.agency_id
    where removed_at is null and {HERE} group by 1""")
AGE = text("select min(counted_at) from figure_month where month between :first and :last")


def get_figures(
    sessions: Sessions, principal: Principal, clock: Clock, *, area: str | None, first: str | None, last: str | None
) -> Reply:
    """Of an agency's area, or one in it, from month `first` to month `last` (the last twelve): in all, by place, by month.

    `counted_at` is None while none of the months was counted. Refuses `Forbidden` to whoever is no agency and for an area that
    is not his, `Invalid` for months in the wrong order or more than three years.
    """
    permit("see_figures", principal)
    area = watched(principal, area)
    months = _months(day_of(clock()), first, last)
    asked = {
        **below(area),
        "first": months[0],
        "last": months[1],
        "today": day_of(clock()),
    }
    with transaction(sessions) as session:
        counted_at = session.scalar(AGE, asked)
        tallies = _rows(session, BY_PLACE, asked)
        days = session.execute(DAYS, asked).all()
        now = {row["key"]: row for row in _rows(session, OPEN, asked)}
        officers = {row["key"]: row["officers"] for row in _rows(session, OFFICERS, asked)}
        by_month = _rows(session, BY_MONTH, asked)
        days_by_month = session.execute(DAYS_BY_MONTH, asked).all()
    places = _places(tallies, days, now, officers)
    return {
        "area": area,
        "first": periods.written(months[0]),
        "last": periods.written(months[1]),
        "counted_at": counted_at,
        "total": _total(places, tallies, days),
        "places": places,
        "months": _by_month(by_month, days_by_month, *months),
    }


def watched(principal: Principal, area: str | None) -> str:
    """The area asked for, his own if none is; refuses `Forbidden` for one that is not his (T34)."""
    area = area or principal.area
    if not area or not principal.watches(area):
        raise Forbidden("not_permitted", act="see_figures", area=area)
    return area


def below(area: str) -> dict[str, Any]:
    """What the statements that go by place want to know of an area."""
    return {"area": area, "after_area": area + "/", "below": area + ".%", "depth": area.count(".") + 2}


def percentile(days: Iterable[tuple[int, int]], share: float) -> int | None:
    """The fewest days within which at least this share of the orders was done, out of (days, orders); None of none (pure)."""
    counted = sorted(days)
    wanted, so_far = share * sum(orders for _, orders in counted), 0
    for day, orders in counted:
        so_far += orders
        if so_far >= wanted:
            return day
    return None


def _months(today: date, first: str | None, last: str | None) -> tuple[date, date]:
    until = periods.read(last) if last else periods.month_of(today)
    since = periods.read(first) if first else periods.back(until, MONTHS - 1)
    earliest = periods.back(until, MOST_MONTHS - 1)
    if not earliest <= since <= until:
        raise Invalid.field("first", "out_of_range", min=periods.written(earliest), max=periods.written(until))
    return since, until


def _places(
    tallies: Sequence[Reply], days: Sequence[Any], now: dict[str, Reply], officers: dict[str, int]
) -> list[Reply]:
    counted = {each["key"]: each for each in tallies}
    nothing = dict.fromkeys(COUNTED, 0)
    return [
        _told(counted.get(key, nothing), [(each.days, each.orders) for each in days if each.key == key])
        | {name: now[key][name] if key in now else 0 for name in ("open", "overdue")}
        | {"officers": officers.get(key, 0), "area": key}
        for key in sorted(counted.keys() | now.keys() | officers.keys())
    ]


def _total(places: Sequence[Reply], tallies: Sequence[Reply], days: Sequence[Any]) -> Reply:
    summed = {name: sum(each[name] for each in tallies) for name in COUNTED}
    now = {name: sum(each[name] for each in places) for name in ("open", "overdue", "officers")}
    return _told(summed, [(each.days, each.orders) for each in days]) | now


def _by_month(tallies: Sequence[Reply], days: Sequence[Any], first: date, last: date) -> list[Reply]:
    """Every month, also one in which nothing was done; none at all where nothing was done in any."""
    counted, month, told = {each["key"]: each for each in tallies}, first, []
    nothing = dict.fromkeys(COUNTED, 0)
    while tallies and month <= last:
        key, month = periods.written(month), periods.after(month)
        of_month = [(each.days, each.orders) for each in days if each.key == key]
        told.append(_told(counted.get(key, nothing), of_month) | {"month": key})
    return told


def _told(counted: Reply, days: Sequence[tuple[int, int]]) -> Reply:
    findings = int(counted["general"] + counted["serious"] + counted["major"])
    told = {name: int(counted[name]) for name in COUNTED if name != "score_sum"}
    return told | {
        "findings": findings,
        "repeated_share": _share(counted["repeated"], findings),
        "refused_share": _share(counted["refused"], counted["inspections"]),
        "score": round(counted["score_sum"] / counted["scored"], 1) if counted["scored"] else None,
        "median_days": percentile(days, 0.5),
        "p90_days": percentile(days, 0.9),
    }


def _share(part: int, of: int) -> float | None:
    """In per cent; None of nothing."""
    return round(float(part) * 100 / float(of), 1) if of else None


def _rows(session: Session, statement: Any, asked: dict[str, Any]) -> list[Reply]:
    return [dict(row) for row in session.execute(statement, asked).mappings()]
