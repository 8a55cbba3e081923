"""The figures of an agency's area: what arrived and where it stands, how long decisions took, how many were in time.

Every figure comes with the filter under which `list_applications` shows exactly the rows that it counts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from chassis import paging
from chassis.database import transaction
from chassis.errors import Forbidden, Invalid
from chassis.principal import Principal
from filing import deadlines, divisions, matters
from filing.desk import Desk, Reply
from filing.permissions import permit
from filing.queries import figures as queries
from filing.queries.figures import Asked, Decided, Decisions, Received
from filing.workflow import Outcome, Stage

MONTHS = 12
MOST_MONTHS = 120
OUTCOMES = frozenset(each.value for each in Outcome)
STANDINGS = (*(each.value for each in Stage), *(each.value for each in Outcome))
Filter = dict[str, Any]
Row = TypeVar("Row", Received, Decided)


def figures(
    desk: Desk,
    principal: Principal,
    *,
    area: str | None = None,
    matter: str | None = None,
    first_month: str | None = None,
    last_month: str | None = None,
) -> Reply:
    """Of the principal's area or one in it, over the last twelve months or those named ("2026-11").

    Refuses `Forbidden` to whoever is no agency, and for an area that is not his; `Invalid` for months out of order.
    """
    permit("read_figures", principal)
    asked = Asked(area or principal.area, *_months(desk.today(), first_month, last_month), matter)
    if not principal.watches(asked.area):
        raise Forbidden("not_permitted", act="read_figures", area=asked.area)
    with transaction(desk.sessions) as session:
        paging.plan_by_values(session)  # the rows of a year of a province, and not those of any months of any place
        received, decided = queries.received(session, asked), queries.decided(session, asked)
        places = _by_place(session, asked, sum(each.count for each in received))
    there = _there(asked)
    return {
        "area": asked.area,
        "place": divisions.full_name(asked.area),
        "first_month": _month(asked.first),
        "last_month": _month(asked.last),
        "received": _figure(received, there | _arrived(asked)),
        "by_stage": _by_stage(received, there | _arrived(asked)),
        "by_matter": _by_matter(asked, received, decided),
        "by_place": places,
        "by_month": _by_month(asked, received, decided),
        "decisions": _decisions(decided.each, there | _decided(asked)),
        "by_rounds": _by_rounds(decided.approved_by_rounds, there | _decided(asked)),
    }


def percentile(counts: Counter[int], share: float) -> int | None:
    """The least value that so large a share of all do not exceed (nearest rank); None of nothing."""
    needed = share * counts.total()
    for value in sorted(counts):
        needed -= counts[value]
        if needed <= 1e-9:
            return value
    return None


def _by_stage(received: Sequence[Received], within: Filter) -> list[dict[str, Any]]:
    return [
        {"standing": standing}
        | _figure(
            [each for each in received if each.standing == standing],
            within | {"outcome" if standing in OUTCOMES else "stage": standing},
        )
        for standing in STANDINGS
        if any(each.standing == standing for each in received)
    ]


def _by_matter(asked: Asked, received: Sequence[Received], decided: Decisions) -> list[dict[str, Any]]:
    came, went = _of_matters(received), _of_matters(decided.each)
    told = []
    for code, matter in matters.ALL.items():
        if code in came or code in went:
            of_matter = _there(asked) | {"matter": code}
            rule = deadlines.rule_of(code, asked.last)
            decisions = _decisions(went.get(code, []), of_matter | _decided(asked))
            one = {"matter": code, "title": matter.title} | _figure(came.get(code, []), of_matter | _arrived(asked))
            told.append(one | {"decisions": decisions | {"limit": rule.limit, "unit": rule.unit.value}})
    return sorted(told, key=lambda each: -each["count"])


def _of_matters(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.matter, []).append(row)
    return found


def _by_place(session: Session, asked: Asked, all_: int) -> list[dict[str, Any]]:
    """One step down the map, and the area's own agency last: what it handles itself."""
    agencies = queries.agencies_in(session, asked.area)
    below = queries.received_by_place(session, asked, queries.places_below(asked.area, agencies))
    same = _there(asked) | _arrived(asked)
    told = [
        {"area": area, "place": divisions.of_area(area).name, "count": count, "filter": same | {"area": area}}
        for area, count in below.items()
    ]
    own = all_ - sum(below.values())
    if own and asked.area in agencies:
        filter_ = {"agency_id": agencies[asked.area]} | {name: same[name] for name in same if name != "area"}
        told.append({"area": asked.area, "place": "本级", "count": own, "filter": filter_})
    return sorted(told, key=lambda each: -each["count"])


