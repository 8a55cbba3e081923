"""定位存疑: days whose positions are doubted, with the reasons in words; the enterprise appeals, an officer decides."""

from datetime import date

from flask import Blueprint, Response, request

from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.duty import signals
from gateway.portal.duty.naming import names_of
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("suspicions", __name__)

LIST = Rpc("attendance", "list_suspicions")
GET = Rpc("attendance", "get_suspicion")
APPEAL = Rpc("attendance", "appeal_suspicion")
DECIDE = Rpc("attendance", "decide_suspicion")
FILTERS = ("stage", "area", "project_id")


@blueprint.app_template_filter("signal_title")
def signal_title(code: str) -> str:
    return signals.title(code)


@blueprint.get("/duty/suspicions")
@members
def suspicions() -> Response:
    chosen = listing.chosen(FILTERS)
    page = ask(LIST, listing.asked(chosen))
    return show(
        "duty/suspicions.html",
        page=page,
        chosen=chosen,
        stages=words.choices(LIST, "stage"),
        divisions=listing.divisions(),
        names=names_of({each["person_id"] for each in page["items"]}),
    )


@blueprint.get("/duty/suspicions/<uuid:person_id>/<day>")
@members
def suspicion(person_id: object, day: str) -> Response:
    return _page(_which(person_id, day))


@blueprint.post("/duty/suspicions/<uuid:person_id>/<day>/appeal")
@members
def appeal(person_id: object, day: str) -> Response:
    which = _which(person_id, day)
    return _done(APPEAL, which, {"text": request.form.get("text", "").strip()}, say("申辩已提交，请等待监督机构认定"))


@blueprint.post("/duty/suspicions/<uuid:person_id>/<day>/decide")
@members
def decide(person_id: object, day: str) -> Response:
    told: Body = {"opinion": request.form.get("opinion", "").strip()}
    if request.form.get("upholds") in ("yes", "no"):
        told["upholds"] = request.form["upholds"] == "yes"
    return _done(DECIDE, _which(person_id, day), told, say("已作出认定"))


def _done(rpc: Rpc, which: Body, told: Body, sentence: str) -> Response:
    """Back to the record when it is done; what is refused brings the page again with all that was typed."""
    try:
        ask(rpc, which | told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(which, request.form.to_dict(), problems.document(refusal, problems.status_of(refusal)))
    return go(f"/duty/suspicions/{which['person_id']}/{which['day']}", sentence)


def _page(which: Body, typed: dict[str, str] | None = None, problem: Body | None = None) -> Response:
    told = ask(GET, which)
    named = {each["person_id"] for each in told["devices"]} | signals.people_in(told["signals"])
    names = names_of(named | {told["person_id"]})
    return show(
        "duty/suspicion.html",
        status=problem["status"] if problem else 200,
        told=told,
        names=names,
        signals=[signals.in_words(each, names) for each in told["signals"]],
        story=signals.story(told["story"]),
        typed=typed or {},
        problem=problem,
    )


def _which(person_id: object, day: str) -> Body:
    try:
        return {"person_id": str(person_id), "day": date.fromisoformat(day).isoformat()}
    except ValueError as error:
        raise NotFound("suspicion_unknown") from error
