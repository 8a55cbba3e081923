"""The box over everything: applications, projects, certificates, organisations, machines and people, asked for at the same time."""

from flask import Blueprint, Response, request

from gateway.api.v1.search import ASKED, FEW
from gateway.portal.asking import ask_all
from gateway.portal.pages import members, show
from gateway.portal.registers.listing import SHORTEST

blueprint = Blueprint("search", __name__)

LONGEST = 60


@blueprint.get("/search")
@members
def search() -> Response:
    """What came is shown, though a service be silent."""
    word = request.args.get("q", "").strip()[:LONGEST]
    if len(word) < SHORTEST:
        return show("search/search.html", word=word, came={}, silent=[])
    came, silent = ask_all({name: (rpc, {"q": word, "limit": FEW}) for name, rpc in ASKED.items()})
    return show("search/search.html", word=word, came=came, silent=silent)
