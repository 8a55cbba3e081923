"""Orders (责令通知): those that wait, and one with its demands, answers, papers and acts; the next act stands first."""

from flask import Blueprint, Response

from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.pages import members, show
from gateway.portal.registers import listing

blueprint = Blueprint("orders", __name__)

LIST = Rpc("enforcement", "list_orders")
GET = Rpc("enforcement", "get_order")
FILTERS = ("kind", "stage", "area", "open", "overdue", "escalated", "stopping", "project_id", "addressee_id")
FLAGS = ("open", "overdue", "escalated", "stopping")
# The state of an order in one choice: a flag of the list each.
STATES = {"open": "未办结", "overdue": "逾期未整改", "escalated": "逾期已报上级", "stopping": "停工中"}
ADDRESS = "/enforcement/orders"


@blueprint.get(ADDRESS)
@members
def orders() -> Response:
    chosen = listing.chosen((*FILTERS, "state"))
    state = chosen.pop("state", "")
    wanted = chosen | ({state: "1"} if state in STATES else {})
    asked = listing.asked(wanted, flags=FLAGS)
    return show(
        "enforcement/orders.html",
        page=ask(LIST, asked),
        asked=asked,
        chosen=wanted,
        state=next((each for each in STATES if wanted.get(each) == "1"), ""),
        states=STATES,
        choices={name: words.choices(LIST, name) for name in ("kind", "stage")},
        divisions=listing.divisions(),
    )


@blueprint.get(f"{ADDRESS}/<uuid:order_id>")
@members
def order(order_id: object) -> Response:
    return show("enforcement/order.html", order=of(order_id))


def of(order_id: object) -> Body:
    """One order, as he who asks may see it."""
    return ask(GET, {"order_id": str(order_id), "way": "page"})
