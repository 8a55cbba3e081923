"""API keys, by which an enterprise's own systems come in (R-O2): made, shown once, revoked."""

from datetime import timedelta

from flask import Blueprint, Response, request

from chassis.database import transaction
from chassis.errors import Invalid, Refusal
from gateway import problems
from gateway.accounts import keys, replies
from gateway.accounts.keys import NewKey
from gateway.api.admission import visitor
from gateway.api.v1.keys import SCOPES
from gateway.bus import Body
from gateway.parts import parts
from gateway.portal.locale import say
from gateway.portal.pages import go, members, show

blueprint = Blueprint("keys", __name__)

LASTING = {"30": "30 天", "90": "90 天", "365": "一年"}
NAME_LENGTH = 60
SUBJECTS = {
    "applications": "办件",
    "attendance": "到岗",
    "bulletins": "公告",
    "certificates": "证书",
    "enforcement": "执法监督",
    "figures": "统计数据",
    "machines": "机械设备",
    "organisations": "单位",
    "people": "人员",
    "projects": "项目",
}
VERBS = {"read": "查询", "write": "办理"}


@blueprint.get("/keys")
@members
def list_keys() -> Response:
    return _page({})


@blueprint.post("/keys")
@members
def create() -> Response:
    typed: Body = {"name": request.form.get("name", "").strip(), "scopes": request.form.getlist("scopes")}
    try:
        new = _read(typed)
        with transaction(parts().sessions) as session:
            _, secret = keys.create(session, parts().clock, visitor().signed_in, new)
    except Refusal as refusal:
        return _page(typed, problems.document(refusal, problems.status_of(refusal)))
    return show("keys/secret.html", name=new.name, secret=secret)


@blueprint.post("/keys/<key_id>/revoke")
@members
def revoke(key_id: str) -> Response:
    with transaction(parts().sessions) as session:
        keys.revoke(session, parts().clock, visitor().signed_in, key_id)
    return go("/keys", say("密钥已吊销，立即失效"))


def _read(typed: Body) -> NewKey:
    days = request.form.get("days", "")
    if not 1 <= len(typed["name"]) <= NAME_LENGTH:
        raise Invalid.field("name", "wrong_length", min=1, max=NAME_LENGTH)
    if not typed["scopes"] or not set(typed["scopes"]) <= set(SCOPES):
        raise Invalid.field("scopes", "required")
    if days not in LASTING:
        raise Invalid.field("days", "not_a_choice", choices=list(LASTING))
    return NewKey(typed["name"], tuple(typed["scopes"]), parts().clock() + timedelta(days=int(days)))


def _page(typed: Body, problem: Body | None = None) -> Response:
    with parts().sessions() as session:
        rows = [replies.key(row) for row in keys.visible_to(session, visitor().signed_in)]
    return show(
        "keys/list.html",
        status=problem["status"] if problem else 200,
        keys=rows,
        scopes={each: _word(each) for each in SCOPES},
        lasting={days: say(word) for days, word in LASTING.items()},
        typed=typed,
        problem=problem,
    )


def _word(scope: str) -> str:
    subject, verb = scope.split(":")
    return f"{say(VERBS[verb])}{say(SUBJECTS[subject])}"