def _by_month(asked: Asked, received: Sequence[Received], decided: Decisions) -> list[dict[str, Any]]:
    told = []
    for month in _all_months(asked):
        one = Asked(asked.area, month, month, asked.matter)
        told.append(
            {
                "month": _month(month),
                "received": _figure([each for each in received if each.month == month], _there(one) | _arrived(one)),
                "decided": {"count": decided.by_month.get(month, 0), "filter": _there(one) | _decided(one)},
            }
        )
    return told


def _decisions(decided: Sequence[Decided], within: Filter) -> dict[str, Any]:
    """How many, how long the agency took (working days on its side), and the share within the legal limit."""
    days = _sum((each.workdays, each.count) for each in decided)
    in_time = [each for each in decided if each.in_time]
    late = [each for each in decided if not each.in_time]
    told = _figure(decided, within)
    return told | {
        "approved": _figure([e for e in decided if e.outcome == Outcome.APPROVED], within | {"outcome": "approved"}),
        "rejected": _figure([e for e in decided if e.outcome == Outcome.REJECTED], within | {"outcome": "rejected"}),
        "in_time": _figure(in_time, within | {"late": False}),
        "late": _figure(late, within | {"late": True}),
        "share_in_time": _share(sum(each.count for each in in_time), told["count"]),
        "median_workdays": percentile(days, 0.5),
        "p90_workdays": percentile(days, 0.9),
    }


def _by_rounds(approved: Mapping[int, int], within: Filter) -> list[dict[str, Any]]:
    """How often what was approved had been handed in."""
    return [
        {
            "rounds": rounds,
            "share": _share(approved[rounds], sum(approved.values())),
            "count": approved[rounds],
            "filter": within | {"outcome": "approved", "round": rounds},
        }
        for rounds in sorted(approved)
    ]


def _figure(rows: Sequence[Received] | Sequence[Decided], filter_: Filter) -> dict[str, Any]:
    return {"count": sum(each.count for each in rows), "filter": filter_}


def _sum(pairs: Iterable[tuple[int, int]]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for value, count in pairs:
        counts[value] += count
    return counts


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _there(asked: Asked) -> Filter:
    return {"area": asked.area} | ({"matter": asked.matter} if asked.matter else {})


def _arrived(asked: Asked) -> Filter:
    return {"submitted_from": asked.first.isoformat(), "submitted_to": _last_day(asked.last).isoformat()}


def _decided(asked: Asked) -> Filter:
    return {
        "decided": True,
        "closed_from": asked.first.isoformat(),
        "closed_to": _last_day(asked.last).isoformat(),
    }


def _months(today: date, first: str | None, last: str | None) -> tuple[date, date]:
    ends = date.fromisoformat(f"{last}-01") if last else today.replace(day=1)
    begins = date.fromisoformat(f"{first}-01") if first else _moved(ends, 1 - MONTHS)
    if not begins <= ends < _moved(begins, MOST_MONTHS):
        raise Invalid.field("first_month", "out_of_range", min=_month(_moved(ends, 1 - MOST_MONTHS)), max=_month(ends))
    return begins, ends


def _all_months(asked: Asked) -> list[date]:
    months = [asked.first]
    while months[-1] < asked.last:
        months.append(_moved(months[-1], 1))
    return months


def _moved(month: date, by: int) -> date:
    years, place = divmod(month.month - 1 + by, 12)
    return date(month.year + years, place + 1, 1)


def _last_day(month: date) -> date:
    return _moved(month, 1) - timedelta(days=1)


def _month(month: date) -> str:
    return f"{month:%Y-%m}"
