"""执法人员: the roster of an agency, and the firms from which each officer keeps away."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from chassis.clock import day_of
from chassis.errors import NotFound, Refusal
from gateway import problems
from gateway.accounts import listing
from gateway.accounts.replies import account
from gateway.api.admission import visitor
from gateway.bus import Body, Rpc
from gateway.parts import parts
from gateway.portal.asking import ask
from gateway.portal.locale import say
from gateway.portal.pages import command_key, go, members, show

blueprint = Blueprint("officers", __name__)

LIST = Rpc("enforcement", "list_officers")
ENTER, REMOVE = Rpc("enforcement", "enter_officer"), Rpc("enforcement", "remove_officer")
ENTER_INTEREST, END_INTEREST = Rpc("enforcement", "enter_interest"), Rpc("enforcement", "end_interest")
HERE = "/enforcement/officers"
OFFICER = ("name", "certificate_number", "certificate_valid_to", "user_id")
INTEREST = ("officer_id", "firm", "reason", "since", "until")
MOST_ACCOUNTS = 200


@blueprint.get(HERE)
@members
def officers() -> Response:
    return _page({})


@blueprint.post(HERE)
@members
def enter() -> Response:
    typed = _typed(OFFICER)
    told = typed | {"user_id": typed["user_id"] or None}
    return _done(lambda: ask(ENTER, told, key=command_key()), say("执法人员已登记"), typed)


@blueprint.post(f"{HERE}/<uuid:officer_id>/remove")
@members
def remove(officer_id: object) -> Response:
    told = {"officer_id": str(officer_id)}
    return _done(lambda: ask(REMOVE, told, key=command_key()), say("已移出名录，此前的检查记录不受影响"), {})


@blueprint.post(f"{HERE}/interests")
@members
def enter_interest() -> Response:
    typed = _typed(INTEREST)
    told = typed | {"until": typed["until"] or None}
    return _done(
        lambda: ask(ENTER_INTEREST, told, key=command_key()), say("回避已登记，此后的抽取不会安排该人员"), typed
    )


@blueprint.post(f"{HERE}/interests/<uuid:interest_id>/end")
@members
def end_interest(interest_id: object) -> Response:
    told = {"interest_id": str(interest_id), "until": request.form.get("until", "").strip()}
    return _done(lambda: ask(END_INTEREST, told, key=command_key()), say("回避的截止日期已登记"), {})


def _typed(names: tuple[str, ...]) -> Body:
    return {name: request.form.get(name, "").strip() for name in names}


def _done(act: Callable[[], Body], sentence: str, typed: Body) -> Response:
    """Back to the roster; what is refused brings it again with all that was typed."""
    try:
        act()
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(typed, problems.document(refusal, problems.status_of(refusal)))
    return go(HERE, sentence)


def _page(typed: Body, problem: Body | None = None) -> Response:
    roster = ask(LIST)
    today = day_of(parts().clock()).isoformat()
    return show(
        "enforcement/officers.html",
        status=problem["status"] if problem else 200,
        roster=roster,
        accounts=_accounts() if roster["may_keep"] else {},
        typed={"since": today} | typed,
        today=today,
        problem=problem,
    )


def _accounts() -> dict[str, str]:
    """Those of the visitor's own agency, to choose an officer's from."""
    signed_in = visitor().signed_in
    with parts().sessions() as session:
        rows, _ = listing.page(session, signed_in, signed_in.organisation_id, MOST_ACCOUNTS, state="active")
        found = [account(row) for row in rows]
    return {each["account_id"]: f"{each['name']}（{each['username']}）" for each in found}
