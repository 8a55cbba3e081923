"""另行责令: what a withdrawn order had demanded, and what is still not put right, is ordered anew."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.enforcement import orders
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, show

blueprint = Blueprint("orders_anew", __name__)
inspectors = holders("inspector", kind="agency")

ISSUE = Rpc("enforcement", "issue_order")
ADDRESS = f"{orders.ADDRESS}/<uuid:order_id>/anew"
TYPED = ("kind", "due_on", "demands", "scope")


@blueprint.get(ADDRESS)
@inspectors
def form(order_id: object) -> Response:
    order = orders.of(order_id)
    if "issue_order" not in order["may"]:
        return go(f"{orders.ADDRESS}/{order_id}")
    return _form(order, {name: order[name] for name in ("kind", "demands", "scope")})


@blueprint.post(ADDRESS)
@inspectors
def issue(order_id: object) -> Response:
    """On to the new order; what is refused brings the form again with all that was typed."""
    order, typed = orders.of(order_id), request.form.to_dict()
    told: Body = {name: value for name in TYPED if (value := typed.get(name, "").strip())}
    told |= {
        "finding_ids": [each["finding_id"] for each in order["findings"] if each["is_open"]],
        "addressee_id": order["addressee_id"],
        "on_paper": typed.get("on_paper") == "yes",
    }
    try:
        issued = ask(ISSUE, told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(order, typed, problems.document(refusal, problems.status_of(refusal)))
    return go(f"{orders.ADDRESS}/{issued['order_id']}", say("已另行责令：%(number)s") % {"number": issued["number"]})


def _form(order: Body, typed: Body, problem: Body | None = None) -> Response:
    return show(
        "enforcement/anew.html",
        status=problem["status"] if problem else 200,
        order=order,
        typed=typed,
        problem=problem,
        kinds=words.choices(ISSUE, "kind"),
    )
