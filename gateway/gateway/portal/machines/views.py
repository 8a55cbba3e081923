"""The register of machines: where each one is, since when, and what comes next (R-E5)."""

from flask import Blueprint, Response, request

from gateway.bus import Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show
from gateway.portal.registers.listing import SOON, asked, chosen, divisions

blueprint = Blueprint("machines", __name__)

LIST = Rpc("equipment", "list_machines")
GET = Rpc("equipment", "get_machine")
HISTORY = Rpc("equipment", "get_machine_history")
FILTERS = ("q", "kind", "stage", "area", "soon", "owner_id", "project_id")


@blueprint.get("/machines")
@members
def machines() -> Response:
    filters = chosen(FILTERS)
    wanted = asked(filters, soon="runs_out_before")
    return show(
        "machines/list.html",
        page=ask(LIST, wanted),
        wanted=wanted,
        chosen=filters,
        choices={name: words.choices(LIST, name) for name in ("kind", "stage")},
        divisions=divisions(),
        soon=SOON,
    )


@blueprint.get("/machines/<machine_id>")
@members
def machine(machine_id: str) -> Response:
    return show("machines/machine.html", machine=ask(GET, {"machine_id": machine_id}))


@blueprint.get("/machines/<machine_id>/history")
@members
def history(machine_id: str) -> Response:
    page = ask(HISTORY, {"machine_id": machine_id, "after": request.args.get("after") or None})
    return show("machines/history.html", machine_id=machine_id, page=page)
