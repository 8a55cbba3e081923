"""Bulletins (通知公告): anybody reads what is public, editors of agencies publish, change and withdraw."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from chassis.identifiers import derived_id
from gateway.api.admission import visitor
from gateway.api.v1 import files
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask
from gateway.portal.bulletins import forms
from gateway.portal.bulletins.forms import Typed
from gateway.portal.locale import say
from gateway.portal.pages import command_key, editors, go, show

blueprint = Blueprint("bulletins", __name__)

LIST = Rpc("filing", "list_bulletins")
GET = Rpc("filing", "get_bulletin")
PUBLISH = Rpc("filing", "publish_bulletin")
CHANGE = Rpc("filing", "change_bulletin")
SHORTEST = 2


def wanted() -> Body:
    """What a list of publications is asked for by its address."""
    q = request.args.get("q", "").strip()
    return {"after": request.args.get("after") or None} | ({"q": q} if len(q) >= SHORTEST else {})


@blueprint.get("/bulletins")
def bulletins() -> Response:
    return show("bulletins/list.html", page=ask(LIST, wanted()))


@blueprint.get("/bulletins/<bulletin_id>")
def bulletin(bulletin_id: str) -> Response:
    return show("bulletins/bulletin.html", bulletin=ask(GET, {"bulletin_id": bulletin_id}))


@blueprint.get("/bulletins/<bulletin_id>/files/<sha256>")
def file(bulletin_id: str, sha256: str) -> Response:
    """Whoever may read the bulletin may have its files."""
    told = ask(GET, {"bulletin_id": bulletin_id})
    found = next((each for each in told["attachments"] if each["sha256"] == sha256), None)
    if found is None:
        raise NotFound("file_missing")
    return files.kept(sha256, found["file_name"])


@blueprint.get("/bulletins/new")
@editors
def begin() -> Response:
    return _form("/bulletins/new", Typed())


@blueprint.post("/bulletins/new")
@editors
def publish() -> Response:
    typed, key = forms.read(request), command_key()
    if typed.wrong:
        return _form("/bulletins/new", typed, forms.problem_of(None, typed))
    bulletin_id = derived_id("bulletin", visitor().signed_in.id, key)
    try:
        ask(PUBLISH, {"bulletin_id": bulletin_id, **_told(typed)}, key=key)
    except Refusal as refusal:
        return _form("/bulletins/new", typed, forms.problem_of(refusal, typed))
    return go(f"/bulletins/{bulletin_id}", say("公告已发布"))


@blueprint.get("/bulletins/<bulletin_id>/edit")
@editors
def edit(bulletin_id: str) -> Response:
    told = ask(GET, {"bulletin_id": bulletin_id})
    return _form(f"/bulletins/{bulletin_id}/edit", forms.shown(told, told["body"], told["attachments"]))


@blueprint.post("/bulletins/<bulletin_id>/edit")
@editors
def change(bulletin_id: str) -> Response:
    typed, address = forms.read(request), f"/bulletins/{bulletin_id}/edit"
    if typed.wrong:
        return _form(address, typed, forms.problem_of(None, typed))
    asked = {"bulletin_id": bulletin_id, "version": typed.version, "changes": _told(typed)}
    try:
        ask(CHANGE, asked, key=command_key())
    except Refusal as refusal:
        return _form(address, typed, forms.problem_of(refusal, typed))
    return go(f"/bulletins/{bulletin_id}", say("公告已修改"))


@blueprint.post("/bulletins/<bulletin_id>/withdraw")
@editors
def withdraw(bulletin_id: str) -> Response:
    """Take it back, or publish it again; its agency goes on seeing it."""
    withdrawn = request.form.get("withdrawn") == "yes"
    typed = forms.read(request)
    asked = {"bulletin_id": bulletin_id, "version": typed.version, "changes": {"withdrawn": withdrawn}}
    ask(CHANGE, asked, key=command_key())
    return go(f"/bulletins/{bulletin_id}", say("公告已撤下") if withdrawn else say("公告已重新发布"))


def _told(typed: Typed) -> Body:
    return {
        "title": typed.title,
        "body": typed.text,
        "is_public": typed.is_public,
        "attachments": list(typed.files),
    }


def _form(address: str, typed: Typed, problem: Body | None = None) -> Response:
    status = problem["status"] if problem else 200
    return show("bulletins/edit.html", status=status, address=address, typed=typed, problem=problem)
