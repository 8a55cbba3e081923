"""A refusal as a page: what is wrong, what to do, and the way back. Used for every address outside the API."""

from urllib.parse import quote, urlsplit

from flask import Flask, Response, redirect, request
from werkzeug.wrappers import Response as Redirection

from chassis.errors import Refusal
from gateway import problems
from gateway.portal.pages import API, show


def install(app: Flask) -> None:
    app.extensions[problems.PAGES] = page


def page(refusal: Refusal) -> Response | Redirection | None:
    """The page, or None for an address of the API, which gets a problem document."""
    if request.path.startswith(API):
        return None
    status = problems.status_of(refusal)
    if status == 401 and request.method == "GET":
        return redirect(f"/login?next={_here()}", code=303)
    problem = problems.document(refusal, status)
    response = show("problem.html", status=status, problem=problem, back=_back())
    if "retry_after" in refusal.detail:
        response.headers["Retry-After"] = str(refusal.detail["retry_after"])
    return response


def _here() -> str:
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    return quote(request.path + query, safe="")


def _back() -> str:
    """The page that one came from, if it is ours."""
    referrer = urlsplit(request.referrer or "")
    return referrer.path + (f"?{referrer.query}" if referrer.query else "") if referrer.netloc == request.host else "/"
