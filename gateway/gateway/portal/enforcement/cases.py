"""Penalty cases (处罚案件): the list with the clock that is over first, and the file with the next step on top."""

from typing import Any

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import words
from gateway.portal.acts import registers
from gateway.portal.asking import ask, ask_all
from gateway.portal.enforcement import case_timeline, facts_form
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("cases", __name__)

LIST = Rpc("enforcement", "list_cases")
GET = Rpc("enforcement", "get_case")
NEAREST = Rpc("enforcement", "list_nearest_cases")
START = Rpc("enforcement", "get_case_start")
WEIGH = Rpc("enforcement", "weigh_case")
CONCLUDE = Rpc("enforcement", "conclude_investigation")
FAIRNESS = Rpc("enforcement", "get_fairness")
FILTERS = ("stage", "open", "mine", "area", "project_id", "order_id", "party_id")
FLAGS = ("open", "mine")
ADDRESS = "/enforcement/cases"
OWN_PAGE = ("conclude_investigation", "replace_investigators")
inspectors = holders("inspector", kind="agency")
agencies = holders("inspector", "reviewer", "approver", "acceptor", "administrator", "editor", kind="agency")


@blueprint.get(ADDRESS)
@members
def cases() -> Response:
    chosen = listing.chosen(FILTERS)
    asked = listing.asked(chosen, flags=FLAGS)
    return show(
        "enforcement/cases.html",
        page=ask(LIST, asked),
        asked=asked,
        chosen=chosen,
        stages=words.choices(LIST, "stage"),
        divisions=listing.divisions(),
    )


@blueprint.get(f"{ADDRESS}/<uuid:case_id>")
@members
def case(case_id: object) -> Response:
    """An officer sees the nearest decided cases beside it."""
    asked: Body = {"case_id": str(case_id)}
    wanted: dict[str, tuple[Rpc, Body]] = {"case": (GET, asked)}
    is_agency = visitor().signed_in.organisation_kind == "agency"
    came, _ = ask_all(wanted | ({"nearest": (NEAREST, asked)} if is_agency else {}))
    told = came["case"]
    if told is None:
        raise NotFound("case_unknown")
    acts = registers.allowed("cases", told["acts"])
    ordered = sorted(acts, key=lambda act: told["acts"].index(act.name))
    is_first = bool(ordered) and told["acts"][0] == ordered[0].name and ordered[0].name not in OWN_PAGE
    return show(
        "enforcement/case.html",
        case=told,
        next_act=ordered[0] if is_first else None,
        other_acts=[each for each in ordered[is_first:] if each.name not in OWN_PAGE],
        typed=_filled_in(told),
        timeline=case_timeline.lines(told),
        nearest=(came.get("nearest") or {"items": []})["items"],
        back=f"{ADDRESS}/{case_id}",
    )


@blueprint.get(f"{ADDRESS}/<uuid:case_id>/conclude")
@inspectors
def concluding(case_id: object) -> Response:
    return _conclude_form(str(case_id))


@blueprint.post(f"{ADDRESS}/<uuid:case_id>/conclude")
@inspectors
def conclude(case_id: object) -> Response:
    """Weighed only, or concluded; what is refused brings the form again with all that was typed."""
    typed = request.form.to_dict()
    try:
        if typed.get("_do") == "weigh":
            return _conclude_form(str(case_id), typed, weighed=_weighed(str(case_id), typed))
        ask(CONCLUDE, _concluded(str(case_id), typed), key=command_key())
    except Refusal as refusal:
        if isinstance(refusal, NotFound):
            raise
        return _conclude_form(str(case_id), typed, problems.document(refusal, problems.status_of(refusal)))
    return go(f"{ADDRESS}/{case_id}", say("调查已终结，等待法制审核"))


@blueprint.get("/enforcement/fairness")
@agencies
def fairness() -> Response:
    since = request.args.get("since", "").strip()
    return show("enforcement/fairness.html", told=ask(FAIRNESS, {"since": since} if since else {}))


def _concluded(case_id: str, typed: dict[str, str]) -> Body:
    amount = typed.get("amount", "").strip()
    facts = facts_form.read(ask(START, {"offence_keys": request.form.getlist("offence_keys")})["facts"], typed)
    told: Body = {
        "case_id": case_id,
        "conclusion": typed.get("conclusion", "").strip(),
        "reason": typed.get("reason", "").strip(),
        "grave": typed.get("grave") == "yes",
        "facts": facts,
    }
    return told | ({"amount": _whole(amount)} if amount else {})


def _weighed(case_id: str, typed: dict[str, str]) -> Body:
    """What the case would weigh by what was typed."""
    told = _concluded(case_id, typed)
    return ask(WEIGH, {name: told[name] for name in ("case_id", "facts", "amount") if name in told})


def _whole(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() else text


def _conclude_form(
    case_id: str, typed: dict[str, str] | None = None, problem: Body | None = None, weighed: Body | None = None
) -> Response:
    told = ask(GET, {"case_id": case_id})
    asked = ask(START, {"offence_keys": told["offence_keys"], "order_id": told["order_id"]})
    return show(
        "enforcement/conclude_case.html",
        status=problem["status"] if problem else 200,
        case=told,
        facts=facts_form.shown(asked["facts"], asked["proved"]),
        typed=facts_form.typed_of(told["facts"]) if typed is None else typed,
        proved=asked["proved"],
        weighed=weighed,
        problem=problem,
        back=f"{ADDRESS}/{case_id}",
    )


def _is_opened(case: Body) -> bool:
    """Whether the party opened what waits for being served."""
    by_stage = {"notified": ("prior_notice",), "reminded": ("payment_reminder",)}
    wanted = by_stage.get(case["stage"], ("penalty_decision", "no_penalty_decision"))
    papers = [each for each in case["documents"] if each["kind"] in wanted]
    return bool(papers) and papers[-1]["opened_at"] is not None


def _filled_in(case: Body) -> dict[str, dict[str, Any]]:
    """What a step's form begins with, so that the usual step is one press: by step, then by field."""
    today = day_of(parts().clock()).isoformat()
    said = {name: value for line in case["timeline"] for name, value in line["detail"].items()}
    exempt = (case["deviation"] or {}).get("verdict") == "exempted"
    is_settled = case["left"] is not None and float(case["left"]) <= 0
    return {
        "file_case": {"opinion": say("同意立案")},
        "close_case": {"summary": say("处罚决定已履行完毕")} if is_settled else {},
        "notify_party": {"facts_found": said.get("conclusion", "")},
        "decide_case": {
            "facts_found": said.get("facts_found", said.get("conclusion", "")),
            "outcome": "no_penalty" if exempt else "penalty",
        },
        "serve_case": {"how": "portal"} if _is_opened(case) else {"how": "direct", "served_on": today},
        "record_payment": {"amount": case["left"] or "", "paid_on": today},
        "publish_case": {"published_on": today},
        "record_challenge": {"filed_on": today},
        "end_challenge": {"ended_on": today},
        "remind_party": {"text": "请在收到本催告书之日起十日内履行处罚决定。"},
    }
