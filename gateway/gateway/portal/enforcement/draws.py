"""双随机抽取: one draw, the file from which anybody recomputes it, and its seed."""

from flask import Blueprint, Response, json, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.api.admission import as_whom, visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask
from gateway.portal.enforcement import written
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("draws", __name__)

GET, REVEAL = Rpc("enforcement", "get_draw"), Rpc("enforcement", "reveal_draw")
LIST, VERIFIER = Rpc("enforcement", "list_draws"), Rpc("enforcement", "get_draw_verifier")
ALL = "/enforcement/draws"
HERE = f"{ALL}/<uuid:draw_id>"


@blueprint.get(ALL)
@members
def draws() -> Response:
    return show("enforcement/draws.html", page=ask(LIST, listing.asked({})))


@blueprint.get(f"{ALL}/draw.py")
@members
def verifier() -> Response:
    """The program that recomputes a draw, as the service runs it."""
    told = ask(VERIFIER)
    response = Response(told["source"], content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{told["name"]}"'
    return response


@blueprint.get(HERE)
@members
def draw(draw_id: object) -> Response:
    return _page(str(draw_id), {})


@blueprint.get(f"{HERE}.json")
@members
def published(draw_id: object) -> Response:
    """The file as it was published: no word of it in another language, or it could not be recomputed."""
    told = parts().bus.call(GET, {"draw_id": str(draw_id)}, as_whom(visitor()))
    if told["file"] is None:
        raise NotFound("draw_not_shown")
    response = Response(json.dumps(told["file"], ensure_ascii=False, indent=1), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="draw-{draw_id}.json"'
    return response


@blueprint.post(f"{HERE}/reveal")
@members
def reveal(draw_id: object) -> Response:
    typed = {name: request.form.get(name, "").strip() for name in ("seed", "announced_at")}
    told = {"draw_id": str(draw_id), "seed": typed["seed"], "announced_at": written.moment(typed["announced_at"])}
    try:
        ask(REVEAL, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(str(draw_id), typed, problems.document(refusal, problems.status_of(refusal)))
    return go(f"{ALL}/{draw_id}", say("抽取已完成，结果不能再改变"))


def _page(draw_id: str, typed: Body, problem: Body | None = None) -> Response:
    return show(
        "enforcement/draw.html",
        status=problem["status"] if problem else 200,
        draw=ask(GET, {"draw_id": draw_id}),
        typed=typed,
        problem=problem,
    )
