"""复查: the agency's word on each finding of a report; what is not put right is ordered again, in the same form."""

from datetime import timedelta

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.enforcement import orders
from gateway.portal.enforcement.visit_form import DAYS
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, show

blueprint = Blueprint("order_decisions", __name__)
deciders = holders("inspector", "approver", kind="agency")

DECIDE = Rpc("enforcement", "decide_rectification")
ADDRESS = f"{orders.ADDRESS}/<uuid:order_id>/decide"


@blueprint.get(ADDRESS)
@deciders
def form(order_id: object) -> Response:
    order = orders.of(order_id)
    if "decide_rectification" not in order["may"]:
        return go(f"{orders.ADDRESS}/{order_id}")
    return _form(order, _filled_in(order))


@blueprint.post(ADDRESS)
@deciders
def decide(order_id: object) -> Response:
    """Back to the order; what is refused brings the form again with all that was typed and chosen."""
    order, typed = orders.of(order_id), request.form.to_dict()
    if order["report"] is None:
        raise NotFound("rectification_unknown")
    undecided = [each for each in order["findings"] if f"finding.{each['finding_id']}" not in typed]
    if undecided:
        message = say("请对每条检查发现选择复查结果")
        fields = [{"path": f"finding.{each['finding_id']}", "message": message} for each in undecided]
        return _form(order, typed, {"status": 422, "detail": message, "fields": fields})
    try:
        told = ask(DECIDE, _asked(order, typed), key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _form(order, typed, problems.document(refusal, problems.status_of(refusal)))
    if told["next_order_id"]:
        done = say("已再次责令：%(number)s") % {"number": told["next_number"]}
        return go(f"{orders.ADDRESS}/{told['next_order_id']}", done)
    return go(f"{orders.ADDRESS}/{order_id}", say("复查通过，责令通知已办结"))


def _filled_in(order: Body) -> dict[str, str]:
    """What the form begins with, so that the usual check is a press for each finding and one more: a recheck that was made
    since is named, else the papers are looked at; a day for what is ordered again."""
    due_on = day_of(parts().clock()) + timedelta(days=DAYS[order["kind"]])
    visit = next((each for each in order["rechecks"] if each["kind"] == "recheck"), None)
    way = {"checked_by": "site", "inspection_id": visit["inspection_id"]} if visit else {"checked_by": "paper"}
    return way | {"again.due_on": due_on.isoformat()}


def _asked(order: Body, typed: dict[str, str]) -> Body:
    ids = [each["finding_id"] for each in order["findings"]]
    accepted = [each for each in ids if typed.get(f"finding.{each}") == "accepted"]
    asked: Body = {
        "rectification_id": order["report"]["rectification_id"],
        "accepted": accepted,
        "opinion": typed.get("opinion", "").strip(),
        "lifts": typed.get("lifts") == "yes",
    }
    asked |= {name: typed[name] for name in ("checked_by", "inspection_id") if typed.get(name)}
    if asked.get("checked_by") == "paper":
        asked.pop("inspection_id", None)
    if len(accepted) < len(ids):
        told = {name: typed.get(f"again.{name}", "").strip() for name in ("kind", "due_on", "demands", "scope")}
        asked["again"] = {name: value for name, value in told.items() if value or name in ("demands", "scope")}
    return asked


def _form(order: Body, typed: dict[str, str], problem: Body | None = None) -> Response:
    return show(
        "enforcement/decide.html",
        status=problem["status"] if problem else 200,
        order=order,
        typed=typed,
        problem=problem,
        ways=words.choices(DECIDE, "checked_by"),
        kinds=words.choices(DECIDE, "again.kind"),
    )
