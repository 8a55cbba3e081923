"""The accounts of an organisation, kept by its administrator."""

from dataclasses import replace

from sqlalchemy.orm import Session

from chassis.errors import Forbidden
from gateway.accounts import accounts, listing, replies, schemas
from gateway.accounts.accounts import NewAccount
from gateway.accounts.roles import is_operator
from gateway.api.routes import Body, Call, Change, Local, Route, get, patch, post
from gateway.parts import parts


def list_accounts(call: Call) -> Body:
    manager = call.visitor.signed_in
    accounts.refuse_unless_manager(manager)
    asked = dict(call.request)
    organisation_id = asked.pop("organisation_id", None) or manager.organisation_id
    if organisation_id != manager.organisation_id and not is_operator(manager):
        raise Forbidden("other_organisation")
    with parts().sessions() as session:
        rows, cursor = listing.page(session, manager, organisation_id, **asked)
    return {"items": [replies.account(row) for row in rows], "next": cursor}


def get_account(call: Call) -> Body:
    with parts().sessions() as session:
        return replies.account(accounts.of(session, call.visitor.signed_in, call.request["account_id"]))


def ask_kind(call: Call) -> Call:
    """With the kind of the organisation that the account is for."""
    manager = call.visitor.signed_in
    accounts.refuse_unless_manager(manager)
    organisation_id = call.request.get("organisation_id") or manager.organisation_id
    kind = manager.organisation_kind
    if organisation_id != manager.organisation_id:
        if not is_operator(manager):
            raise Forbidden("other_organisation")
        kind = parts().profiles.of(organisation_id).kind
    asked = {**call.request, "organisation_id": organisation_id, "organisation_kind": kind}
    return replace(call, request=asked)


def create_account(call: Call, session: Session) -> Body:
    asked = call.request
    new = NewAccount(
        username=asked["username"],
        name=asked["name"],
        organisation_id=asked["organisation_id"],
        organisation_kind=asked["organisation_kind"],
        roles=tuple(asked["roles"]),
    )
    row, password = accounts.create(session, parts().clock, call.visitor.signed_in, new)
    return {"account": replies.account(row), "one_time_password": password}


def change_account(call: Call, session: Session) -> Body:
    asked = call.request
    row = accounts.change(session, parts().clock, call.visitor.signed_in, asked["account_id"], asked["version"], asked)
    return replies.account(row)


def close_account(call: Call, session: Session) -> Body:
    asked = call.request
    row = accounts.close(session, parts().clock, call.visitor.signed_in, asked["account_id"], asked["version"])
    return replies.account(row)


def reopen_account(call: Call, session: Session) -> Body:
    asked = call.request
    row = accounts.reopen(session, parts().clock, call.visitor.signed_in, asked["account_id"], asked["version"])
    return replies.account(row)


def reset_password(call: Call, session: Session) -> Body:
    done = accounts.reset_password(session, parts().clock, call.visitor.signed_in, call.request["account_id"])
    return {
        "account": replies.account(done.account),
        "one_time_password": done.one_time_password,
        "keys_revoked": done.keys_revoked,
    }


ROUTES: tuple[Route, ...] = (
    get("/accounts", Local(list_accounts, schemas.ListAccounts, schemas.Accounts), "本单位账号"),
    post(
        "/accounts",
        Change(create_account, schemas.CreateAccount, schemas.OneTimePassword, first=ask_kind),
        "开通账号",
        status=201,
    ),
    get("/accounts/{account_id}", Local(get_account, schemas.AccountId, schemas.AccountReply), "账号详情"),
    patch(
        "/accounts/{account_id}",
        Change(change_account, schemas.ChangeAccount, schemas.AccountReply),
        "修改账号的姓名或角色",
    ),
    post(
        "/accounts/{account_id}/close",
        Change(close_account, schemas.AccountVersion, schemas.AccountReply),
        "停用账号",
    ),
    post(
        "/accounts/{account_id}/reopen",
        Change(reopen_account, schemas.AccountVersion, schemas.AccountReply),
        "恢复账号",
    ),
    post(
        "/accounts/{account_id}/password-reset",
        Change(reset_password, schemas.AccountId, schemas.PasswordReset),
        "重置密码（得到一次性密码；其会话结束、接口密钥全部吊销）",
    ),
)
