"""The calculator (裁量计算): an offence, its facts, and the result line by line, each with its clause and the day it holds from."""

from flask import Blueprint, Response, request

from chassis.errors import Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask, ask_all
from gateway.portal.enforcement import facts_form
from gateway.portal.pages import holders, show

blueprint = Blueprint("calculator", __name__)

OFFENCES = Rpc("enforcement", "list_offences")
OFFENCE = Rpc("enforcement", "get_offence")
WEIGH = Rpc("enforcement", "weigh_penalty")
officers = holders("inspector", "reviewer", "approver", "acceptor", "administrator", "editor", kind="agency")


@blueprint.get("/enforcement/calculator")
@officers
def calculator() -> Response:
    """With an offence chosen, its facts to fill in; weighed once a fact was sent. All of it stands in the address, so that a
    result can be looked at again, or sent to somebody."""
    key = request.args.get("offence_key", "")
    wanted: dict[str, tuple[Rpc, Body]] = {"offences": (OFFENCES, {})}
    came, _ = ask_all(wanted | ({"offence": (OFFENCE, {"offence_key": key})} if key else {}))
    offence = came.get("offence")
    told, problem = _weighed(key, offence) if offence and request.args.get("_do") == "weigh" else (None, None)
    return show(
        "enforcement/calculator.html",
        status=problem["status"] if problem else 200,
        offences=(came["offences"] or {"items": []})["items"],
        offence=offence,
        key=key,
        typed=request.args.to_dict(),
        told=told,
        problem=problem,
    )


def _weighed(key: str, offence: Body) -> tuple[Body | None, Body | None]:
    asked: Body = {"offence_keys": [key], "facts": facts_form.read(offence["facts"], request.args)}
    amount = request.args.get("amount", "").strip()
    if amount:
        asked["amount"] = int(amount) if amount.isascii() and amount.isdecimal() else amount
    if on := request.args.get("on", "").strip():
        asked["on"] = on
    try:
        return ask(WEIGH, asked), None
    except Refusal as refusal:
        return None, problems.document(refusal, problems.status_of(refusal))
