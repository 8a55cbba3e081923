"""The map of projects: where the sites of one's area are, beside their list. Drawn without any other host."""

from flask import Blueprint, Response

from gateway.bus import Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show
from gateway.portal.registers import listing

blueprint = Blueprint("map", __name__)

LOCATE = Rpc("filing", "locate_projects")
FILTERS = ("area", "stage", "works_kind", "q")


@blueprint.get("/map")
@members
def projects() -> Response:
    chosen = listing.chosen(FILTERS)
    asked = {name: value for name, value in chosen.items() if name != "q" or len(value) >= listing.SHORTEST}
    return show(
        "map/map.html",
        found=ask(LOCATE, asked),
        chosen=chosen,
        choices={name: words.choices(LOCATE, name) for name in ("stage", "works_kind")},
        divisions=listing.divisions(),
    )
