"""Signing in and out, and one's own account."""

from typing import Any

from flask import Response, request
from sqlalchemy.orm import Session

from chassis.errors import NotFound, Unavailable
from gateway.accounts import registrations, replies, schemas, sessions, signing
from gateway.accounts.models import AccountRow, SessionRow
from gateway.accounts.roles import is_operator
from gateway.api.routes import Body, Call, Change, Local, Route, Who, delete, get, post
from gateway.api.view import JSON_TYPE, dump
from gateway.parts import parts
from gateway.principals import Profile
from gateway.visitors import csrf_token


def sign_in(call: Call) -> Response:
    """A new session, as a cookie for browsers and as a token for everybody else."""
    here = parts()
    agent = request.headers.get("User-Agent", "")
    username, password = call.request["username"], call.request["password"]
    registrations.settle_of(here, username)
    session, token = sessions.sign_in(here.sessions, here.clock, username, password, call.visitor.address, agent)
    response = Response(dump(me(session.account, session) | {"token": token}), status=201, content_type=JSON_TYPE)
    signing.give_cookie(response, token, secure=here.settings.secure_cookies)
    return response


def current(call: Call) -> Body:
    return me(call.visitor.signed_in, call.visitor.session)


def me(account: AccountRow, session: SessionRow | None) -> Body:
    profile = _profile(account)
    return {
        "account": replies.account(account),
        "organisation": replies.organisation(profile) if profile else None,
        "csrf_token": csrf_token(parts(), session) if session else "",
        "ends_at": replies.moment(session.ends_at) if session else None,
    }


def list_sessions(call: Call) -> Body:
    with parts().sessions() as session:
        rows = sessions.living(session, call.visitor.signed_in.id, parts().clock())
    return {"items": [replies.session(row, call.visitor.session) for row in rows]}


def sign_out(call: Call, session: Session) -> Body:
    return _end(call, session, call.visitor.session.id if call.visitor.session else "")


def end_session(call: Call, session: Session) -> Body:
    return _end(call, session, call.request["session_id"])


def sign_out_everywhere(call: Call, session: Session) -> Body:
    signing.end_everywhere(session, parts().clock, call.visitor.signed_in)
    return {}


def change_password(call: Call) -> Body:
    """One's own; tells how many keys ended with the old one."""
    asked, account = call.request, call.visitor.signed_in
    current, new = asked["current_password"], asked["new_password"]
    revoked = signing.change_password(parts(), account, call.visitor, current, new, keep_keys=asked["keep_keys"])
    return {"keys_revoked": revoked}


def _end(call: Call, session: Session, session_id: str) -> Body:
    signing.end(session, parts().clock, call.visitor.signed_in, session_id)
    return {}


def _profile(account: AccountRow) -> Profile | None:
    """None for the platform's own people, and while filing cannot tell."""
    if is_operator(account):
        return None
    try:
        return parts().profiles.of(account.organisation_id)
    except (Unavailable, NotFound):
        return None


NEWCOMER: dict[str, Any] = {"who": Who.NEWCOMER, "before_password_change": True}
ROUTES: tuple[Route, ...] = (
    post(
        "/sessions",
        Local(sign_in, schemas.SignIn, schemas.SignedIn),
        "登录",
        who=Who.ANYBODY,
        status=201,
        once=False,
    ),
    get("/sessions", Local(list_sessions, None, schemas.Sessions), "本人的登录会话", who=Who.NEWCOMER),
    delete("/sessions", Change(sign_out_everywhere, None, schemas.Nothing), "在所有设备上退出", **NEWCOMER),
    get("/sessions/current", Local(current, None, schemas.Me), "当前登录人与单位", **NEWCOMER),
    delete("/sessions/current", Change(sign_out, None, schemas.Nothing), "退出登录", **NEWCOMER),
    delete(
        "/sessions/{session_id}",
        Change(end_session, schemas.SessionId, schemas.Nothing),
        "结束某个登录会话",
        who=Who.NEWCOMER,
    ),
    post(
        "/account/password",
        Local(change_password, schemas.ChangePassword, schemas.PasswordChanged),
        "修改本人密码（其他会话结束，接口密钥默认全部吊销）",
        **NEWCOMER,
    ),
)
