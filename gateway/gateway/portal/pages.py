"""What every page has in common: who may come, the template with its frame, and the way out of a form.

@blueprint.get("/machines")
@members
def machines() -> Response:
    return show("machines/list.html", machines=ask(LIST_MACHINES, …))
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Response, redirect, render_template, request

from chassis.errors import Forbidden
from chassis.identifiers import new_id
from gateway.accounts.roles import is_operator
from gateway.api.admission import visitor
from gateway.parts import parts
from gateway.portal.locale import say
from gateway.refusals import Unauthenticated
from gateway.visitors import SAFE_METHODS

View = Callable[..., Response]
API = "/api/"
KEY_FIELD = "_key"
TOLD = "anjian_told"
TOLD_LENGTH = 200


def show(template: str, status: int = 200, **data: Any) -> Response:
    """The template in its frame; what the page before had to tell is told now, once."""
    response = Response(render_template(template, **data), status=status, content_type="text/html; charset=utf-8")
    if TOLD in request.cookies:
        response.delete_cookie(TOLD)
    return response


def members(view: View) -> View:
    """Only for people of an organisation that is open, and the platform's operators."""
    return _admitting(view, newcomers=False)


def newcomers(view: View) -> View:
    """Also for people whose organisation is not open yet: they see and mend their registration."""
    return _admitting(view, newcomers=True)


def operators(view: View) -> View:
    @wraps(view)
    def admitted(**path: Any) -> Response:
        if not is_operator(visitor().signed_in):
            raise Forbidden("not_an_operator")
        return view(**path)

    return _admitting(admitted, newcomers=False)


def holders(*roles: str, kind: str) -> Callable[[View], View]:
    """Only for people of a kind of organisation with one of the roles: a form that its service would refuse is not shown."""

    def admitting(view: View) -> View:
        @wraps(view)
        def admitted(**path: Any) -> Response:
            account = visitor().signed_in
            if account.organisation_kind != kind or not set(roles) & set(account.roles):
                raise Forbidden("not_permitted")
            return view(**path)

        return _admitting(admitted, newcomers=False)

    return admitting


editors = holders("editor", kind="agency")
staff_keepers = holders("administrator", "clerk", kind="enterprise")


def refuse_forged() -> None:
    """Before a page's form is read: sent by a page of ours, by somebody whose session it was drawn for.

    A cookie that came along without the form's token is a forgery (`Forbidden("csrf_missing")`); a form from another
    site is none of ours, even where nobody has signed in (signing a victim in as somebody else is an attack, too).
    """
    if request.method in SAFE_METHODS or request.path.startswith(API):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise Forbidden("csrf_missing")
    refused = visitor().refused
    if isinstance(refused, Forbidden):
        raise refused


def command_key() -> str:
    """The key under which this form's change is made once, however often its button is pressed."""
    return request.form.get(KEY_FIELD) or new_id()


def go(address: str, told: str = "") -> Response:
    """On to a page after a change (303), with a sentence about what was done."""
    response = redirect(address, code=303)
    if told:
        response.set_cookie(TOLD, told.encode().hex(), max_age=60, httponly=True, samesite="Lax")
    assert isinstance(response, Response)
    return response


def told_before() -> str:
    """What the page before did, to be said once."""
    try:
        return bytes.fromhex(request.cookies.get(TOLD, "")).decode()[:TOLD_LENGTH]
    except ValueError:
        return ""


def safe_address(wanted: str | None, otherwise: str = "/") -> str:
    """A place of our own to go on to; never another host's, however it is written."""
    found = wanted or ""
    parts_of = urlsplit(found)
    is_ours = (
        found.startswith("/") and not found.startswith(("//", "/\\")) and not parts_of.netloc and not parts_of.scheme
    )
    return found if is_ours and found.isprintable() and "\\" not in found else otherwise


def _admitting(view: View, newcomers: bool) -> View:
    @wraps(view)
    def admitted(**path: Any) -> Response:
        account = visitor().signed_in
        if visitor().session is None:
            raise Unauthenticated("not_signed_in")  # keys are for programs
        if account.must_change_password:
            return go("/account/password", say("首次登录或密码被重置后，请先设置新密码"))
        if not newcomers and not is_operator(account):
            profile = parts().profiles.of(account.organisation_id)
            if not profile.is_open:
                return go("/registration")
        return view(**path)

    return admitted
