"""The officer's inbox, and the page on which he decides one application."""

from dataclasses import replace
from urllib.parse import quote

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import Forbidden, NotFound, Refusal
from gateway import problems
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal import matters, words
from gateway.portal.applications import described, drawing, forms
from gateway.portal.applications.drawing import Drawn
from gateway.portal.applications.editing import change_rows
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show
from gateway.portal.registers import listing
from gateway.portal.review import decisions, marks, queue, standard_texts
from gateway.portal.review.decisions import DECISIONS, MORE, Typed

blueprint = Blueprint("review", __name__)

LIST = Rpc("filing", "list_applications")
PRINT = Rpc("filing", "print_application")
# Pre-checks ask the owners of machines and people anew.
CHECK = Rpc("filing", "check_application", 3.0)
ROWS = ("add", "remove")  # of a conclusion, where a browser has no scripts
STAGES_OF_AN_AGENCY = ("submitted", "accepted", "reviewed", "returned", "countersigning")


@blueprint.get("/inbox")
@members
def inbox() -> Response:
    if not _is_officer():
        return go("/applications")
    shown = queue.read(request.args)
    page = ask(LIST, shown.request(_organisation(), after=request.args.get("after") or None))
    stages = {code: word for code, word in words.choices(LIST, "stage").items() if code in STAGES_OF_AN_AGENCY}
    return show(
        "review/inbox.html",
        page=page,
        queue=shown,
        scopes=queue.SCOPES,
        stages=stages,
        matters=matters.titles(),
        divisions=listing.divisions(),
    )


@blueprint.get("/inbox/next")
@members
def next_one() -> Response:
    """To the application that comes next in the queue; `past` is the one that was just looked at."""
    shown = queue.read(request.args)
    past = request.args.get("past", "")
    page = ask(LIST, shown.request(_organisation(), limit=queue.MOST if past else 1))
    found = queue.after(page["items"], past) if past else _first(page["items"])
    if found is None:
        return go(f"/inbox?{shown.address}")
    return go(_address(found, shown.address))


@blueprint.get("/review/<application_id>")
@members
def review(application_id: str) -> Response:
    if not _is_officer():
        return go(f"/applications/{application_id}")
    return _page(application_id, request.args.get("queue", ""), Typed())


@blueprint.post("/review/<application_id>")
@members
def decide(application_id: str) -> Response:
    """Decide, then on to the next one; what is refused brings the page back with all that was typed."""
    if not _is_officer():
        raise Forbidden("not_permitted")
    conclusion = decisions.conclusion_of(matters.described(request.form.get("_matter", "")))
    typed, waiting = decisions.read(request.form, conclusion), request.form.get("queue", "")
    on_the_page, _, about = request.form.get("_do", "").partition(":")
    change_rows(conclusion, typed.conclusion, on_the_page, about)
    if typed.act == MORE or on_the_page in ROWS:
        return _page(application_id, waiting, typed)
    if typed.act not in DECISIONS:
        raise NotFound("no_such_address")
    decision = DECISIONS[typed.act]
    try:
        reply = ask(decision.rpc, decisions.request(application_id, typed, conclusion), key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        problem = decisions.beside_fields(problems.document(refusal, problems.status_of(refusal)))
        return _page(application_id, waiting, replace(typed, problem=problem))
    return go(f"/inbox/next?{queue.read_address(waiting).address}", _told(decision.told, reply))


@blueprint.post("/review/<application_id>/check")
@members
def check(application_id: str) -> Response:
    """The pre-checks anew: what machines and people are by now."""
    if not _is_officer():
        raise Forbidden("not_permitted")
    found = ask(CHECK, {"application_id": application_id})
    back = _address(application_id, queue.read_address(request.form.get("queue", "")).address)
    return show("review/checked.html", findings=found["findings"], back=back)


def _page(application_id: str, waiting: str, typed: Typed) -> Response:
    told = ask(PRINT, {"application_id": application_id})
    application, matter = told["application"], told["matter"]
    sections = described.sections(matter, application["form"], told["labels"])
    documents = described.documents(matter, application)
    conclusion = _conclusion(matter, typed)
    return show(
        "review/review.html",
        status=typed.problem["status"] if typed.problem else 200,
        application=application,
        matter=matter,
        sections=sections,
        documents=documents,
        marks=marks.marks_of(told),
        remarks=marks.remarks_before(application["steps"]),
        meanwhile=marks.since(application["steps"], typed.seen) if typed.seen else [],
        offered=decisions.offered(application),
        standard_texts=standard_texts.on(day_of(parts().clock())),
        queue=queue.read_address(waiting).address,
        typed=typed,
        conclusion=conclusion,
        problem=drawing.titled(typed.problem, conclusion.matter),
        places=described.places(sections, documents),
        pickable=described.places(sections, documents, deep=False),
    )


def _conclusion(matter: Body, typed: Typed) -> Drawn:
    """What an approval has to decide, as a form like any other."""
    fields = decisions.conclusion_of(matter)
    wrong = drawing.by_path(typed.problem["fields"] if typed.problem else [], "message")
    asked = {"code": matter["code"], "sections": [{"title": "", "fields": fields}], "attachments": []}
    return Drawn(asked, typed.conclusion or forms.spread(fields, {}), wrong=wrong)


def _told(done: str, reply: Body) -> str:
    certificate = reply.get("certificate")
    if certificate:
        return say("%(done)s，证书编号 %(number)s") % {"done": say(done), "number": certificate["number"]}
    return say(done)


def _first(items: list[Body]) -> str | None:
    return items[0]["application_id"] if items else None


def _address(application_id: str, waiting: str) -> str:
    return f"/review/{application_id}" + (f"?queue={quote(waiting, safe='')}" if waiting else "")


def _is_officer() -> bool:
    return visitor().signed_in.organisation_kind == "agency"


def _organisation() -> str:
    return visitor().signed_in.organisation_id
