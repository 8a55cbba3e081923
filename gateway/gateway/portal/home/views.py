"""The home page: what waits for this person first, then how matters stand, what runs out soon, and what is new."""

from datetime import timedelta

from flask import Blueprint, Response

from chassis.clock import day_of
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask_all
from gateway.portal.pages import go, members, show

blueprint = Blueprint("home", __name__)

NEWEST = 6
SOON_DAYS = 90  # as the lists' own filter has it, which the page leads to
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
    own = {"enterprise": OF_ITS_OWN | _ending(), "agency": OF_THE_AGENCY}
    came, silent = ask_all(ASKED | own.get(visitor().signed_in.organisation_kind, {}))
    return show("home/home.html", silent=silent, came=came)


def _ending() -> dict[str, tuple[Rpc, Body]]:
    """Its own certificates that end soon, and those that have ended: an entry filing, without which no notice is taken."""
    until = day_of(parts().clock()) + timedelta(days=SOON_DAYS)
    own = {"holder_id": visitor().signed_in.organisation_id, "runs_out_before": until.isoformat()}
    return {"ending": (Rpc("filing", "list_certificates"), own | {"sort": "runs_out", "limit": NEWEST})}
