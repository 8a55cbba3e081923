"""执法文书: the papers in sight, one as it reads, who opened it when, and the fall-back of paper.

Opened here by somebody of its addressee's, a document is served: who and when is kept.
"""

import re
from datetime import datetime

from flask import Blueprint, Response, request

from chassis.clock import SHANGHAI
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.bus import Body, Rpc
from gateway.documents import enforcement as papers
from gateway.portal import words
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, holders, members, show
from gateway.portal.registers import listing

blueprint = Blueprint("documents", __name__)

LIST = Rpc("enforcement", "list_documents")
GET = Rpc("enforcement", "get_document")
NUMBERS = Rpc("enforcement", "list_numbers")
SERVE = Rpc("enforcement", "serve_on_paper")
officers = holders("inspector", "acceptor", "reviewer", "approver", kind="agency")
FILTERS = ("kind", "project_id", "subject_id", "unserved")
ADDRESS = "/enforcement/documents"


@blueprint.get(ADDRESS)
@members
def documents() -> Response:
    chosen = listing.chosen(FILTERS)
    page = ask(LIST, listing.asked(chosen, flags=("unserved",)))
    return show("enforcement/documents.html", page=page, chosen=chosen, kinds=words.choices(LIST, "kind"))


@blueprint.get("/enforcement/numbers")
@officers
def numbers() -> Response:
    """Of each kind the last number, and where those are that no document bears."""
    year = request.args.get("year", "")
    return show(
        "enforcement/numbers.html", told=ask(NUMBERS, {"year": int(year)} if re.fullmatch("20[0-9]{2}", year) else {})
    )


@blueprint.get(f"{ADDRESS}/<uuid:document_id>")
@members
def document(document_id: object) -> Response:
    return _page(document_id)


@blueprint.post(f"{ADDRESS}/<uuid:document_id>/serve")
@members
def serve(document_id: object) -> Response:
    typed = request.form.to_dict()
    told = {name: value for name in ("handed_to", "how") if (value := typed.get(name, "").strip())}
    if at := _moment(typed.get("served_at", "")):
        told["served_at"] = at
    try:
        ask(SERVE, {"document_id": str(document_id)} | told, key=command_key())
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(document_id, typed, problems.document(refusal, problems.status_of(refusal)))
    return go(f"{ADDRESS}/{document_id}", say("纸质送达已登记"))


def _page(document_id: object, typed: dict[str, str] | None = None, problem: Body | None = None) -> Response:
    told = ask(GET, {"document_id": str(document_id), "way": "page"})
    return show(
        "enforcement/document.html",
        status=problem["status"] if problem else 200,
        told=told,
        lines=[(say(label), written) for label, written in papers.lines(told)],
        reasons=papers.reasons(told["content"]),
        severities=papers.SEVERITIES,
        ways=words.choices(SERVE, "how"),
        typed=typed or {},
        problem=problem,
    )


def _moment(text: str) -> str:
    """What a browser's field gives, a time in Shanghai; "" for what is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).isoformat()
    except ValueError:
        return ""
