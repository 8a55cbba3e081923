"""Lists to Excel, made in the background: asked for on the list's page, watched and fetched here (R-O2)."""

import json

from flask import Blueprint, Response, request

from chassis.errors import Invalid
from gateway.api.v1.exports import KEEPERS, LISTS, NEWEST
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask, ask_all
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show

blueprint = Blueprint("exports", __name__)

RUNNING = ("waiting", "running")
LONGEST_FILTER = 2000


@blueprint.get("/exports")
@members
def exports() -> Response:
    """One's own, the newest first; while one is being made the page looks again by itself."""
    asked: dict[str, tuple[Rpc, Body]] = {
        service: (Rpc(service, "list_exports"), {"limit": NEWEST}) for service in sorted(set(KEEPERS.values()))
    }
    came, silent = ask_all(asked)
    found = [each for told in came.values() if told for each in told["items"]]
    found.sort(key=lambda each: str(each["asked_at"]), reverse=True)
    running = any(each["stage"] in RUNNING for each in found)
    return show("exports/exports.html", exports=found[:NEWEST], lists=LISTS, silent=silent, running=running)


@blueprint.post("/exports")
@members
def start() -> Response:
    """The list as its page showed it: the same filter, all of its rows."""
    name = request.form.get("list", "")
    if name not in KEEPERS:
        raise Invalid.field("list", "not_a_choice", choices=list(LISTS))
    ask(Rpc(KEEPERS[name], "start_export"), {"list": name, "filter": _filter()}, key=command_key())
    return go("/exports", say("已开始导出，完成后可在此下载"))


def _filter() -> Body:
    try:
        told = json.loads(request.form.get("filter", "{}")[:LONGEST_FILTER])
    except ValueError as error:
        raise Invalid.field("filter", "not_valid") from error
    if not isinstance(told, dict):
        raise Invalid.field("filter", "not_object")
    return {name: value for name, value in told.items() if name not in ("after", "limit")}
