"""Who is asking: found out once a request, from an API key, a session's token or its cookie."""

import hmac
from dataclasses import dataclass

from flask import Request

from chassis.errors import Forbidden, Refusal
from gateway.accounts import keys, sessions, tokens
from gateway.accounts.models import AccountRow, KeyRow, SessionRow
from gateway.parts import Parts
from gateway.refusals import Unauthenticated

COOKIE = "anjian_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "_csrf"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Visitor:
    """`account` is None for somebody who has not signed in; at most one of `session` and `key` is there.

    `refused` is why what he showed was not taken: he may still see what everybody may.
    """

    address: str
    account: AccountRow | None = None
    session: SessionRow | None = None
    key: KeyRow | None = None
    refused: Refusal | None = None

    @property
    def limited_as(self) -> str:
        """Whose requests are counted together."""
        if self.key is not None:
            return f"key:{self.key.id}"
        if self.session is not None:
            return f"session:{self.session.id}"
        return f"address:{self.address}"

    @property
    def signed_in(self) -> AccountRow:
        """The account; raises why there is none."""
        if self.account is None:
            raise self.refused or Unauthenticated("not_signed_in")
        return self.account


def recognise(parts: Parts, request: Request) -> Visitor:
    """Who sent this request; a token that is over, unknown or sent along by a forged page makes him a stranger."""
    address = request.remote_addr or ""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    try:
        if kind.lower() == "bearer" and token:
            return _by_token(parts, token.strip(), address)
        if cookie := request.cookies.get(COOKIE):
            return _by_cookie(parts, cookie, request, address)
    except (Unauthenticated, Forbidden) as refusal:
        return Visitor(address, refused=refusal)
    return Visitor(address)


def csrf_token(parts: Parts, session: SessionRow) -> str:
    """What a page must send along with every change: nobody who merely sends our cookie along knows it."""
    return parts.seal.fingerprint("csrf", session.id)


def _by_token(parts: Parts, token: str, address: str) -> Visitor:
    if token.startswith(tokens.KEY):
        key = keys.find(parts.sessions, token, parts.clock())
        return Visitor(address, account=key.account, key=key)
    session = sessions.find(parts.sessions, token, parts.clock())
    return Visitor(address, account=session.account, session=session)


def _by_cookie(parts: Parts, cookie: str, request: Request, address: str) -> Visitor:
    session = sessions.find(parts.sessions, cookie, parts.clock())
    if request.method not in SAFE_METHODS:
        _refuse_forged(parts, session, _csrf_of(request))
    return Visitor(address, account=session.account, session=session)


def _csrf_of(request: Request) -> str:
    """From the header where a script sends it, else from the form of a page; the API reads no forms."""
    told = request.headers.get(CSRF_HEADER, "")
    is_form = request.mimetype in FORMS and not request.path.startswith("/api/")
    return told or (request.form.get(CSRF_FIELD, "") if is_form else "")


def _refuse_forged(parts: Parts, session: SessionRow, told: str) -> None:
    if not hmac.compare_digest(csrf_token(parts, session).encode(), told.encode()):
        raise Forbidden("csrf_missing")
