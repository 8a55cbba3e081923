"""到岗统计: which places, firms and sites keep their people on site, how a year went, and the rows behind every number."""

from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from chassis.clock import day_of
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask, ask_all
from gateway.portal.duty.naming import firm_names, names_of, place_names
from gateway.portal.frame import me
from gateway.portal.pages import members, show
from gateway.portal.registers import listing
from gateway.portal.work_logs import months

blueprint = Blueprint("duty_figures", __name__)

# A year of a province is 1.8 million rows.
RANKING = Rpc("attendance", "duty_ranking", 3.0)
TREND = Rpc("attendance", "duty_trend", 3.0)
ROWS = Rpc("attendance", "list_duty_months", 3.0)
FILTERS = ("area", "project_id", "organisation_id", "standing", "undecided", "no_valid")
LIST = "/duty/months"
# The filter of the list that shows what a row of the ranking counts.
BEHIND = {"area": "area", "enterprise": "organisation_id", "site": "project_id"}


@blueprint.get("/duty/figures")
@members
def figures() -> Response:
    chosen = listing.chosen(("area",))
    by = request.args.get("by", "area")
    month = _month()
    asked = {"month": str(month), **chosen}
    ranked = asked | {"by": by, "after": request.args.get("after") or None}
    came, silent = ask_all({"ranking": (RANKING, ranked), "trend": (TREND, asked)})
    ranking = came["ranking"] or ask(RANKING, ranked)  # again: for the reason why nothing came
    divisions = listing.divisions()
    called = _called(by, ranking["items"], divisions)
    for each in ranking["items"]:
        each["title"] = called.get(each["key"]) or each["name"] or each["key"]
        each["list"] = _address(ranking, {BEHIND[by]: each["key"]})
    for each in (came["trend"] or {"items": []})["items"]:
        each["list"] = _address(ranking | {"month": each["month"]}, {})
    return show(
        "duty/figures.html",
        ranking=ranking,
        trend=(came["trend"] or {"items": []})["items"],
        silent=silent,
        by=by,
        choices=words.choices(RANKING, "by"),
        chosen=chosen,
        divisions=divisions,
        wanted={"month": ranking["month"], "area": ranking["area"]},
        month=month,
        this_month=months.read("", _today()),
    )


@blueprint.get(LIST)
@members
def rows() -> Response:
    """The rows that a number of the figures counts; a firm's own without any number."""
    chosen = listing.chosen(FILTERS)
    wanted = listing.asked(chosen, flags=("undecided", "no_valid")) | {"month": str(_month())}
    page = ask(ROWS, wanted)
    visitor = me()
    return show(
        "duty/months.html",
        page=page,
        wanted={name: value for name, value in wanted.items() if name != "after"},
        chosen=chosen,
        month=_month(),
        this_month=months.read("", _today()),
        standings=words.choices(ROWS, "standing"),
        names=names_of(each["person_id"] for each in page["items"]),
        watches=visitor is not None and visitor.kind == "agency",
        divisions=listing.divisions(),
    )


def _month() -> months.Month:
    """That asked for; else the one of yesterday, for on the first of a month nothing of it is over."""
    today = _today()
    return months.read(request.args.get("month", "") or str(months.read("", today - months.DAY)), today)


def _today() -> date:
    return day_of(parts().clock())


def _called(by: str, items: list[Body], divisions: list[Body]) -> dict[str, str]:
    """A site brings its own name."""
    keys = [each["key"] for each in items]
    if by == "area":
        return place_names(keys, divisions)
    return firm_names(keys) if by == "enterprise" else {}


def _address(told: Body, narrower: dict[str, str]) -> str:
    return f"{LIST}?{urlencode({'month': told['month'], 'area': told['area'], **narrower})}"
