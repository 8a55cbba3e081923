"""蓝牙信标: what stands on one's sites, placed and removed by who builds there (R-D8)."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask, ask_all
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("beacons", __name__)

LIST = Rpc("attendance", "list_beacons")
PLACE, REMOVE = Rpc("attendance", "place_beacon"), Rpc("attendance", "remove_beacon")
PROJECTS = Rpc("filing", "list_projects")
HERE = "/duty/beacons"
TYPED = ("project_id", "uuid", "label", "place")
NUMBERS = ("major", "minor")
LONGEST_NUMBER = 5  # digits: 65535
MOST_PROJECTS = 100


@blueprint.get(HERE)
@members
def beacons() -> Response:
    return _page({})


@blueprint.post(HERE)
@members
def place() -> Response:
    typed = {name: request.form.get(name, "").strip() for name in (*TYPED, *NUMBERS)}
    try:
        ask(PLACE, typed | {name: _number(typed[name]) for name in NUMBERS}, key=command_key())
    except Refusal as refusal:
        return _page(typed, problems.document(refusal, problems.status_of(refusal)))
    return go(HERE, say("信标已登记，从现在起有效"))


@blueprint.post(f"{HERE}/<uuid:beacon_id>/remove")
@members
def remove(beacon_id: object) -> Response:
    try:
        ask(REMOVE, {"beacon_id": str(beacon_id)}, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page({}, problems.document(refusal, problems.status_of(refusal)))
    return go(HERE, say("信标已撤除，从现在起不再作为到岗依据"))


def _page(typed: Body, problem: Body | None = None) -> Response:
    filters = listing.chosen(("project_id", "standing"))
    return show(
        "duty/beacons.html",
        status=problem["status"] if problem else 200,
        page=ask(LIST, listing.asked(filters, flags=("standing",))),
        chosen=filters,
        projects=_built_here(),
        typed=typed or {"project_id": filters.get("project_id", "")},
        problem=problem,
    )


def _built_here() -> dict[str, str]:
    """Names of the filed projects that the visitor's firm builds; none for an agency, and while filing is silent."""
    account = visitor().signed_in
    if account.organisation_kind != "enterprise":
        return {}
    came, _ = ask_all({"projects": (PROJECTS, {"stage": "filed", "limit": MOST_PROJECTS})})
    found = (came["projects"] or {"items": []})["items"]
    return {each["project_id"]: each["name"] for each in found if each["contractor_id"] == account.organisation_id}


def _number(text: str) -> int | str:
    """As the service wants it; what is no number it will refuse by its name."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER else text
