"""An application is written: the edit page, saving by hand and by itself, the check, handing in."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from chassis.errors import Conflict, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import matters
from gateway.portal.applications import attachments, drawing, forms
from gateway.portal.applications.drawing import Drawn
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, newcomers, show
from gateway.portal.picking import lists

blueprint = Blueprint("editing", __name__)

# Handing in waits for the claims on machine and people, which have a deadline of their own.
HANDING_IN = 3.0
PRINT = Rpc("filing", "print_application")
SAVE = Rpc("filing", "save_draft")
CHECK = Rpc("filing", "check_application", HANDING_IN)
SUBMIT = Rpc("filing", "submit_application", HANDING_IN)
# What is done to the page before anything is saved: add:crew, remove:crew.1, pick:crew.1.person_id, up:3; show: as it is.
ON_THE_PAGE = ("show", "add", "remove", "pick", "up", "down", "drop")
STALE = "stale_version"


@blueprint.get("/applications/<application_id>/edit")
@newcomers
def edit(application_id: str) -> Response:
    told = ask(PRINT, {"application_id": application_id})
    if "save_draft" not in told["application"]["acts"]:
        return go(f"/applications/{application_id}")
    fields = forms.fields_of(told["matter"]["sections"])
    typed = forms.spread(fields, told["application"]["form"])
    return _page(told, typed, told["application"]["attachments"])


@blueprint.post("/applications/<application_id>/edit")
@newcomers
def change(application_id: str) -> Response:
    """Save and go on; or the page once more, with a row, a search, another order of files, or what is wrong."""
    act, _, about = request.form.get("_do", "save").partition(":")
    fields, typed = _typed()
    kept, wrong = attachments.received(request)
    held = [*attachments.held(request), *kept]
    if act in ON_THE_PAGE or wrong:
        held = attachments.moved(held, act, about)
        change_rows(fields, typed, act, about)
        return _again(application_id, typed, held, wrong, act, about)
    try:
        ask(SAVE, _draft(application_id, fields, typed, held, anyway=act == "anyway"), key=command_key())
    except Refusal as refusal:
        return _refused(application_id, typed, held, refusal)
    if act == "check":
        return go(f"/applications/{application_id}/check")
    return go(f"/applications/{application_id}/edit", say("草稿已保存"))


@blueprint.post("/applications/<application_id>/autosave")
@newcomers
def autosave(application_id: str) -> Any:
    """What the page's script sends after a pause: the same form, answered briefly. A refusal is a problem document."""
    fields, typed = _typed()
    try:
        saved = ask(SAVE, _draft(application_id, fields, typed, attachments.held(request)), key=command_key())
    except Refusal as refusal:
        return problems.as_document(refusal)
    return jsonify({"version": saved["version"], "saved_at": parts().clock().isoformat()})


@blueprint.get("/applications/<application_id>/check")
@newcomers
def check(application_id: str) -> Response:
    return _check_page(application_id)


@blueprint.post("/applications/<application_id>/agency")
@newcomers
def choose_agency(application_id: str) -> Response:
    chosen = {"application_id": application_id, "version": _version(), "agency_id": request.form.get("agency_id")}
    try:
        ask(SAVE, chosen, key=command_key())
    except Refusal as refusal:
        return _check_page(application_id, refusal)
    return go(f"/applications/{application_id}/check", say("受理机构已更换"))


@blueprint.post("/applications/<application_id>/submit")
@newcomers
def submit(application_id: str) -> Response:
    try:
        told = ask(SUBMIT, {"application_id": application_id, "version": _version()}, key=command_key())
    except Refusal as refusal:
        return _check_page(application_id, refusal)
    waits = told["stage"] == "countersigning"
    return go(f"/applications/{application_id}", say("已上报，等待会签") if waits else say("已上报"))


def _typed() -> tuple[list[forms.Field], forms.Typed]:
    fields = forms.fields_of(matters.described(request.form.get("_matter", ""))["sections"])
    return fields, forms.read(fields, request.form.lists())


