"""Signing in and out, one's own account and its sessions, the language."""

from flask import Blueprint, Response, request

from chassis.database import transaction
from chassis.errors import Invalid, Refusal
from gateway import problems
from gateway.accounts import registrations, replies, sessions, signing
from gateway.accounts.schemas import ROLE_WORDS
from gateway.api.admission import visitor
from gateway.parts import parts
from gateway.portal import locale
from gateway.portal.locale import say
from gateway.portal.pages import go, newcomers, safe_address, show
from gateway.visitors import COOKIE

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/login")
def login() -> Response:
    if visitor().session is not None:
        return go("/")
    return show("sessions/login.html", next=safe_address(request.args.get("next")), username="", problem=None)


@blueprint.post("/login")
def sign_in() -> Response:
    """A new session in any case: whatever cookie the browser came with is not taken on."""
    here, username = parts(), request.form.get("username", "").strip()
    next_page = safe_address(request.form.get("next"))
    agent, address = request.headers.get("User-Agent", ""), visitor().address
    try:
        registrations.settle_of(here, username)
        password = request.form.get("password", "")
        session, token = sessions.sign_in(here.sessions, here.clock, username, password, address, agent)
    except Refusal as refusal:
        status = problems.status_of(refusal)
        told = problems.document(refusal, status)
        return show("sessions/login.html", status=status, next=next_page, username=username, problem=told)
    response = go("/account/password" if session.account.must_change_password else next_page)
    signing.give_cookie(response, token, secure=here.settings.secure_cookies)
    return response


@blueprint.post("/logout")
def sign_out() -> Response:
    if (session := visitor().session) is not None:
        with transaction(parts().sessions) as database:
            signing.end(database, parts().clock, session.account, session.id)
    response = go("/login", say("已退出"))
    response.delete_cookie(COOKIE)
    return response


@blueprint.post("/language")
def choose_language() -> Response:
    response = go(safe_address(request.form.get("next")))
    chosen = request.form.get("language", locale.CHINESE)
    if chosen in locale.LANGUAGES:
        response.set_cookie(locale.COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax")
    return response


@blueprint.get("/account")
@newcomers
def account() -> Response:
    here, current = visitor().signed_in, visitor().session
    with parts().sessions() as session:
        living = [replies.session(row, current) for row in sessions.living(session, here.id, parts().clock())]
    roles = [say(ROLE_WORDS[each]) for each in here.roles]
    return show("sessions/account.html", account=replies.account(here), roles=roles, sessions=living)


@blueprint.post("/account/sessions/<session_id>/end")
@newcomers
def end_session(session_id: str) -> Response:
    with transaction(parts().sessions) as session:
        signing.end(session, parts().clock, visitor().signed_in, session_id)
    return go("/account", say("该登录已结束"))


@blueprint.post("/account/sessions/end")
@newcomers
def end_all_sessions() -> Response:
    with transaction(parts().sessions) as session:
        signing.end_everywhere(session, parts().clock, visitor().signed_in)
    return go("/login", say("已在所有设备上退出"))


@blueprint.get("/account/password")
def password() -> Response:
    _ = visitor().signed_in
    return show("sessions/password.html", problem=None)


@blueprint.post("/account/password")
def change_password() -> Response:
    """The same limits and rules as by the API; the page comes again with what is wrong."""
    account = visitor().signed_in
    current, new = request.form.get("current_password", ""), request.form.get("new_password", "")
    try:
        if new != request.form.get("again", ""):
            raise Invalid.field("again", "not_the_same")
        keep_keys = "keep_keys" in request.form
        revoked = signing.change_password(parts(), account, visitor(), current, new, keep_keys=keep_keys)
    except Refusal as refusal:
        status = problems.status_of(refusal)
        return show("sessions/password.html", status=status, problem=problems.document(refusal, status))
    told = [say("密码已修改，其他设备上的登录已结束")]
    told += [say("%(count)s 个接口密钥已吊销") % {"count": revoked}] if revoked else []
    return go("/", say("，").join(told))
