"""移交处罚机关: sending a matter to who may fine, and what came in from others, to be answered."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from chassis.identifiers import derived_id
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.enforcement import orders
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, show

blueprint = Blueprint("transfers", __name__)
senders = holders("inspector", "approver", kind="agency")
officers = holders("inspector", "acceptor", "reviewer", "approver", "administrator", kind="agency")

LIST = Rpc("enforcement", "list_transfers")
SEND = Rpc("enforcement", "transfer_order")


@blueprint.get("/enforcement/transfers")
@officers
def transfers() -> Response:
    outgoing = request.args.get("box") == "sent"
    stage = request.args.get("stage", "")
    stages = words.choices(LIST, "stage")
    asked = {"incoming": not outgoing, "after": request.args.get("after") or None}
    page = ask(LIST, asked | ({"stage": stage} if stage in stages else {}))
    return show("enforcement/transfers.html", page=page, outgoing=outgoing, stage=stage, stages=stages)


@blueprint.get(f"{orders.ADDRESS}/<uuid:order_id>/transfer")
@senders
def form(order_id: object) -> Response:
    order = orders.of(order_id)
    if "transfer_order" not in order["may"]:
        return go(f"{orders.ADDRESS}/{order_id}")
    return _form(order, {"facts": _facts(order)})


@blueprint.post(f"{orders.ADDRESS}/<uuid:order_id>/transfer")
@senders
def send(order_id: object) -> Response:
    typed = request.form.to_dict()
    told = {name: typed.get(name, "").strip() for name in ("to_agency_id", "facts")}
    key = command_key()
    asked = {"transfer_id": derived_id("transfer", key), "order_id": str(order_id)}
    try:
        sent = ask(SEND, asked | {name: value for name, value in told.items() if value}, key=key)
    except NotFound:
        raise
    except Refusal as refusal:
        problem = problems.document(refusal, problems.status_of(refusal))
        return _form(orders.of(order_id), typed, problem)
    return go(f"{orders.ADDRESS}/{order_id}", say("已移交：%(number)s") % {"number": sent["number"]})


def _form(order: Body, typed: dict[str, str], problem: Body | None = None) -> Response:
    status = problem["status"] if problem else 200
    return show("enforcement/transfer.html", status=status, order=order, typed=typed, problem=problem)


def _facts(order: Body) -> str:
    """A beginning: what was found, each on a line of its own."""
    return "\n".join(f"{each['part']} {each['description']}（{each['clause']}）".strip() for each in order["findings"])
