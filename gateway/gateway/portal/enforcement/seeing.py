"""今日执法、检查日历、检查地图、执法统计, and a project's safety history: what was done, what is to be done, and where."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response

from chassis.clock import day_of
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask
from gateway.portal.duty.naming import place_names
from gateway.portal.pages import members, show
from gateway.portal.registers import listing
from gateway.portal.work_logs import months

blueprint = Blueprint("enforcement_seeing", __name__)

DAY = Rpc("enforcement", "get_officer_day")
CALENDAR = Rpc("enforcement", "get_inspection_calendar")
MAP = Rpc("enforcement", "get_inspection_map")
HISTORY = Rpc("enforcement", "get_safety_history")
FIGURES = Rpc("enforcement", "get_enforcement_figures")
ORDERS, INSPECTIONS = "/enforcement/orders", "/enforcement/inspections"
FINDINGS = "/enforcement/findings"


@blueprint.get("/enforcement")
@members
def officer_day() -> Response:
    return show("enforcement/day.html", told=ask(DAY), places=_called())


@blueprint.get("/enforcement/calendar")
@members
def calendar() -> Response:
    chosen = listing.chosen(("month", "area", "officer_id", "day"))
    told = ask(CALENDAR, dict(chosen))
    today = day_of(parts().clock())
    month = months.Month(date.fromisoformat(f"{told['month']}-01"))
    kept = {name: value for name, value in chosen.items() if name in ("area", "officer_id")}
    for each in told["days"]:
        each["list"] = _address(INSPECTIONS, kept | {"first": each["day"], "last": each["day"]})
    return show(
        "enforcement/calendar.html",
        told=told,
        month=month,
        weeks=months.weeks(month, told["days"], today),
        chosen=chosen,
        officers={each["officer_id"]: each["name"] for each in told["officers"]},
        divisions=listing.divisions(),
        places=_called(),
    )


@blueprint.get("/enforcement/map")
@members
def inspection_map() -> Response:
    chosen = listing.chosen(("area",))
    return show("enforcement/map.html", found=ask(MAP, dict(chosen)), chosen=chosen, divisions=listing.divisions())


@blueprint.get("/enforcement/figures")
@members
def figures() -> Response:
    chosen = listing.chosen(("area", "first", "last"))
    told = ask(FIGURES, dict(chosen))
    divisions = listing.divisions()
    called = place_names([each["area"] for each in told["places"]], divisions)
    begins, ends = _days(told["first"], told["last"])
    for each in told["places"]:
        _link(each, begins, ends, each["area"])
        each["title"] = called.get(each["area"], each["area"])
    told["places"].sort(key=lambda each: -each["inspections"])
    _link(told["total"], begins, ends, told["area"])
    for each in told["months"]:
        first, last = _days(each["month"], each["month"])
        _link(each, first, last, told["area"])
    return show("enforcement/figures.html", told=told, chosen=chosen, divisions=divisions)


@blueprint.get("/projects/<uuid:project_id>/safety")
@members
def history(project_id: object) -> Response:
    return show("enforcement/history.html", told=ask(HISTORY, {"project_id": str(project_id)}))


def _link(figures: Body, begins: str, ends: str, area: str) -> None:
    """The lists behind the numbers that have one: inspections of the months, orders as they stand now."""
    here = {"area": area}
    figures["inspections_list"] = _address(INSPECTIONS, here | {"stage": "completed", "first": begins, "last": ends})
    found = here | {"first": begins, "last": ends}
    figures["findings_list"] = _address(FINDINGS, found)
    figures["repeated_list"] = _address(FINDINGS, found | {"repeated": "1"})
    figures["open_list"] = _address(ORDERS, here | {"state": "open"})
    figures["overdue_list"] = _address(ORDERS, here | {"state": "overdue"})


def _days(first: str, last: str) -> tuple[str, str]:
    """The first day of a month and the last of another."""
    begins, ends = (months.Month(date.fromisoformat(f"{each}-01")) for each in (first, last))
    return begins.first.isoformat(), ends.last.isoformat()


def _called() -> dict[str, str]:
    return {each["area"]: each["name"] for each in listing.divisions()}


def _address(path: str, asked: dict[str, Any]) -> str:
    return f"{path}?{urlencode(asked)}"
