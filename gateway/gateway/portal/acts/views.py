"""Doing an act on a record of a register: a form of its own, shown on the record's page or alone, and what it does."""

from typing import Any

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal.acts import registers
from gateway.portal.acts.act import Act
from gateway.portal.acts.registers import VERSION, Asked
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, safe_address, show

blueprint = Blueprint("acts", __name__)

LIST_PROJECTS = Rpc("filing", "list_projects")
MOST_TO_PICK = 20
SHORTEST = 2


@blueprint.app_context_processor
def _components() -> dict[str, Any]:
    """For templates/components/acts.html, wherever a record's page includes it."""
    return {"acts_allowed": registers.allowed, "act_fields": registers.asked}


@blueprint.get("/acts/<register>/<record_id>/<name>")
@members
def form(register: str, record_id: str, name: str) -> Response:
    return _form(_act(register, name), register, record_id, dict(request.args))


@blueprint.post("/acts/<register>/<record_id>/<name>")
@members
def do(register: str, record_id: str, name: str) -> Response:
    """Back to the record when it is done; what is refused brings the form again with all that was typed."""
    act, typed = _act(register, name), request.form.to_dict()
    try:
        ask(act.rpc, _request(act, record_id, typed), key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        problem = problems.document(refusal, problems.status_of(refusal))
        return _form(act, register, record_id, _of_newest_version(typed, problem), problem)
    return go(safe_address(typed.get("back")), say(act.told))


def _form(act: Act, register: str, record_id: str, typed: dict[str, str], problem: Body | None = None) -> Response:
    back = safe_address(typed.get("back"))
    return show(
        "acts/act.html",
        status=problem["status"] if problem else 200,
        act=act,
        register=register,
        record_id=record_id,
        typed=typed | {"back": back},
        back=back,
        problem=problem,
        found=_to_pick_from(typed.get("q", "")) if act.picks else None,
    )


def _act(register: str, name: str) -> Act:
    act = registers.find(register, name)
    if act is None:
        raise NotFound("no_such_address")
    return act


def _request(act: Act, record_id: str, typed: dict[str, str]) -> Body:
    asked: Body = {act.id_field: record_id}
    if registers.has_version(act):
        asked[VERSION] = int(typed[VERSION]) if typed.get(VERSION, "").isdecimal() else 0
    for each in registers.asked(act):
        asked |= _value(each, typed.get(each.name, "").strip())
    return asked | ({act.picks: typed.get(act.picks, "")} if act.picks else {})


def _value(asked: Asked, text: str) -> Body:
    if asked.kind == "flag":
        return {asked.name: text == "yes"} if text else {}
    if asked.kind in ("whole", "number"):
        return {asked.name: _number(text, asked.kind)} if text else {}
    return {asked.name: text} if text or asked.kind == "long" else {}


def _number(text: str, kind: str) -> int | float | str:
    """As a number; what is none goes on as it was typed, and the service says so."""
    try:
        return int(text) if kind == "whole" else float(text)
    except ValueError:
        return text


def _of_newest_version(typed: dict[str, str], problem: Body) -> dict[str, str]:
    """Somebody else was quicker: having been told, the officer may go on with the record as it is now."""
    version = problem.get("data", {}).get(VERSION)
    return typed | {VERSION: str(version)} if problem["code"] == "stale_version" and version else typed


def _to_pick_from(q: str) -> list[Body]:
    """Filed projects of the officer's area by name or number."""
    if len(q.strip()) < SHORTEST:
        return []
    found: list[Body] = ask(LIST_PROJECTS, {"stage": "filed", "q": q.strip(), "limit": MOST_TO_PICK})["items"]
    return found