def _version() -> int:
    told = request.form.get("_version", "")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _draft(
    application_id: str, fields: list[forms.Field], typed: forms.Typed, held: list[Body], anyway: bool = False
) -> Body:
    """`anyway`: over what was saved elsewhere meanwhile, which the page has told him of."""
    known = request.form.get("_version_now", "") if anyway else ""
    return {
        "application_id": application_id,
        "version": int(known) if known.isdecimal() and len(known) < 10 else _version(),
        "form": forms.gather(fields, typed),
        "attachments": attachments.to_ask(held),
    }


def change_rows(fields: list[forms.Field], typed: forms.Typed, act: str, about: str) -> None:
    """A row more, or a row less, where that is what was asked for."""
    if act == "add":
        forms.add_row(fields, typed, about)
    if act == "remove":
        forms.remove_row(fields, typed, about)


def _again(
    application_id: str, typed: forms.Typed, held: list[Body], wrong: list[Body], act: str, about: str
) -> Response:
    """The same page, nothing saved: what a browser without scripts asks for."""
    told = ask(PRINT, {"application_id": application_id})
    picks = _found(told["matter"], typed, about) if act == "pick" else {}
    status = 422 if wrong else 200
    return _page(told, typed, held, status=status, wrong=wrong, picks=picks, version=_version(), unsaved=True)


def _found(matter: Body, typed: forms.Typed, path: str) -> dict[str, lists.Found]:
    fields = forms.fields_of(matter["sections"])
    field = forms.field_at(fields, path)
    if field is None or field.get("reference") not in lists.LISTS:
        return {}
    q = request.form.get(f"{path}~q", "")
    return {path: lists.find(fields, field, path, lambda place: str(forms.value_at(typed, place) or ""), q)}


def _refused(application_id: str, typed: forms.Typed, held: list[Body], refusal: Refusal) -> Response:
    status = problems.status_of(refusal)
    problem = problems.document(refusal, status)
    told = ask(PRINT, {"application_id": application_id})
    stale = isinstance(refusal, Conflict) and refusal.code == STALE
    return _page(told, typed, held, status=status, problem=problem, version=_version(), stale=stale)


def _page(
    told: Body,
    typed: forms.Typed,
    held: list[Body],
    *,
    status: int = 200,
    problem: Body | None = None,
    wrong: list[Body] | None = None,
    picks: dict[str, lists.Found] | None = None,
    version: int = 0,
    stale: bool = False,
    unsaved: bool = False,
) -> Response:
    matter, application = told["matter"], told["application"]
    labels = told["labels"] | drawing.names(forms.fields_of(matter["sections"]), typed, told["labels"])
    told_wrong = [*(problem["fields"] if problem else []), *(wrong or [])]
    asked = drawing.placed(application["corrections"], held)
    drawn = Drawn(
        matter=matter,
        typed=typed,
        attachments=held,
        labels=labels,
        wrong=drawing.by_path(told_wrong, "message", held),
        corrections=drawing.by_path(asked, "text"),
        picks=picks or {},
        file_address=f"/api/v1/applications/{application['application_id']}/attachments/",
    )
    if problem is None and wrong:
        problem = {"detail": say("有文件不能接收，其余内容已保留在本页，尚未保存。"), "fields": wrong}
    return show(
        "applications/edit.html",
        status=status,
        application=application,
        form=drawn,
        asked=asked,
        problem=drawing.titled(problem, matter),
        version=version or application["version"],
        stale=stale,
        unsaved=unsaved,
    )


def _check_page(application_id: str, refusal: Refusal | None = None) -> Response:
    """Where a refusal brings findings of its own, the check made now names them as well."""
    told = ask(CHECK, {"application_id": application_id})
    matter = matters.described(told["matter"])
    status = problems.status_of(refusal) if refusal else 200
    problem = problems.document(refusal, status) if refusal else None
    findings = [each | {"at": drawing.title_of(matter, each["path"])} for each in told["findings"]]
    return show(
        "applications/check.html",
        status=status,
        checked=told,
        matter=matter,
        problem=problem,
        errors=[each for each in findings if each["severity"] == "error"],
        warnings=[each for each in findings if each["severity"] != "error"],
    )
