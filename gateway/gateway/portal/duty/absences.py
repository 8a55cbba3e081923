"""Absences noticed (缺勤): told to the firm, which explains, and to the agency, which judges."""

from flask import Blueprint, Response

from gateway.bus import Rpc
from gateway.portal.asking import ask
from gateway.portal.duty.naming import names_of
from gateway.portal.pages import members, show
from gateway.portal.registers import listing

blueprint = Blueprint("absences", __name__)

LIST = Rpc("attendance", "list_absences")
FILTERS = ("area", "project_id", "person_id", "day")


@blueprint.get("/duty/absences")
@members
def absences() -> Response:
    chosen = listing.chosen(FILTERS)
    page = ask(LIST, listing.asked(chosen))
    return show(
        "duty/absences.html",
        page=page,
        chosen=chosen,
        names=names_of(each["person_id"] for each in [*page["items"], *page["short"]]),
        divisions=listing.divisions(),
    )
