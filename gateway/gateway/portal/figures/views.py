"""The figures of an agency's area: what came, where it stands, how long decisions took, how many were in time."""

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from gateway.bus import Body, Rpc
from gateway.portal import matters
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import members, show
from gateway.portal.registers import listing
from gateway.portal.shown import NOTHING

blueprint = Blueprint("figures", __name__)

# Sums over a whole province and ten years take longer than a page's usual question.
READ = Rpc("filing", "figures", 3.0)
FILTERS = ("area", "matter", "first_month", "last_month")
LIST = "/applications"


@blueprint.app_template_filter("list_behind")
def list_behind(figure: Body) -> str:
    """The address of the list of exactly those applications that a figure counts."""
    said = {name: _said(value) for name, value in figure["filter"].items()}
    return f"{LIST}?{urlencode(said)}"


@blueprint.app_template_filter("percent")
def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{share * 100:.1f} %"


@blueprint.app_template_filter("workdays")
def workdays(count: int | None) -> str:
    return NOTHING if count is None else say("%(count)s 个工作日") % {"count": count}


@blueprint.get("/figures")
@members
def figures() -> Response:
    asked = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    told = ask(READ, asked)
    return show(
        "figures/figures.html",
        figures=told,
        asked=asked,
        matters=matters.titles(),
        divisions=listing.divisions(),
    )


def _said(value: object) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)
