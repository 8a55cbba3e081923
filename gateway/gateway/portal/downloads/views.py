"""Downloads (下载管理): files that agencies offer, forms to fill in for instance."""

from flask import Blueprint, Response, request

from chassis.errors import Refusal
from chassis.identifiers import derived_id
from gateway.api.admission import visitor
from gateway.api.v1 import files
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask
from gateway.portal.bulletins import forms
from gateway.portal.bulletins.forms import Typed
from gateway.portal.bulletins.views import wanted
from gateway.portal.locale import say
from gateway.portal.pages import command_key, editors, go, show

blueprint = Blueprint("downloads", __name__)

LIST = Rpc("filing", "list_downloads")
GET = Rpc("filing", "get_download")
PUBLISH = Rpc("filing", "publish_download")
CHANGE = Rpc("filing", "change_download")


@blueprint.get("/downloads")
def downloads() -> Response:
    return show("downloads/list.html", page=ask(LIST, wanted()))


@blueprint.get("/downloads/<download_id>/file")
def file(download_id: str) -> Response:
    told = ask(GET, {"download_id": download_id})
    return files.kept(told["sha256"], told["file_name"])


@blueprint.get("/downloads/new")
@editors
def begin() -> Response:
    return _form("/downloads/new", Typed())


@blueprint.post("/downloads/new")
@editors
def publish() -> Response:
    typed, key = forms.read(request), command_key()
    if typed.wrong:
        return _form("/downloads/new", typed, forms.problem_of(None, typed))
    asked = {"download_id": derived_id("download", visitor().signed_in.id, key), **_told(typed)}
    asked |= {"file": typed.files[-1]} if typed.files else {}
    try:
        ask(PUBLISH, asked, key=key)
    except Refusal as refusal:
        return _form("/downloads/new", typed, forms.problem_of(refusal, typed))
    return go("/downloads", say("文件已发布"))


@blueprint.get("/downloads/<download_id>/edit")
@editors
def edit(download_id: str) -> Response:
    told = ask(GET, {"download_id": download_id})
    return _form(f"/downloads/{download_id}/edit", forms.shown(told, told["note"], []), record=told)


@blueprint.post("/downloads/<download_id>/edit")
@editors
def change(download_id: str) -> Response:
    """Title, note, who may read it; or withdraw it, or offer it again. Another file is another download."""
    typed = forms.read(request)
    changes: Body = _told(typed)
    if (wish := request.form.get("withdrawn")) is not None:
        changes = {"withdrawn": wish == "yes"}
    asked = {"download_id": download_id, "version": typed.version, "changes": changes}
    try:
        ask(CHANGE, asked, key=command_key())
    except Refusal as refusal:
        problem = forms.problem_of(refusal, typed)
        record = {"download_id": download_id, "stage": "published"}
        return _form(f"/downloads/{download_id}/edit", typed, problem, record)
    return go("/downloads", say("已修改"))


def _told(typed: Typed) -> Body:
    return {"title": typed.title, "note": typed.text, "is_public": typed.is_public}


def _form(address: str, typed: Typed, problem: Body | None = None, record: Body | None = None) -> Response:
    status = problem["status"] if problem else 200
    return show("downloads/edit.html", status=status, address=address, typed=typed, problem=problem, record=record)
