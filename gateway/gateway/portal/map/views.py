"""The map of projects: where the sites of one's area are, beside their list. Drawn without any other host."""

from flask import Blueprint, Response, request

from gateway.api.admission import visitor
from gateway.bus import Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show

blueprint = Blueprint("map", __name__)

LOCATE = Rpc("filing", "locate_projects")
FILTERS = ("area", "stage", "works_kind", "q")
SHORTEST = 2


@blueprint.get("/map")
@members
def projects() -> Response:
    chosen = {name: request.args[name].strip() for name in FILTERS if request.args.get(name, "").strip()}
    asked = {name: value for name, value in chosen.items() if name != "q" or len(value) >= SHORTEST}
    return show(
        "map/map.html",
        found=ask(LOCATE, asked),
        chosen=chosen,
        choices={name: words.choices(LOCATE, name) for name in ("stage", "works_kind")},
        divisions=parts().catalogue.divisions(parts().profiles.of(visitor().signed_in.organisation_id).area),
    )
