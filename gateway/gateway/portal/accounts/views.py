"""The accounts of one's organisation, kept by its administrator (R-A5)."""

from collections.abc import Callable

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from chassis.database import transaction
from chassis.errors import NotFound, Refusal
from chassis.schemas import read
from gateway import problems
from gateway.accounts import accounts, listing, replies
from gateway.accounts.accounts import NewAccount
from gateway.accounts.models import AccountRow
from gateway.accounts.roles import ROLES
from gateway.accounts.schemas import ROLE_WORDS, STATE_WORDS, CreateAccount
from gateway.api.admission import visitor
from gateway.bus import Body
from gateway.parts import parts
from gateway.portal.locale import say
from gateway.portal.pages import go, members, show

blueprint = Blueprint("accounts", __name__)

PAGE = 50


@blueprint.get("/accounts")
@members
def list_accounts() -> Response:
    return _page({})


@blueprint.post("/accounts")
@members
def create() -> Response:
    """The new account's one-time password is shown here, once, and kept nowhere."""
    manager = visitor().signed_in
    typed: Body = {name: request.form.get(name, "").strip() for name in ("username", "name")}
    typed["roles"] = request.form.getlist("roles")
    try:
        told = read(CreateAccount(), typed)
        new = NewAccount(
            told["username"], told["name"], manager.organisation_id, manager.organisation_kind, tuple(told["roles"])
        )
        with transaction(parts().sessions) as session:
            row, password = accounts.create(session, parts().clock, manager, new)
            username = row.username
    except Refusal as refusal:
        return _page(typed, problems.document(refusal, problems.status_of(refusal)))
    return show("accounts/one_time_password.html", username=username, password=password, back="/accounts")


@blueprint.post("/accounts/<account_id>/roles")
@members
def change_roles(account_id: str) -> Response:
    roles = request.form.getlist("roles")
    return _changed(
        lambda session: accounts.change(
            session, parts().clock, visitor().signed_in, account_id, _version(), {"roles": roles}
        ),
        say("角色已修改"),
    )


@blueprint.post("/accounts/<account_id>/close")
@members
def close(account_id: str) -> Response:
    return _changed(
        lambda session: accounts.close(session, parts().clock, visitor().signed_in, account_id, _version()),
        say("账号已停用，其登录和密钥立即失效"),
    )


@blueprint.post("/accounts/<account_id>/reopen")
@members
def reopen(account_id: str) -> Response:
    return _changed(
        lambda session: accounts.reopen(session, parts().clock, visitor().signed_in, account_id, _version()),
        say("账号已恢复"),
    )


@blueprint.post("/accounts/<account_id>/password-reset")
@members
def reset_password(account_id: str) -> Response:
    with transaction(parts().sessions) as session:
        reset = accounts.reset_password(session, parts().clock, visitor().signed_in, account_id)
        username, password = reset.account.username, reset.one_time_password
    return show("accounts/one_time_password.html", username=username, password=password, back="/accounts")


def _changed(change: Callable[[Session], AccountRow], sentence: str) -> Response:
    try:
        with transaction(parts().sessions) as session:
            change(session)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page({}, problems.document(refusal, problems.status_of(refusal)))
    return go("/accounts", sentence)


def _version() -> int:
    told = request.form.get("version", "")
    return int(told) if told.isdecimal() and len(told) < 10 else 0


def _page(typed: Body, problem: Body | None = None) -> Response:
    manager = visitor().signed_in
    accounts.refuse_unless_manager(manager)
    with parts().sessions() as session:
        rows, cursor = listing.page(
            session,
            manager,
            manager.organisation_id,
            PAGE,
            q=request.args.get("q", "").strip()[:40] or None,
            after=request.args.get("after") or None,
        )
    return show(
        "accounts/list.html",
        status=problem["status"] if problem else 200,
        accounts=[replies.account(row) for row in rows],
        next=cursor,
        roles={each: say(ROLE_WORDS[each]) for each in ROLES[manager.organisation_kind]},
        states=STATE_WORDS,
        typed=typed,
        problem=problem,
    )
