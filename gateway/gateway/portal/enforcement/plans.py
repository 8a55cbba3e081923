"""检查计划: the list, a draft, and one plan with its coverage, its acts and its draws."""

import re
from collections.abc import Callable

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.enforcement import written
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("plans", __name__)

LIST, GET = Rpc("enforcement", "list_plans"), Rpc("enforcement", "get_plan")
SAVE, APPROVE, FINISH = (Rpc("enforcement", f"{act}_plan") for act in ("save", "approve", "finish"))
COMMIT = Rpc("enforcement", "commit_draw")
HERE = "/enforcement/plans"
TEXTS = ("kind", "title", "starts_on", "ends_on", "area", "basis", "not_inspected_since")
NUMBERS = ("visits", "cap")
LISTED = "project_numbers"
BETWEEN = re.compile(r"[\s,，、;；]+")
DRAW_NUMBERS = ("sites_wanted", "officers_a_site")
planners = holders("inspector", "approver", kind="agency")


@blueprint.get(HERE)
@members
def plans() -> Response:
    chosen = listing.chosen(("kind", "stage"))
    return show(
        "enforcement/plans.html",
        page=ask(LIST, listing.asked(chosen)),
        chosen=chosen,
        kinds=words.choices(LIST, "kind"),
        stages=words.choices(LIST, "stage"),
    )


@blueprint.get(f"{HERE}/new")
@planners
def new_plan() -> Response:
    today = day_of(parts().clock())
    return _form({"starts_on": today.isoformat(), "ends_on": f"{today.year}-12-31", "visits": "1", "in_works": "yes"})


@blueprint.post(f"{HERE}/new")
@planners
def draft() -> Response:
    return _save(None)


@blueprint.get(f"{HERE}/<uuid:plan_id>/edit")
@planners
def edit(plan_id: object) -> Response:
    plan = ask(GET, {"plan_id": str(plan_id)})
    criteria = plan["criteria"]
    typed = {name: str(plan[name]) for name in ("kind", "title", "starts_on", "ends_on", "area", "basis", *NUMBERS)}
    return _form(
        typed
        | {
            "not_inspected_since": criteria["not_inspected_since"] or "",
            "in_works": "yes" if criteria["in_works"] else "",
            LISTED: "\n".join(criteria[LISTED]),
            "version": str(plan["version"]),
        },
        plan_id=str(plan_id),
    )


@blueprint.post(f"{HERE}/<uuid:plan_id>/edit")
@planners
def change(plan_id: object) -> Response:
    return _save(str(plan_id))


@blueprint.get(f"{HERE}/<uuid:plan_id>")
@members
def plan(plan_id: object) -> Response:
    return _page(str(plan_id), {})


@blueprint.post(f"{HERE}/<uuid:plan_id>/approve")
@members
def approve(plan_id: object) -> Response:
    told = {"plan_id": str(plan_id), "version": written.number(request.form.get("version", ""))}
    return _done(str(plan_id), lambda: ask(APPROVE, told, key=command_key()), say("计划已批准"))


@blueprint.post(f"{HERE}/<uuid:plan_id>/finish")
@members
def finish(plan_id: object) -> Response:
    told = {"plan_id": str(plan_id), "summary": request.form.get("summary", "").strip()}
    return _done(
        str(plan_id), lambda: ask(FINISH, told, key=command_key()), say("计划已结束，抽取结果从现在起对企业公开")
    )


@blueprint.post(f"{HERE}/<uuid:plan_id>/draws")
@members
def commit(plan_id: object) -> Response:
    told: Body = {"plan_id": str(plan_id)}
    told |= {name: request.form.get(name, "").strip() for name in ("seed_source", "due_on")}
    told |= {name: written.number(request.form.get(name, "").strip()) for name in DRAW_NUMBERS}
    return _done(str(plan_id), lambda: ask(COMMIT, told, key=command_key()), say("承诺值已公布，等待种子"))


def _save(plan_id: str | None) -> Response:
    typed = request.form.to_dict()
    told: Body = {name: value for name in TEXTS if (value := typed.get(name, "").strip())}
    told |= {name: written.number(typed.get(name, "").strip()) for name in NUMBERS}
    told["in_works"] = typed.get("in_works") == "yes"
    told[LISTED] = [each for each in BETWEEN.split(typed.get(LISTED, "")) if each]
    if plan_id:
        told |= {"plan_id": plan_id, "version": written.number(typed.get("version", ""))}
    try:
        saved = ask(SAVE, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(typed, plan_id, problems.document(refusal, problems.status_of(refusal)))
    told_of = say("计划已保存，列入 %(count)s 个工程，待负责人批准") % {"count": saved["sites"]}
    return go(f"{HERE}/{saved['plan_id']}", told_of)


def _form(typed: Body, plan_id: str | None = None, problem: Body | None = None) -> Response:
    return show(
        "enforcement/new_plan.html",
        status=problem["status"] if problem else 200,
        typed=typed,
        plan_id=plan_id,
        problem=problem,
        kinds=words.choices(SAVE, "kind"),
        divisions={each["area"]: each["name"] for each in listing.divisions()},
    )


def _done(plan_id: str, act: Callable[[], Body], sentence: str) -> Response:
    """Back to the plan; what is refused brings it again with all that was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(plan_id, request.form.to_dict(), problems.document(refusal, problems.status_of(refusal)))
    return go(f"{HERE}/{plan_id}", sentence)


def _page(plan_id: str, typed: Body, problem: Body | None = None) -> Response:
    told = ask(GET, {"plan_id": plan_id})
    return show(
        "enforcement/plan.html",
        status=problem["status"] if problem else 200,
        plan=told,
        typed={"officers_a_site": "2", "due_on": told["ends_on"]} | typed,
        problem=problem,
        areas={each["area"]: each["name"] for each in listing.divisions()},
    )
