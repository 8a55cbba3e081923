"""API keys, for an enterprise's own systems."""

from datetime import datetime

from sqlalchemy.orm import Session

from chassis.errors import Invalid
from gateway.accounts import keys, replies, schemas
from gateway.accounts.keys import NewKey
from gateway.api.routes import Body, Call, Change, Local, Route, delete, get, post
from gateway.parts import parts

# What a key may be good for. Reading what is public needs none.
SCOPES = (
    "applications:read",
    "applications:write",
    "attendance:read",
    "attendance:write",
    "bulletins:write",
    "certificates:read",
    "certificates:write",
    "enforcement:read",
    "enforcement:write",
    "figures:read",
    "machines:read",
    "machines:write",
    "organisations:read",
    "organisations:write",
    "people:read",
    "people:write",
    "projects:read",
    "projects:write",
)


def list_keys(call: Call) -> Body:
    with parts().sessions() as session:
        return {"items": [replies.key(row) for row in keys.visible_to(session, call.visitor.signed_in)]}


def create_key(call: Call, session: Session) -> Body:
    asked = call.request
    if not set(asked["scopes"]) <= set(SCOPES):
        raise Invalid.field("scopes", "not_a_choice", choices=list(SCOPES))
    new = NewKey(asked["name"], tuple(asked["scopes"]), datetime.fromisoformat(asked["expires_at"]))
    row, secret = keys.create(session, parts().clock, call.visitor.signed_in, new)
    return {"key": replies.key(row), "secret": secret}


def revoke_key(call: Call, session: Session) -> Body:
    return replies.key(keys.revoke(session, parts().clock, call.visitor.signed_in, call.request["key_id"]))


ROUTES: tuple[Route, ...] = (
    get("/keys", Local(list_keys, None, schemas.Keys), "接口密钥（管理员可见全单位）"),
    post("/keys", Change(create_key, schemas.CreateKey, schemas.CreatedKey), "创建接口密钥（只显示一次）", status=201),
    delete("/keys/{key_id}", Change(revoke_key, schemas.KeyId, schemas.KeyReply), "吊销接口密钥"),
)
