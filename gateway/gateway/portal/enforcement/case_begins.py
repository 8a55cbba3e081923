"""A case begins: from an order with everything filled in that is known, weighed on the way, opened or decided on the spot."""

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal.asking import ask, ask_all
from gateway.portal.enforcement import facts_form
from gateway.portal.enforcement.cases import ADDRESS, START, inspectors
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, show

blueprint = Blueprint("case_begins", __name__)

OFFENCES = Rpc("enforcement", "list_offences")
WEIGH = Rpc("enforcement", "weigh_penalty")
OPEN = Rpc("enforcement", "open_case")
ON_THE_SPOT = Rpc("enforcement", "decide_on_the_spot")
TYPED = ("order_id", "project_id", "party_id", "party_firm", "party_name", "party_number", "description")


@blueprint.get(f"{ADDRESS}/new")
@inspectors
def new_case() -> Response:
    return _form(
        request.args.to_dict(), _keys(request.args.getlist("offence_keys")), request.args.getlist("finding_ids"), []
    )


@blueprint.post(f"{ADDRESS}/new")
@inspectors
def begin() -> Response:
    """Weighed only, opened, or decided on the spot; what is refused brings the form again with all that was typed."""
    typed, keys = request.form.to_dict(), _keys(request.form.getlist("offence_keys"))
    findings, officers = request.form.getlist("finding_ids"), request.form.getlist("officer_ids")
    start = ask(START, _start(typed, keys))
    told = _told(typed, keys, start) | {"finding_ids": findings, "officer_ids": officers}
    try:
        return _done(typed, told, start) or _form(typed, keys, findings, officers, weighed=_weighed(typed, told, start))
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return _form(typed, keys, findings, officers, problem=problems.document(refusal, problems.status_of(refusal)))


def _done(typed: dict[str, str], told: Body, start: Body) -> Response | None:
    if typed.get("_do") == "open":
        transferred = {"transfer_id": typed["transfer_id"]} if typed.get("transfer_id") else {}
        reply = ask(OPEN, told | transferred, key=command_key())
        return go(f"{ADDRESS}/{reply['case_id']}", say("线索已登记，等待负责人审批立案"))
    if typed.get("_do") == "spot":
        amount = {"amount": _whole(typed["amount"])} if typed.get("amount", "").strip() else {}
        rest = {"handed_to": typed.get("handed_to", "").strip(), "reason": typed.get("reason", "").strip()}
        reply = ask(ON_THE_SPOT, told | rest | amount, key=command_key())
        return go(
            f"{ADDRESS}/{reply['case_id']}", say("当场处罚决定书已制作：%(number)s") % {"number": reply["number"]}
        )
    return None


def _weighed(typed: dict[str, str], told: Body, start: Body) -> Body:
    """The calculator by what was typed and what the registers say; a person's own fine where a person is named."""
    facts = told["facts"] | start["proved"]
    if any(fact["name"] == "party" for fact in start["facts"]):
        facts["party"] = "person" if told.get("party_name") else "firm"
    asked: Body = {"offence_keys": told["offence_keys"], "facts": facts}
    return ask(WEIGH, asked | ({"amount": _whole(typed["amount"])} if typed.get("amount", "").strip() else {}))


def _told(typed: dict[str, str], keys: list[str], start: Body) -> Body:
    found: Body = {name: value for name in TYPED if (value := typed.get(name, "").strip())}
    # What was typed goes before what stands chosen.
    for name, instead in (("party_name", ("party_id", "party_firm")), ("party_firm", ("party_id",))):
        if found.get(name):
            for each in instead:
                found.pop(each, None)
    asked = facts_form.shown(start["facts"], start["proved"])
    return found | {"offence_keys": keys, "facts": facts_form.read(asked, typed)}


def _form(
    typed: dict[str, str],
    keys: list[str],
    findings: list[str],
    officers: list[str],
    weighed: Body | None = None,
    problem: Body | None = None,
) -> Response:
    came, _ = ask_all({"start": (START, _start(typed, keys)), "offences": (OFFENCES, {})})
    start = came["start"]
    if start is None:
        raise NotFound("order_unknown")
    order = start["order"]
    return show(
        "enforcement/new_case.html",
        status=problem["status"] if problem else 200,
        start=start,
        facts=facts_form.shown(start["facts"], start["proved"]),
        offences=(came["offences"] or {"items": []})["items"],
        keys=keys,
        typed=_known(order) | typed,
        findings=findings,
        officers=officers or [each["officer_id"] for each in start["officers"] if each["chosen"]],
        weighed=weighed,
        problem=problem,
    )


def _known(order: Body | None) -> dict[str, str]:
    """What an order fills in: the party, and the facts as they were found."""
    if order is None:
        return {}
    found = "；".join(each["description"] for each in order["findings"] if each["case_id"] is None)
    return {"party_id": order["addressee_id"], "description": found[:2000]}


def _start(typed: dict[str, str], keys: list[str]) -> Body:
    named = {name: value for name in ("order_id", "project_id") if (value := typed.get(name, "").strip())}
    return named | {"offence_keys": keys}


def _keys(given: list[str]) -> list[str]:
    return list(dict.fromkeys(each for each in given if each))


def _whole(text: str) -> int | str:
    return int(text) if text.strip().isascii() and text.strip().isdecimal() else text
