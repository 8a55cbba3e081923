"""执法检查: the list, the start of one, and one that is under way (a form) or completed (its sealed record)."""

from datetime import datetime

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from chassis.identifiers import new_id
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask, ask_all
from gateway.portal.enforcement import visit_form
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("inspections", __name__)
inspectors = holders("inspector", kind="agency")

LIST = Rpc("enforcement", "list_inspections")
GET = Rpc("enforcement", "get_inspection")
LIBRARY = Rpc("enforcement", "get_check_library")
OFFICERS = Rpc("enforcement", "list_officers")
PROJECT = Rpc("filing", "get_project")
PROJECTS = Rpc("filing", "list_projects")
START = Rpc("enforcement", "start_inspection")
COMPLETE = Rpc("enforcement", "complete_inspection", 3.0)
ABANDON = Rpc("enforcement", "abandon_inspection")
FILTERS = ("kind", "stage", "grade", "area", "project_id", "officer_id", "plan_id", "first", "last")
HERE = "/enforcement/inspections"
TYPED = ("project_id", "kind", "plan_id", "rechecks")


@blueprint.get(HERE)
@members
def inspections() -> Response:
    chosen = listing.chosen(FILTERS)
    return show(
        "enforcement/inspections.html",
        page=ask(LIST, listing.asked(chosen)),
        chosen=chosen,
        choices={name: words.choices(LIST, name) for name in ("kind", "stage", "grade")},
        divisions=listing.divisions(),
    )


@blueprint.get(f"{HERE}/new")
@inspectors
def new() -> Response:
    """`project_id` in the address names the site; without it, sites are looked for by name."""
    return _start_form({name: value for name in (*TYPED, "q") if (value := request.args.get(name, "").strip())})


@blueprint.post(f"{HERE}/new")
@inspectors
def start() -> Response:
    typed = request.form.to_dict()
    told: Body = {name: typed.get(name, "").strip() or None for name in TYPED}
    told |= {
        "inspection_id": typed.get("_inspection") or new_id(),
        "officer_ids": request.form.getlist("officer_ids"),
        "started_at": parts().clock().isoformat(),
        "place": visit_form.place(typed),
    }
    try:
        begun = ask(START, told, key=command_key())
    except Refusal as refusal:
        return _start_form(typed, request.form.getlist("officer_ids"), _problem(refusal))
    return go(f"{HERE}/{begun['inspection_id']}", say("检查已开始"))


@blueprint.get(f"{HERE}/<uuid:inspection_id>")
@members
def inspection(inspection_id: object) -> Response:
    visit = ask(GET, {"inspection_id": str(inspection_id)})
    if visit["stage"] == "started" and visit["is_mine"]:
        return go(f"{HERE}/{inspection_id}/fill")
    return show("enforcement/inspection.html", visit=visit)


@blueprint.get(f"{HERE}/<uuid:inspection_id>/fill")
@inspectors
def fill(inspection_id: object) -> Response:
    visit, rules = _visit(inspection_id)
    if visit["stage"] != "started":
        return go(f"{HERE}/{inspection_id}")
    return _form(visit, rules, visit_form.blank(visit, parts().clock()))


@blueprint.post(f"{HERE}/<uuid:inspection_id>/fill")
@inspectors
def write(inspection_id: object) -> Response:
    """Completed, or the form once more: with another row, without a photo, or with what is wrong. Nothing typed is lost."""
    visit, rules = _visit(inspection_id)
    typed, wrong = visit_form.read(rules)
    act, _, which = request.form.get("_do", "complete").partition(":")
    if act in ("add", "drop"):
        visit_form.change(typed, act, which)
        return _form(visit, rules, typed)
    if wrong:
        detail = say("有照片不能接收，其余内容已保留在本页。")
        return _form(visit, rules, typed, {"status": 422, "detail": detail, "fields": wrong})
    try:
        done = ask(COMPLETE, visit_form.asked(visit, typed, parts().clock()), key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(visit, rules, typed, visit_form.at_rows(_problem(refusal), typed))
    return go(f"{HERE}/{inspection_id}", say("检查已完成并封存，文号：%(number)s") % {"number": done["number"]})


@blueprint.post(f"{HERE}/<uuid:inspection_id>/abandon")
@inspectors
def abandon(inspection_id: object) -> Response:
    told = {"inspection_id": str(inspection_id), "reason": request.form.get("reason", "").strip()}
    try:
        ask(ABANDON, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        visit, rules = _visit(inspection_id)
        return _form(visit, rules, visit_form.blank(visit, parts().clock()), _problem(refusal))
    return go(f"{HERE}/{inspection_id}", say("检查已中止"))


def _visit(inspection_id: object) -> tuple[Body, Body]:
    came, _ = ask_all({"visit": (GET, {"inspection_id": str(inspection_id)}), "rules": (LIBRARY, {})})
    if came["visit"] is None or came["rules"] is None:
        raise NotFound("inspection_unknown")
    begun = day_of(datetime.fromisoformat(str(came["visit"]["started_at"])))
    if begun != day_of(parts().clock()):  # what was in force that day is what it is checked by
        return came["visit"], ask(LIBRARY, {"on": begun.isoformat()})
    return came["visit"], came["rules"]


def _form(visit: Body, rules: Body, typed: Body, problem: Body | None = None) -> Response:
    return show(
        "enforcement/fill.html",
        status=problem["status"] if problem else 200,
        visit=visit,
        rules=rules,
        typed=typed,
        severities=words.choices(COMPLETE, "findings.severity"),
        treatments=words.choices(COMPLETE, "orders.kind"),
        addressees=words.choices(COMPLETE, "orders.addressee"),
        problem=problem,
    )


def _start_form(typed: Body, officer_ids: list[str] | None = None, problem: Body | None = None) -> Response:
    asked: dict[str, tuple[Rpc, Body]] = {"officers": (OFFICERS, {})}
    if typed.get("project_id"):
        asked["project"] = (PROJECT, {"project_id": typed["project_id"]})
    elif len(typed.get("q", "")) >= listing.SHORTEST:
        asked["projects"] = (PROJECTS, {"q": typed["q"], "limit": 20, "stage": "filed"})
    came, _ = ask_all(asked)
    officers = (came["officers"] or {"items": []})["items"]
    return show(
        "enforcement/start.html",
        status=problem["status"] if problem else 200,
        typed=typed,
        officers=officers,
        chosen=officer_ids if officer_ids is not None else [each["officer_id"] for each in officers if each["is_me"]],
        project=came.get("project"),
        projects=(came.get("projects") or {"items": []})["items"],
        kinds=words.choices(START, "kind"),
        inspection_id=typed.get("_inspection") or new_id(),
        problem=problem,
    )


def _problem(refusal: Refusal) -> Body:
    return problems.document(refusal, problems.status_of(refusal))
