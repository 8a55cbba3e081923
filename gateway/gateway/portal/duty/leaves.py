"""请假: a firm asks for days off for somebody on duty at its site, the developer of the site grants or refuses them."""

from typing import Any

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.duty.naming import names_of
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show, staff_keepers
from gateway.portal.registers import listing

blueprint = Blueprint("leaves", __name__)

LIST = Rpc("attendance", "list_leaves")
ASK = Rpc("attendance", "ask_leave")
DECIDE = Rpc("attendance", "decide_leave")
WITHDRAW = Rpc("attendance", "withdraw_leave")
SITES = Rpc("attendance", "list_duty_sites")
SITE = Rpc("attendance", "get_site_day")
FILTERS = ("stage", "project_id", "person_id")
FIELDS = ("project_id", "person_id", "first", "last", "reason", "deputy_id")
ADDRESS = "/duty/leaves"
# Beside which field the page shows what is refused as a whole.
PLACES = {"person_not_on_duty": "person_id", "deputy_not_on_duty": "deputy_id", "leave_exists": "first"}


@blueprint.get(ADDRESS)
@members
def leaves() -> Response:
    return _list()


@blueprint.get(f"{ADDRESS}/new")
@staff_keepers
def form() -> Response:
    """The form for one site; without one, the sites to choose from."""
    project_id = request.args.get("project_id", "").strip()
    if not project_id:
        return show("duty/leave_sites.html", page=ask(SITES, {"after": request.args.get("after") or None}))
    return _form({"project_id": project_id})


@blueprint.post(f"{ADDRESS}/new")
@staff_keepers
def ask_for() -> Response:
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    try:
        ask(ASK, {name: value for name, value in typed.items() if value}, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(typed, _problem(refusal))
    return go(f"{ADDRESS}?project_id={typed['project_id']}", say("请假已提交，待建设单位决定"))


@blueprint.post(f"{ADDRESS}/<uuid:leave_id>/decide")
@members
def decide(leave_id: object) -> Response:
    told = {
        "leave_id": str(leave_id),
        "approves": request.form.get("approves") == "yes",
        "opinion": request.form.get("opinion", "").strip(),
    }
    return _done(DECIDE, told, say("已同意请假") if told["approves"] else say("已决定不同意请假"))


@blueprint.post(f"{ADDRESS}/<uuid:leave_id>/withdraw")
@members
def withdraw(leave_id: object) -> Response:
    return _done(WITHDRAW, {"leave_id": str(leave_id)}, say("请假已撤回"))


def _done(rpc: Rpc, told: Body, sentence: str) -> Response:
    """Back to the list when it is done; what is refused brings it again, with the opinion that was typed."""
    try:
        ask(rpc, told)
    except NotFound:
        raise
    except Refusal as refusal:
        return _list(told, _problem(refusal))
    return go(ADDRESS, sentence)


def _list(typed: Body | None = None, problem: Body | None = None) -> Response:
    chosen = listing.chosen(FILTERS)
    page = ask(LIST, listing.asked(chosen))
    return show(
        "duty/leaves.html",
        status=problem["status"] if problem else 200,
        page=page,
        chosen=chosen,
        stages=words.choices(LIST, "stage"),
        names=names_of(each[name] for each in page["items"] for name in ("person_id", "deputy_id")),
        typed=typed or {},
        problem=problem,
    )


def _form(typed: Body, problem: Body | None = None) -> Response:
    site = ask(SITE, {"project_id": typed["project_id"], "places": False})  # nobody need know where they are now
    return show(
        "duty/leave_form.html",
        status=problem["status"] if problem else 200,
        site=site,
        names=names_of(each["person_id"] for each in site["people"]),
        typed=typed,
        problem=problem,
    )


def _problem(refusal: Refusal) -> Body:
    told: dict[str, Any] = problems.document(refusal, problems.status_of(refusal))
    place = PLACES.get(told["code"])
    return told | {"fields": [{"path": place, "message": told["detail"]}]} if place else told
