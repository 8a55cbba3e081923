"""An enterprise registers itself: its account and the form of the matter in one page; then how its registration stands."""

from typing import Any

from flask import Blueprint, Response, request

from chassis.errors import Invalid, Refusal
from chassis.identifiers import new_id
from chassis.schemas import read
from gateway import problems
from gateway.accounts import registrations, sessions, signing
from gateway.accounts.registrations import MATTER, Registration
from gateway.accounts.roles import is_operator
from gateway.accounts.schemas import RegistrationAccount
from gateway.api.admission import visitor
from gateway.bus import Body
from gateway.parts import parts
from gateway.portal import matters
from gateway.portal.applications import attachments, drawing, forms
from gateway.portal.applications.drawing import Drawn
from gateway.portal.applications.editing import ON_THE_PAGE, change_rows
from gateway.portal.locale import say
from gateway.portal.pages import KEY_FIELD, go, newcomers, show

blueprint = Blueprint("registration", __name__)

ACCOUNT = "_account."
WORDS = ("username", "name", "password")


@blueprint.get("/register")
def begin() -> Response:
    if visitor().session is not None:
        return go("/registration")
    return _page(forms.spread(_fields(), {}), [], {}, new_id())


@blueprint.post("/register")
def register() -> Response:
    """Register and sign in; or the page once more, with a row, or with all that is wrong. A password is never shown again."""
    act, _, about = request.form.get("_do", "save").partition(":")
    fields, key = _fields(), request.form.get(KEY_FIELD) or new_id()
    typed = forms.read(fields, request.form.lists())
    account = {name: request.form.get(f"{ACCOUNT}{name}", "").strip() for name in WORDS}
    kept, wrong = attachments.received(request)
    held = [*attachments.held(request), *kept]
    if act in ON_THE_PAGE or wrong:
        held = attachments.moved(held, act, about)
        change_rows(fields, typed, act, about)
        return _page(typed, held, account, key, wrong=wrong)
    try:
        asked = {"form": forms.gather(fields, typed), "attachments": attachments.to_ask(held)}
        registrations.register(parts(), _registration(account, key, asked))
    except Refusal as refusal:
        return _page(typed, held, account, key, refusal=refusal)
    return _signed_in(account)


@blueprint.get("/registration")
@newcomers
def registration() -> Response:
    """Where the registration of one's own enterprise stands: its application, until the enterprise is open."""
    if is_operator(visitor().signed_in):
        return go("/")
    profile = parts().profiles.ask(visitor().signed_in.organisation_id)
    if profile.is_open or profile.registration is None:
        return go("/")
    return go(f"/applications/{profile.registration['application_id']}")


def _fields() -> list[forms.Field]:
    return forms.fields_of(matters.described(MATTER)["sections"])


def _registration(account: Body, key: str, asked: Body) -> Registration:
    if request.form.get(f"{ACCOUNT}again", "") != account["password"]:
        raise Invalid.field("account.again", "not_the_same")
    told: dict[str, Any] = read(RegistrationAccount(), account, under="account")
    return Registration(username=told["username"], password=told["password"], name=told["name"], key=key, asked=asked)


def _signed_in(account: Body) -> Response:
    here, agent = parts(), request.headers.get("User-Agent", "")
    address = visitor().address
    _, token = sessions.sign_in(here.sessions, here.clock, account["username"], account["password"], address, agent)
    response = go("/registration", say("注册已提交，24 小时内开通；开通前可用此账号查看进度、补正材料"))
    signing.give_cookie(response, token, secure=here.settings.secure_cookies)
    return response


def _page(
    typed: forms.Typed,
    held: list[Body],
    account: Body,
    key: str,
    *,
    refusal: Refusal | None = None,
    wrong: list[Body] | None = None,
) -> Response:
    """`key` stays the page's: filing may have taken a registration whose answer was lost."""
    status = problems.status_of(refusal) if refusal else 422 if wrong else 200
    problem = problems.document(refusal, status) if refusal else None
    if wrong:
        problem = {"detail": say("有文件不能接收，其余内容已保留在本页。"), "fields": wrong}
    matter = matters.described(MATTER)
    findings = problem.get("data", {}).get("findings", []) if problem else []
    told = [*(problem["fields"] if problem else []), *findings]
    drawn = Drawn(matter=matter, typed=typed, attachments=held, wrong=drawing.by_path(told, "message"))
    shown = {name: value for name, value in account.items() if name != "password"}
    return show(
        "registration/register.html",
        status=status,
        form=drawn,
        account=shown,
        problem=drawing.titled(problem, matter),
        key=key,
    )
