"""The home page: what waits for this person first, then how matters stand, what runs out soon, and what is new."""

from flask import Blueprint, Response

from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask_all
from gateway.portal.pages import go, members, show

blueprint = Blueprint("home", __name__)

NEWEST = 6
NEWS: dict[str, tuple[Rpc, Body]] = {
    "bulletins": (Rpc("filing", "list_bulletins"), {"limit": NEWEST}),
    "downloads": (Rpc("filing", "list_downloads"), {"limit": NEWEST}),
}
ASKED: dict[str, tuple[Rpc, Body]] = {
    "filing": (Rpc("filing", "summarise"), {}),
    "equipment": (Rpc("equipment", "summarise"), {}),
    **NEWS,
}
# An enterprise sees what others are doing for it, too, and whose certificates end: an agency has its inbox and its lists.
OF_ITS_OWN: dict[str, tuple[Rpc, Body]] = {
    "personnel": (Rpc("personnel", "summarise"), {}),
    "enforcement": (Rpc("enforcement", "summarise"), {}),
    "under_way": (Rpc("filing", "list_applications"), {"open": True, "limit": NEWEST}),
}
# The agency sees who was absent yesterday, which it is told by nobody else, and what its orders have come to.
OF_THE_AGENCY: dict[str, tuple[Rpc, Body]] = {
    "attendance": (Rpc("attendance", "summarise"), {}),
    "enforcement": (Rpc("enforcement", "summarise"), {}),
}


@blueprint.get("/")
def home() -> Response:
    if visitor().account is None:
        return go("/login")
    return _home()


@members
def _home() -> Response:
    """Every service at the same time; a silent one costs its part of the page, not the page."""
    own = {"enterprise": OF_ITS_OWN, "agency": OF_THE_AGENCY}
    came, silent = ask_all(ASKED | own.get(visitor().signed_in.organisation_kind, {}))
    return show("home/home.html", silent=silent, came=came)
