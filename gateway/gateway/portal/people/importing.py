"""Staff from an Excel sheet: fill in the template, try it, see every row and cell that is wrong, then enter it."""

from flask import Blueprint, Response, request

from chassis.errors import Invalid, Refusal
from gateway import problems
from gateway.api import uploads
from gateway.api.admission import visitor
from gateway.bus import Rpc
from gateway.portal.asking import ask
from gateway.portal.pages import command_key, show, staff_keepers

blueprint = Blueprint("importing", __name__)

IMPORT = Rpc("personnel", "import_staff", 60.0)


@blueprint.get("/people/import")
@staff_keepers
def choose() -> Response:
    return show("people/import.html", report=None, sha256="", problem=None, entered=False)


@blueprint.post("/people/import")
@staff_keepers
def run() -> Response:
    """First a trial, which changes nothing; then, by the button below its report, the same file for good."""
    try:
        sha256 = request.form.get("sha256") or _kept()
        entered = request.form.get("act") == "enter"
        report = ask(IMPORT, {"sha256": sha256, "dry_run": not entered}, key=command_key())
    except Refusal as refusal:
        status = problems.status_of(refusal)
        problem = problems.document(refusal, status)
        return show("people/import.html", status=status, report=None, sha256="", problem=problem, entered=False)
    return show("people/import.html", report=report, sha256=sha256, problem=None, entered=entered)


def _kept() -> str:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid.field("file", "file_empty")
    content = file.stream.read(uploads.WORKBOOK_LIMIT + 1)
    kept: str = uploads.keep(content, file.filename, visitor(), "import")["sha256"]
    return kept
