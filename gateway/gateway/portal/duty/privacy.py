"""What people are told about their being located, and who looked at whose track."""

from flask import Blueprint, Response, request

from gateway.bus import Rpc
from gateway.portal.asking import ask
from gateway.portal.duty.naming import names_of
from gateway.portal.pages import members, show

blueprint = Blueprint("privacy", __name__)

TERMS = Rpc("attendance", "get_privacy_terms")
LOOKS = Rpc("attendance", "list_looks")


@blueprint.get("/duty/privacy")
@members
def notice() -> Response:
    return show("duty/privacy.html", terms=ask(TERMS))


@blueprint.get("/people/<uuid:person_id>/duty/looks")
@members
def looks(person_id: object) -> Response:
    page = ask(LOOKS, {"person_id": str(person_id), "after": request.args.get("after") or None})
    return show("duty/looks.html", page=page, name=names_of([str(person_id)]).get(str(person_id), ""))
