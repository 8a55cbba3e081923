"""The public page /v/<code>: what anybody learns who scans the QR code of a paper, or types its code. Nobody signs in."""

import re
from pathlib import Path

from flask import Flask, Response, redirect, render_template, request
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.wrappers import Response as AnyResponse

from chassis.clock import SHANGHAI
from chassis.errors import Invalid, NotFound, Unavailable
from gateway.api.admission import as_whom, visitor
from gateway.api.reading import refuse_unspeakable
from gateway.bus import Rpc
from gateway.documents.certificates import PATH
from gateway.documents.verification import Verdict, of_document, unknown, verdict
from gateway.parts import parts
from gateway.refusals import Unreadable

TEMPLATES = Path(__file__).parent / "templates"
STYLE = "/verify.css"
VERIFY = Rpc("filing", "verify_certificate")
VERIFY_DOCUMENT = Rpc("enforcement", "verify_document")
DOCUMENT_CODE = re.compile(r"[0-9A-F]{20}")
LONGEST_CODE = 40  # as typed, with hyphens and spaces


def install(app: Flask) -> None:
    style = (TEMPLATES / "verify.css").read_bytes()
    app.jinja_loader = ChoiceLoader([*([app.jinja_loader] if app.jinja_loader else []), FileSystemLoader(TEMPLATES)])
    app.add_url_rule(PATH.rstrip("/"), "verify_form", ask)
    app.add_url_rule(f"{PATH}<code>", "verify", check)
    app.add_url_rule(STYLE, "verify_style", lambda: Response(style, content_type="text/css; charset=utf-8"))


def ask() -> AnyResponse:
    """A place to type the code that stands on a paper."""
    code = _plain(request.args.get("code", ""))
    return redirect(f"{PATH}{code}") if code else _page(None)


def check(code: str) -> Response:
    code = _plain(code)
    try:
        found = _verdict(code, request.args.get("s"))
    except Unavailable:
        return _page(None, status=503, silent=True)
    return _page(found, status=200 if found.lines else 404)


def _verdict(code: str, signature: str | None) -> Verdict:
    """A code of whatever nonsense is a code of nothing. Codes of documents are twenty hexadecimal digits, which no
    certificate has."""
    try:
        refuse_unspeakable(code)
        if DOCUMENT_CODE.fullmatch(code):
            found = parts().bus.call(VERIFY_DOCUMENT, {"code": code}, as_whom(visitor()))
            return of_document(code, found)
        told = parts().bus.call(VERIFY, {"code": code}, as_whom(visitor()))
    except (NotFound, Invalid, Unreadable):
        return unknown()
    return verdict(code, told, parts().signatures.fit(signature, code, told))


def _plain(code: str) -> str:
    """As it is kept: capitals, no hyphens and no spaces; what is no letter or digit cannot be part of one."""
    return "".join(each for each in code if each.isalnum() and each.isascii())[:LONGEST_CODE].upper()


def _page(found: Verdict | None, status: int = 200, silent: bool = False) -> Response:
    now = parts().clock().astimezone(SHANGHAI)
    body = render_template("verify.html", verdict=found, silent=silent, now=f"{now:%Y-%m-%d %H:%M}", style=STYLE)
    response = Response(body, status=status, content_type="text/html; charset=utf-8")
    response.headers["X-Robots-Tag"] = "noindex"
    return response
